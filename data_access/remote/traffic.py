"""What went over the network: requests and bytes, for benchmarks, tests and the Data page."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Lock


@dataclass
class Traffic:
    """Counts of this process, of all its threads together."""

    requests: int = 0  # HTTP requests sent, redirects and repeated ones among them
    bytes: int = 0  # of bodies received


TOTAL = Traffic()  # since the process started
_LOCK = Lock()
_COUNTING: list[Traffic] = [TOTAL]


@contextmanager
def counted() -> Iterator[Traffic]:
    """Count what all threads fetch while the block runs; blocks may overlap."""
    traffic = Traffic()
    with _LOCK:
        _COUNTING.append(traffic)
    try:
        yield traffic
    finally:
        with _LOCK:
            _COUNTING[:] = [each for each in _COUNTING if each is not traffic]


def count(*, requests: int = 0, received: int = 0) -> None:
    """Add to everything that counts at this moment."""
    with _LOCK:
        for traffic in _COUNTING:
            traffic.requests += requests
            traffic.bytes += received
