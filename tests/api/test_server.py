"""The running app: pages and API in one process, the same from any folder, asking nobody else for anything."""

import re
import socket
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect
from websockets.typing import Origin, Subprotocol

from tests.running_app import running_app


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """The app with nothing but a broken TerraMesh folder and no demo collection, started from a foreign folder."""
    empty = tmp_path_factory.mktemp("empty")
    settings = {
        "PATCHWORK_TERRAMESH": str(empty / "nothing-here"),
        "PATCHWORK_CACHE_DIR": str(tmp_path_factory.mktemp("cache")),
    }
    with running_app(settings, empty) as client:
        yield client


def test_it_serves_even_without_any_data(served: httpx.Client) -> None:
    body = served.get("/api/health").json()
    assert body["collections"]["terramesh"]["error"] == "source_missing"
    assert "nothing-here" in body["collections"]["terramesh"]["message"]
    answer = served.get("/api/terramesh/count")
    assert (answer.status_code, answer.json()["error"]) == (503, "source_missing")
    assert served.get("/").status_code == 200
    assert served.get("/_stcore/health").text == "ok"


def test_pages_and_assets_carry_the_security_headers(served: httpx.Client) -> None:
    for path in ("/", "/api/health", "/assets/deck/index.js", "/static/nothing.js"):
        headers = served.get(path).headers
        assert headers["x-content-type-options"] == "nosniff"
        policy = headers["content-security-policy"]
        assert "http" not in policy, "the policy must name no other host"
        assert "'unsafe-eval'" not in policy.split()


def test_a_foreign_host_name_is_refused(served: httpx.Client) -> None:
    for path in ("/", "/api/health", "/_stcore/health"):
        answer = served.get(path, headers={"Host": "evil.example"})
        assert (answer.status_code, answer.json()["error"]) == (400, "bad_host")


def test_a_foreign_page_gets_no_session(served: httpx.Client) -> None:
    host = f"{served.base_url.host}:{served.base_url.port}"
    address, spoken = f"ws://{host}/_stcore/stream", [Subprotocol("streamlit")]
    with connect(address, origin=Origin(f"http://{host}"), subprotocols=spoken):
        pass
    for origin in ("http://evil.example", f"http://{served.base_url.host}.evil.example", "null"):
        with pytest.raises(InvalidStatus):
            connect(address, origin=Origin(origin), subprotocols=spoken)


def test_deck_runtime_and_basemap_come_from_here(served: httpx.Client) -> None:
    runtime = served.get("/assets/deck/index.js")
    assert "javascript" in runtime.headers["content-type"]
    assert len(runtime.content) > 1_000_000
    countries = served.get("/assets/countries.geojson")
    if countries.status_code == 503:
        assert countries.json()["error"] == "source_missing"
    else:
        assert countries.headers["content-type"].startswith("application/geo+json")
        assert len(countries.json()["features"]) > 150


def test_the_documentation_loads_nothing_from_elsewhere(served: httpx.Client) -> None:
    page = served.get("/api/docs")
    assert page.status_code == 200
    assert not re.search(r"""(src|href)=["']?(https?:)?//""", page.text)
    for address in re.findall(r'(?:src|href)="(/[^"]+)"', page.text):
        assert served.get(address).status_code == 200, address
    assert served.get("/api/openapi.json").json()["info"]["title"] == "Patchwork"
    assert "default-src 'none'" in page.headers["content-security-policy"]


@pytest.mark.parametrize(
    "path",
    [
        "/api/nothing",
        "/api/nowhere/count",
        "/api/%2e%2e/etc/passwd",
        "/api/terramesh/samples/%00",
        "/api/../etc/passwd",
    ],
)
def test_every_error_below_api_has_the_one_shape(served: httpx.Client, path: str) -> None:
    with socket.create_connection((served.base_url.host, served.base_url.port)) as raw:
        raw.sendall(f"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".encode())
        answer = b"".join(iter(lambda: raw.recv(65536), b""))
    assert answer.startswith((b"HTTP/1.1 400", b"HTTP/1.1 404"))
    assert b'"retryable":false' in answer


def test_a_request_line_of_half_a_megabyte_hurts_nobody(served: httpx.Client) -> None:
    with socket.create_connection((served.base_url.host, served.base_url.port)) as raw:
        raw.settimeout(10)
        try:
            raw.sendall(b"GET /api/terramesh/count?text=" + b"x" * 524_288 + b" HTTP/1.1\r\nHost: localhost\r\n\r\n")
            assert raw.recv(100).startswith(b"HTTP/1.1 4")
        except (BrokenPipeError, ConnectionResetError):
            pass  # refused before all of it was sent
    assert served.get("/api/health").status_code == 200


def test_component_files_are_served(served: httpx.Client) -> None:
    assert served.get("/assets/components/viewer/viewer.js").status_code == 200
    assert served.get("/assets/components/urls.py").status_code == 404
    assert served.get("/assets/components/%2e%2e/app.py").status_code == 400
    assert served.get("/assets/nothing.js").status_code == 404


def test_no_full_path_leaves_the_server(served: httpx.Client) -> None:
    root = str(Path(__file__).resolve().parent.parent.parent)
    for path in ("/api/health", "/api/terramesh/count", "/api/bigearthnet/count", "/api/openapi.json"):
        assert root not in served.get(path).text
