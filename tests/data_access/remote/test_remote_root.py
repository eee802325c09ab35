"""A setting's value names a remote root, a folder, or nothing that can be read; addresses stay below their root."""

from urllib.parse import unquote, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data_access.remote.remote_file import GIT_BLOB, SHA256, RemoteFile
from data_access.remote.remote_root import HUB, RemoteRoot, parse_root
from errors import SettingsError

TERRAMESH = "ibm-esa-geospatial/TerraMesh"


@pytest.mark.parametrize(
    ("value", "repository", "revision"),
    [
        ("hf", TERRAMESH, "main"),
        ("hf:", None, None),
        ("hf:owner/name", "owner/name", "main"),
        ("hf:owner/na.me-2_x@v1.0", "owner/na.me-2_x", "v1.0"),
        ("hf:owner/name@refs/pr/3", "owner/name", "refs/pr/3"),
        ("hf://datasets/owner/name", "owner/name", "main"),
        ("hf://datasets/owner/name/", "owner/name", "main"),
        ("hf:owner", None, None),
        ("hf:owner/name/more", None, None),
        ("hf:owner/../name", None, None),
    ],
)
def test_repositories(value: str, repository: str | None, revision: str | None) -> None:
    if repository is None:
        with pytest.raises(SettingsError, match="owner/name@revision"):
            parse_root(value)
        return
    assert parse_root(value) == RemoteRoot("hf", HUB, repository, str(revision))


def test_endpoint_is_read_at_every_call(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_ENDPOINT", "https://mirror.example/hf/")
    root = parse_root("hf")
    assert root is not None
    assert root.file_url("val/DEM/x.tar", revision="abc") == (
        f"https://mirror.example/hf/datasets/{TERRAMESH}/resolve/abc/val/DEM/x.tar"
    )
    assert root.tree_url("abc") == f"https://mirror.example/hf/api/datasets/{TERRAMESH}/tree/abc?recursive=true"
    monkeypatch.delenv("HF_ENDPOINT")
    assert parse_root("hf") == RemoteRoot("hf", HUB, TERRAMESH)


@pytest.mark.parametrize("value", ["https://data.example/terramesh/", "http://127.0.0.1:8000/a%20b", "https://x"])
def test_http_roots(value: str) -> None:
    root = parse_root(value)
    assert root is not None
    assert (root.kind, root.address) == ("https", value.rstrip("/"))
    assert root.name in ("terramesh", "a%20b", "x")


@pytest.mark.parametrize("value", ["/data/terramesh", "terramesh", "C:\\data", "hf-data", "~/x", "./hf", "https", "s3"])
def test_folders_are_no_remote_roots(value: str) -> None:
    assert parse_root(value) is None


@pytest.mark.parametrize(
    "value",
    [
        *("s3://bucket/x", "gs://bucket", "ftp://host/x", "az://x", "file:///x", "https:///x"),
        *("https://me:secret@host/x", "https://host/x?token=secret", "https://host/x#y"),
        *("https://[::1/x", "https://host:port/x", "https://host:99999/x", "https://me:secret@[::1/x"),
    ],
)
def test_other_stores_are_refused_without_showing_secrets(value: str) -> None:
    with pytest.raises(SettingsError) as caught:
        parse_root(value)
    assert "secret" not in str(caught.value)


@given(relative=st.text(max_size=40))
def test_no_path_leads_out_of_its_root(relative: str) -> None:
    for root in (RemoteRoot("https", "https://host.example/data"), RemoteRoot("hf", HUB, "o/n")):
        try:
            url = root.file_url(relative)
        except (ValueError, UnicodeEncodeError):
            continue
        parts = urlsplit(url)
        base = "/data/" if root.kind == "https" else "/datasets/o/n/resolve/main/"
        assert (parts.scheme, parts.netloc) == ("https", urlsplit(root.address).netloc)
        assert (parts.query, parts.fragment) == ("", "")
        assert parts.path.startswith(base)
        assert unquote(parts.path.removeprefix(base)) == relative
        assert ".." not in relative.split("/")


def test_identity_outlives_a_new_commit_where_the_hash_is_known() -> None:
    one, two = (RemoteFile(f"https://h/{commit}/x.tar", "x.tar", 5, f"{SHA256}ab") for commit in "12")
    assert one.identity == two.identity
    assert one.identity != RemoteFile(one.url, "x.tar", 5, f"{SHA256}cd").identity
    assert one.identity != RemoteFile(one.url, "y.tar", 5, one.etag).identity
    plain, other = (RemoteFile(f"https://h/{commit}/x.tar", "x.tar", 5, '"ab"') for commit in "12")
    assert plain.identity != other.identity


def test_what_an_etag_is() -> None:
    large, small = RemoteFile("u", "x", 1, f"{SHA256}ab"), RemoteFile("u", "x", 1, f"{GIT_BLOB}cd")
    plain, unknown = RemoteFile("u", "x", 1, '"sha"'), RemoteFile("u", "x")
    assert [file.content_hash for file in (large, small, plain, unknown)] == ["ab", "cd", None, None]
    assert [file.validator for file in (large, small, plain, unknown)] == [None, None, '"sha"', None]
    assert [file.is_settled for file in (large, small, plain, unknown)] == [True, True, True, False]
