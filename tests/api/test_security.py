"""What stands before every request: names, sizes, and the headers that every answer has."""

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.testclient import TestClient
from starlette.websockets import WebSocket, WebSocketDisconnect

from api.security import AllowedHosts, Security


async def page(_request: Request) -> Response:
    return PlainTextResponse("page")


async def stream(websocket: WebSocket) -> None:
    await websocket.accept()
    await websocket.send_text("hello")
    await websocket.close()


def client_of(hosts: AllowedHosts) -> TestClient:
    routes = [Route("/", page), Route("/api/thing", page), Route("/api/docs", page), WebSocketRoute("/stream", stream)]
    return TestClient(
        Security(Starlette(routes=routes), hosts=hosts, policy="default-src 'self'"), "http://localhost:1"
    )


@pytest.mark.parametrize(
    ("host", "public", "header", "allowed"),
    [
        ("127.0.0.1", "", "localhost:8501", True),
        ("127.0.0.1", "", "LOCALHOST", True),
        ("127.0.0.1", "", "127.0.0.1:9", True),
        ("127.0.0.1", "", "[::1]:8501", True),
        ("127.0.0.1", "", "evil.example:8501", False),
        ("127.0.0.1", "", "localhost.evil.example", False),
        ("127.0.0.1", "", "192.168.1.7:8501", False),
        ("127.0.0.1", "", "", False),
        ("patches.example", "", "patches.example", True),
        ("0.0.0.0", "", "192.168.1.7:8501", True),  # noqa: S104
        ("0.0.0.0", "", "[2001:db8::7]", True),  # noqa: S104
        ("0.0.0.0", "", "evil.example", False),  # noqa: S104
        ("127.0.0.1", "patches.example, other.example", "other.example:443", True),
        ("127.0.0.1", "*", "anything.example", True),
    ],
)
def test_only_names_of_this_server_are_answered(host: str, public: str, header: str, *, allowed: bool) -> None:
    assert AllowedHosts.of(host, public).allow(header) is allowed


def test_a_foreign_name_gets_nothing() -> None:
    client = client_of(AllowedHosts.of("127.0.0.1"))
    refused = client.get("/", headers={"Host": "evil.example"})
    assert (refused.status_code, refused.json()["error"]) == (400, "bad_host")
    with pytest.raises(WebSocketDisconnect), client.websocket_connect("/stream", headers={"Host": "evil.example"}):
        pass
    with client.websocket_connect("/stream", headers={"Host": "localhost:8501"}) as opened:
        assert opened.receive_text() == "hello"


def test_every_answer_has_the_headers() -> None:
    client = client_of(AllowedHosts.of("127.0.0.1"))
    for path, policy in (("/", "default-src 'self'"), ("/api/thing", "default-src 'none'"), ("/api/docs", "'self'")):
        headers = client.get(path).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "same-origin"
        assert policy in headers["content-security-policy"]


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("/api/thing?text=" + "x" * 50_000, 413, "too_large"),
        ("/api/" + "x" * 5000, 400, "bad_request"),
        ("/api/%2e%2e/%2e%2e/etc/passwd", 400, "bad_request"),
        ("/api/a%00b", 400, "bad_request"),
        ("/api/..%5c..%5cetc", 400, "bad_request"),
        ("//etc/passwd", 400, "bad_request"),
    ],
)
def test_what_is_too_long_or_climbs_is_refused(path: str, status: int, code: str) -> None:
    answer = client_of(AllowedHosts.of("127.0.0.1")).get("http://localhost" + path)
    assert (answer.status_code, answer.json()["error"]) == (status, code)
    assert answer.headers["x-content-type-options"] == "nosniff"
