"""A server on loopback that behaves like the hub, and like a plain file server, with every fault on demand.

`/api/datasets/...` lists, `/datasets/OWNER/NAME/resolve/REVISION/PATH` redirects to a signed address that expires, on
another port as the hub's storage is another host; `/plain/PATH` is a file server with folder listings.

    with loopback_hub(root, latency_s=0.03) as hub:
        monkeypatch.setenv("HF_ENDPOINT", hub.url)
        hub.fail("short", at="signed")
"""

import hashlib
import hmac
import secrets
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import ThreadingHTTPServer
from pathlib import Path
from threading import Event, Lock, Thread
from typing import Any, Literal

from tests.loopback_answers import HubHandler, LoggedRequest
from tests.loopback_faults import Fault, FaultKind, Faults
from tests.loopback_files import ServedFiles, VirtualFile

__all__ = ["LoggedRequest", "LoopbackHub", "VirtualFile", "loopback_hub"]

LISTING_STYLES = ("python", "nginx", "apache")


@dataclass
class LoopbackHub:
    """A running hub; its fields may be changed at any moment."""

    files: ServedFiles
    latency_s: float = 0.0  # before every answer
    bytes_per_s: float | None = None  # of each connection; None is as fast as loopback
    signed_for_s: float = 3600.0  # how long signed addresses hold
    page_size: int = 1000  # entries per page of a listing, as the hub
    listing: str | None = "python"  # style of the folder pages below /plain; None: there are none
    token: str | None = None  # required where given
    repository: str | None = None  # the only one there is; None: every name is answered
    rate_limit: str = '"resolvers";r=2999;t=120'  # the RateLimit header of every answer of the hub itself
    log: list[LoggedRequest] = field(default_factory=list)
    faults: Faults = field(default_factory=Faults)
    commits: set[str] = field(default_factory=set)  # that were ever told; branches are "main" alone
    url: str = ""
    storage_url: str = ""
    stopping: Event = field(default_factory=Event)
    connections: int = 0  # opened so far
    busiest: int = 0  # most requests that were being answered at one moment
    _at_once: int = 0
    _secret: bytes = field(default_factory=lambda: secrets.token_bytes(16))
    _lock: Lock = field(default_factory=Lock)

    def fail(self, kind: FaultKind, **details: Any) -> None:  # noqa: ANN401 - the fields of Fault
        """Let the next answers go wrong: see `loopback_faults.Fault`."""
        self.faults.add(Fault(kind, **details))

    def expire_signatures(self) -> None:
        """No address signed so far holds any more."""
        self._secret = secrets.token_bytes(16)

    def sign(self, path: str) -> str:
        """The signed address of a file; part of its query."""
        expires = int(time.time() + self.signed_for_s)
        return f"Expires={expires}&Signature={self._signature(path, expires)}"

    def signed_well(self, path: str, expires: int, signature: str) -> bool:
        """Whether a signature is right and still holds."""
        return hmac.compare_digest(self._signature(path, expires), signature) and time.time() < expires

    def _signature(self, path: str, expires: int) -> str:
        return hmac.new(self._secret, f"{path}\0{expires}".encode(), hashlib.sha256).hexdigest()

    @contextmanager
    def counting_at_once(self) -> Iterator[None]:
        """Count a request as being answered while the block runs."""
        with self._lock:
            self._at_once += 1
            self.busiest = max(self.busiest, self._at_once)
        try:
            yield
        finally:
            with self._lock:
                self._at_once -= 1

    def note(self, request: LoggedRequest) -> None:
        """Add to the log."""
        with self._lock:
            self.log.append(request)

    def asked(self, part: str) -> list[LoggedRequest]:
        """Requests whose path has this part."""
        return [request for request in self.log if part in request.path]

    def forget(self) -> None:
        """Begin a new log."""
        with self._lock:
            self.log.clear()

    @property
    def sent(self) -> int:
        """Bytes of all bodies."""
        return sum(request.sent for request in self.log)


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128  # many connections at once while the machine is busy

    def __init__(self, hub: LoopbackHub, role: Literal["hub", "storage"]) -> None:
        self.hub, self.role = hub, role
        super().__init__(("127.0.0.1", 0), HubHandler)

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that leaves is no error; a handler's own errors show as a request without a status."""


@contextmanager
def loopback_hub(
    root: Path | None = None,
    *,
    latency_s: float = 0.0,
    files: Mapping[str, VirtualFile] | None = None,
    faults: tuple[Fault, ...] = (),
    **options: Any,  # noqa: ANN401 - further fields of LoopbackHub
) -> Iterator[LoopbackHub]:
    """Serve a folder and virtual files while the block runs."""
    hub = LoopbackHub(ServedFiles(root, files or {}), latency_s=latency_s, **options)
    for fault in faults:
        hub.faults.add(fault)
    servers = [_Server(hub, "hub"), _Server(hub, "storage")]
    hub.url, hub.storage_url = (f"http://127.0.0.1:{server.server_address[1]}" for server in servers)
    threads = [Thread(target=server.serve_forever, args=(0.05,), daemon=True) for server in servers]
    for thread in threads:
        thread.start()
    try:
        yield hub
    finally:
        hub.stopping.set()
        for server in servers:
            server.shutdown()
            server.server_close()
