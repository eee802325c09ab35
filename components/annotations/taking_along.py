"""The button 'Take along' of the annotations that match."""

import streamlit as st

from components.annotations.state import AnnotationsState
from data_access.bigearthnet.dataset import BigEarthNet


def show_taking_along(state: AnnotationsState, dataset: BigEarthNet) -> None:
    """Draw the view."""
    st.caption(f"{dataset.info.title}: {state.view}")
