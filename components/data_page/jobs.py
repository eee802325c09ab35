"""The long jobs of TerraMesh, `python -m batch`: how far each is, and the buttons that start and pause them."""

from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st

from components.amounts import amount, remaining, size
from components.data_page.collection_facts import has_news, index_of, shards_of
from components.data_page.operator import may_operate, why_not
from components.data_sets import OpenedSet
from components.plain_text import plain
from components.progress_rows import Tone, row
from data_access.batch_jobs import BatchJobs
from data_access.batch_progress import JobCommand, JobState
from data_access.dataset import Dataset
from data_access.settings import settings
from data_access.terramesh.batch_parts import Kind
from errors import PatchworkError

LARGE_BYTES = 50e9  # more than this is read only after a second question: minutes from a disk, hours over a network
_PROBLEM = "data_job_problem"


@dataclass(frozen=True)
class Job:
    """One kind of job, in the words of the page."""

    command: JobCommand
    kind: Kind  # what it leaves behind
    title: str
    about: str


JOBS = (
    Job("index", "offsets", "Index", "where every sample lies in its shards: opening one then takes a single read"),
    Job(
        "statistics",
        "statistics",
        "Statistics",
        "land cover, clouds, snow, vegetation, relief and backscatter of every sample, as filters on Explore",
    ),
    Job(
        "thumbnails",
        "thumbnails",
        "Thumbnails",
        "small pictures: the gallery of a collection that is far away opens no samples",
    ),
)


@dataclass(frozen=True)
class Index:
    """The batch index of TerraMesh."""

    jobs: BatchJobs
    dataset: Dataset
    present: dict[Kind, int]  # sets of shards that are done
    total: int
    bytes: int  # of all shards


def index_of_page(sets: tuple[OpenedSet, ...]) -> Index | None:
    """The batch index of the data set that has one; None while that is not open."""
    for each in sets:
        found = index_of(each.dataset) if each.dataset else None
        shards = shards_of(each.dataset) if each.dataset else None
        if each.dataset and found and shards:
            configured = settings()
            root = configured.terramesh or str(configured.demo_dir / "terramesh")
            words = {"PATCHWORK_CACHE_DIR": str(configured.cache_dir)}
            if configured.scheduler:
                words["PATCHWORK_SCHEDULER"] = configured.scheduler
            jobs = BatchJobs(root, found[0], environment=words)
            return Index(jobs, each.dataset, found[1], shards.there, shards.bytes)
    return None


def show_jobs(index: Index | None) -> None:
    """Draw the jobs with their buttons."""
    if problem := st.session_state.pop(_PROBLEM, None):
        st.error(plain(problem), icon=":material/error:")
    if index is None:
        st.html('<p class="patchwork-quiet">Jobs read the shards of TerraMesh: they can start once it is open.</p>')
        return
    state = index.jobs.state()
    operates = may_operate()
    with st.container(border=True, key="data_jobs"):
        for job in JOBS:
            _draw_job(job, index, state, operates=operates)
    if not operates:
        st.caption(why_not())
    st.caption(
        "A paused job keeps what it finished. Jobs go on when the page is closed, and also run from a terminal: "
        "`python -m batch index`"
    )


def _draw_job(job: Job, index: Index, state: JobState, *, operates: bool) -> None:
    mine = state.command == job.command
    told = _job_row(job, index, state if mine else None)
    if not operates:
        st.html(told)
        return
    words, button = st.columns([5, 1], vertical_alignment="center")
    words.html(told)
    with button:
        key = f"data_job_{job.command}"
        if mine and state.is_active:
            st.button(
                "Pause",
                icon=":material/pause:",
                key=f"{key}_pause",
                on_click=_pause,
                args=(index.jobs,),
                disabled=state.status in {"pausing", "elsewhere"},
                width="stretch",
            )
        elif index.present[job.kind] < index.total:
            _draw_start(job, index, key, is_free=not state.is_active, goes_on=bool(index.present[job.kind]))


def _draw_start(job: Job, index: Index, key: str, *, is_free: bool, goes_on: bool) -> None:
    """The button that starts a job; a large one asks once more."""
    label, icon = "Resume" if goes_on else "Start", ":material/play_arrow:"
    chosen = (index.jobs, job.command)
    if index.bytes < LARGE_BYTES:
        st.button(
            label, icon=icon, key=f"{key}_start", on_click=_start, args=chosen, disabled=not is_free, width="stretch"
        )
        return
    with st.popover(label, icon=icon, disabled=not is_free, width="stretch"):
        way = "over the network" if index.dataset.info.kind in {"hf", "https"} else "from disk"
        st.markdown(f"{job.title} reads the shards of {size(index.bytes)} once, {way}. It can be paused at any time.")
        st.button(f"{label} now", key=f"{key}_start", on_click=_start, args=chosen, type="primary")


def _start(jobs: BatchJobs, command: JobCommand) -> None:
    _attempt(lambda: jobs.start(command))


def _pause(jobs: BatchJobs) -> None:
    _attempt(jobs.pause)


def _attempt(act: Callable[[], None]) -> None:
    """Do what a button says, if this visitor may; a problem is shown above the jobs."""
    try:
        if may_operate():
            act()
    except PatchworkError as problem:
        st.session_state[_PROBLEM] = problem.message


def _job_row(job: Job, index: Index, state: JobState | None) -> str:
    """A job as words and a bar: how far its run is, or how much of it is there."""
    present, total = index.present[job.kind], index.total
    if state and (state.is_active or (present < total and state.status in {"paused", "stopped", "failed"})):
        return _run_row(job, state)
    tone: Tone = "good" if present == total else "still"
    words = ["complete" if present == total else "", amount(present, total, "shards")]
    if present and job.command == "statistics" and has_news(index.dataset, index.jobs.out):
        words.append("new ones are filters after the next start")
    return row(job.title, words, present / total if total else 0.0, tone, job.about)


def _run_row(job: Job, state: JobState) -> str:
    said = {
        "starting": ("starting",),
        "running": (_percent(state), amount(state.done, state.total, state.unit), remaining(state.remaining_s)),
        "pausing": ("pausing: the shards at hand are finished first",),
        "elsewhere": ("runs on another machine", amount(state.done, state.total, state.unit)),
        "paused": ("paused", amount(state.done, state.total, state.unit)),
        "stopped": ("stopped unexpectedly: resume", amount(state.done, state.total, state.unit)),
        "failed": ("failed",),
    }[state.status]
    tones: dict[str, Tone] = {"paused": "still", "stopped": "still", "failed": "bad"}
    fraction = None if state.status in {"starting", "pausing"} else state.fraction
    return row(job.title, said, fraction, tones.get(state.status, ""), state.message or job.about)


def _percent(state: JobState) -> str:
    return "" if state.fraction is None else f"{state.fraction:.0%}"
