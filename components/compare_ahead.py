"""Has what the user probably opens next fetched while they look at this sample, where the files are far away."""

from uuid import uuid4

import streamlit as st

from components.compare import OpenedSample
from components.compare_state import CompareState
from data_access.dataset import FAR_KINDS, Prefetches

NEXT = 2  # samples ahead: people step forward more often than back
_OWNER = "compare_reader"  # a name for this session, so that it replaces its own wishes only
_ASKED = "compare_ahead"  # what was asked for last: a rerun for anything else asks nothing


def fetch_ahead(state: CompareState, opened: OpenedSample) -> None:
    """Ask for the next two samples of the selection and the previous one; the page waits for none of them."""
    dataset, sample_id = opened.dataset, opened.record.id
    if dataset.info.kind not in FAR_KINDS or not isinstance(dataset, Prefetches):
        return
    place = (dataset.info.revision, sample_id, state.selection)
    if st.session_state.get(_ASKED) == place:
        return
    st.session_state[_ASKED] = place
    rows = dataset.catalog.rows(state.selection, limit=NEXT, after=sample_id)
    following = [str(each) for each in rows["id"].to_pylist()]
    previous = [opened.neighbours.previous] if opened.neighbours.previous else []
    owner: str = st.session_state.setdefault(_OWNER, uuid4().hex)
    dataset.prefetch([*following[:1], *previous, *following[1:]], dataset.modalities, owner=owner)
