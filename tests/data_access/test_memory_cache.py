"""The cache of costly answers: computed once, bounded, honest about errors."""

from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data_access.memory_cache import OnceCache

pytestmark = pytest.mark.timeout(120)  # a lost wake-up would wait for ever


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


@given(st.lists(st.tuples(st.sampled_from("abcdef"), st.integers(0, 60))), st.integers(0, 100))
def test_it_holds_its_limit_or_the_latest_answer_alone(asked: list[tuple[str, int]], limit: int) -> None:
    cache: OnceCache[str, bytes] = OnceCache(limit, len)
    sizes: dict[str, int] = {}
    for key, size in asked:
        made = cache.get(key, lambda size=size: b"x" * size)  # type: ignore[misc]
        assert len(made) in {size, sizes.get(key, size)}
        sizes[key] = len(made)
        kept = cache._sizes
        assert sum(kept.values()) <= limit or sum(map(bool, kept.values())) == 1
        assert cache._bytes == sum(kept.values())
        assert set(cache._answers) == set(kept)


def fail() -> bytes:
    raise ValueError("no")


def test_all_who_claim_get_the_same_error_and_the_next_may_try_again() -> None:
    cache: OnceCache[str, bytes] = OnceCache(10, len)
    answer, mine = cache.claim("key")
    assert mine
    with ThreadPoolExecutor(3) as pool:
        waiting = [cache.claim("key") for _ in range(3)]
        assert [claimed for _, claimed in waiting] == [False] * 3
        pool.submit(cache.fulfil, "key", fail)
        for each in (answer, *(future for future, _ in waiting)):
            with pytest.raises(ValueError, match="no"):
                each.result(timeout=10)
    assert cache.get("key", lambda: b"yes") == b"yes"


def test_an_answer_that_grew_is_counted_as_it_is() -> None:
    cache: OnceCache[str, list[int]] = OnceCache(10, len)
    small, large = cache.get("small", lambda: [1]), cache.get("large", list)
    large += range(10)
    cache.recount("large")
    assert cache.get("small", lambda: [2]) is not small, "there is no room beside the large one"
    cache.recount("nothing of that name")
    assert cache._bytes == sum(cache._sizes.values())
