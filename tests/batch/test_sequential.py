"""Reading forward in windows gives the very bytes of the file, in few requests."""

from hypothesis import given
from hypothesis import strategies as st

from batch.sequential import SequentialReader

DATA = bytes(range(256)) * 40
RANGES = st.lists(st.tuples(st.integers(0, len(DATA)), st.integers(0, 900)), max_size=12)


@given(RANGES, st.integers(1, 700))
def test_any_order_of_ranges_gives_the_bytes(ranges: list[tuple[int, int]], window: int) -> None:
    with SequentialReader(lambda offset, length: DATA[offset : offset + length], len(DATA), window) as read:
        for offset, length in ranges:
            assert read(offset, length) == DATA[offset : offset + length]


def test_forward_reading_asks_once_for_each_window() -> None:
    asked: list[tuple[int, int]] = []

    def fetch(offset: int, length: int) -> bytes:
        asked.append((offset, length))
        return DATA[offset : offset + length]

    with SequentialReader(fetch, len(DATA), 1000) as read:
        got = b"".join(read(offset, min(64, len(DATA) - offset)) for offset in range(0, len(DATA), 64))
    assert got == DATA
    assert sorted(asked) == [(begin, min(1000, len(DATA) - begin)) for begin in range(0, len(DATA), 1000)]


def test_what_lies_between_is_skipped_where_it_is_far() -> None:
    asked: list[int] = []

    def fetch(offset: int, length: int) -> bytes:
        asked.append(offset)
        return DATA[offset : offset + length]

    with SequentialReader(fetch, len(DATA), 100) as read:
        assert read(0, 10) == DATA[:10]
        assert read(9000, 10) == DATA[9000:9010]
    assert max(asked) <= 9100
    assert len(asked) <= 4  # two windows, and the one behind each
