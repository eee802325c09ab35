"""The cache stays within its bytes, drops the least recently used, and makes each result once."""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.shared_results import SharedResults

pytestmark = pytest.mark.timeout(120)  # a lost wake-up would wait for ever


def cache(limit: int) -> SharedResults[bytes]:
    return SharedResults(limit, len)


@given(st.lists(st.tuples(st.sampled_from("abcdef"), st.integers(0, 60))), st.integers(0, 100))
def test_it_never_holds_more_than_its_limit(asked: list[tuple[str, int]], limit: int) -> None:
    results = cache(limit)
    sizes: dict[str, int] = {}
    for key, size in asked:
        made = results.get(key, lambda size=size: b"x" * size)  # type: ignore[misc]
        assert len(made) in {size, sizes.get(key, size)}
        sizes[key] = len(made)
        assert 0 <= results.kept_bytes <= limit


def test_the_least_recently_used_goes_first() -> None:
    results = cache(3)
    for key in "abc":
        results.get(key, lambda: b"1")
    results.get("a", lambda: b"2")
    results.get("d", lambda: b"1")
    assert results.get("a", lambda: b"new") == b"1"
    assert results.get("b", lambda: b"new") == b"new"


def test_all_who_wait_get_the_same_error_and_the_next_may_try_again() -> None:
    results = cache(10)
    tries = []

    def fail() -> bytes:
        tries.append(1)
        time.sleep(0.05)
        raise ValueError("no")

    with ThreadPoolExecutor(4) as pool:
        flights = [pool.submit(results.get, "key", fail) for _ in range(4)]
        for flight in flights:
            with pytest.raises(ValueError, match="no"):
                flight.result()
    assert len(tries) == 1
    assert results.get("key", lambda: b"yes") == b"yes"
