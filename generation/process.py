"""The worker as the app sees it: started, asked, watched, and ended if it must be."""

import logging
import os
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from threading import Thread
from typing import IO

import numpy as np

from data_access.piped.process import PipedProcess
from data_access.settings import REPOSITORY_ROOT, Settings
from errors import (
    GenerationCancelledError,
    GenerationError,
    GenerationMemoryError,
    GenerationTimeoutError,
    PatchworkError,
)
from generation.death import Deaths, too_much
from generation.events import Event, Loading
from generation.limits import Limits
from generation.messages import (
    CANCELLED,
    INTERNAL,
    Frames,
    Kind,
    Message,
    event_of,
    outcome_of,
    run_message,
)
from generation.outcome import NOTHING_REAL, Outcome
from generation.request import Request
from generation.worker_environment import worker_environment

logger = logging.getLogger(__name__)

MODULE = "generation.worker"
ENGINE = "generation.engine.engine"  # the module whose `Engine` runs requests
_TICK_S = 0.05  # between looks at whether the result is still wanted
_LONGEST_LINE = 500  # characters of the worker's log that are kept of one line


class WorkerError(PatchworkError):
    """What the worker tells of a failed run, passed on as it is."""

    def __init__(self, code: str, message: str, *, retryable: bool) -> None:
        """Keep the worker's words."""
        super().__init__(message)
        self.told_code, self.told_retryable = code, retryable


class Worker:
    """One process; runs are asked for by one thread at a time."""

    def __init__(self, settings: Settings, limits: Limits, *, engine: str = ENGINE) -> None:
        """Start it.

        Args:
            settings: say where weights lie and on which device to run.
            limits: of its runs.
            engine: name of the module whose `Engine` runs requests.
        """
        self._limits = limits
        self._frames = Frames()
        self._deaths = Deaths()
        self._process = PipedProcess(
            MODULE,
            env=worker_environment(os.environ, settings, REPOSITORY_ROOT),
            flags=("-P",),  # no file of the working folder stands in for a library
            keep_log=True,
        )
        if self._process.log:
            Thread(target=_log, args=(self._process.log,), name="patchwork-worker-log", daemon=True).start()
        self._say(Message(Kind.OPEN, {"engine": engine}))

    @property
    def is_alive(self) -> bool:
        """Whether it can be asked."""
        return self._process.is_alive

    @property
    def pid(self) -> int:
        """Its number in the system."""
        return self._process.pid

    def warm(self) -> None:
        """Have it load its libraries now, so that the first run need not wait for them."""
        with suppress(OSError):
            self._say(Message(Kind.WARM))

    def run(
        self,
        request: Request,
        arrays: Mapping[str, np.ndarray],
        *,
        truth: Mapping[str, np.ndarray] = NOTHING_REAL,
        tell: Callable[[Event], None],
        stopped: Callable[[], bool],
    ) -> Outcome:
        """Do what a request asks.

        Args:
            request: what.
            arrays: its inputs, as `Prepared.arrays`.
            truth: what is real of its outputs, as `Prepared.truth`, to compare tokens with.
            tell: gets every event on the way.
            stopped: asked many times a second whether nobody wants the outcome any more.

        Raises:
            WorkerError: the run failed, and the worker says why.
            GenerationCancelledError: it was stopped; the process was ended where it did not listen in time.
            GenerationTimeoutError: it took too long; the process was ended.
            GenerationMemoryError, GenerationError: the process died.
        """
        try:
            self._say(run_message(request, arrays, truth))
        except OSError as error:
            raise self._death() from error
        try:
            return self._followed(tell, stopped)
        except (ValueError, LookupError, TypeError) as error:
            self.close()
            raise GenerationError(
                "The process that ran it said what can not be understood, and was ended: a library wrote where it "
                "should not. Run it again."
            ) from error

    def kill(self) -> None:
        """End the process from another thread than the one that listens, which learns of it."""
        self._process.kill()

    def close(self) -> None:
        """End the process now, and let go of its pipes: nobody listens to it."""
        self._process.close()

    def _followed(self, tell: Callable[[Event], None], stopped: Callable[[], bool]) -> Outcome:
        """Pass events on until the worker's last word. Raises what `run` raises, and ValueError and its like."""
        for message in self._until_answered(stopped):
            match message.kind:
                case Kind.EVENT:
                    tell(event_of(message))
                case Kind.DONE:
                    return outcome_of(message)
                case Kind.PROBLEM:
                    raise self._problem(message)
                case _:
                    continue
        raise AssertionError("unreachable: messages end with an outcome or an error")

    def _until_answered(self, stopped: Callable[[], bool]) -> Iterator[Message]:
        """The worker's messages up to its last word; ends it where it does not come in time."""
        watch = _Watch(self._limits)
        while True:
            for message in self._read(_TICK_S):
                watch.heard(message)
                yield message
            if self._process.ended:
                death = self._death()
                raise _cancelled() if stopped() else death
            if watch.cancelled is None and stopped():
                watch.cancel()
                with suppress(OSError):
                    self._say(Message(Kind.CANCEL))
            problem = watch.problem()
            if problem:
                self.close()
                raise problem

    def _problem(self, message: Message) -> PatchworkError:
        code, text = str(message.told["code"]), str(message.told["message"])
        if code == CANCELLED:
            return _cancelled()
        if code not in (GenerationMemoryError.code, INTERNAL):
            return WorkerError(code, text, retryable=bool(message.told["retryable"]))
        self.close()  # what it holds, and what a library left half done, goes with it
        if code == GenerationMemoryError.code:
            return too_much(text)
        return GenerationError(
            f"The run failed inside the model ({text}). The server's log has the details. Try other settings, or run "
            "it again."
        )

    def _death(self) -> GenerationError:
        """Why the process ended under a run."""
        self.close()
        return self._deaths.error(self._process.returncode)

    def _say(self, message: Message) -> None:
        self._process.write(message.packed())

    def _read(self, wait: float) -> list[Message]:
        """What has come; nothing where nothing comes in that time, or the worker has gone."""
        return list(self._frames.feed(self._process.read(wait)))


