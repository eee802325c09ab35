"""The one HTTP client of a process: pooled connections, at most so many to one host, one request at a time each.

HTTP/1.1 with kept connections; redirects are never followed here, because a token must not travel with them.
"""

import logging
from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from http import HTTPStatus
from http.cookiejar import CookieJar, DefaultCookiePolicy
from threading import BoundedSemaphore, Lock
from urllib.parse import urlsplit

import httpx

from data_access.remote.failures import PassingError, SlowError, passing
from data_access.remote.hub_access import refuse_offline, token_headers
from data_access.remote.limits import Deadline, Limits
from data_access.remote.pacing import Pacing
from data_access.remote.traffic import count

MAX_CONNECTIONS = 64  # over all hosts: the hub, its storage, and a mirror or two
KEPT_IDLE = 32
MAX_DRAINED = 16 << 10  # bytes: redirects and errors have a sentence; reading more costs more than a new connection
_WANTED = (HTTPStatus.OK, HTTPStatus.PARTIAL_CONTENT)  # their bodies are for the caller
IDLE_S = 45.0  # below the 60 s and more after which servers close, so that few requests meet a closing door

# httpx logs every address at INFO, and signed addresses are secrets for an hour.
logging.getLogger("httpx").setLevel(logging.WARNING)


class Connections:
    """Sends requests; safe to use from many threads at once."""

    def __init__(self, limits: Limits, pacing: Pacing) -> None:
        """Connect to nobody yet."""
        self._limits = limits
        self._pacing = pacing
        self._slots: defaultdict[str, BoundedSemaphore] = defaultdict(lambda: BoundedSemaphore(limits.per_host))
        self._lock = Lock()
        self._client = httpx.Client(
            follow_redirects=False,
            headers={"Accept-Encoding": "identity", "User-Agent": "patchwork"},
            limits=httpx.Limits(
                max_connections=MAX_CONNECTIONS, max_keepalive_connections=KEPT_IDLE, keepalive_expiry=IDLE_S
            ),
            cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),
        )

    def close(self) -> None:
        """Close all connections."""
        self._client.close()

    @contextmanager
    def open(self, url: str, what: str, headers: Mapping[str, str], deadline: Deadline) -> Iterator[httpx.Response]:
        """An answer with its head read and its body not; leaving the block early drops the connection.

        Raises:
            PassingError: there was none; another attempt may do better.
            OfflineError, RateLimitedError: it must not be asked, or not before the deadline.
        """
        refuse_offline(url, what)
        host = urlsplit(url).netloc
        self._pacing.wait(host, what, deadline)
        with self._slot(host, deadline):
            response = self._send(url, {**headers, **token_headers(url)}, deadline)
            try:
                self._pacing.told(host, response.status_code, response.headers)
                _drain(response, deadline)
                yield response
            finally:
                response.close()

    @contextmanager
    def _slot(self, host: str, deadline: Deadline) -> Iterator[None]:
        with self._lock:
            slots = self._slots[host]
        if not slots.acquire(timeout=deadline.remaining):
            raise SlowError("has too many of our requests under way")
        try:
            yield
        finally:
            slots.release()

    def _send(self, url: str, headers: Mapping[str, str], deadline: Deadline) -> httpx.Response:
        limits, left = self._limits, deadline.remaining
        if not left:
            raise SlowError("left no time for another attempt")
        timeout = httpx.Timeout(min(limits.stall_s, left), connect=min(limits.connect_s, left), pool=left)
        count(requests=1)
        try:
            request = self._client.build_request("GET", url, headers=dict(headers), timeout=timeout)
            return self._client.send(request, stream=True, auth=httpx.Auth())  # none: not from the address, not netrc
        except httpx.HTTPError as error:
            raise passing(error) from error
        except httpx.InvalidURL as error:
            raise PassingError("sent an address that is none") from error


def _drain(response: httpx.Response, deadline: Deadline) -> None:
    """Read the short body of a redirect or an error, so that the connection is of further use."""
    length = response.headers.get("Content-Length", "")
    is_short = length.isdecimal() and int(length) <= MAX_DRAINED
    if response.status_code in _WANTED or not is_short:
        return
    with suppress(httpx.HTTPError):  # what comes next opens another connection
        for piece in response.iter_raw():
            count(received=len(piece))
            if deadline.is_over:
                return


def read_body(response: httpx.Response, limit: int, deadline: Deadline) -> bytes:
    """The body as it was sent, at most `limit` bytes.

    Raises:
        PassingError: it stalls, breaks off, is longer, or is not done at the deadline.
    """
    pieces: list[bytes] = []
    length = 0
    try:
        for piece in response.iter_raw():
            pieces.append(piece)
            length += len(piece)
            if length > limit:
                raise PassingError(f"sends more than the {limit} bytes asked for")
            if deadline.is_over:
                raise SlowError(f"sent {length} bytes in {deadline.seconds:.0f} seconds")
    except httpx.HTTPError as error:
        raise passing(error) from error
    finally:
        count(received=length)
    return b"".join(pieces)
