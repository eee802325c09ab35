"""How the loopback hub answers one request."""

import html
import json
import re
import socket
import struct
import time
from collections.abc import Iterator
from dataclasses import dataclass
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler
from typing import TYPE_CHECKING, Literal
from urllib.parse import parse_qs, quote, unquote, urlsplit

from tests.loopback_faults import Fault, FaultKind, Place
from tests.loopback_files import Served

if TYPE_CHECKING:
    from tests.loopback_hub import LoopbackHub

PIECE = 1 << 20  # bytes written at once
_HALVES = ("short", "short unannounced", "stall", "reset in body")  # faults that end in the middle
STALL_S = 60.0  # longer than any deadline of a test
ROUTES: tuple[tuple[str, str], ...] = (
    (r"/api/datasets/(?P<repository>[^/]+/[^/]+)/revision/(?P<revision>[^/]+)", "_revision"),
    (r"/api/datasets/(?P<repository>[^/]+/[^/]+)/tree/(?P<revision>[^/]+)", "_tree"),
    (r"/(?P<repository>[^/]+/[^/]+)/resolve/(?P<revision>[^/]+)/(?P<path>.+)", "_resolve"),  # models of the hub
    (r"/datasets/(?P<repository>[^/]+/[^/]+)/resolve/(?P<revision>[^/]+)/(?P<path>.+)", "_resolve"),
    (r"/signed/(?P<path>.+)", "_signed"),
    (r"/plain/(?P<path>.*)", "_plain"),
)


@dataclass
class LoggedRequest:
    """One request and what was answered."""

    server: Literal["hub", "storage"]
    path: str  # with query
    headers: dict[str, str]  # lower-case names
    status: int = 0  # 0: never answered
    sent: int = 0  # bytes of body


