"""The page as an address: it comes back unchanged, junk is named, and links of every view stay links."""

from typing import Any
from urllib.parse import parse_qs

import pytest
import streamlit
from hypothesis import given
from hypothesis import strategies as st

from components.addressed_page import AddressedPage, grouped
from components.annotations.address import LONGEST_SQL, read_state
from components.annotations.conditions import conditions, task_name, unknown_to_the_map, without
from components.annotations.state import VIEWS, AnnotationsState
from components.explore_state import View as MapView
from data_access.annotations.row_filter import ANSWERS, RowFilter
from data_access.sample_filter import SampleFilter

hundredths = st.integers(0, 100).map(lambda number: number / 100)
words = st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "S"), include_characters=" "), max_size=40)
filters = st.builds(
    RowFilter,
    samples=st.builds(
        SampleFilter,
        type=st.sets(st.sampled_from(("mcq", "binary"))).map(tuple),
        country=st.sets(st.sampled_from(("Austria", "Kosovo"))).map(tuple),
        text=words.map(str.strip),
        bbox=st.sampled_from((None, (1.5, 40.25, 20.0, 60.0))),
    ),
    answers=st.sets(st.sampled_from(ANSWERS)).map(tuple),
    box_at=st.none() | st.tuples(hundredths, hundredths),
    box_size=st.sampled_from((None, (0.0, 0.01, 0.29, 1.0))),
    malformed=st.booleans(),
    per_patch=st.sampled_from((None, (1, 67))),
)
states = st.builds(
    AnnotationsState,
    wanted=filters,
    view=st.sampled_from(VIEWS),
    sample=st.sampled_from(("", "S2A_MSIL2A_20170613T101031_N9999_R022_T33UUP_26_57")),
    row=st.none() | st.integers(-(2**63), 2**63 - 1),
    sql=st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=200),
    extras=st.dictionaries(st.sampled_from(("read_view", "charts_cells", "find_as")), words).map(
        lambda extras: tuple(extras.items())
    ),
    map_view=st.sampled_from((None, MapView(45.5, 10.25, 6.5))),
)


@given(state=states)
def test_an_address_restores_the_page(state: AnnotationsState) -> None:
    restored, problems = read_state(grouped(state.to_query()))
    assert (restored, problems) == (state, ())
    assert read_state(parse_qs(state.link().partition("?")[2]))[0] == state


def test_the_page_as_it_opens_has_no_parameters() -> None:
    assert AnnotationsState().link() == "annotations"


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("view", "map"),
        ("sample", "../../etc/passwd"),
        ("row", "1e3"),
        ("row", str(2**63)),
        ("sql", "x" * (LONGEST_SQL + 1)),
        ("read_view", "\u202e"),
        ("charts_words", "x" * 300),
        ("answer", "e"),
        ("box_at", "2,2"),
        ("box_size", "0,1"),
        ("per_patch", "9,1"),
        ("lat", "91"),
    ],
)
def test_what_means_nothing_is_named_and_the_rest_counts(key: str, value: str) -> None:
    state, problems = read_state({key: [value], "country": ["Austria"]})
    assert [key in problem.message for problem in problems] == [True]
    assert state == AnnotationsState(wanted=RowFilter(SampleFilter(country=("Austria",))))


def test_keys_of_nobody_are_dropped_without_a_word() -> None:
    assert read_state({"utm_source": ["x"], "fbclid": ["y"]}) == (AnnotationsState(), ())


@given(wanted=filters)
def test_every_condition_can_be_taken_away_and_none_is_left(wanted: RowFilter) -> None:
    assert {each.field for each in conditions(wanted)} == wanted.restricted
    for condition in conditions(wanted):
        less = without(wanted, condition)
        assert len(conditions(less)) == len(conditions(wanted)) - 1
    while active := conditions(wanted):
        wanted = without(wanted, active[0])
    assert wanted.is_empty


def test_the_map_is_said_not_to_know_conditions_on_rows() -> None:
    wanted = RowFilter(SampleFilter(country=("Austria",)), answers=("yes",), malformed=True)
    assert unknown_to_the_map(wanted) == ["Answer", "What can not be read"]


def test_tasks_are_called_by_what_they_are() -> None:
    assert task_name("mcq", "season") == "Multiple choice: season"
    assert task_name("captioning", "None") == "Caption"
    assert task_name("riddle", "sphinx") == "riddle: sphinx"


class Parameters(dict[str, list[str]]):
    """As much of Streamlit's query parameters as a page asks for."""

    def from_dict(self, query: dict[str, list[str]]) -> None:
        self.clear()
        self.update(query)

    def get_all(self, key: str) -> list[str]:
        return self[key]


def test_a_click_that_the_browser_sent_with_the_address_before_undoes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    kept: dict[str, Any] = {}
    address = Parameters()
    monkeypatch.setattr(streamlit, "session_state", kept)
    monkeypatch.setattr(streamlit, "query_params", address)
    page: AddressedPage[AnnotationsState] = AddressedPage("tried", read_state)
    first = page.current()
    page.keep(first.replace(view="charts"))
    page.write()
    assert dict(address) == {"view": ["charts"]}
    address.clear()  # the browser's next message was on its way already
    assert page.current().view == "charts", "however long the message took"
    assert page.arrive().view == "find", "the back button, at once: the whole page is run, not a part of it"
