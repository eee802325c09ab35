"""SQL: a guarded console over the annotations."""

import streamlit as st

from components.annotations.state import AnnotationsState
from data_access.bigearthnet.dataset import BigEarthNet


def show_console(state: AnnotationsState, dataset: BigEarthNet) -> None:
    """Draw the view."""
    st.caption(f"{dataset.info.title}: {state.view}")