class HubHandler(BaseHTTPRequestHandler):
    """One connection; requests follow each other on it."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # head and body are written apart; Nagle would add 40 ms to each answer

    def setup(self) -> None:
        """Know the hub of this server."""
        super().setup()
        self.hub: LoopbackHub = self.server.hub  # type: ignore[attr-defined]
        self.hub.connections += 1

    def log_message(self, *_: object) -> None:
        """Say nothing: the hub's own log is asked by tests."""

    def do_HEAD(self) -> None:
        """Answer like GET, without a body."""
        self.do_GET()

    def do_GET(self) -> None:
        """Log the request, wait as long as the network would, answer."""
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.request_log = LoggedRequest(self.server.role, self.path, headers)  # type: ignore[attr-defined]
        self.hub.note(self.request_log)
        with self.hub.counting_at_once():
            self._answer_request()

    def _answer_request(self) -> None:
        self.hub.stopping.wait(self.hub.latency_s)
        parts = urlsplit(self.path)
        self.query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        for pattern, method in ROUTES:
            if found := re.fullmatch(pattern, parts.path):
                getattr(self, method)(**{name: unquote(value) for name, value in found.groupdict().items()})
                return
        self._answer(404, b"no such page")

    # What the hub itself answers

    def _allowed(self, repository: str, revision: str) -> bool:
        """Whether repository and revision exist and may be seen; answers where not."""
        wanted = f"Bearer {self.hub.token}" if self.hub.token else None
        if self.hub.repository not in (None, repository) or (wanted and self.headers.get("Authorization") != wanted):
            self._answer(401, b'{"error":"Invalid username or password."}', {"X-Error-Code": "RepoNotFound"})
        elif revision not in ("main", *self.hub.commits):
            self._answer(404, b'{"error":"Invalid rev id"}', {"X-Error-Code": "RevisionNotFound"})
        else:
            return True
        return False

    def _revision(self, repository: str, revision: str) -> None:
        if not self._spoilt("api") and self._allowed(repository, revision):
            self.hub.commits.add(commit := self.hub.files.commit())
            self._json({"id": repository, "sha": commit, "private": bool(self.hub.token)})

    def _tree(self, repository: str, revision: str) -> None:
        if self._spoilt("api") or not self._allowed(repository, revision):
            return
        start = int(self.query.get("cursor", "0"))
        entries = list(self._entries())
        headers = {}
        if (end := start + self.hub.page_size) < len(entries):
            path = f"/api/datasets/{quote(repository)}/tree/{quote(revision)}"
            headers["Link"] = f'<{self.hub.url}{path}?recursive=true&cursor={end}>; rel="next"'
        self._json(entries[start:end], headers)

    def _entries(self) -> Iterator[dict[str, object]]:
        folders: set[str] = set()
        for served in self.hub.files.all():
            parents = served.path.split("/")[:-1]
            for depth in range(1, len(parents) + 1):
                if (folder := "/".join(parents[:depth])) not in folders:
                    folders.add(folder)
                    yield {"type": "directory", "oid": "0" * 40, "size": 0, "path": folder}
            entry: dict[str, object] = {"type": "file", "oid": "1" * 40, "size": served.size, "path": served.path}
            if served.is_lfs:
                entry["lfs"] = {"oid": served.etag, "size": served.size, "pointerSize": 134}
            else:
                entry["oid"] = served.etag[:40]
            yield entry

    def _resolve(self, repository: str, revision: str, path: str) -> None:
        if self._spoilt("resolve") or not self._allowed(repository, revision):
            return
        served = self.hub.files.find(path)
        if served is None:
            self._answer(404, b"Entry not found", {"X-Error-Code": "EntryNotFound"})
            return
        known = {"X-Repo-Commit": revision, "X-Linked-Size": str(served.size)}
        if not served.is_lfs:
            self._file(served, None, {**known, "ETag": f'"{served.etag[:40]}"'})
            return
        location = f"{self.hub.storage_url}/signed/{quote(path)}?{self.hub.sign(path)}"
        self._answer(302, b"", {**known, "X-Linked-ETag": f'"{served.etag}"', "Location": location})

    # What its storage answers

    def _signed(self, path: str) -> None:
        served = self.hub.files.find(path)
        expires, signature = int(self.query.get("Expires", "0")), self.query.get("Signature", "")
        if served is None or not self.hub.signed_well(path, expires, signature):
            self._answer(403, b"<Error><Code>AccessDenied</Code></Error>")
            return
        fault = self.hub.faults.take("signed", self.path)
        if not self._spoilt("signed", fault):
            self._file(served, fault, {"ETag": f'"{served.etag}"'})

    def _plain(self, path: str) -> None:
        fault = self.hub.faults.take("plain", self.path)
        if self._spoilt("plain", fault):
            return
        if (served := self.hub.files.find(path)) is not None:
            headers = {"ETag": f'"{served.etag[:16]}"', "Last-Modified": formatdate(0, usegmt=True)}
            self._file(served, fault, headers)
        elif self.hub.listing and (path in ("", "/") or path.endswith("/")) and self.hub.files.folder(path):
            self._answer(200, self._folder_page(path).encode(), {"Content-Type": "text/html; charset=utf-8"})
        else:
            self._answer(404, b"not found")

    def _folder_page(self, path: str) -> str:
        rows: list[tuple[str, int | None]] = [("../", None)] if self.hub.listing != "python" else []
        rows += [(name if size is not None else f"{name}/", size) for name, size in self.hub.files.folder(path)]
        links = "\n".join(
            f'<a href="{quote(name)}">{html.escape(name[:40])}</a> 01-Mar-2026 00:00 {"-" if size is None else size}'
            for name, size in rows
        )
        sorting = '<a href="?C=N;O=D">Name</a> <a href="/">Parent Directory</a>' if self.hub.listing == "apache" else ""
        return (
            f"<html><head><title>Index of /{html.escape(path)}</title></head><body>{sorting}<pre>{links}</pre></body>"
        )

    # Files, and what spoils them

    def _file(self, served: Served, fault: Fault | None, headers: dict[str, str]) -> None:
        """A file or a range of it, by the Range header and the fault."""
        kind = fault.kind if fault else None
        if kind in ("changed", "grown"):
            headers["ETag"] = '"something-else"'
        asked = self._range(served.size)
        headers["Accept-Ranges"] = "bytes"
        condition = self.headers.get("If-Range")
        if asked is None or kind == "whole" or (condition is not None and condition != headers["ETag"]):
            self._head(200, served.size, headers)
            self._body(served, 0, served.size, None)
        elif asked[0] >= asked[1]:
            self._answer(416, b"", {"Content-Range": f"bytes */{served.size}"})
        else:
            self._part(served, asked[0], asked[1], headers, fault)

    def _part(self, served: Served, start: int, end: int, headers: dict[str, str], fault: Fault | None) -> None:
        kind = fault.kind if fault else None
        total = served.size + (kind in ("grown", "wrong total"))
        shown = start + 512 if kind == "wrong start" else start
        if kind == "short length":
            end -= (end - start) // 2 or 1
        headers["Content-Range"] = f"bytes {shown}-{shown + end - start - 1}/{total}"
        if kind == "junk range":
            headers["Content-Range"] = "bytes some-more/all"
        if kind in ("no range", "multipart"):
            del headers["Content-Range"]
        if kind == "multipart":
            headers["Content-Type"] = "multipart/byteranges; boundary=x"
        if kind == "short unannounced":
            headers |= {"Content-Length": "", "Connection": "close"}
        if kind == "encoded":
            headers["Content-Encoding"] = "gzip"
        self._head(206, end - start, headers)
        self._body(served, start, end, kind)

    def _range(self, size: int) -> tuple[int, int] | None:
        """Start and end of the range asked for, as far as the file goes; None where the whole file is."""
        found = re.fullmatch(r"bytes=(\d+)-(\d*)", self.headers.get("Range", ""))
        if not found:
            return None
        return int(found[1]), min(int(found[2]) + 1 if found[2] else size, size)

    def _spoilt(self, at: Place, fault: Fault | None = None) -> bool:
        """Whether a fault took the place of the answer."""
        if at in ("api", "resolve"):
            fault = self.hub.faults.take(at, self.path)
        if fault is None:
            return False
        if fault.kind == "status":
            self._answer(fault.status, b"spoilt on demand", fault.headers)
        elif fault.kind == "reset":
            self._reset()
        elif fault.kind == "silence":
            self.hub.stopping.wait(STALL_S)
            self.close_connection = True
        elif fault.kind in ("redirect loop", "redirect"):
            self._answer(302, b"", {"Location": fault.location or self.path})
        elif fault.kind == "not json":
            self._answer(200, b"<html>sign in, please</html>", {"Content-Type": "text/html"})
        else:
            return False
        return True

    # Bytes on the wire

    def _json(self, content: object, headers: dict[str, str] | None = None) -> None:
        self._answer(200, json.dumps(content).encode(), {"Content-Type": "application/json", **(headers or {})})

    def _answer(self, status: int, body: bytes, headers: dict[str, str] | None = None) -> None:
        self._head(status, len(body), headers or {})
        if self.command != "HEAD":
            self._send(body)

    def _head(self, status: int, length: int, headers: dict[str, str]) -> None:
        self.request_log.status = status
        self.send_response(status)
        if self.server.role == "hub":  # type: ignore[attr-defined]
            headers = {"RateLimit": self.hub.rate_limit, "RateLimit-Policy": '"resolvers";q=3000;w=300', **headers}
        for name, value in {"Content-Length": str(length), **headers}.items():
            if value:
                self.send_header(name, value)
        self.end_headers()

    def _body(self, served: Served, start: int, end: int, kind: FaultKind | None) -> None:
        if self.command == "HEAD":
            return
        if kind == "trickle":
            self._trickle(served, start, end)
            return
        stop = start + (end - start) // 2 if kind in _HALVES else end
        for offset in range(start, stop, PIECE):
            length = min(PIECE, stop - offset)
            self._send(served.read(offset, length))
            if self.hub.bytes_per_s:
                self.hub.stopping.wait(length / self.hub.bytes_per_s)
        if kind == "stall":
            self.hub.stopping.wait(STALL_S)
        if kind == "reset in body":
            self._reset()
        self.close_connection = self.close_connection or stop < end

    def _trickle(self, served: Served, start: int, end: int) -> None:
        for offset in range(start, end):
            self._send(served.read(offset, 1))
            if self.hub.stopping.wait(0.05):
                return

    def _send(self, data: bytes) -> None:
        self.request_log.sent += len(data)  # before: a client that has all of it may ask at once
        try:
            self.wfile.write(data)
        except OSError:  # the client has left, as it should from a body that is not what it asked for
            self.close_connection = True
            raise

    def _reset(self) -> None:
        """Close so that the client meets a reset, not an end."""
        time.sleep(0.01)  # what was written before gets out
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()
        self.close_connection = True
