"""What is made in the background: once, for all who wait, and again where it failed."""

import time
from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest

from data_access.background import MadeOnce, in_background

LONG_S = 60.0  # on a machine that other work shares


def test_what_fails_is_told_to_who_waits() -> None:
    def work() -> int:
        raise KeyboardInterrupt

    assert isinstance(in_background("failing", work).exception(LONG_S), KeyboardInterrupt)


def test_many_ask_and_it_is_made_once() -> None:
    made: list[object] = []

    def make() -> object:
        time.sleep(0.05)
        made.append(object())
        return made[-1]

    once = MadeOnce("once", make)
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _: once.begin().result(LONG_S), range(32)))
    assert len(made) == 1
    assert set(found) == set(made)


def test_what_failed_is_tried_again_by_the_next_who_asks() -> None:
    outcomes = iter([OSError("full"), None])

    def make() -> str:
        if problem := next(outcomes):
            raise problem
        return "made"

    once = MadeOnce("again", make)
    with pytest.raises(OSError, match="full"):
        once.begin().result(LONG_S)
    assert once.begin().result(LONG_S) == "made"


def test_patience_counts_from_the_beginning() -> None:
    free = Event()
    once = MadeOnce("slow", lambda: free.wait(LONG_S))
    assert not once.soon(0.05).done()
    started = time.monotonic()
    assert not once.soon(0.05).done()
    assert time.monotonic() - started < 0.04, "who comes later is not held"
    free.set()
    assert once.soon(LONG_S).result(0)
