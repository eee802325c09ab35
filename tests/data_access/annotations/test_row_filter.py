"""A `RowFilter` in an address, and what is wrong with others."""

from contextlib import suppress
from urllib.parse import parse_qs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data_access.annotations.row_filter import ANSWERS, RowFilter
from data_access.sample_filter import SampleFilter
from errors import FilterError

FILTERS = st.builds(
    RowFilter,
    samples=st.builds(
        SampleFilter,
        country=st.lists(st.sampled_from(["Austria", "Finland"])).map(tuple),
        type=st.lists(st.sampled_from(["mcq", "binary"])).map(tuple),
        text=st.sampled_from(["", "yes", '"arable land" b']),
    ),
    answers=st.lists(st.sampled_from(ANSWERS)).map(tuple),
    box_at=st.none() | st.tuples(st.floats(0, 1), st.floats(0, 1)),
    box_size=st.none()
    | st.tuples(st.floats(0, 1), st.floats(0, 1), st.floats(0, 1), st.floats(0, 1)).map(
        lambda ends: (*sorted(ends[:2]), *sorted(ends[2:]))
    ),
    malformed=st.booleans(),
    per_patch=st.none() | st.tuples(st.integers(0, 60), st.integers(0, 60)).map(lambda ends: (min(ends), max(ends))),
)


@given(FILTERS)
def test_an_address_holds_the_whole_filter(wanted: RowFilter) -> None:
    query = parse_qs(wanted.query_string(), keep_blank_values=True)
    assert RowFilter.from_query(query) == wanted
    assert wanted.is_empty == (not query)
    assert wanted.without(*wanted.restricted) == RowFilter()


def test_one_field_is_cleared_and_others_stay() -> None:
    wanted = RowFilter(SampleFilter(type=("mcq",), text="a"), answers=("b", "a"), per_patch=(1, 2))
    assert wanted.answers == ("a", "b")
    assert wanted.restricted == {"type", "text", "answers", "per_patch"}
    assert wanted.without("answers", "text") == RowFilter(SampleFilter(type=("mcq",)), per_patch=(1, 2))


@pytest.mark.parametrize(
    ("key", "values", "told"),
    [
        ("answer", ["maybe"], "yes, no, a, b, c, d"),
        ("answer", ["\u202e" * 200], "..."),
        ("box_at", ["0.5"], "like 0.5,0.25"),
        ("box_at", ["0.5,1.1"], "no point of a picture"),
        ("box_at", ["nan,0"], "no point of a picture"),
        ("box_at", ["1,2,3"], "no point of a picture"),
        ("box_at", ["0,0", "1,1"], "one value"),
        ("box_at", ["0.5,0." + "0" * 200 + "x"], "no point of a picture"),
        ("box_size", ["0.1,0.5,0"], "like 0.1,0.5,0,1"),
        ("box_size", ["0.5,0.1,0,1"], "least and most width"),
        ("box_size", ["0,1,0,inf"], "no range of sizes"),
        ("box_size", ["0,1,0,nan"], "no range of sizes"),
        ("malformed", ["perhaps"], "Use 1"),
        ("per_patch", ["3"], "like 1,20"),
        ("per_patch", ["-1,2"], "no range of counts"),
        ("per_patch", ["²,3"], "no range of counts"),
        ("per_patch", ["1," + "9" * 50], "no range of counts"),
        ("per_patch", ["1," + "0" * 60 + "5"], "no range of counts"),
        ("per_patch", ["5,2"], "swap"),
        ("season", ["Monsoon"], "Summer"),
    ],
)
def test_what_means_nothing_is_named(key: str, values: list[str], told: str) -> None:
    with pytest.raises(FilterError, match=key) as raised:
        RowFilter.from_query({key: values})
    assert told in raised.value.message


KEYS = st.sampled_from(["answer", "box_at", "box_size", "malformed", "per_patch"])


@given(st.dictionaries(KEYS, st.lists(st.text(), max_size=2)))
def test_any_words_are_a_filter_or_a_named_error(query: dict[str, list[str]]) -> None:
    with suppress(FilterError):
        wanted = RowFilter.from_query(query)
        assert RowFilter.from_query(parse_qs(wanted.query_string())) == wanted
