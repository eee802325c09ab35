"""Obeying a server that asks for fewer requests: its headers, per host, and a countdown that pages can show.

Read are `Retry-After` (seconds or a date), `RateLimit: "name";r=0;t=42` as the hub sends it, its older form
`RateLimit: limit=.., remaining=0, reset=42`, and the pair `RateLimit-Remaining`, `RateLimit-Reset`.
"""

import math
import re
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from threading import Lock

from data_access.progress import activity
from data_access.remote.failures import rate_limited
from data_access.remote.limits import Deadline

LONGEST_WAIT_S = 3600.0  # no server asks for more in earnest
LISTED_FROM_S = 2.0  # shorter waits pass before a page could show them
_ASKING = (HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE)  # answers whose Retry-After counts


class Pacing:
    """When each host may be asked again; safe to use from many threads at once."""

    def __init__(self) -> None:
        """Begin with every host free."""
        self._free_at: dict[str, float] = {}  # by host, monotonic seconds
        self._announced: set[str] = set()  # hosts whose pause is listed as an activity
        self._lock = Lock()

    def told(self, host: str, status: int, headers: Mapping[str, str]) -> None:
        """Take in what an answer says about further requests."""
        wait = pause_of(status, headers)
        if wait:
            with self._lock:
                self._free_at[host] = max(self._free_at.get(host, 0.0), time.monotonic() + wait)

    def wait(self, host: str, what: str, deadline: Deadline) -> None:
        """Sleep until the host may be asked.

        Raises:
            RateLimitedError: that is after the deadline.
        """
        while (left := self.waiting(host)) is not None:
            if left > deadline.remaining:
                raise rate_limited(what, host, left)
            if left >= LISTED_FROM_S and self._announce(host):
                self._wait_listed(host, left)
            else:
                time.sleep(left)

    def waiting(self, host: str | None = None) -> float | None:
        """Seconds until a host, or the last of all hosts, may be asked again; None where nothing has to wait."""
        with self._lock:
            moments = list(self._free_at.values()) if host is None else [self._free_at.get(host, 0.0)]
        left = max(moments, default=0.0) - time.monotonic()
        return left if left > 0 else None

    def _announce(self, host: str) -> bool:
        """Whether this thread is the one that lists the pause."""
        with self._lock:
            first = host not in self._announced
            self._announced.add(host)
        return first

    def _wait_listed(self, host: str, left: float) -> None:
        try:
            with activity(f"Waiting: {host} asks for fewer requests", total=math.ceil(left), unit="seconds") as pause:
                for _ in range(math.ceil(left)):
                    time.sleep(min(1.0, self.waiting(host) or 0.0))
                    pause.advance()
        finally:
            with self._lock:
                self._announced.discard(host)


def pause_of(status: int, headers: Mapping[str, str]) -> float:
    """Seconds of pause that an answer asks for, at most `LONGEST_WAIT_S`; 0 for none."""
    waits = [_exhausted(headers)]
    if status in _ASKING:
        waits.append(_retry_after(headers.get("Retry-After", "")))
    return min(max(waits), LONGEST_WAIT_S)


def _retry_after(value: str) -> float:
    """Seconds of a Retry-After header, a number or a date; 0 where it is neither."""
    if (seconds := _number(value)) is not None:
        return seconds
    try:
        moment = parsedate_to_datetime(value)
    except (TypeError, ValueError):
        return 0.0
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return max(0.0, (moment - datetime.now(UTC)).total_seconds())


def _exhausted(headers: Mapping[str, str]) -> float:
    """Seconds until a used-up quota is filled again; 0 where some of each is left."""
    pairs = [(headers.get("RateLimit-Remaining", ""), headers.get("RateLimit-Reset", ""))]
    value = headers.get("RateLimit", "")
    if "remaining=" in value:
        pairs.append((_parameter(value, "remaining"), _parameter(value, "reset")))
    else:
        pairs += [(_parameter(policy, "r"), _parameter(policy, "t")) for policy in value.split(",")]
    return max(
        (_number(reset) or 0.0 for left, reset in pairs if (count := _number(left)) is not None and count <= 0),
        default=0.0,
    )


def _parameter(text: str, name: str) -> str:
    found = re.search(rf"(?:^|[;,\s]){name}=\"?([\d.]+)", text)
    return found[1] if found else ""


def _number(text: str) -> float | None:
    """A number of seconds or requests; None where it is none. `nan` and `inf` are none."""
    return float(text) if re.fullmatch(r"\s*\d{1,9}(?:\.\d{1,9})?\s*", text, re.ASCII) else None


_OF_PROCESS = Pacing()


def pacing_of_process() -> Pacing:
    """The pacing that all reading of this process obeys."""
    return _OF_PROCESS


def waiting() -> float | None:
    """Seconds that remote reading has to wait because a server asked for it; None where it has not."""
    return _OF_PROCESS.waiting()
