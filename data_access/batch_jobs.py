"""Starting, pausing and watching long work: `python -m batch COMMAND ROOT OUT` as a process of its own.

A job outlives the page that started it, and the app too: its state is a file (see `batch_progress`). Pausing is asking
it to end; every part it finished is kept, so that starting it again goes on where it stopped. Whether a visitor may do
any of this is decided where the buttons are; root and output folder come from the operator's settings alone.
"""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Lock

from data_access.batch_progress import (
    JOB_COMMANDS,
    NOTHING,
    JobState,
    JobStatus,
    is_batch,
    is_fresh,
    read_progress,
)
from data_access.settings import REPOSITORY_ROOT
from errors import BusyError, JobError

LOG_FILE = "job.log"  # what the latest job wrote on its terminal
LOG_TAIL_BYTES = 4096
_NICE = "10"  # pages are answered first; on idle cores the job is as fast as ever


@dataclass
class _Child:
    """A job that this process started."""

    process: "subprocess.Popen[bytes]"
    command: str
    started: float


_LOCK = Lock()
_CHILDREN: dict[Path, _Child] = {}  # by output folder: every session sees the same jobs
_PAUSING: set[int] = set()  # processes that were asked to end


class BatchJobs:
    """The jobs of one root into one output folder; at most one runs at a time. Safe to use from many threads."""

    def __init__(
        self, root: str, out: Path, *, environment: Mapping[str, str] | None = None, module: str = "batch"
    ) -> None:
        """Watch a folder; nothing is written before `start`.

        Args:
            root: what is read, as in PATCHWORK_TERRAMESH.
            out: folder of the results; made when a job starts.
            environment: variables that the job gets beside those of this process.
            module: Python module that does the work.
        """
        self._root = root
        self._out = out.resolve()
        self._environment = dict(environment or {})
        self._module = module

    @property
    def out(self) -> Path:
        """Folder of the results."""
        return self._out

    def state(self) -> JobState:
        """What runs into the folder now, or how the latest run ended."""
        with _LOCK:
            child = _CHILDREN.get(self._out)
        told = read_progress(self._out)
        if child and _is_past(child, told):
            child = None
        if child and told.pid != child.process.pid:
            return self._before_its_first_word(child, told)
        alive = child.process.poll() is None if child else is_batch(told.pid, self._module, told.command)
        if alive:  # also one that said how it ended, and is still putting its things away
            is_pausing = told.status == "paused" or told.pid in _PAUSING
            return replace(told, status="pausing" if is_pausing else "running")
        if told.status != "running":
            return told
        if child is None and is_fresh(self._out):
            return replace(told, status="elsewhere")
        # One that was asked to end and did so without a word is paused all the same: its finished parts are kept.
        return replace(told, status="paused" if told.pid in _PAUSING else "stopped", remaining_s=None)

    def start(self, command: str) -> None:
        """Start a job, or go on with one that was paused or stopped.

        Raises:
            BusyError: a job is at work on the folder.
            JobError: no such job, or it can not be started.
        """
        if command not in JOB_COMMANDS:
            raise JobError(f"{command[:40]!r} is no job. Use one of: {', '.join(JOB_COMMANDS)}.")
        running = self.state()
        if running.is_active:
            raise BusyError(f"{running.command} is at work on this index. Pause it, or wait until it is done.")
        with _LOCK:
            held = _CHILDREN.get(self._out)
            if held and held.process.poll() is None:  # another session was faster
                raise BusyError(f"{held.command} was just started on this index. Wait until it is done.")
            process = self._launch(command)
            _PAUSING.discard(process.pid)  # numbers are given again
            _CHILDREN[self._out] = _Child(process, command, time.time())

    def pause(self) -> None:
        """Ask the job to end after what it is working on; it returns at once, `state` tells when it has ended.

        Raises:
            JobError: nothing that this machine runs is at work on the folder.
        """
        found = self.state()
        if found.status == "elsewhere":
            raise JobError("This job runs on another machine. Pause it there, with Ctrl-C in its terminal.")
        if found.pid is None or found.status not in {"starting", "running"}:
            raise JobError("Nothing is at work on this index, so there is nothing to pause.")
        try:
            os.kill(found.pid, signal.SIGTERM)
            _PAUSING.add(found.pid)
        except ProcessLookupError:
            return  # ended by itself in this moment
        except OSError as error:
            raise JobError(f"The job can not be paused: {error.strerror}. It belongs to another user.") from error

    def _launch(self, command: str) -> "subprocess.Popen[bytes]":
        words = [sys.executable, "-m", self._module, command, self._root, str(self._out)]
        if nice := shutil.which("nice"):
            words = [nice, "-n", _NICE, *words]
        try:
            self._out.mkdir(parents=True, exist_ok=True)
            with (self._out / LOG_FILE).open("wb") as log:
                return subprocess.Popen(  # noqa: S603 - our own module; root and folder are the operator's
                    words,
                    cwd=REPOSITORY_ROOT,
                    env={**os.environ, **self._environment},
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=subprocess.STDOUT,
                    start_new_session=True,  # Ctrl-C in the app's terminal ends the app, not the job
                )
        except OSError as error:
            raise JobError(
                f"The job can not be started: {error.strerror}. Check that {self._out.name!r} can be written."
            ) from error

    def _before_its_first_word(self, child: _Child, told: JobState) -> JobState:
        """State of a job started here whose progress is not in the file (yet)."""
        pid, ended = child.process.pid, child.process.poll()
        if ended is None:
            status: JobStatus = "pausing" if pid in _PAUSING else "starting"
            return JobState(status, child.command, started=child.started, pid=pid)
        if pid in _PAUSING:
            return JobState("paused", child.command, started=child.started, pid=pid)
        if ended:
            message = self._last_words() or f"It ended with status {ended}."
            return JobState("failed", child.command, started=child.started, message=message, pid=pid)
        return told if told is not NOTHING and told.status != "running" else NOTHING

    def _last_words(self) -> str:
        """The last line that the job wrote on its terminal."""
        try:
            text = (self._out / LOG_FILE).read_bytes()[-LOG_TAIL_BYTES:].decode(errors="replace")
        except OSError:
            return ""
        lines = [line.strip() for line in text.replace("\r", "\n").splitlines() if line.strip()]
        return lines[-1][:1000] if lines else ""


def _is_past(child: _Child, told: JobState) -> bool:
    """Whether a job that was started here has ended, and another, as of a terminal, began after it."""
    if told.pid == child.process.pid or child.process.poll() is None:
        return False
    return told.started is not None and told.started > child.started
