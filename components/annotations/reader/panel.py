"""Read: one patch beside everything that is said about it."""

import streamlit as st

from components.annotations.state import AnnotationsState
from data_access.bigearthnet.dataset import BigEarthNet


def show_reader(state: AnnotationsState, dataset: BigEarthNet) -> None:
    """Draw the view."""
    st.caption(f"{dataset.info.title}: {state.view}")
