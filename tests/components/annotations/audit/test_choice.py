"""What the Check view lists is part of the address, and junk there means nothing."""

import pytest

from components.annotations.audit.choice import AuditChoice, short_name
from components.annotations.state import AnnotationsState
from data_access.annotations.checks.verdict import OUTCOMES
from data_access.annotations.row_filter import RowFilter
from data_access.tasks import TASKS


@pytest.mark.parametrize("task", [None, *TASKS])
def test_a_choice_comes_back_from_the_address(task: object) -> None:
    for outcome in OUTCOMES:
        choice = AuditChoice(outcome, task, 40)  # type: ignore[arg-type]
        state = choice.within(AnnotationsState(view="check"))
        assert AuditChoice.of(state) == choice
    assert AuditChoice().within(state) == AnnotationsState(view="check"), "as at the start leaves no trace"


@pytest.mark.parametrize("junk", ["", "<b>", "9" * 400, "-1", "1e3", "mcq", "\u0663"])
def test_junk_in_the_address_means_nothing(junk: str) -> None:
    state = AnnotationsState()
    for name in ("check_outcome", "check_task", "check_start"):
        state = state.with_extra(name, junk)
    found = AuditChoice.of(state)
    assert (found.outcome, found.task) == ("differ", None)
    assert 0 <= found.start < 10**9


def test_a_task_restricts_rows_and_an_earlier_filters_task_does_not() -> None:
    season = next(task for task in TASKS if task.category == "season")
    state = AnnotationsState(wanted=RowFilter.from_query({"country": ["Austria"]}))
    state = state.with_extra("check_task", short_name(season))
    listed = AuditChoice.of(state).restrict(state.wanted)
    assert (listed.samples.type, listed.samples.category) == (("mcq",), ("season",))
    assert listed.samples.country == ("Austria",)
    other = state.replace(wanted=RowFilter.from_query({"type": ["binary"]}))
    assert AuditChoice.of(other).task is None
