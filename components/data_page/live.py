"""What this process is busy with, and the jobs, drawn again every second while something runs, and only then."""

import streamlit as st

from components.data_page import testing
from components.data_page.jobs import index_of_page, show_jobs
from components.data_sets import opened_sets
from components.opening import under_way
from components.progress_rows import activity_row, rows
from data_access.batch_progress import ACTIVE
from data_access.progress import Activity, activities

TICK_S = 1.0  # between two looks while something runs
SHOWN_ENDED = 3  # of what ended, the latest
WORTH_TELLING_S = 2.0  # what took less is not worth a line once it has ended

Stamp = tuple[tuple[str, ...], tuple[str, str] | None, bool, bool]


def show_work() -> None:
    """Draw what runs and the jobs; the whole page is drawn again once something began or ended."""
    stamp = _stamp()
    st.fragment(_draw, run_every=TICK_S if _is_busy(stamp) else None)(stamp)


def _stamp() -> Stamp:
    """Differs once a data set is open, a job or a test begins or ends, or the process begins or ends to be busy."""
    sets = opened_sets()
    index = index_of_page(sets)
    state = index.jobs.state() if index else None
    running = any(each.status == "running" for each in activities())
    opening = tuple(each.name for each in sets if each.is_opening)
    return opening, (state.command, state.status) if state else None, testing.is_running(), running


def _is_busy(stamp: Stamp) -> bool:
    opening, job, is_testing, running = stamp
    return bool(opening) or (job is not None and job[1] in ACTIVE) or is_testing or running


def _draw(drawn: Stamp) -> None:
    if _stamp() != drawn:
        st.rerun()
    st.markdown("##### Under way")
    ended = [each for each in activities() if each.status == "failed" or _took(each) > WORTH_TELLING_S]
    works = [*under_way(), *(activity_row(each) for each in ended[:SHOWN_ENDED])]
    st.html(rows(works) if works else '<p class="patchwork-quiet">Nothing is being built or downloaded.</p>')
    st.markdown("##### Long jobs")
    show_jobs(index_of_page(opened_sets()))


def _took(each: Activity) -> float:
    """Seconds that something took; 0 while it runs."""
    return each.ended - each.started if each.ended else 0.0