class _Watch:
    """Clocks of one run: since it was cancelled, since it was heard of, since it loads, since it runs."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._heard = self._began = time.monotonic()
        self._runs = False  # no longer loads
        self.cancelled: float | None = None

    def heard(self, message: Message) -> None:
        """Note a sign of life; the time to run begins with the first event that is not about loading."""
        self._heard = time.monotonic()
        if not self._runs and message.kind is Kind.EVENT and message.told.get("event") != Loading.name:
            self._runs, self._began = True, self._heard

    def cancel(self) -> None:
        """Note that the worker was asked to stop."""
        self.cancelled = time.monotonic()

    def problem(self) -> GenerationError | None:
        """Why the worker should be ended now, if it should."""
        now = time.monotonic()
        if self.cancelled is not None:
            return _cancelled() if now - self.cancelled > self._limits.cancel else None
        most = self._limits.run if self._runs else self._limits.loading
        if now - self._began > most:
            what = "The run" if self._runs else "Loading the model"
            return GenerationTimeoutError(
                f"{what} was stopped after {most:,.0f} seconds. Ask for fewer steps, seeds or outputs, or a smaller "
                "model."
            )
        if now - self._heard > self._limits.silent:
            return GenerationError(
                f"The process that ran it was silent for {self._limits.silent:,.0f} seconds and was ended: the machine "
                "is out of memory or stuck. Run it again."
            )
        return None


def _cancelled() -> GenerationCancelledError:
    return GenerationCancelledError("The run was cancelled.")


def _log(lines: IO[bytes]) -> None:
    """Pass on what the worker and its libraries write."""
    with suppress(ValueError, OSError), lines:
        for line in lines:
            if text := line.decode(errors="replace").strip():
                logger.warning("worker: %s", text[:_LONGEST_LINE])
