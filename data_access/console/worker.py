"""The process that answers queries of the console: `python -m data_access.console.worker`, started by `process`.

It reads frames from its standard input and writes frames to its standard output (see `messages`). One query at a time
runs in a thread; the main thread listens meanwhile, so that a query can be cancelled, and ends with its parent. What
does not listen to an interrupt, such as one call that makes a string of gigabytes, is ended by the system's own alarm.
"""

import contextlib
import os
import resource
import signal
import sys
import tempfile
import time
from collections.abc import Iterator
from json import loads
from pathlib import Path
from threading import Event, Thread

import duckdb

from data_access.console.database import Opened, open_database
from data_access.console.limits import NICENESS, Limits, Room
from data_access.console.messages import Frame, Frames, Kind, frame
from data_access.console.sending import send_rows
from data_access.console.statements import Refusal
from data_access.piped.parent import Parent

_TICK_S = 0.25  # between words on how far a query is
_OPEN_FILES = 64  # the three files, the pipes, and what Python and DuckDB hold
_PAGE_BYTES = resource.getpagesize()


class Answering:
    """One query, in a thread of its own."""

    def __init__(self, opened: Opened, parent: Parent, query: str, limits: Limits) -> None:
        """Begin at once."""
        self._opened, self._parent, self._query, self._limits = opened, parent, query, limits
        self._cursor = opened.connection.cursor()
        self._began = time.monotonic()
        self._interrupted = ""  # by what: time, cancelled
        self.done = Event()
        signal.setitimer(signal.ITIMER_REAL, limits.seconds + limits.grace)
        Thread(target=self._answer, daemon=True).start()

    def interrupt(self, why: str) -> None:
        """Ask the query to end."""
        self._interrupted = self._interrupted or why
        self._cursor.interrupt()

    def tick(self) -> None:
        """Interrupt what takes too long, and tell how far the rest is."""
        if time.monotonic() - self._began > self._limits.seconds:
            self.interrupt("time")
        with contextlib.suppress(duckdb.Error):
            self._parent.write(frame(Kind.PROGRESS, {"percent": float(self._cursor.query_progress())}))

    def _answer(self) -> None:
        try:
            self._opened.door.check(self._cursor, self._query)
            relation = self._cursor.sql(self._query)
            cut = send_rows(relation, self._limits, lambda piece: self._parent.write(frame(Kind.ROWS, piece)))
            seconds = time.monotonic() - self._began
            self._end(Kind.DONE, {"cut": cut, "seconds": seconds, "resident": resident_bytes()})
        except Refusal as refusal:
            self._problem("refused", refusal.message, refusal.position)
        except (duckdb.OutOfMemoryException, MemoryError) as error:
            self._problem("memory", str(error))
        except duckdb.InterruptException as error:
            self._problem(self._interrupted or "time", str(error))
        except (duckdb.Error, ValueError, OverflowError, RuntimeError) as error:  # the last ones: Arrow's and Python's
            self._problem(self._interrupted or "query", str(error))

    def _problem(self, code: str, message: str, place: int | None = None) -> None:
        position = None if place is None else len(self._query.encode()[:place].decode(errors="ignore"))
        self._end(Kind.PROBLEM, {"code": code, "message": message, "position": position, "resident": resident_bytes()})

    def _end(self, kind: Kind, content: dict[str, object]) -> None:
        signal.setitimer(signal.ITIMER_REAL, 0)
        self._cursor.close()
        self.done.set()  # before the parent hears of it and sends the next query
        self._parent.write(frame(kind, content))


def main() -> None:
    """Open what the first frame names, then answer until the parent goes or nothing was asked for long."""
    parent = Parent()
    frames = Frames()
    opening = next(_listen(parent, frames, None), None)
    if opening is None:
        return
    told = loads(opening[1])
    room = Room(**told["room"])
    _settle()
    try:
        opened = open_database(told["files"], room)
    except (duckdb.Error, OSError) as error:
        parent.write(frame(Kind.PROBLEM, {"code": "files", "message": str(error)}))
        return
    _limit_memory(room)
    parent.write(frame(Kind.READY))
    _serve(opened, parent, frames, room.idle)


def _serve(opened: Opened, parent: Parent, frames: Frames, idle: float) -> None:
    asked: Answering | None = None
    heard = time.monotonic()
    while True:
        busy = asked is not None and not asked.done.is_set()
        for kind, content in _listen(parent, frames, _TICK_S):
            heard = time.monotonic()
            if kind is Kind.QUERY:
                told = loads(content)
                # it was heard: from now on it is this query that fails
                parent.write(frame(Kind.PROGRESS, {"percent": -1.0}))
                asked = Answering(opened, parent, told["query"], Limits(**told["limits"]))
            elif kind is Kind.CANCEL and asked is not None and not asked.done.is_set():
                asked.interrupt("cancelled")
        if busy and asked is not None and not asked.done.is_set():
            heard = time.monotonic()
            asked.tick()
        elif time.monotonic() - heard > idle:
            return


def _listen(parent: Parent, frames: Frames, wait: float | None) -> Iterator[Frame]:
    """Frames of the parent, as they come."""
    while piece := parent.read(wait):
        found = list(frames.feed(piece))
        if found:
            yield from found
            return


def _settle() -> None:
    """Be the last one to get the processor and the first one to go; write nothing, open little, stand nowhere."""
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    os.nice(NICENESS)
    with contextlib.suppress(OSError):  # Linux alone has it
        Path("/proc/self/oom_score_adj").write_text("1000")
    empty = Path(tempfile.mkdtemp(prefix="patchwork-console-"))
    os.chdir(empty)
    empty.rmdir()  # relative names lead nowhere
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (_OPEN_FILES, _OPEN_FILES))


def _limit_memory(room: Room) -> None:
    """Allow the address space that is in use, and what a query may take beside it."""
    size = _statm(0)
    if size:
        most = size + room.memory + room.uncounted
        resource.setrlimit(resource.RLIMIT_AS, (most, most))


def resident_bytes() -> int:
    """Memory that the process holds now; 0 where the system does not tell."""
    return _statm(1)


def _statm(field: int) -> int:
    try:
        return int(Path("/proc/self/statm").read_text().split()[field]) * _PAGE_BYTES
    except OSError:
        return 0


if __name__ == "__main__":
    main()
    sys.exit(0)
