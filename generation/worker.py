"""The process in which TerraMind runs: `python -m generation.worker`, started by `process`.

It reads messages from its standard input and writes messages to its standard output (see `messages`). One run at a time
is computed in a thread; the main thread listens meanwhile, so that a run can be cancelled, tells that the process is at
work, and ends it with its parent.
"""

import contextlib
import importlib
import logging
import os
import signal
import sys
import time
import traceback
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from threading import Event as Flag
from threading import Lock, Thread
from typing import Protocol

import numpy as np

from data_access.piped.parent import Parent
from errors import GenerationMemoryError, PatchworkError
from generation.events import Event
from generation.limits import NICENESS
from generation.messages import (
    CANCELLED,
    INTERNAL,
    Frames,
    Kind,
    Message,
    event_message,
    outcome_message,
    run_of,
)
from generation.outcome import Outcome
from generation.request import Request

_TICK_S = 1.0  # between words that the process lives
# How libraries say that memory is out, where they have no class for it: torch's allocator, CUDA, MPS.
_MEMORY_WORDS = ("out of memory", "can't allocate memory", "not enough memory", "cannot allocate memory")


class Runs(Protocol):
    """What an engine does; `generation.engine.engine.Engine` is one."""

    def run(
        self,
        request: Request,
        arrays: Mapping[str, np.ndarray],
        *,
        truth: Mapping[str, np.ndarray],
        tell: Callable[[Event], None],
        stopped: Callable[[], bool],
    ) -> Outcome:
        """Do what a request asks."""


class Engines:
    """The engine, made once: its libraries take seconds to load."""

    def __init__(self, module: str) -> None:
        """Load nothing yet; the module is loaded in the thread that needs it first."""
        self._module = module
        self._lock = Lock()
        self._engine: Runs | None = None

    def get(self) -> Runs:
        """The engine of the module."""
        with self._lock:
            if self._engine is None:
                self._engine = importlib.import_module(self._module).Engine()
            return self._engine


class Running:
    """One run, in a thread of its own."""

    def __init__(self, engines: Engines, parent: Parent, message: Message) -> None:
        """Begin at once."""
        self._engines, self._parent, self._message = engines, parent, message
        self._stop = Flag()
        self.done = Flag()
        Thread(target=self._run, name="run", daemon=True).start()

    def cancel(self) -> None:
        """Ask the run to end; the engine looks between its steps."""
        self._stop.set()

    def _run(self) -> None:
        try:
            request, arrays, truth = run_of(self._message)
            outcome = self._engines.get().run(
                request,
                arrays,
                truth=truth,
                tell=lambda event: self._parent.write(event_message(event).packed()),
                stopped=self._stop.is_set,
            )
            answer = outcome_message(outcome).packed()  # here: what can not be packed is a failure of the run too
        except Exception as error:  # noqa: BLE001 - whoever waits gets it, whatever it is
            answer = _problem(error, cancelled=self._stop.is_set()).packed()
        self.done.set()  # before the parent hears of it and sends the next one
        self._parent.write(answer)


def _problem(error: Exception, *, cancelled: bool) -> Message:
    """Why a run ended without an outcome."""
    if cancelled:
        return _told(CANCELLED, "")
    if isinstance(error, PatchworkError):
        return _told(error.code, error.message, retryable=error.retryable)
    traceback.print_exception(error)  # to the server's log
    text = str(error)
    if isinstance(error, MemoryError) or any(words in text.lower() for words in _MEMORY_WORDS):
        return _told(GenerationMemoryError.code, text)
    return _told(INTERNAL, type(error).__name__)


def _told(code: str, message: str, *, retryable: bool = False) -> Message:
    return Message(Kind.PROBLEM, {"code": code, "message": message, "retryable": retryable})


def main() -> None:
    """Open what the first message names, then run what is asked for until the parent goes."""
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr, format="%(name)s: %(message)s")
    parent = Parent()
    _settle()
    frames = Frames()
    engines: Engines | None = None
    running: Running | None = None
    while True:
        for message in _listen(parent, frames, _TICK_S):
            match message.kind:
                case Kind.OPEN:
                    engines = Engines(message.told["engine"])
                    parent.write(Message(Kind.READY).packed())
                case Kind.WARM if engines:
                    Thread(target=_warm, args=(engines,), name="warm", daemon=True).start()
                case Kind.RUN if engines:
                    running = Running(engines, parent, message)
                case Kind.CANCEL if running:
                    running.cancel()
        if running and not running.done.is_set():
            parent.write(Message(Kind.ALIVE).packed())


def _warm(engines: Engines) -> None:
    """Load what the first run would load; if that fails, the first run tells."""
    with contextlib.suppress(Exception):
        engines.get()


def _listen(parent: Parent, frames: Frames, wait: float) -> Iterator[Message]:
    """Messages of the parent, as they come."""
    deadline = time.monotonic() + wait
    while (left := deadline - time.monotonic()) > 0:
        yield from frames.feed(parent.read(left))


def _settle() -> None:
    """Be the last one to get a processor and the first one to go where memory runs out."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with contextlib.suppress(OSError, AttributeError):  # a system without either
        os.nice(NICENESS)
        Path("/proc/self/oom_score_adj").write_text("1000", encoding="utf-8")


if __name__ == "__main__":
    main()
