"""The worker as a process: what it inherits, what it keeps to itself, and when it ends."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from data_access.settings import REPOSITORY_ROOT, load_settings
from errors import GenerationError, GenerationMemoryError
from generation import death
from generation.limits import NICENESS, Limits
from generation.process import Worker
from generation.request import Request
from generation.worker_environment import usable_cores, worker_environment
from tests.data_access.waiting import wait
from tests.generation.small_service import QUICK

REQUEST = Request(inputs=("DEM",), outputs=("LULC",))
# Starts a worker, tells its number, and is then killed as an app would be that crashes.
APP = f"""
import sys, time
from data_access.settings import load_settings
from generation.limits import Limits
from generation.process import Worker
from generation.request import Request
print(Worker(load_settings(), Limits(), engine="{QUICK}").pid, flush=True)
time.sleep(600)
"""
# Everything of the app that knows generations, as the app imports it.
TORCH_FREE = """
import sys
import app, generation.service, api.routes.generations, api.routes.generated
from generation.service import service
service().models()
heavy = {"torch", "terratorch", "diffusers", "einops", "tokenizers"} & set(sys.modules)
assert not heavy, heavy
"""


def is_running(pid: int) -> bool:
    """Whether a process that is not our child lives; a zombie does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
def test_it_ends_when_the_app_dies() -> None:
    app = subprocess.Popen([sys.executable, "-c", APP], cwd=REPOSITORY_ROOT, stdout=subprocess.PIPE, text=True)
    assert app.stdout is not None
    pid = int(app.stdout.readline())
    wait(lambda: is_running(pid) and "\0generation.worker\0" in Path(f"/proc/{pid}/cmdline").read_text())
    wait(lambda: os.getpriority(os.PRIO_PROCESS, pid) >= min(os.nice(0) + NICENESS, 19))
    wait(lambda: Path(f"/proc/{pid}/oom_score_adj").read_text().strip() == "1000")
    assert os.getsid(pid) == pid  # Ctrl-C in the app's terminal does not reach it
    app.kill()
    app.wait()
    app.stdout.close()
    wait(lambda: not is_running(pid))


def test_the_app_never_loads_torch() -> None:
    subprocess.run([sys.executable, "-c", TORCH_FREE], cwd=REPOSITORY_ROOT, check=True, timeout=120)


def test_it_gets_what_libraries_need_and_no_passwords(tmp_path: Path) -> None:
    chosen = load_settings(["--terramind", "terramind_v1_tiny", "--cache-dir", str(tmp_path)])
    hub = {"HF_HOME": "/hub", "HF_TOKEN": "of-the-hub"}  # repositories that need one
    own = {"PATH": "/bin", **hub, "AWS_SECRET_ACCESS_KEY": "x", "PGPASSWORD": "x"}
    given = worker_environment(own, chosen, Path("/patchwork"))
    assert {name: given[name] for name in hub} == hub
    assert "x" not in given.values()
    assert (given["PATCHWORK_TERRAMIND"], given["PATCHWORK_CACHE_DIR"]) == ("terramind_v1_tiny", str(tmp_path))
    assert given["PYTHONPATH"] == "/patchwork"
    assert given["OMP_NUM_THREADS"] == str(usable_cores())
    assert worker_environment({"OMP_NUM_THREADS": "7"}, chosen, Path("/"))["OMP_NUM_THREADS"] == "7"


def test_an_engine_that_is_not_there_is_an_error_of_the_run_that_needs_it() -> None:
    worker = Worker(load_settings(), Limits(), engine="tests.generation.no_such_engine")
    try:
        with pytest.raises(GenerationError, match="ModuleNotFoundError"):
            worker.run(REQUEST, {}, tell=lambda _: None, stopped=lambda: False)
        assert not worker.is_alive
    finally:
        worker.close()


def test_a_worker_that_is_stuck_is_ended() -> None:
    worker = Worker(load_settings(), Limits(silent=0.5), engine=QUICK)
    try:
        os.kill(worker.pid, signal.SIGSTOP)
        with pytest.raises(GenerationError, match="silent for 0"):
            worker.run(REQUEST, {}, tell=lambda _: None, stopped=lambda: False)
        assert not worker.is_alive
    finally:
        worker.close()


def test_a_worker_that_speaks_no_messages_is_ended() -> None:
    worker = Worker(load_settings(), Limits(), engine="tests.generation.rude_engine")
    try:
        with pytest.raises(GenerationError, match="can not be understood"):
            worker.run(REQUEST, {}, tell=lambda _: None, stopped=lambda: False)
        assert not worker.is_alive
    finally:
        worker.close()


@pytest.mark.parametrize(
    ("before", "after", "status", "kind"),
    [
        (3, 4, -signal.SIGKILL, GenerationMemoryError),
        (3, 3, -signal.SIGKILL, GenerationError),
        (3, 4, -signal.SIGSEGV, GenerationError),
        (3, 3, 1, GenerationError),
        (3, 3, -250, GenerationError),
    ],
)
def test_want_of_memory_is_told_from_other_ends(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, before: int, after: int, *, status: int, kind: type[Exception]
) -> None:
    counts = tmp_path / "memory.events"
    monkeypatch.setattr(death, "_COUNTS", (tmp_path / "missing", counts))
    counts.write_text(f"low 0\noom 9\noom_kill {before}\noom_group_kill 0\n")
    deaths = death.Deaths()
    counts.write_text(f"low 0\noom 9\noom_kill {after}\noom_group_kill 0\n")
    error = deaths.error(status)
    assert type(error) is kind
    assert error.retryable == (kind is GenerationError)
