"""Words that are searched before what searches need is prepared: Explore says so, and answers once it is.

Preparing the nine million annotations takes minutes, the first time of a file; map, counts and filters do without.
"""

import time
from collections.abc import Iterable
from concurrent.futures import Future, wait
from typing import Any

import streamlit as st

from components.data_sets import OpenedSet
from components.opening import LOOK_S, under_way
from components.plain_text import plain
from components.progress_rows import rows
from data_access.bigearthnet.dataset import BigEarthNet
from data_access.sample_filter import SampleFilter
from errors import PatchworkError

MOMENT_S = 1.0  # few annotations are prepared in that time, and nobody needs to be told


def is_prepared(sets: Iterable[OpenedSet], wanted: SampleFilter) -> bool:
    """Whether the words of a filter, if it has any, can be searched; waits a moment for it."""
    return all(future.done() and not future.exception() for future in _preparations(sets, wanted))


def hold_for_words(sets: Iterable[OpenedSet], wanted: SampleFilter) -> None:
    """Tell how far the preparation is in place of what follows, until the words of a filter can be searched.

    Draws nothing where they can. Where something was told the page is drawn anew, or ends with the reason why not.
    """
    for future in _preparations(sets, wanted):
        place = st.empty() if not future.done() or future.exception() else None
        if place is None:
            continue
        while not future.done():
            place.html(
                '<div class="patchwork-banner" role="status"><b>Words are searched in a while.</b> '
                f"Everything but words can be used meanwhile.{rows(under_way())}</div>"
            )
            time.sleep(LOOK_S)
        problem = future.exception()
        if problem is None:
            st.rerun()
        if not isinstance(problem, PatchworkError):
            raise problem
        place.error(plain(problem.message), icon=":material/error:")
        st.stop()


def _preparations(sets: Iterable[OpenedSet], wanted: SampleFilter) -> list[Future[Any]]:
    datasets = [each.dataset for each in sets if wanted.words and isinstance(each.dataset, BigEarthNet)]
    found: list[Future[Any]] = [dataset.rows_opening() for dataset in datasets]
    wait(found, MOMENT_S)
    return found
