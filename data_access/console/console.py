"""The console of one data set: a short line, a few workers, and a job for everyone who waits."""

import time
from collections import deque
from collections.abc import Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from threading import Condition
from typing import Literal

import pyarrow as pa

from data_access.console.limits import (
    MOST_CHARACTERS,
    MOST_WAITING,
    ON_PAGE,
    UNWATCHED_S,
    WAITING_S,
    WORKERS,
    Limits,
    Room,
)
from data_access.console.process import Worker, WorkerGoneError
from data_access.console.sending import Cut
from errors import BusyError, QueryCancelledError, QueryRefusedError

Stage = Literal["waiting", "starting", "running", "done"]
_LOOK_S = 0.1  # between looks at the line
_TRIES = 3  # workers that end between two queries are replaced; three in a row will not live


@dataclass(frozen=True)
class Answer:
    """What a query gave."""

    table: pa.Table
    cut: Cut  # what it was cut by; empty where it is whole
    seconds: float  # that it took, without waiting and starting
    limits: Limits


class Job:
    """One query on its way; safe to use from many threads."""

    def __init__(self, query: str, limits: Limits, *, watched: bool) -> None:
        """Begin to wait.

        Args:
            query: the text.
            limits: of the answer.
            watched: whether somebody looks at `stage` all the time; once nobody does, the query is cancelled.
        """
        self.query = query
        self.limits = limits
        self.future: Future[Answer] = Future()
        self.percent = -1.0  # how far it is; negative where that is not known
        self._watched = watched
        self._looked = self._began = time.monotonic()
        self._running_since: float | None = None
        self._is_heard = False
        self._cancelled = False

    @property
    def stage(self) -> Stage:
        """Where it is; asking for it is looking at it."""
        self._looked = time.monotonic()
        if self.future.done():
            return "done"
        if self._running_since is None:
            return "waiting"
        return "running" if self._is_heard else "starting"

    @property
    def elapsed(self) -> float:
        """Seconds since it was asked for, or since it runs."""
        return time.monotonic() - (self._running_since or self._began)

    def cancel(self) -> None:
        """Nobody wants the answer any more."""
        self._cancelled = True

    @property
    def is_unwanted(self) -> bool:
        """Whether it was cancelled, or whoever looked at it has gone."""
        return self._cancelled or (self._watched and time.monotonic() - self._looked > UNWATCHED_S)

    def begin(self) -> None:
        """Note that its turn has come."""
        self._running_since = time.monotonic()

    def note_progress(self, percent: float) -> None:
        """Note that a worker has it, and how far it is."""
        self._is_heard = True
        self.percent = percent


class Console:
    """Answers queries about some files; safe to use from many threads."""

    def __init__(self, files: Mapping[str, str], *, room: Room | None = None, waiting: float = WAITING_S) -> None:
        """Start no process yet; the first query does.

        Args:
            files: paths of the annotations and of the catalogue, by those names.
            room: what a worker may take of the machine.
            waiting: seconds that a query may wait for its turn.
        """
        self._files = dict(files)
        self._room = room or Room()
        self._patience = waiting
        self._turn = Condition()
        self._line: deque[Job] = deque()
        self._running = 0
        self._idle: list[Worker] = []
        self._closed = False
        self._threads = ThreadPoolExecutor(WORKERS + MOST_WAITING, thread_name_prefix="patchwork-console")

    def start(self, query: str, limits: Limits = ON_PAGE, *, watched: bool = False) -> Job:
        """Begin to answer a query; `Job.future` has the `Answer`, or raises what `run` raises.

        Raises:
            QueryRefusedError: the query is too long.
            BusyError: the line is full.
        """
        if len(query) > MOST_CHARACTERS:
            raise QueryRefusedError(
                f"The query has {len(query):,} characters; {MOST_CHARACTERS:,} are read. Shorten it."
            )
        job = Job(query, limits, watched=watched)
        with self._turn:
            if len(self._line) >= MOST_WAITING or self._closed:
                raise BusyError(f"{len(self._line)} queries wait already. Ask again in some seconds.")
            self._line.append(job)
        self._threads.submit(self._do, job)
        return job

    def run(self, query: str, limits: Limits = ON_PAGE) -> Answer:
        """Answer a query.

        Raises:
            QueryError: it is not SQL, or asks for what is not there.
            QueryRefusedError: it is not answered here.
            QueryTimeoutError, QueryMemoryError: it takes too much.
            BusyError: too many others were before it.
        """
        return self.start(query, limits).future.result()

    def position(self, job: Job) -> int:
        """How many queries wait before this one; 0 for the next, and for one that waits no more."""
        with self._turn:
            return self._line.index(job) if job in self._line else 0

    @property
    def pids(self) -> tuple[int, ...]:
        """Numbers of the workers that wait for a query."""
        with self._turn:
            return tuple(worker.pid for worker in self._idle if worker.is_alive)

    def close(self) -> None:
        """End all workers; what is under way fails."""
        with self._turn:
            self._closed = True
            idle, self._idle = self._idle, []
        for worker in idle:
            worker.close()
        self._threads.shutdown(wait=False, cancel_futures=True)

    def _do(self, job: Job) -> None:
        try:
            self._await_turn(job)
        except (BusyError, QueryCancelledError) as error:
            job.future.set_exception(error)
            return
        try:
            job.begin()
            job.future.set_result(self._answer(job))
        except Exception as error:  # noqa: BLE001 - whoever waits gets it, whatever it is
            job.future.set_exception(error)
        finally:
            with self._turn:
                self._running -= 1
                self._turn.notify_all()

    def _await_turn(self, job: Job) -> None:
        """Wait until it is this job's turn. Raises BusyError, QueryCancelledError."""
        deadline = time.monotonic() + self._patience
        with self._turn:
            while self._line[0] is not job or self._running >= WORKERS:
                if job.is_unwanted:
                    self._line.remove(job)
                    raise QueryCancelledError("The query was cancelled before its turn came.")
                if time.monotonic() > deadline:
                    place = self._line.index(job)
                    self._line.remove(job)
                    raise BusyError(
                        f"{self._running} queries run and {place} waited before yours for {self._patience:g} seconds. "
                        "Ask again in some seconds."
                    )
                self._turn.wait(_LOOK_S)
            self._line.popleft()
            self._running += 1
            self._turn.notify_all()

    def _answer(self, job: Job) -> Answer:
        for left in reversed(range(_TRIES)):
            worker = self._take()
            try:
                table, cut, seconds = worker.run(
                    job.query, job.limits, stopped=lambda: job.is_unwanted, told=job.note_progress
                )
                return Answer(table, cut, seconds, job.limits)
            except WorkerGoneError:
                worker.close()
                if not left:
                    raise BusyError("The console's process ends as soon as it starts. Try again in a moment.") from None
            finally:
                self._give_back(worker)
        raise AssertionError("unreachable: the last try answers or raises")

    def _take(self) -> Worker:
        with self._turn:
            while self._idle:
                worker = self._idle.pop()
                if worker.is_alive:
                    return worker
                worker.close()
        return Worker(self._files, self._room)

    def _give_back(self, worker: Worker) -> None:
        if not worker.is_alive:
            return
        with self._turn:
            if not self._closed:
                self._idle.append(worker)
                return
        worker.close()
