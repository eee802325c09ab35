"""A worker as the app sees it: started, asked, watched, and ended if it must be."""

import json
import os
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import asdict

import pyarrow as pa

from data_access.console.limits import RECYCLED_BYTES, STARTING_S, Limits, Room
from data_access.console.messages import Frame, Frames, Kind, frame
from data_access.console.sending import Cut
from data_access.piped.process import PipedProcess
from data_access.settings import REPOSITORY_ROOT
from errors import (
    BusyError,
    QueryCancelledError,
    QueryError,
    QueryMemoryError,
    QueryRefusedError,
    QueryTimeoutError,
    SampleFormatError,
)

MODULE = "data_access.console.worker"
_TICK_S = 0.1  # between looks at whether the answer is still wanted
# Where Python and its libraries are found, and how text is written: nothing else of the environment is passed on, since
# tokens and passwords live there.
_PASSED_ON = ("PATH", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "TZ", "SYSTEMROOT", "TMPDIR")
_SLACK_BYTES = 1 << 20  # of an answer beyond its limit: the schema, and what frames it


class WorkerGoneError(Exception):
    """A worker ended before it was asked; another can be asked instead."""


class Worker:
    """One process; used by one thread at a time."""

    def __init__(self, files: Mapping[str, str], room: Room) -> None:
        """Start it.

        Args:
            files: paths of the annotations and of the catalogue, by those names.
            room: what it may take of the machine.
        """
        self._frames = Frames()
        self._process = PipedProcess(
            MODULE, env={name: os.environ[name] for name in _PASSED_ON if name in os.environ}, cwd=REPOSITORY_ROOT
        )
        self._ready = False
        self._room = room
        self._say(Kind.OPEN, {"files": dict(files), "room": asdict(room)})

    @property
    def is_alive(self) -> bool:
        """Whether it can be asked."""
        return self._process.is_alive

    @property
    def pid(self) -> int:
        """Its number in the system."""
        return self._process.pid

    def run(
        self, query: str, limits: Limits, *, stopped: Callable[[], bool], told: Callable[[float], None]
    ) -> tuple[pa.Table, Cut, float]:
        """Answer one query: its rows, what they were cut by, and the seconds that it took.

        Args:
            query: the text.
            limits: of the answer.
            stopped: asked several times a second whether nobody waits any more.
            told: gets how far the query is, in percent; -1 where that is not known.

        Raises:
            QueryError, QueryRefusedError, QueryTimeoutError, QueryMemoryError, QueryCancelledError: as named.
            WorkerGoneError: the process had ended before.
            SampleFormatError: the worker can not open the files.
        """
        self._wait_until_ready()
        try:
            self._say(Kind.QUERY, {"query": query, "limits": asdict(limits)})
        except OSError as error:
            raise WorkerGoneError from error
        pieces: list[bytes] = []
        size = 0
        for kind, content in self._until_answered(limits, stopped):
            if kind is Kind.PROGRESS:
                told(float(json.loads(content)["percent"]))
            elif kind is Kind.ROWS:
                size += len(content)
                if size > 2 * limits.size + _SLACK_BYTES:
                    self.close()
                    raise QueryMemoryError("The answer is larger than it may be. Ask for fewer columns or rows.")
                pieces.append(content)
            else:
                ending = json.loads(content)
                if ending["resident"] > RECYCLED_BYTES:
                    self.close()
                if kind is Kind.PROBLEM:
                    raise _problem(ending, limits, self._room)
                with pa.ipc.open_stream(pa.py_buffer(b"".join(pieces))) as stream:
                    return stream.read_all(), ending["cut"], ending["seconds"]
        raise AssertionError("unreachable: the frames end with an answer or an error")

    def close(self) -> None:
        """End the process now."""
        self._process.close()

    def _until_answered(self, limits: Limits, stopped: Callable[[], bool]) -> Iterator[Frame]:
        """The worker's frames up to its last word; kills it where it does not end in time."""
        deadline = time.monotonic() + limits.seconds + limits.grace
        heard = cancelled = False
        while True:
            for each in self._read(_TICK_S):
                heard = True
                yield each
                if each[0] in {Kind.DONE, Kind.PROBLEM}:
                    return
            if not cancelled and stopped():
                cancelled = True
                deadline = min(deadline, time.monotonic() + limits.grace)
                with suppress(OSError):
                    self._say(Kind.CANCEL)
            if time.monotonic() > deadline:
                self.close()
                raise _cancelled() if cancelled else _late(limits)
            if self._process.ended and not heard:
                raise WorkerGoneError
            if self._process.ended:
                raise self._death(limits, cancelled=cancelled)

    def _death(self, limits: Limits, *, cancelled: bool) -> Exception:
        """Why a worker died under a query: by its alarm, or for want of memory."""
        self.close()
        signalled = -(self._process.returncode or 0)
        if cancelled:
            return _cancelled()
        alarm = 14  # SIGALRM on every system that has it
        return _late(limits) if signalled == alarm else _too_much(self._room)

    def _wait_until_ready(self) -> None:
        deadline = time.monotonic() + STARTING_S
        while not self._ready:
            for kind, content in self._read(_TICK_S):
                if kind is Kind.PROBLEM:
                    self.close()
                    raise SampleFormatError(
                        "The console can not open its tables: the annotation file or the catalogue changed or is "
                        "damaged. Start the app again."
                    ) from RuntimeError(json.loads(content)["message"])
                self._ready = kind is Kind.READY
            if self._process.ended and not self._ready:
                raise WorkerGoneError
            if time.monotonic() > deadline:
                self.close()
                raise BusyError("The console's process does not start: the machine is too busy. Try again in a moment.")

    def _say(self, kind: Kind, content: dict[str, object] | bytes = b"") -> None:
        self._process.write(frame(kind, content))

    def _read(self, wait: float) -> list[Frame]:
        """What has come; nothing where nothing comes in that time, or the worker has gone."""
        return list(self._frames.feed(self._process.read(wait)))


def _problem(told: Mapping[str, object], limits: Limits, room: Room) -> Exception:
    message, position = str(told["message"]), told["position"]
    place = position if isinstance(position, int) else None
    match told["code"]:
        case "time":
            return _late(limits)
        case "cancelled":
            return _cancelled()
        case "memory":
            return _too_much(room)
        case "refused":
            return QueryRefusedError(message, place)
        case _:
            return QueryError(message, place)


def _late(limits: Limits) -> QueryTimeoutError:
    return QueryTimeoutError(
        f"The query was stopped after {limits.seconds:g} seconds. Ask for less: a WHERE on split, type, category or "
        "country, a LIMIT, or TABLESAMPLE 10%."
    )


def _cancelled() -> QueryCancelledError:
    return QueryCancelledError("The query was cancelled. Run it again to see its answer.")


def _too_much(room: Room) -> QueryMemoryError:
    return QueryMemoryError(
        f"The query needs more memory than the {room.memory >> 20:,} MB that one may take. Group by fewer values, sort "
        "fewer columns, or ask a part: a WHERE on split or country, or TABLESAMPLE 10%."
    )
