"""How far a run of `python -m batch` is, as it tells in `progress.json` of its output folder.

Whoever started the run, here or in a terminal, leaves the same file, so this is all that a page needs. The file tells
what the run last said; whether it still lives, only its process does: a run that was killed says "running" forever.
"""

import json
import shutil
import subprocess
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

PROGRESS_FILE = "progress.json"
MAX_PROGRESS_BYTES = 1 << 16  # a whole file has some hundred
MOST = 1e15  # of anything counted: more is damage, and would not fit a float
FRESH_S = 15.0  # a run writes every two seconds; a machine that swaps or a slow network disk takes longer

JobCommand = Literal["index", "statistics", "thumbnails"]
JOB_COMMANDS: tuple[JobCommand, ...] = get_args(JobCommand)
JobStatus = Literal[
    "none",  # nothing was ever run into this folder
    "starting",  # launched here, has not said anything yet
    "running",
    "elsewhere",  # runs, but not as a process of this machine
    "pausing",  # asked to stop, still finishing
    "paused",
    "stopped",  # said "running" last, and lives no more
    "done",
    "failed",
]
ACTIVE: frozenset[JobStatus] = frozenset({"starting", "running", "elsewhere", "pausing"})
_ENDS: Mapping[str, JobStatus] = {"done": "done", "failed": "failed", "paused": "paused"}


@dataclass(frozen=True)
class JobState:
    """One run: what it does, and how far it is."""

    status: JobStatus
    command: str = ""  # one of JOB_COMMANDS, or what a newer version wrote
    done: int = 0
    total: int | None = None
    unit: str = ""
    started: float | None = None  # seconds since 1970
    remaining_s: float | None = None
    message: str = ""
    pid: int | None = None

    @property
    def is_active(self) -> bool:
        """Whether something is at work on the folder."""
        return self.status in ACTIVE

    @property
    def fraction(self) -> float | None:
        """Share that is done, 0 to 1; None where the total is not known."""
        return min(self.done / self.total, 1.0) if self.total else None


NOTHING = JobState("none")


def read_progress(folder: Path) -> JobState:
    """What the latest run into `folder` said last; `NOTHING` where no run said anything that can be read.

    The status is the file's own word: "running" is all that a dead run ever says, see `is_batch`.
    """
    try:
        with (folder / PROGRESS_FILE).open("rb") as file:
            told = json.loads(file.read(MAX_PROGRESS_BYTES))
    except (OSError, ValueError, RecursionError):
        return NOTHING
    if not isinstance(told, dict):
        return NOTHING
    return JobState(
        status=_ENDS.get(str(told.get("status")), "running"),
        command=str(told.get("command", ""))[:40],
        done=_whole(told.get("done")) or 0,
        total=_whole(told.get("total")),
        unit=str(told.get("unit", ""))[:40],
        started=_number(told.get("started")),
        remaining_s=_number(told.get("eta_s")),
        message=str(told.get("message") or "")[:1000],
        pid=_whole(told.get("pid")),
    )


def is_fresh(folder: Path) -> bool:
    """Whether the run into `folder` said something a moment ago."""
    try:
        return time.time() - (folder / PROGRESS_FILE).stat().st_mtime < FRESH_S
    except OSError:
        return False


def is_batch(pid: int | None, module: str, command: str) -> bool:
    """Whether process `pid` of this machine is `python -m MODULE COMMAND`; numbers are given to other processes again.

    Args:
        pid: what the progress file names.
        module: name of the Python module that is run.
        command: first word after it.
    """
    if pid is None or pid <= 1:
        return False
    words = _command_line(pid)
    as_file = module.replace(".", "/") + "/__main__.py"  # how Python itself shows a package that is run
    return command in words and any(word == module or word.endswith(as_file) for word in words)


def _command_line(pid: int) -> list[str]:
    """The words that a process was started with; none where there is no such process, or it only waits to be buried."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().decode(errors="replace").split("\0")
    except OSError:
        pass
    ps = shutil.which("ps")  # on systems without /proc, as macOS
    if ps is None or Path("/proc/self").exists():
        return []
    found = subprocess.run([ps, "-o", "command=", "-p", str(pid)], capture_output=True, text=True, check=False)  # noqa: S603 - a fixed program and a number
    return found.stdout.split()


def _number(value: object) -> float | None:
    usable = isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= MOST  # NaN is not
    return float(value) if usable and isinstance(value, int | float) else None


def _whole(value: object) -> int | None:
    number = _number(value)
    return None if number is None else int(number)
