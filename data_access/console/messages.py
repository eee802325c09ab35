"""What the app and a worker say to each other over two pipes: frames of a kind, a length and bytes."""

import json
import struct
from collections.abc import Iterator, Mapping
from enum import Enum

_HEAD = struct.Struct(">cI")  # kind, length of what follows
LONGEST_FRAME = 256 << 20  # an answer is smaller; a length beyond it was never written by a worker
PIECE_BYTES = 1 << 16  # of a pipe, read at once


class Kind(Enum):
    """What a frame is."""

    OPEN = b"O"  # to the worker: which files
    QUERY = b"Q"  # to the worker: what to answer, within which limits
    CANCEL = b"C"  # to the worker: nobody waits for the answer any more
    READY = b"R"  # from the worker: the files are open
    PROGRESS = b"P"  # from the worker: how far it is
    ROWS = b"A"  # from the worker: the next bytes of an Arrow stream
    DONE = b"D"  # from the worker: the answer is whole
    PROBLEM = b"E"  # from the worker: why there is none


Frame = tuple[Kind, bytes]


def frame(kind: Kind, content: bytes | Mapping[str, object] = b"") -> bytes:
    """One frame; a mapping travels as JSON."""
    body = content if isinstance(content, bytes) else json.dumps(content).encode()
    return _HEAD.pack(kind.value, len(body)) + body


class Frames:
    """Puts frames together from the pieces in which a pipe gives them."""

    def __init__(self) -> None:
        """Nothing was read yet."""
        self._bytes = bytearray()

    def feed(self, piece: bytes) -> Iterator[Frame]:
        """The frames that are whole with this piece.

        Raises:
            ValueError: these are no frames.
        """
        self._bytes += piece
        while len(self._bytes) >= _HEAD.size:
            kind, length = _HEAD.unpack_from(self._bytes)
            if length > LONGEST_FRAME:
                raise ValueError(f"a frame of {length} bytes")
            end = _HEAD.size + length
            if len(self._bytes) < end:
                return
            body = bytes(self._bytes[_HEAD.size : end])
            del self._bytes[:end]
            yield Kind(kind), body
