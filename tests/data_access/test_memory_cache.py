"""The cache of costly answers: computed once, bounded, honest about errors."""

from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest

from data_access.memory_cache import OnceCache


def test_waiting_callers_share_one_computation() -> None:
    cache: OnceCache[str, str] = OnceCache(100, len)
    started, go_on = Event(), Event()
    runs: list[str] = []

    def slow() -> str:
        started.set()
        go_on.wait(5)
        runs.append("run")
        return "answer"

    with ThreadPoolExecutor(6) as pool:
        waiting = [pool.submit(cache.get, "key", slow) for _ in range(6)]
        started.wait(5)
        go_on.set()
        assert [future.result(5) for future in waiting] == ["answer"] * 6
    assert runs == ["run"]


def test_error_reaches_every_caller_and_is_not_kept() -> None:
    cache: OnceCache[str, str] = OnceCache(100, len)

    def fail() -> str:
        raise ValueError("broken")

    for _ in range(2):
        with pytest.raises(ValueError, match="broken"):
            cache.get("key", fail)
    assert cache.get("key", lambda: "fine") == "fine"


def test_least_recently_used_answers_go_first_and_the_latest_stays() -> None:
    cache: OnceCache[str, str] = OnceCache(10, len)
    for key in ("a", "b"):
        cache.get(key, lambda: "12345")
    cache.get("a", lambda: "not computed again")
    cache.get("c", lambda: "12345")

    assert cache.get("a", lambda: "new") == "12345"
    assert cache.get("b", lambda: "new") == "new"
    assert cache.get("huge", lambda: "x" * 1000) == "x" * 1000
    assert cache.get("huge", lambda: "again") == "x" * 1000
