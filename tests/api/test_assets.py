"""Assets: only what is meant to be served, kept for a year where the address names the content."""

import gzip
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.routing import Mount, Route
from starlette.testclient import TestClient

from api.assets import HashedFiles, MadeFile, content_hash
from errors import SourceMissingError

CONTENT = b'{"type": "FeatureCollection", "features": []}' * 100


def missing() -> bytes:
    raise SourceMissingError("No countries at node_modules/world-atlas. Run make app.")


@pytest.fixture
def assets(tmp_path: Path) -> TestClient:
    """Two modules, a secret, a made file and one that can not be made."""
    (tmp_path / "map").mkdir()
    (tmp_path / "map" / "map.js").write_bytes(b"export default 1;")
    (tmp_path / "map" / "component.py").write_bytes(b"secret = 1")
    made = MadeFile(lambda: CONTENT, "application/geo+json")
    routes = [
        Mount("/files", HashedFiles(tmp_path, (".js", ".css"))),
        Route("/made", made.answer),
        Route("/missing", MadeFile(missing, "application/geo+json").answer),
    ]
    return TestClient(Starlette(routes=routes))


def test_modules_are_served_and_nothing_else(assets: TestClient) -> None:
    answer = assets.get("/files/map/map.js")
    assert (answer.status_code, answer.content) == (200, b"export default 1;")
    assert answer.headers["content-type"].startswith(("text/javascript", "application/javascript"))
    for path in ("map/component.py", "map/", "map/nothing.js", "../conftest.py", "%2e%2e/conftest.py"):
        assert assets.get(f"/files/{path}").status_code == 404


def test_the_hash_in_the_address_makes_it_last(assets: TestClient, tmp_path: Path) -> None:
    good = content_hash(b"export default 1;")
    assert "immutable" in assets.get(f"/files/map/map.js?v={good}").headers["cache-control"]
    for query in ("", "?v=", "?v=0123456789abcdef"):
        assert "no-cache" in assets.get(f"/files/map/map.js{query}").headers["cache-control"]
    (tmp_path / "map" / "map.js").write_bytes(b"export default 2;")
    assert "no-cache" in assets.get(f"/files/map/map.js?v={good}").headers["cache-control"]


def test_an_unchanged_module_is_confirmed(assets: TestClient) -> None:
    etag = assets.get("/files/map/map.js").headers["etag"]
    assert assets.get("/files/map/map.js", headers={"If-None-Match": etag}).status_code == 304


def test_a_made_file_is_compressed_once_and_confirmed(assets: TestClient) -> None:
    with assets.stream("GET", "/made", headers={"Accept-Encoding": "gzip"}) as packed:
        raw = b"".join(packed.iter_raw())
        assert packed.headers["content-encoding"] == "gzip"
    assert gzip.decompress(raw) == CONTENT
    plain = assets.get("/made", headers={"Accept-Encoding": "identity"})
    assert "content-encoding" not in plain.headers
    assert plain.content == CONTENT
    assert assets.get("/made", headers={"If-None-Match": plain.headers["etag"]}).status_code == 304
    assert "immutable" in assets.get(f"/made?v={content_hash(CONTENT)}").headers["cache-control"]


def test_a_file_that_can_not_be_made_says_why(assets: TestClient) -> None:
    answer = assets.get("/missing")
    assert (answer.status_code, answer.json()["error"]) == (503, "source_missing")
