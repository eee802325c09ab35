"""What stands in the place of the answer while a query runs: where it is, for how long, and a way to stop it."""

import streamlit as st

from components.annotations.console.session import ConsoleSession
from data_access.console.console import Console, Job

_LOOK_S = 0.5  # seconds between two looks; the console takes a query as abandoned after twelve of them


@st.fragment(run_every=_LOOK_S)
def show_progress(session: ConsoleSession, console: Console) -> None:
    """Where the query is; once it is answered, the view is drawn again."""
    job = session.job
    if job is None or job.stage == "done":
        st.rerun()  # the whole page: a fragment can not ask for the one around it
    with st.container(horizontal=True, vertical_alignment="center"):
        st.progress(min(max(job.percent, 0.0), 100.0) / 100, text=_words(job, console))
        st.button("Cancel", icon=":material/stop_circle:", on_click=job.cancel, key="annotations_console_cancel")


def _words(job: Job, console: Console) -> str:
    seconds = f"{job.elapsed:.1f} s of {job.limits.seconds:g}"
    match job.stage:
        case "waiting":
            before = console.position(job)
            others = "other queries run" if not before else f"{before} wait before it"
            return f"Waiting for its turn: {others}. {job.elapsed:.1f} s"
        case "starting":
            return "Starting the console's process \u2026"
        case _:
            return f"Running, {job.percent:.0f} %, {seconds}" if job.percent > 0 else f"Running, {seconds}"
