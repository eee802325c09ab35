"""The frame of the Annotations page: opening, heading, filters in the sidebar, and the view in the middle.

Filters and view are a fragment each: what changes the filter reruns both, everything else reruns the view alone, and
neither reruns the frame of the page.
"""

import streamlit as st

from components.annotations.counting import NO_ANNOTATIONS
from components.annotations.heading import TITLE, show_chips, show_counts, show_malformed
from components.annotations.page_state import BODY, current, write_address
from components.annotations.results import DATASET
from components.annotations.views import show_switch, show_view
from components.empty_note import show_empty
from components.opening import wait_until
from components.plain_text import plain
from components.try_again import show_try_again
from data_access.bigearthnet.dataset import BigEarthNet
from data_access.collections import collections_of_process
from errors import PatchworkError, SourceMissingError

DATA_PAGE = "data.py"  # beside pages/shell.py, the script that Streamlit runs


def open_annotations() -> BigEarthNet:
    """The data set with its rows, once they are open; what can not be opened is explained, and the page ends there."""
    collections = collections_of_process()
    try:
        wait_until(collections.opening(DATASET).done)
        dataset = collections.get(DATASET)
        if not isinstance(dataset, BigEarthNet):
            raise SourceMissingError(NO_ANNOTATIONS)
        rows = dataset.rows_opening()
        wait_until(rows.done)
        if rows.result() is None:
            _explain_missing(dataset)
    except PatchworkError as problem:
        st.error(plain(problem.message), icon=":material/folder_off:")
        show_try_again(DATASET)
        st.stop()
    return dataset


def _explain_missing(dataset: BigEarthNet) -> None:
    """Imagery alone is a sound collection: says what is missing, and where to connect it."""
    st.html(f'<div class="patchwork-header"><h1>{TITLE}</h1></div>')
    show_empty(f"{dataset.info.title} has no texts here", NO_ANNOTATIONS)
    st.page_link(DATA_PAGE, label="Connect the real data", icon=":material/database:")
    st.stop()


@st.fragment(key=BODY)
def show_body(dataset: BigEarthNet) -> None:
    """The switch and the view."""
    state = current()
    try:
        with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
            show_switch(state)
            with st.container(horizontal=True, width="content", vertical_alignment="center"):
                show_malformed(state, dataset)
                show_counts(state, dataset)
        show_chips(state)
        show_view(state, dataset)
    except PatchworkError as problem:  # a search of too many words, a damaged file: the filters stay usable
        st.error(plain(problem.message), icon=":material/error:")
    write_address()
