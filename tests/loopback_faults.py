"""What may go wrong on the way to a hub, on demand: which answers are spoilt, how, and how often."""

from dataclasses import dataclass, field
from threading import Lock
from typing import Literal

FaultKind = Literal[
    "whole",  # 200 with the whole file instead of 206 with the range
    "short",  # the connection closes in the middle of the body
    "short unannounced",  # half a body without Content-Length, ended by closing the connection
    "short length",  # a consistent answer with fewer bytes than asked for
    "stall",  # half a body, then nothing
    "trickle",  # a body that goes on for ever, a little at a time
    "silence",  # no answer at all
    "reset",  # the connection is reset
    "reset in body",  # likewise, after half a body
    "status",  # `status` with `headers`: 500, 503, 429, 403, 416
    "redirect loop",  # to itself
    "redirect",  # to `location`
    "changed",  # other bytes behind the address: another ETag
    "grown",  # likewise, with another total size
    "wrong start",  # Content-Range names another range than the one asked for
    "wrong total",
    "no range",  # 206 without Content-Range
    "junk range",  # a Content-Range that can not be read
    "multipart",  # 206 with multipart/byteranges
    "encoded",  # Content-Encoding: gzip, though identity was asked for
    "not json",  # of listings
]
Place = Literal["api", "resolve", "signed", "plain"]


@dataclass
class Fault:
    """One thing that goes wrong with the next `times` answers that it fits."""

    kind: FaultKind
    at: Place | None = None  # None: anywhere
    match: str = ""  # part of the path
    times: int = 1
    status: int = 500
    headers: dict[str, str] = field(default_factory=dict)
    location: str = ""


class Faults:
    """The faults that are still to happen, first come first served."""

    def __init__(self) -> None:
        """Begin with nothing wrong."""
        self._pending: list[Fault] = []
        self._lock = Lock()

    def add(self, fault: Fault) -> None:
        """Let something go wrong from now on."""
        with self._lock:
            self._pending.append(fault)

    def clear(self) -> None:
        """From now on nothing goes wrong."""
        with self._lock:
            self._pending.clear()

    def take(self, at: Place, path: str) -> Fault | None:
        """The fault that this answer suffers, counted as used."""
        with self._lock:
            for fault in self._pending:
                if fault.times > 0 and fault.at in (None, at) and fault.match in path:
                    fault.times -= 1
                    return fault
        return None
