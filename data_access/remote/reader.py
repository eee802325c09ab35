"""Ranges and pages over HTTP: every rule about redirects, answers and repetitions in one flow.

`_follow` walks redirects, `_exchange` is one attempt at one range, `_repeat` is patience.
"""

import random
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from http import HTTPStatus
from threading import Lock
from typing import TypeVar
from urllib.parse import urlsplit

import httpx

from data_access.remote.answers import Seen, check_inside, check_linked, check_part, check_status, size_when_unsatisfied
from data_access.remote.connections import Connections, read_body
from data_access.remote.failures import PassingError, RefusedError
from data_access.remote.limits import Deadline, Limits
from data_access.remote.pacing import Pacing
from data_access.remote.redirects import Targets, next_hop
from data_access.remote.remote_file import RemoteFile

MAX_SEEN = 20_000  # files whose size and validator are remembered: more than TerraMesh has
_REDIRECTS = (301, 302, 303, 307, 308)
_Result = TypeVar("_Result")


@dataclass(frozen=True)
class Page:
    """A small answer as a whole."""

    url: str  # where it came from after redirects
    body: bytes
    headers: Mapping[str, str]
    next_url: str | None  # of `Link: <...>; rel="next"`


class RemoteReader:
    """Reads remote files; safe to use from many threads at once."""

    def __init__(self, limits: Limits | None = None, pacing: Pacing | None = None) -> None:
        """Read within `limits`, by default those of interactive work, and at the pace that servers ask for."""
        self._limits = limits or Limits()
        self._connections = Connections(self._limits, pacing or Pacing())
        self._targets = Targets(self._limits.redirect_s)
        self._seen: dict[str, Seen] = {}  # by identity
        self._lock = Lock()

    def close(self) -> None:
        """Close all connections."""
        self._connections.close()

    def fetch(self, file: RemoteFile, offset: int, length: int, *, limits: Limits | None = None) -> bytes:
        """Bytes `offset` to `offset + length`, exactly `length` of them.

        Raises:
            SourceMissingError: there is no such file.
            ShardError: it ends before the range does.
            SourceChangedError: it is not the file that was listed or read before.
            RemoteTimeoutError, RateLimitedError, AccessDeniedError, OfflineError, RemoteError: it can not be fetched.
        """
        if offset < 0 or length < 0:
            raise ValueError(f"no range: {length} bytes from {offset}")
        check_inside(file, offset, length, self._expected(file).size)
        if length == 0:
            return b""
        limits = limits or self._limits
        deadline = limits.deadline(length)
        data, _ = self._repeat(file, limits, deadline, lambda: self._renewing(file, offset, length, deadline))
        return data

    def known(self, file: RemoteFile, *, anew: bool = False, limits: Limits | None = None) -> RemoteFile:
        """The file with its size and what tells its bytes from others; asks for one byte where the listing lacks them.

        Args:
            file: as it was listed.
            anew: ask even where an earlier answer is remembered, because a root is opened once more.
            limits: how long to wait; by default as for ranges.

        Raises: as `fetch`.
        """
        if file.is_settled:
            return file
        if anew:
            with self._lock:
                self._seen.pop(file.identity, None)
        if (seen := self._seen.get(file.identity)) is None:
            limits = limits or self._limits
            deadline = limits.deadline(1)
            _, seen = self._repeat(file, limits, deadline, lambda: self._renewing(file, 0, 1, deadline))
        return replace(file, size=seen.size, etag=file.etag or seen.validator)

    def page(self, url: str, what: str, *, limit: int, limits: Limits | None = None) -> Page:
        """A whole answer of at most `limit` bytes: listings, not data.

        Raises: as `fetch`.
        """
        file, limits = RemoteFile(url, what), limits or self._limits
        deadline = limits.deadline(0)

        def ask() -> Page:
            with self._follow(url, file, {}, deadline) as response:
                check_status(response, what, HTTPStatus.OK)
                body = read_body(response, limit, deadline)
                return Page(str(response.url), body, response.headers, response.links.get("next", {}).get("url"))

        return self._repeat(file, limits, deadline, ask)

    def _repeat(self, file: RemoteFile, limits: Limits, deadline: Deadline, attempt: Callable[[], _Result]) -> _Result:
        """Try until it goes well, with pauses of random length so that many readers do not come back at once."""
        failure = PassingError("was not asked")
        for number in range(limits.attempts):
            try:
                return attempt()
            except PassingError as error:
                failure = error
            pause = random.uniform(0, min(limits.longest_backoff_s, limits.backoff_s * 2**number))  # noqa: S311 - no secret
            if number + 1 == limits.attempts or pause >= deadline.remaining:
                break
            time.sleep(pause)
        raise failure.named(file.relative, urlsplit(file.url).hostname or "the server") from failure

    def _renewing(self, file: RemoteFile, offset: int, length: int, deadline: Deadline) -> tuple[bytes, Seen]:
        """One attempt; where it is refused, one more with a fresh redirect. A second refusal is final."""
        target = self._targets.get(file.url)
        try:
            return self._exchange(file, offset, length, deadline)
        except RefusedError:
            self._targets.forget(file.url, target)
        try:
            return self._exchange(file, offset, length, deadline)
        except RefusedError as error:
            raise error.named(file.relative, urlsplit(file.url).hostname or "the server") from error

    def _exchange(self, file: RemoteFile, offset: int, length: int, deadline: Deadline) -> tuple[bytes, Seen]:
        """Ask for one range once: its bytes, and what is told of the file. Raises PassingError or a named error."""
        expected = self._expected(file)
        headers = {"Range": f"bytes={offset}-{offset + length - 1}"}
        if expected.condition:
            headers["If-Range"] = expected.condition
        with self._answer(file, headers, deadline) as response:
            if (offset, size_when_unsatisfied(response)) == (0, 0):  # an empty file, asked for its first byte
                self._remember(file, Seen(0))
                return b"", Seen(0)
            seen = check_part(response, file, offset, length, expected)
            body = read_body(response, length, deadline)
        if len(body) != length:
            raise PassingError(f"sent {len(body)} of {length} bytes")
        self._remember(file, seen)
        return body, seen

    @contextmanager
    def _answer(self, file: RemoteFile, headers: Mapping[str, str], deadline: Deadline) -> Iterator[httpx.Response]:
        """The answer from where the file is; one thread asks the way for all."""
        with ExitStack() as stack:
            response = None
            if self._targets.get(file.url) is None:
                with self._targets.asking(file.url, deadline):
                    if self._targets.get(file.url) is None:
                        response = stack.enter_context(self._follow(file.url, file, headers, deadline))
                        if response.status_code == HTTPStatus.PARTIAL_CONTENT:
                            self._targets.put(file.url, str(response.url))
            if response is None:
                start = self._targets.get(file.url) or file.url
                response = stack.enter_context(self._follow(start, file, headers, deadline))
            yield response

    @contextmanager
    def _follow(
        self, url: str, file: RemoteFile, headers: Mapping[str, str], deadline: Deadline
    ) -> Iterator[httpx.Response]:
        """The first answer that is no redirect."""
        visited: list[str] = []
        while True:
            visited.append(url)
            with self._connections.open(url, file.relative, headers, deadline) as response:
                location = response.headers.get("Location")
                if response.status_code not in _REDIRECTS or not location:
                    yield response
                    return
                check_linked(response, file)
            url = next_hop(url, location, visited, self._limits.hops, file.relative)
            if "If-Range" in headers:  # what the storage calls its bytes means nothing to whoever redirects elsewhere
                headers = {name: value for name, value in headers.items() if name != "If-Range"}

    def _expected(self, file: RemoteFile) -> Seen:
        seen = self._seen.get(file.identity, Seen())
        return Seen(seen.size if file.size is None else file.size, file.validator or seen.validator)

    def _remember(self, file: RemoteFile, seen: Seen) -> None:
        """Keep what the first good answer told; later ones were compared with it."""
        with self._lock:
            while len(self._seen) >= MAX_SEEN:
                self._seen.pop(next(iter(self._seen)))
            self._seen.setdefault(file.identity, seen)
