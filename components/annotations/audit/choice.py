"""Which verdicts the Check view lists, as the address keeps it: an outcome, a task, and where the page begins."""

from dataclasses import dataclass
from typing import Self

from components.annotations.state import AnnotationsState
from data_access.annotations.checks.verdict import OUTCOMES, Outcome
from data_access.annotations.row_filter import RowFilter
from data_access.tasks import Task, matching_tasks

_OUTCOME, _TASK, _START = "check_outcome", "check_task", "check_start"  # parameters of the address
_FIRST: Outcome = "differ"  # what an audit is about
_PREFIX = "n_"  # of a task's column, which no address needs
_LONGEST_START = 9  # digits


@dataclass(frozen=True)
class AuditChoice:
    """What is listed.

    Attributes:
        outcome: of the verdicts.
        task: of the rows; None for all tasks.
        start: how many rows are left out before the first that is shown.
    """

    outcome: Outcome = _FIRST
    task: Task | None = None
    start: int = 0

    @classmethod
    def of(cls, state: AnnotationsState) -> Self:
        """What the address says; what means nothing is as at the start."""
        outcome = next((each for each in OUTCOMES if each == state.extra(_OUTCOME)), _FIRST)
        samples = state.wanted.samples
        matching = matching_tasks(samples.type, samples.category)  # a task of an earlier filter restricts nothing
        task = next((each for each in matching if short_name(each) == state.extra(_TASK)), None)
        start = state.extra(_START)[:_LONGEST_START]
        return cls(outcome, task, int(start) if start.isascii() and start.isdigit() else 0)

    def within(self, state: AnnotationsState) -> AnnotationsState:
        """The page with this choice."""
        kept = (
            (_OUTCOME, "" if self.outcome == _FIRST else self.outcome),
            (_TASK, short_name(self.task) if self.task else ""),
            (_START, str(self.start) if self.start else ""),
        )
        for name, value in kept:
            state = state.with_extra(name, value)
        return state

    def restrict(self, wanted: RowFilter) -> RowFilter:
        """The filter's rows of the chosen task."""
        if self.task is None:
            return wanted
        only = wanted.samples.replace(type=(self.task.type,), category=(self.task.category,))
        return wanted.replace(samples=only)


def short_name(task: Task) -> str:
    """A task in an address, such as `mcq_climate_zone`."""
    return task.column.removeprefix(_PREFIX)
