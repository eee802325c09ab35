"""The cache stays within its bytes, drops the least recently used, and makes each result once."""

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


def fail() -> bytes:
    raise ValueError("no")


def test_all_who_wait_get_the_same_error_and_the_next_may_try_again() -> None:
    results = cache(10)
    flight, mine = results.claim("key")
    assert mine
    with ThreadPoolExecutor(3) as pool:
        waiting = [results.claim("key") for _ in range(3)]
        assert [claimed for _, claimed in waiting] == [False] * 3
        pool.submit(results.fulfil, "key", fail)
        for each in (flight, *(future for future, _ in waiting)):
            with pytest.raises(ValueError, match="no"):
                each.result(timeout=10)
    assert results.get("key", lambda: b"yes") == b"yes"
