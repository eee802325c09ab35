"""What the app and a worker say to each other: frames of a kind and bytes."""

import json
from collections.abc import Iterator, Mapping
from enum import Enum

from data_access.piped.frames import Splitter, framed

LONGEST_FRAME = 256 << 20  # an answer is smaller; a length beyond it was never written by a worker


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
    return framed(kind.value, content if isinstance(content, bytes) else json.dumps(content).encode())


class Frames:
    """Puts frames together from the pieces in which a pipe gives them."""

    def __init__(self) -> None:
        """Nothing was read yet."""
        self._splitter = Splitter(LONGEST_FRAME)

    def feed(self, piece: bytes) -> Iterator[Frame]:
        """The frames that are whole with this piece. Raises ValueError where these are no frames."""
        return ((Kind(kind), body) for kind, body in self._splitter.feed(piece))
