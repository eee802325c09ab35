"""How far a run is: a bar on a terminal, and `progress.json` beside the parts for everybody else."""

import json
import logging
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from tqdm import tqdm

from data_access.batch_progress import PROGRESS_FILE
from data_access.kept_tables import replace_atomically
from errors import PatchworkError

logger = logging.getLogger(__name__)

Status = Literal["running", "paused", "done", "failed"]
UNIT = "shards"
SHOWN_SETS = 2  # of those under way; a cluster has hundreds


@dataclass
class Progress:
    """One run. Whoever drives it calls `advance` for each finished set, and `beat` at least every two seconds."""

    out: Path
    command: str
    total: int = 0  # sets of shards, or whatever the unit says
    done: int = 0
    message: str = ""
    unit: str = UNIT
    # Bytes of all sets, which take time in proportion; of those that are there, and of those that were from the start.
    _size: int = field(default=0, init=False)
    _size_done: int = field(default=0, init=False)
    _size_kept: int = field(default=0, init=False)
    _reading: dict[str, int] = field(default_factory=dict, init=False)  # bytes of each set that is under way
    _ended: set[str] = field(default_factory=set, init=False)
    _started: float = field(default_factory=time.time, init=False)
    _working_since: float = field(default_factory=time.monotonic, init=False)
    _bar: "tqdm[None] | None" = field(default=None, init=False)

    def begin(self, *, total: int, kept: int, size: int, size_kept: int) -> None:
        """Start counting.

        Args:
            total: sets of shards.
            kept: those of them whose parts are there already.
            size: bytes of all sets.
            size_kept: bytes of those that are there already.
        """
        self.total, self.done, self._size = total, kept, size
        self._size_done = self._size_kept = size_kept
        self._working_since = time.monotonic()
        # None: no bar where nobody watches, as in a log file
        unit = self.unit.removesuffix("s")
        self._bar = tqdm(desc=self.command, total=total, initial=kept, unit=unit, dynamic_ncols=True, disable=None)
        self.beat()

    def advance(self, size: int, title: str) -> None:
        """Count a finished set of `size` bytes."""
        self.done += 1
        self._size_done += size
        self._ended.add(title)
        self._reading.pop(title, None)
        if self._bar is not None:
            self._bar.update()

    def read(self, title: str, size: int) -> None:
        """Note how many bytes of a set that is under way have been read; called from any thread."""
        if title not in self._ended:  # what a worker says may arrive late
            self._reading[title] = size

    @property
    def eta_s(self) -> float | None:
        """Seconds left at the pace so far, by bytes; None where that can not be told."""
        there = self._size_done + sum(list(self._reading.values()))
        worked, left = there - self._size_kept, max(0, self._size - there)
        if worked <= 0:
            return None
        return (time.monotonic() - self._working_since) * left / worked

    @property
    def under_way(self) -> str:
        """What is being read, as a person wants to know it; empty where nobody said."""
        sets = sorted(self._reading.items())
        more = f" and {len(sets) - SHOWN_SETS} more" if len(sets) > SHOWN_SETS else ""
        return ", ".join(f"{title}: {size / 1e6:,.0f} MB" for title, size in sets[:SHOWN_SETS]) + more

    def beat(self, status: Status = "running") -> None:
        """Write the file; where that fails the run goes on, and whoever looks sees an old state."""
        running = status == "running"
        if running and self._bar is not None:
            self._bar.set_postfix_str(self.under_way)
        text = json.dumps(
            {
                "command": self.command,
                "status": status,
                "done": self.done,
                "total": self.total,
                "unit": self.unit,
                "started": self._started,
                "pid": os.getpid(),
                "eta_s": self.eta_s if running else None,
                "message": self.under_way if running else self.message,
            }
        )
        try:
            replace_atomically(self.out / PROGRESS_FILE, lambda temporary: temporary.write_text(text, encoding="utf-8"))
        except OSError as error:
            logger.warning("%s can not be written: %s", PROGRESS_FILE, error)

    def end(self, status: Status, message: str) -> None:
        """Say how it ended."""
        self.message = message
        if self._bar is not None:
            with suppress(OSError):  # the terminal is gone
                self._bar.close()
        self.beat(status)

    @contextmanager
    def failure_told(self) -> Iterator[None]:
        """Whatever ends the block with an error is told as the end of the run: it must not be "running" for ever."""
        try:
            yield
        except PatchworkError as error:
            self.end("failed", error.message)
            raise
        except BaseException as error:  # an interrupt too
            self.end("failed", f"{type(error).__name__}: {error}")
            raise
