"""Describing a sample whose files are far away: beside the page, which tells within a second what it waits for.

A description opens a member of every modality. Over a slow line that takes minutes, in which an empty page would look
broken.
"""

import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait

import streamlit as st

from components.amounts import duration, size
from components.opening import LOOK_S, under_way
from components.progress_rows import row, rows
from data_access.dataset import FAR_KINDS, Dataset, SampleRecord
from data_access.remote.traffic import Traffic, counted

_AT_ONCE = 16  # sessions that wait for a sample; each has a thread per modality below it
_threads = ThreadPoolExecutor(_AT_ONCE, "patchwork-compare")


def described(dataset: Dataset, sample_id: str) -> SampleRecord:
    """Everything but the pixels of a sample; raises as `Dataset.describe`."""
    place = st.empty()  # in every run, so that what follows keeps its place
    if dataset.info.kind not in FAR_KINDS:
        return dataset.describe(sample_id)
    begun = time.monotonic()
    with counted() as traffic:
        coming = _threads.submit(dataset.describe, sample_id)
        try:
            if _tell_until_done(coming, lambda: place.html(_told(dataset, sample_id, traffic, begun))):
                place.empty()
            return coming.result()
        finally:
            coming.cancel()  # the user left before its turn; one under way goes on, and what it fetches is kept


def _tell_until_done(coming: "Future[SampleRecord]", tell: Callable[[], object]) -> bool:
    """Wait for the sample; returns whether anything was told meanwhile."""
    told = False
    while wait([coming], timeout=LOOK_S).not_done:
        tell()
        told = True
    return told


def _told(dataset: Dataset, sample_id: str, traffic: Traffic, begun: float) -> str:
    """How long it takes already, and how much has come: of all sessions together, but few have one each."""
    words = (f"{size(traffic.bytes)} so far", duration(time.monotonic() - begun))
    fetched = row(f"Fetching {sample_id}", words, None, detail=f"its modalities, from {dataset.info.root}")
    return f'<div class="patchwork-fetching" role="status">{rows([fetched, *under_way()])}</div>'
