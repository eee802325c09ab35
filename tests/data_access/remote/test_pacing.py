"""Servers that ask for fewer requests are obeyed, and the wait can be seen."""

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from data_access.progress import activities
from data_access.remote import pacing
from data_access.remote.limits import Deadline
from data_access.remote.pacing import LONGEST_WAIT_S, Pacing, pause_of
from errors import RateLimitedError


@pytest.mark.parametrize(
    ("status", "headers", "seconds"),
    [
        (200, {}, 0),
        (200, {"RateLimit": '"api";r=0;t=42'}, 42),
        (200, {"RateLimit": '"api";r=1;t=42'}, 0),
        (429, {"RateLimit": '"resolvers";r=0;t=42', "RateLimit-Policy": '"fixed window";"resolvers";q=3000;w=300'}, 42),
        (200, {"RateLimit": '"api";r=7;t=12, "pages";r=0;t=99'}, 99),
        (200, {"RateLimit": "limit=100, remaining=0, reset=7"}, 7),
        (200, {"RateLimit": "limit=100, remaining=5, reset=7"}, 0),
        (200, {"RateLimit-Remaining": "0", "RateLimit-Reset": "9"}, 9),
        (200, {"ratelimit-remaining": "3", "ratelimit-reset": "9"}, 0),
        (429, {"Retry-After": "5"}, 5),
        (503, {"Retry-After": "5"}, 5),
        (200, {"Retry-After": "5"}, 0),
        (429, {"Retry-After": "5", "RateLimit": '"api";r=0;t=8'}, 8),
        (429, {"Retry-After": "-5"}, 0),
        (429, {"Retry-After": "1e9"}, 0),
        (429, {"Retry-After": "nan"}, 0),
        (429, {"Retry-After": "999999999"}, LONGEST_WAIT_S),
        (429, {"Retry-After": "soon", "RateLimit": "r=0;t=;;,,x"}, 0),
    ],
)
def test_pauses_that_answers_ask_for(status: int, headers: dict[str, str], seconds: float) -> None:
    assert pause_of(status, httpx.Headers(headers)) == seconds


@pytest.mark.parametrize("ahead", [30, -30])
def test_pause_may_be_a_date(ahead: int) -> None:
    moment = format_datetime(datetime.now(UTC) + timedelta(seconds=ahead), usegmt=True)
    assert pause_of(429, {"Retry-After": moment}) == pytest.approx(max(0, ahead), abs=2)


@given(value=st.text(max_size=60), other=st.text(max_size=60))
def test_junk_asks_for_no_more_than_an_hour(value: str, other: str) -> None:
    for headers in (
        {"Retry-After": value, "RateLimit": other},
        {"RateLimit-Remaining": value, "RateLimit-Reset": other},
    ):
        assert 0 <= pause_of(429, headers) <= LONGEST_WAIT_S


def test_wait_is_per_host_and_can_be_seen() -> None:
    paces = Pacing()
    assert paces.waiting() is None
    paces.told("slow.example", 429, {"Retry-After": "30"})
    assert paces.waiting() == pytest.approx(30, abs=1)
    assert paces.waiting("other.example") is None
    paces.wait("other.example", "x.tar", Deadline(1))
    with pytest.raises(RateLimitedError, match=r"x\.tar.*slow\.example asks to wait (29|30) seconds") as caught:
        paces.wait("slow.example", "x.tar", Deadline(5))
    assert caught.value.retry_after_s == pytest.approx(30, abs=1)
    assert caught.value.retryable


def test_shorter_word_does_not_shorten_a_longer_one() -> None:
    paces = Pacing()
    paces.told("a", 429, {"Retry-After": "30"})
    paces.told("a", 200, {"RateLimit": '"api";r=0;t=3'})
    assert (paces.waiting("a") or 0) > 25


def test_long_wait_is_listed_once_for_all_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pacing, "LISTED_FROM_S", 0.2)
    paces = Pacing()
    paces.told("hub.example", 429, {"Retry-After": "1"})
    with ThreadPoolExecutor(4) as pool:
        waits = [pool.submit(paces.wait, "hub.example", "x.tar", Deadline(10)) for _ in range(4)]
        time.sleep(0.3)
        listed = [each for each in activities() if "hub.example asks" in each.title and each.status == "running"]
        for wait in waits:
            wait.result()
    assert len(listed) == 1
    assert (listed[0].total, listed[0].unit, listed[0].status) == (1, "seconds", "done")
    assert paces.waiting() is None


def test_waiting_of_the_process_is_what_pages_ask() -> None:
    assert pacing.waiting() is None
