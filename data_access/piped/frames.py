"""Frames on a pipe: a byte for the kind, eight bytes for the length of the body, the body."""

import struct
from collections.abc import Iterator

_HEAD = struct.Struct(">cQ")
PIECE_BYTES = 1 << 18  # of a pipe, read at once


def framed(kind: bytes, *parts: bytes) -> bytes:
    """One frame; its body is these parts, one behind the other."""
    return b"".join((_HEAD.pack(kind, sum(map(len, parts))), *parts))


class Splitter:
    """Puts frames together from the pieces in which a pipe gives them."""

    def __init__(self, longest: int) -> None:
        """Nothing was read yet; a body of more than `longest` bytes was never meant."""
        self._bytes = bytearray()
        self._longest = longest

    def feed(self, piece: bytes) -> Iterator[tuple[bytes, bytes]]:
        """Kind and body of the frames that are whole with this piece.

        Raises:
            ValueError: these are no frames.
        """
        self._bytes += piece
        while len(self._bytes) >= _HEAD.size:
            kind, length = _HEAD.unpack_from(self._bytes)
            if length > self._longest:
                raise ValueError(f"a frame of {length} bytes")
            end = _HEAD.size + length
            if len(self._bytes) < end:
                return
            body = bytes(memoryview(self._bytes)[_HEAD.size : end])
            del self._bytes[:end]
            yield kind, body
