"""A test of a place that data are to come from, run beside the page: one at a time in this process."""

import time
from concurrent.futures import Future
from dataclasses import dataclass
from threading import Lock, Thread

from data_access.probe import Report, Source, probe
from data_access.settings import settings
from errors import BusyError

REMEMBERED_S = 20.0  # how long an answer serves everybody who asks the same: a visitor can not make a disk busy


@dataclass(frozen=True)
class _Test:
    source: Source
    value: str
    answer: "Future[Report]"
    started: float


_LOCK = Lock()
_LATEST: list[_Test] = []  # at most one


def begin(source: Source, value: str) -> "Future[Report]":
    """Test a value in the background, unless the same was tested a moment ago.

    Raises:
        BusyError: another test runs.
    """
    with _LOCK:
        if _LATEST:
            latest = _LATEST[0]
            is_same = (latest.source, latest.value) == (source, value)
            if is_same and (not latest.answer.done() or time.monotonic() - latest.started < REMEMBERED_S):
                return latest.answer
            if not latest.answer.done():
                raise BusyError("Another test is running. Wait until it is done.")
        test = _Test(source, value, Future(), time.monotonic())
        _LATEST[:] = [test]
    Thread(target=_run, args=(test,), name="patchwork-test", daemon=True).start()
    return test.answer


def is_running() -> bool:
    """Whether a test runs."""
    return any(not test.answer.done() for test in _LATEST)


def _run(test: _Test) -> None:
    try:
        test.answer.set_result(probe(test.source, test.value, settings()))
    except BaseException as error:  # noqa: BLE001 - whoever waits must learn of it
        test.answer.set_exception(error)
