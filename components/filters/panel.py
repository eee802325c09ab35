"""The filter panel in the sidebar: words, 'only what the map shows', facets, cloud cover."""

import streamlit as st

from components.counts import facets
from components.data_sets import OpenedSet
from components.explore_state import ExploreState
from components.filters.facet_list import FacetInput, changed_filter, show_facets
from components.filters.words_box import WordsBox
from components.page_state import change_filter, current_state
from components.words import is_prepared
from data_access.sample_filter import SampleFilter
from errors import FilterError

_IN_VIEW, _CLOUD = "filter_in_view", "filter_cloud"
_WORDS = WordsBox("filter", "Search captions, questions, ids")
ALL_CLOUDS = 100


def show_filter_panel(
    state: ExploreState, sets: tuple[OpenedSet, ...], counted: SampleFilter, *, mounted: bool
) -> None:
    """Draw the panel for a state, with counts of the samples that `counted` is about; widgets write into the state.

    `mounted` tells that the browser has what never changes.
    """
    place = _WORDS.show(state.sample_filter.text, on_change=_take_text)
    if not is_prepared(sets, counted):
        place.caption("These numbers do not know the words yet.")
        counted = counted.without("text")
    st.session_state[_IN_VIEW] = state.in_view
    st.toggle("Only what the map shows", key=_IN_VIEW, on_change=_take_in_view)
    show_facets(FacetInput(state.sample_filter, counted, facets(sets, counted), sets, mounted), on_event=_take_facets)
    if any(each.dataset for each in sets):
        _show_cloud_cover(state)


def _show_cloud_cover(state: ExploreState) -> None:
    limit = state.sample_filter.cloud_max
    st.session_state[_CLOUD] = ALL_CLOUDS if limit is None else round(limit)
    st.slider(
        "Cloud cover at most",
        0,
        ALL_CLOUDS,
        key=_CLOUD,
        format="%d %%",
        on_change=_take_cloud,
    )


def _take_text() -> None:
    """Take words over where they can be searched; say why where not."""
    text = _WORDS.asked()
    if text is not None:
        change_filter(current_state().with_filter(text=text))


def _take_in_view() -> None:
    change_filter(current_state().replace(in_view=st.session_state[_IN_VIEW]))


def _take_cloud() -> None:
    percent = st.session_state[_CLOUD]
    change_filter(current_state().with_filter(cloud_max=None if percent == ALL_CLOUDS else float(percent)))


def _take_facets() -> None:
    state = current_state()
    try:
        asked = changed_filter(state.sample_filter)
    except FilterError as error:
        _WORDS.refuse(error)
        return
    change_filter(state.replace(sample_filter=asked))
