"""A module that runs as a process of its own, as the one who started it sees it: written to, read from, ended."""

import os
import selectors
import subprocess
import sys
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from threading import Lock
from typing import IO

from data_access.piped.frames import PIECE_BYTES


class PipedProcess:
    """One process, read by one thread at a time; any thread may write to it or end it."""

    def __init__(
        self,
        module: str,
        *,
        env: Mapping[str, str],
        flags: tuple[str, ...] = (),
        cwd: Path | None = None,
        keep_log: bool = False,
    ) -> None:
        """Start it.

        Args:
            module: run as `python -m`.
            env: its whole environment.
            flags: of Python, before the module.
            cwd: the folder it starts in; None for this process's own.
            keep_log: whether what it writes to its standard error is to be read from `log`; else nobody sees it.
        """
        self._process = subprocess.Popen(  # noqa: S603 - our own module
            [sys.executable, *flags, "-m", module],
            cwd=cwd,
            env=dict(env),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE if keep_log else subprocess.DEVNULL,
            start_new_session=True,  # Ctrl-C in the app's terminal ends the app, and the process with it
        )
        self._writing = Lock()
        self.ended = False  # its pipe is: nothing more will come

    @property
    def is_alive(self) -> bool:
        """Whether it can be asked."""
        return not self.ended and self._process.poll() is None

    @property
    def pid(self) -> int:
        """Its number in the system."""
        return self._process.pid

    @property
    def returncode(self) -> int | None:
        """What it ended with, minus the signal's number where one ended it; None while it runs."""
        return self._process.returncode

    @property
    def log(self) -> IO[bytes] | None:
        """What it writes to its standard error, if that was asked for."""
        return self._process.stderr

    def write(self, frame: bytes) -> None:
        """Send one whole frame.

        Raises:
            OSError: it has ended.
        """
        if self._process.stdin is None or self.ended:
            raise BrokenPipeError("the process has ended")
        with self._writing:
            left = memoryview(frame)
            while left:
                left = left[os.write(self._process.stdin.fileno(), left) :]

    def read(self, wait: float) -> bytes:
        """What has come; nothing where nothing comes in that many seconds, or it has `ended`."""
        if self._process.stdout is None or self._process.stdout.closed:
            return b""
        out = self._process.stdout.fileno()
        with selectors.DefaultSelector() as coming:  # not `select`, which knows no file number above 1,023
            coming.register(out, selectors.EVENT_READ)
            if not coming.select(wait):
                return b""
        piece = os.read(out, PIECE_BYTES)
        self.ended = not piece
        return piece

    def kill(self) -> None:
        """End it from another thread than the one that reads, which learns of it."""
        self._process.kill()

    def close(self) -> None:
        """End it now, and let go of its pipes: nobody listens to it."""
        self.ended = True
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(0)  # one that ended by itself keeps the signal that ended it
        self._process.kill()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe:
                with suppress(OSError):
                    pipe.close()
        self._process.wait()
