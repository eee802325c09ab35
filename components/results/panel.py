"""Beside the map: the selected sample, and the samples in view as a gallery or a table, page by page."""

import pandas as pd
import streamlit as st

from components.browser import reported
from components.counts import loosest, totals
from components.data_sets import OpenedSet
from components.empty_note import show_empty
from components.explore_state import ExploreState, SampleReference, reported_sample
from components.filters.vocabulary import TITLES
from components.page_state import change, change_filter, current_state
from components.results.cards import table_row
from components.results.gallery import KEY, GalleryInput, annotations_query, compare_query, show_gallery
from components.results.paging import Page, Pages, Row, first_cursor, page_of
from data_access.sample_filter import SampleFilter
from errors import UnknownSampleError

GALLERY_SIZE = 12  # four rows of three: what the panel shows, and a third of a screen more
TABLE_SIZE = 50
TABLE_HEIGHT = 420  # pixels: about fifteen rows
GALLERY, TABLE = "Gallery", "Table"
COMPARE_PAGE, ANNOTATIONS_PAGE, GENERATE_PAGE = "compare.py", "annotations.py", "generate.py"  # beside the shell
_PAGES, _FORM, _OPEN = "results_pages", "results_form", "results_open"


def show_results(state: ExploreState, sets: tuple[OpenedSet, ...], in_view: SampleFilter, *, mounted: bool) -> None:
    """Draw the samples that match `in_view`: the filter, and the map's edges.

    `mounted` tells that the browser has what never changes.
    """
    _open_if_asked()
    matched = totals(sets, in_view).matched
    st.session_state.setdefault(_FORM, GALLERY)
    shown_as = st.segmented_control("Show as", (GALLERY, TABLE), key=_FORM, label_visibility="collapsed", required=True)
    size = TABLE_SIZE if shown_as == TABLE else GALLERY_SIZE
    pages = _pages((in_view, tuple(each.name for each in sets if each.dataset), shown_as), sets)
    page = page_of(sets, in_view, pages.cursors[-1], size=size)
    pages.next = page.next
    selected = (state.selected, _row(sets, state.selected)) if state.selected else None
    first = (len(pages.cursors) - 1) * size + 1
    thumbnails = shown_as != TABLE
    show_gallery(
        GalleryInput(page, state.sample_filter, mounted, selected, first, matched, thumbnails), on_event=_take_event
    )
    if not matched:
        _show_empty(state, sets)
    elif shown_as == TABLE:
        _show_table(page, sets)


def _pages(question: object, sets: tuple[OpenedSet, ...]) -> Pages:
    """Where the user is; back at the first page where the question is another one."""
    pages: Pages = st.session_state.setdefault(_PAGES, Pages())
    if pages.question != question:
        pages = st.session_state[_PAGES] = Pages(question, [first_cursor(sets)])
    return pages


def _show_table(page: Page, sets: tuple[OpenedSet, ...]) -> None:
    titles = {each.name: each.look.title for each in sets}
    rows = [table_row(titles[name], row) for name, row in page.rows]
    chosen = st.dataframe(
        pd.DataFrame(rows),
        hide_index=True,
        height=TABLE_HEIGHT,
        key="results_table",
        on_select="rerun",
        selection_mode="single-row",
        column_config={
            "Sample": st.column_config.TextColumn(width=150),
            "Clouds %": st.column_config.NumberColumn(format="%.0f"),
            "Latitude": st.column_config.NumberColumn(format="%.3f"),
            "Longitude": st.column_config.NumberColumn(format="%.3f"),
        },
    )
    lines = chosen.selection.rows
    if lines and lines[0] < len(page.rows):
        name, row = page.rows[lines[0]]
        reference = SampleReference(name, str(row["id"]))
        state = current_state()
        if state.selected != reference:
            change(state.replace(selected=reference))
            st.rerun(scope="fragment")


def _show_empty(state: ExploreState, sets: tuple[OpenedSet, ...]) -> None:
    """Nothing in view: says whether the filter or the map's edges are the reason, and what to loosen."""
    elsewhere = totals(sets, state.sample_filter).matched
    if elsewhere:
        show_empty("Nothing in view", f"{elsewhere:,} samples match elsewhere. Press F on the map to go there.")
        return
    if not state.shown:
        show_empty("No data set is shown", "Tick a data set in the legend on the map.")
        return
    names = loosest(sets, state.sample_filter, str)
    hint = "Take one condition away:" if names else "Take conditions away on the left, or reset them all."
    show_empty("No samples match", hint)
    for name in names[:3]:
        text = f"Any {TITLES[name].lower()}"
        st.button(text, key=f"loosen_{name}", on_click=_loosen, args=(name,), width="stretch")


def _loosen(name: str) -> None:
    state = current_state()
    change_filter(state.replace(sample_filter=state.sample_filter.without(name)))


def _row(sets: tuple[OpenedSet, ...], reference: SampleReference) -> Row | None:
    """The catalogue row of a sample; None where there is no such sample."""
    for each in sets:
        if each.name == reference.dataset and each.dataset:
            try:
                return each.dataset.catalog.row(reference.id)
            except UnknownSampleError:
                return None
    return None


def _take_event() -> None:
    if opened := reported(KEY, "opened"):
        st.session_state[_OPEN] = (reported_sample(opened), opened.get("page"))
    if turned := reported(KEY, "turned"):
        _turn(int(turned["by"]))
    if reported(KEY, "closed"):
        change(current_state().replace(selected=None))


def _turn(by: int) -> None:
    """Go one page on or back."""
    pages: Pages = st.session_state[_PAGES]
    if by > 0 and pages.next:
        pages.cursors.append(pages.next)
    elif by < 0 and len(pages.cursors) > 1:
        pages.cursors.pop()


def _open_if_asked() -> None:
    """Go to the page of a sample where one was clicked; a page can not be switched from within a callback."""
    reference, page = st.session_state.pop(_OPEN, (None, None))
    if reference:
        state = current_state()
        change(state.replace(selected=reference))
        if page == "annotations":
            st.switch_page(ANNOTATIONS_PAGE, query_params=annotations_query(reference.id, state.sample_filter))
        target = GENERATE_PAGE if page == "generate" else COMPARE_PAGE
        st.switch_page(target, query_params=compare_query(reference, state.sample_filter))
