"""From an address to where its bytes are: hops checked, results kept for a while, one thread asking for all.

The hub answers with a redirect to a signed address of its storage. That address is kept for less than an hour, and less
where it tells its own end.
"""

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from threading import Lock
from urllib.parse import parse_qs, urljoin, urlsplit

from data_access.remote.failures import SlowError
from data_access.remote.limits import Deadline
from errors import RemoteError

MARGIN_S = 60.0  # before the end that a signed address tells: clocks differ, and a read takes its time
MAX_TARGETS = 20_000  # addresses kept: all shards of TerraMesh in all modalities are some 7,000


class Targets:
    """Where addresses lead; safe to use from many threads at once."""

    def __init__(self, lifetime_s: float) -> None:
        """Keep what is found for `lifetime_s` at most."""
        self._lifetime_s = lifetime_s
        self._found: dict[str, tuple[str, float]] = {}  # address -> where it leads, until when (monotonic)
        self._asking: dict[str, Lock] = {}
        self._lock = Lock()

    def get(self, url: str) -> str | None:
        """Where the address leads, if that is known and still holds."""
        with self._lock:
            target, until = self._found.get(url, (None, 0.0))
        return target if time.monotonic() < until else None

    def put(self, url: str, target: str) -> None:
        """Keep where the address leads."""
        lifetime = min(self._lifetime_s, lifetime_of(target, time.time()))
        with self._lock:
            while len(self._found) >= MAX_TARGETS:
                self._found.pop(next(iter(self._found)))  # the oldest
            self._found[url] = target, time.monotonic() + lifetime

    def forget(self, url: str, target: str | None) -> None:
        """Ask anew next time, unless another thread already found another target."""
        with self._lock:
            if target is None or self._found.get(url, ("", 0.0))[0] == target:
                self._found.pop(url, None)

    @contextmanager
    def asking(self, url: str, deadline: Deadline) -> Iterator[None]:
        """Only one thread at a time asks where one address leads. Raises SlowError at the deadline."""
        with self._lock:
            lock = self._asking.setdefault(url, Lock())
        if not lock.acquire(timeout=deadline.remaining):
            raise SlowError("did not tell in time where the file is")
        try:
            yield
        finally:
            lock.release()


def next_hop(url: str, location: str, visited: list[str], max_hops: int, what: str) -> str:
    """The address that a redirect leads to.

    Args:
        url: who redirects.
        location: its Location header, absolute or relative.
        visited: all addresses so far, `url` among them.
        max_hops: how many redirects are followed.
        what: the file, as messages name it.

    Raises:
        RemoteError: it leads in circles, too far, nowhere, to another protocol, or from https to http.
    """
    target = _joined(url, location)
    before, after = urlsplit(url), urlsplit(target)
    reason = None
    if not target:
        reason = "redirects to something that can not be read as an address"
    elif after.scheme not in ("http", "https") or not after.hostname:
        reason = f"redirects to something that is no http address ({after.scheme[:20] or 'nothing'})"
    elif before.scheme == "https" and after.scheme == "http":
        reason = "redirects from https to http, where anyone may listen"
    elif target in visited:
        reason = "redirects in circles"
    elif len(visited) > max_hops:
        reason = f"redirects more than {max_hops} times"
    if reason:
        raise RemoteError(f"{what} can not be fetched: {before.hostname} {reason}. Check the address of the root.")
    return target


def _joined(url: str, location: str) -> str:
    """Where a Location header leads, absolute; empty where that can not be read as an address."""
    try:
        target = urljoin(url, location)
        _ = urlsplit(target).port  # parsed when asked for
    except ValueError:
        return ""
    return target


def lifetime_of(url: str, now: float) -> float:
    """Seconds that a signed address holds by its own words, less a margin; infinite where it says nothing.

    Args:
        url: may carry `Expires` (seconds since 1970), or `X-Amz-Date` and `X-Amz-Expires` (seconds).
        now: seconds since 1970.
    """
    query = {name.lower(): values[-1] for name, values in parse_qs(urlsplit(url).query).items()}
    left = float("inf")
    if re.fullmatch(r"\d{1,12}", query.get("expires", ""), re.ASCII):
        left = min(left, int(query["expires"]) - now)
    if re.fullmatch(r"\d{1,9}", query.get("x-amz-expires", ""), re.ASCII):
        left = min(left, int(query["x-amz-expires"]) - (now - _signed_at(query.get("x-amz-date", ""), now)))
    return left if left == float("inf") else max(0.0, left - min(MARGIN_S, left / 10))


def _signed_at(text: str, now: float) -> float:
    """When an address was signed, such as 20260301T120000Z, in seconds since 1970; now where that is not told."""
    try:
        return datetime.strptime(text, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC).timestamp()
    except ValueError:
        return now
