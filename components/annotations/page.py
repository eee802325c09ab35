"""The frame of the Annotations page: opening, heading, filters in the sidebar, and the view in the middle.

Filters and view are a fragment each: what changes the filter reruns both, everything else reruns the view alone, and
neither reruns the frame of the page.
"""

import streamlit as st

from components.annotations.page_state import BODY, current, write_address
from components.annotations.views import show_switch, show_view
from components.opening import wait_until
from components.plain_text import plain
from components.try_again import show_try_again_where_closed
from data_access.bigearthnet.dataset import BigEarthNet
from data_access.collections import collections_of_process
from errors import PatchworkError, SourceMissingError

DATASET = "bigearthnet"


def open_annotations() -> BigEarthNet:
    """The data set, once it is open; what can not be opened is explained on the page, which ends there."""
    collections = collections_of_process()
    try:
        wait_until(collections.opening(DATASET).done)
        dataset = collections.get(DATASET)
        if not isinstance(dataset, BigEarthNet):
            raise SourceMissingError(f"{dataset.info.title} has no annotations.")
    except PatchworkError as problem:
        st.error(plain(problem.message), icon=":material/folder_off:")
        show_try_again_where_closed(collections, DATASET)
        st.stop()
    return dataset


@st.fragment(key=BODY)
def show_body(dataset: BigEarthNet) -> None:
    """The switch and the view."""
    state = current()
    show_switch(state)
    show_view(state, dataset)
    write_address()
