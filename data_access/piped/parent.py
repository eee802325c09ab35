"""The one who started this process, as the process sees it: listened to and answered over standard input and output."""

import os
import selectors
from threading import Lock

from data_access.piped.frames import PIECE_BYTES

_IN, _OUT, _LOG = 0, 1, 2  # file descriptors


class Parent:
    """Made once, at the start; the process ends where its parent has gone."""

    def __init__(self) -> None:
        """Keep the way out for frames: whatever a library prints from now on goes to the log."""
        self._file = os.fdopen(os.dup(_OUT), "wb", buffering=0)
        os.dup2(_LOG, _OUT)
        self._lock = Lock()
        self._coming = selectors.DefaultSelector()
        self._coming.register(_IN, selectors.EVENT_READ)

    def write(self, frame: bytes) -> None:
        """Send one whole frame, from any thread."""
        try:
            with self._lock:
                left = memoryview(frame)
                while left:
                    left = left[self._file.write(left) :]
        except OSError:
            os._exit(0)

    def read(self, wait: float | None) -> bytes:
        """What has come; nothing where nothing comes in that many seconds. None waits as long as it takes."""
        if not self._coming.select(wait):
            return b""
        piece = os.read(_IN, PIECE_BYTES)
        if not piece:
            os._exit(0)
        return piece
