"""Find: the annotations that match, as rows or as patches, beside the map."""

import streamlit as st

from components.annotations.state import AnnotationsState
from data_access.bigearthnet.dataset import BigEarthNet


def show_find(state: AnnotationsState, dataset: BigEarthNet) -> None:
    """Draw the results."""
    count = dataset.catalog.count(state.wanted.samples)
    st.html(f'<div class="patchwork-counts"><b>{count.annotations or 0:,}</b> annotations</div>')
