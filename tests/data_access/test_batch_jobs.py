"""Jobs are started once, seen by everyone, paused, resumed, and never taken for alive when they are dead."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data_access import batch_jobs
from data_access.batch_jobs import BatchJobs
from data_access.batch_progress import NOTHING, PROGRESS_FILE, is_batch, read_progress
from errors import BusyError, JobError
from tests.data_access.slow_batch import UNITS
from tests.data_access.waiting import PATIENCE_S, wait

MODULE = "tests.data_access.slow_batch"
ROOT = Path(__file__).resolve().parents[2]


def jobs(out: Path, manner: str = "slow") -> BatchJobs:
    return BatchJobs(manner, out, module=MODULE)


@pytest.fixture(autouse=True)
def _no_job_is_left() -> Iterator[None]:
    yield
    for child in batch_jobs._CHILDREN.values():
        child.process.kill()
        child.process.wait()
    batch_jobs._CHILDREN.clear()
    batch_jobs._PAUSING.clear()


@pytest.fixture
def from_terminal(tmp_path: Path) -> Iterator["subprocess.Popen[bytes]"]:
    """A job that somebody else started on the folder."""
    process = subprocess.Popen([sys.executable, "-m", MODULE, "statistics", "slow", str(tmp_path)], cwd=ROOT)
    wait((tmp_path / PROGRESS_FILE).exists)
    yield process
    process.kill()
    process.wait()


def test_nothing_was_ever_run(tmp_path: Path) -> None:
    assert jobs(tmp_path / "none").state() == NOTHING
    assert not (tmp_path / "none").exists(), "looking writes nothing"


def test_a_job_runs_to_its_end(tmp_path: Path) -> None:
    quick = jobs(tmp_path / "new" / "out", "quick")
    quick.start("index")
    assert quick.state().is_active
    wait(lambda: quick.state().status == "done")
    assert (quick.state().done, quick.state().fraction, quick.state().command) == (UNITS, 1.0, "index")


def test_a_job_is_paused_and_goes_on_where_it_was(tmp_path: Path) -> None:
    slow = jobs(tmp_path)
    slow.start("index")
    wait(lambda: slow.state().done >= 2)
    assert slow.state().remaining_s == 1.5
    slow.pause()
    assert slow.state().status in {"pausing", "paused"}
    wait(lambda: slow.state().status == "paused")
    reached = slow.state().done
    assert 2 <= reached < UNITS
    quick = jobs(tmp_path, "quick")
    quick.start("index")
    wait(lambda: quick.state().status == "done")
    assert json.loads((tmp_path / PROGRESS_FILE).read_text())["message"] == f"shard {UNITS}"


def test_a_job_is_paused_before_its_first_word(tmp_path: Path) -> None:
    silent = jobs(tmp_path, "silent")
    silent.start("index")
    assert silent.state().status == "starting"
    silent.pause()
    wait(lambda: silent.state().status == "paused")


def test_one_job_at_a_time(tmp_path: Path) -> None:
    slow = jobs(tmp_path)
    slow.start("index")
    with pytest.raises(BusyError, match="index is at work"):
        jobs(tmp_path).start("statistics")
    jobs(tmp_path / "elsewhere", "quick").start("statistics")


def test_a_job_of_a_terminal_is_seen_and_paused(tmp_path: Path, from_terminal: "subprocess.Popen[bytes]") -> None:
    seen = jobs(tmp_path).state()
    assert (seen.status, seen.command, seen.pid) == ("running", "statistics", from_terminal.pid)
    with pytest.raises(BusyError):
        jobs(tmp_path).start("index")
    jobs(tmp_path).pause()
    from_terminal.wait(PATIENCE_S)
    assert jobs(tmp_path).state().status == "paused"


@pytest.mark.parametrize("first", ["quick", "crash", "silent"])
def test_a_later_job_of_a_terminal_is_seen_after_one_from_here(tmp_path: Path, first: str) -> None:
    mine = jobs(tmp_path, first)
    mine.start("index")
    if first == "silent":
        mine.pause()
    wait(lambda: not mine.state().is_active)
    words = [sys.executable, "-m", MODULE, "statistics", "slow", str(tmp_path)]
    with subprocess.Popen(words, cwd=ROOT) as later:
        try:
            wait(lambda: read_progress(tmp_path).pid == later.pid)
            assert (mine.state().status, mine.state().command) == ("running", "statistics")
            with pytest.raises(BusyError):
                mine.start("index")
            mine.pause()
            later.wait(PATIENCE_S)
        finally:
            later.kill()
    assert (mine.state().status, mine.state().command) == ("paused", "statistics")


def test_a_killed_job_is_not_taken_for_alive(tmp_path: Path) -> None:
    slow = jobs(tmp_path)
    slow.start("index")
    wait(lambda: slow.state().done >= 1)
    os.kill(slow.state().pid or 0, signal.SIGKILL)
    wait(lambda: slow.state().status == "stopped")
    quick = jobs(tmp_path, "quick")
    quick.start("index")
    wait(lambda: quick.state().status == "done")


def test_a_failing_job_says_why(tmp_path: Path) -> None:
    crash = jobs(tmp_path, "crash")
    crash.start("thumbnails")
    wait(lambda: crash.state().status == "failed")
    assert crash.state().message == "No shards below the root. Check PATCHWORK_TERRAMESH."


def told(folder: Path, **changes: object) -> None:
    """A progress file of a run that is not alive."""
    words = {"command": "index", "status": "running", "done": 3, "total": 9, "unit": "shards", "pid": os.getpid()}
    (folder / PROGRESS_FILE).write_text(json.dumps(words | changes))


def test_a_run_of_another_machine_is_told_from_a_dead_one(tmp_path: Path) -> None:
    told(tmp_path)  # the number is alive here, but it is no batch process
    assert jobs(tmp_path).state().status == "elsewhere"
    with pytest.raises(JobError, match="another machine"):
        jobs(tmp_path).pause()
    long_ago = time.time() - 3600
    os.utime(tmp_path / PROGRESS_FILE, (long_ago, long_ago))
    assert jobs(tmp_path).state().status == "stopped"
    with pytest.raises(JobError, match="nothing to pause"):
        jobs(tmp_path).pause()


def test_only_known_jobs_are_started(tmp_path: Path) -> None:
    with pytest.raises(JobError, match="no job"):
        jobs(tmp_path).start("index; rm -rf /")


def test_a_folder_that_can_not_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(JobError, match="can not be started"):
        jobs(tmp_path / "file" / "out").start("index")


@given(
    st.binary(max_size=200)
    | st.recursive(
        st.none() | st.booleans() | st.floats() | st.text(max_size=20) | st.integers() | st.just(10**400),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(["status", "done", "total", "pid", "eta_s", "started", "message", "command"]),
                inner,
                max_size=8,
            )
        ),
        max_leaves=9,
    ).map(lambda value: json.dumps(value).encode())
)
def test_a_damaged_progress_file_never_hurts(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    folder = tmp_path_factory.mktemp("out")
    (folder / PROGRESS_FILE).write_bytes(content)
    state = read_progress(folder)
    assert state.done >= 0
    assert state.fraction is None or 0 <= state.fraction <= 1
    assert jobs(folder).state().status in {"none", "elsewhere", "stopped", "done", "failed", "paused"}


def test_no_other_process_is_taken_for_a_job() -> None:
    assert not is_batch(os.getpid(), "batch", "index")
    assert not is_batch(1, "batch", "index")
    assert not is_batch(None, "batch", "index")
