"""Sizes, durations and amounts as people say them."""

import time

import pytest

from components.amounts import age, amount, duration, remaining, size


@pytest.mark.parametrize(
    ("count", "words"),
    [
        (0, "0 B"),
        (950, "950 B"),
        (999.6, "1.0 kB"),
        (1_234, "1.2 kB"),
        (9_940, "9.9 kB"),
        (9_960, "10 kB"),
        (999_700, "1.0 MB"),
        (12_345_678, "12 MB"),
        (17.4e12, "17 TB"),
    ],
)
def test_sizes(count: float, words: str) -> None:
    assert size(count) == words


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0.2, "1 s"),
        (42, "42 s"),
        (100, "2 min"),
        (3_599, "60 min"),
        (7_800, "2 h 10 min"),
        (7_200, "2 h"),
        (40_000, "11 h"),
        (260_000, "3 days"),
    ],
)
def test_durations(seconds: float, words: str) -> None:
    assert duration(seconds) == words


def test_what_is_left_and_what_has_passed() -> None:
    assert remaining(None) == ""
    assert remaining(3) == "a few seconds left"
    assert remaining(200) == "about 3 min left"
    assert age(time.time() - 5) == "just now"
    assert age(time.time() - 7_200) == "2 h ago"


def test_amounts() -> None:
    assert amount(12, 890, "shards") == "12 of 890 shards"
    assert amount(500_000_000, 2_000_000_000, "bytes") == "500 MB of 2.0 GB"
    assert amount(1_500, None, "bytes") == "1.5 kB"
    assert amount(7, None, "files") == "7 files"
    assert amount(0, None, "files") == ""
