"""What stands before every request, pages included: Host check, size limits, and the headers of a safe answer.

The Host check is what keeps a foreign website from reading a server on the loopback address: such a site can point its
own name at 127.0.0.1 ("DNS rebinding"), after which the browser takes both for the same origin and Streamlit's own
origin check agrees. It can not choose the Host header, which carries the foreign name.
"""

import base64
import hashlib
import ipaddress
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.errors import error_response
from api.limits import MAX_PATH_BYTES, MAX_QUERY_BYTES

LOOPBACK = ("localhost", "127.0.0.1", "::1")
ANY_ADDRESS = ("0.0.0.0", "::")  # noqa: S104 - recognised here, bound only where the operator says so
ANY_HOST = "*"
WEBSOCKET_REFUSED = 1008  # RFC 6455: policy violation

EVERY_ANSWER = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",  # ids and filters in our addresses are nobody else's business
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
API_POLICY = "default-src 'none'; frame-ancestors 'none'"
# Swagger UI styles its elements inline and shows pictures from data addresses; its scripts are files.
DOCS_POLICY = (
    "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; font-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
# Streamlit's components arrive as blobs, and deck.gl compiles a WebAssembly decoder; neither needs eval() of strings
# (measured in Chromium: charts, maps and components draw without it).
PAGE_POLICY = (
    "default-src 'self'; script-src 'self' 'wasm-unsafe-eval' blob: {inline}; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self' data: blob:; worker-src 'self' blob:; "
    "media-src 'self' blob:; frame-src 'self'; object-src 'none'; base-uri 'self'; form-action 'self'; "
    "frame-ancestors 'self'"
)
INLINE_SCRIPT = re.compile(rb"<script>(.*?)</script>", re.DOTALL)


def page_policy(index_page: Path) -> str:
    """Content security policy of the pages, with the hash of every inline script of Streamlit's index page."""
    scripts = INLINE_SCRIPT.findall(index_page.read_bytes())
    digests = [base64.b64encode(hashlib.sha256(script).digest()).decode() for script in scripts]
    return PAGE_POLICY.format(inline=" ".join(f"'sha256-{digest}'" for digest in digests))


@dataclass(frozen=True)
class AllowedHosts:
    """Names under which browsers may ask for this server."""

    names: frozenset[str]
    any_address: bool  # bound to every interface: each has an address of its own, and addresses can not be rebound

    @classmethod
    def of(cls, host: str, public_hosts: str = "") -> "AllowedHosts":
        """Loopback, the host that is bound, and the comma-separated names that an operator adds (`*` for all)."""
        added = (name.strip().lower() for name in public_hosts.split(","))
        names: Iterable[str] = (*LOOPBACK, host.lower(), *filter(None, added))
        return cls(frozenset(names), any_address=host in ANY_ADDRESS)

    def allow(self, header: str) -> bool:
        """Whether a Host header, with or without a port, names this server."""
        name = _host_name(header)
        if name in self.names or ANY_HOST in self.names:
            return True
        return self.any_address and _is_address(name)


class Security:
    """ASGI middleware before Streamlit and the API."""

    def __init__(self, app: ASGIApp, *, hosts: AllowedHosts, policy: str) -> None:
        """Wrap an app; `policy` is the content security policy of its pages."""
        self._app = app
        self._hosts = hosts
        self._policy = policy

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse what should not come in, and mark what goes out."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        if not self._hosts.allow(Headers(scope=scope).get("host", "")):
            await self._refuse_host(scope, receive, send)
            return
        if scope["type"] == "websocket":
            await self._app(scope, receive, send)
            return

        async def marked(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.update({**EVERY_ANSWER, "Content-Security-Policy": self._policy_of(scope["path"])})
            await send(message)

        refusal = _refusal(scope)
        await (refusal or self._app)(scope, receive, marked)

    async def _refuse_host(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request for a name that is not this server's."""
        if scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": WEBSOCKET_REFUSED})
            return
        message = "This server does not go by that name. Its operator can add it to PATCHWORK_PUBLIC_HOSTS."
        await error_response(400, "bad_host", message)(scope, receive, send)

    def _policy_of(self, path: str) -> str:
        """The strictest content security policy that a path can live with."""
        if path.startswith("/api/docs"):
            return DOCS_POLICY
        return API_POLICY if path.startswith("/api/") else self._policy


def _refusal(scope: Scope) -> ASGIApp | None:
    """The error of a request that is too long, or whose path tries to climb; None for an honest one."""
    if len(scope.get("query_string", b"")) > MAX_QUERY_BYTES:
        return error_response(
            413, "too_large", f"The query is longer than {MAX_QUERY_BYTES} bytes. Shorten the filter."
        )
    path = scope["path"]
    if len(scope.get("raw_path") or path.encode("utf-8", "replace")) > MAX_PATH_BYTES:
        return error_response(400, "bad_request", f"The path is longer than {MAX_PATH_BYTES} bytes.")
    # Streamlit refuses these too, but not in the API's shape.
    if "\0" in path or "\\" in path or ".." in path.split("/") or path.startswith("//"):
        return error_response(400, "bad_request", "The path holds characters that no address here has.")
    return None


def _host_name(header: str) -> str:
    """A Host header without its port and brackets, in lower case."""
    header = header.strip().lower()
    if header.startswith("["):
        return header[1:].partition("]")[0]
    return header.rpartition(":")[0] if header.count(":") == 1 else header


def _is_address(name: str) -> bool:
    """Whether a host is given by its IP address."""
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True
