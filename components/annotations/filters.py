"""The sidebar of the page: words, what the rows are, where and when their patches are, what can not be read."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from components.annotations.conditions import TYPE_TITLES
from components.annotations.facet_counts import facet_counts
from components.annotations.page_state import FILTERS, change, current
from components.filters.facet_list import field_data, reported_change, show_lists
from components.filters.vocabulary import FIELDS, Field
from components.filters.words_box import WordsBox
from components.plain_text import plain
from data_access.annotations.row_filter import ANSWERS, RowFilter
from data_access.bigearthnet.dataset import BigEarthNet
from data_access.sample_filter import CHOICE_FIELDS
from errors import FilterError, PatchworkError

KEY = "annotations_facets"
_MALFORMED = "annotations_malformed"
_WORDS = WordsBox(
    "annotations",
    'Words and "phrases"',
    "Every word and every phrase between quotes must occur in the question or its answer.",
)
_BY_NAME = {field.name: field for field in FIELDS}
ANSWER = Field("answers", "Answer", ANSWERS)
LISTS: tuple[Field, ...] = (
    *(_BY_NAME[name] for name in ("type", "category")),
    ANSWER,
    *(_BY_NAME[name] for name in ("split", "country", "season", "climate_zone")),
)
_OPEN = ("type", "category", "country", "season")
_MOST_VALUES = 40  # of a list: all that BigEarthNet.txt has, in less than a kilobyte


def show_filters(dataset: BigEarthNet) -> None:
    """The sidebar."""
    with st.sidebar:
        _filters(dataset)


@st.fragment(key=FILTERS)
def _filters(dataset: BigEarthNet) -> None:
    state = current()
    _WORDS.show(state.wanted.samples.text, on_change=_take_text)
    try:
        show_lists(KEY, _data(state.wanted, dataset), on_event=_take_lists)
    except PatchworkError as problem:  # the view tells it; the words above are the way out
        st.caption(plain(problem.message))
    st.caption("Every number counts annotations.")
    st.session_state[_MALFORMED] = state.wanted.malformed
    st.toggle("Only what can not be read", key=_MALFORMED, on_change=_take_malformed)


def _data(wanted: RowFilter, dataset: BigEarthNet) -> dict[str, Any]:
    counts = facet_counts(dataset, wanted)
    return {
        "titles": {field.name: field.title for field in LISTS},
        "open": list(_OPEN),
        "fields": [
            _titled(field_data(field, _chosen(wanted, field), counts[field.name], _MOST_VALUES)) for field in LISTS
        ],
        "query": wanted.samples.query_string(),
        "sets": [dataset.info.dataset],
    }


def _titled(told: dict[str, Any]) -> dict[str, Any]:
    """A list with the types of tasks by their titles."""
    if told["name"] != "type":
        return told
    return told | {"values": [[value, count, TYPE_TITLES.get(value, value)] for value, count, *_ in told["values"]]}


def _chosen(wanted: RowFilter, field: Field) -> tuple[str, ...]:
    if field is ANSWER:
        return wanted.answers
    chosen: tuple[str, ...] = getattr(wanted.samples, field.name)
    return chosen


def with_values(wanted: RowFilter, reported: Mapping[str, Any]) -> RowFilter:
    """A filter after one list got other values in the browser.

    Raises:
        FilterError: the report names no list, or a value means nothing.
    """
    field, values = str(reported.get("field")), [str(value) for value in reported.get("values", ())]
    if field == ANSWER.name:
        return wanted.replace(answers=RowFilter.from_query({"answer": values}).answers)
    if field not in CHOICE_FIELDS:
        raise FilterError(f"{field[:40]!r} is not a field of the filter.")
    asked = RowFilter.from_query({field: values}).samples
    return wanted.replace(samples=wanted.samples.replace(**{field: getattr(asked, field)}))


def _take_lists() -> None:
    state = current()
    reported = reported_change(KEY)
    try:
        wanted = with_values(state.wanted, reported) if reported else state.wanted
    except FilterError as error:
        _WORDS.refuse(error)
        return
    change(state.replace(wanted=wanted))


def _take_text() -> None:
    """Take words over where they can be searched; say why where not."""
    state = current()
    text = _WORDS.asked()
    if text is not None:
        change(state.replace(wanted=state.wanted.replace(samples=state.wanted.samples.replace(text=text))))


def _take_malformed() -> None:
    state = current()
    change(state.replace(wanted=state.wanted.replace(malformed=st.session_state[_MALFORMED])))
