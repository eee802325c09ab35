"""Frames come out as they went in, however the pipe cuts them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data_access.piped.frames import Splitter, framed

FRAMES = st.lists(st.tuples(st.binary(min_size=1, max_size=1), st.binary(max_size=40)), max_size=6)


@given(FRAMES, st.integers(1, 50))
def test_any_cutting_gives_the_same_frames(frames: list[tuple[bytes, bytes]], size: int) -> None:
    sent = b"".join(framed(kind, body) for kind, body in frames)
    splitter = Splitter(100)
    found = [each for start in range(0, len(sent), size) for each in splitter.feed(sent[start : start + size])]
    assert found == frames


def test_a_body_may_be_given_in_parts() -> None:
    assert framed(b"k", b"one", b"two") == framed(b"k", b"onetwo")


def test_a_length_that_was_never_meant_is_refused() -> None:
    with pytest.raises(ValueError, match="a frame of 101 bytes"):
        list(Splitter(100).feed(framed(b"k", bytes(101))))
