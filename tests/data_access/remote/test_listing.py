"""What lies below a root: by the hub's pages, kept for starts without it; by the folder pages of plain servers."""

import hashlib
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data_access.remote.folder_pages import _name, names_in
from data_access.remote.hub_listing import list_hub
from data_access.remote.listing import Listing, keep, kept
from data_access.remote.remote_file import GIT_BLOB, SHA256, RemoteFile
from data_access.remote.remote_root import RemoteRoot, parse_root
from errors import AccessDeniedError, OfflineError, PatchworkError, RemoteError, SourceMissingError
from tests.data_access.remote.conftest import CONTENT, PATH
from tests.loopback_faults import FaultKind
from tests.loopback_hub import LISTING_STYLES, LoopbackHub


def hub_root(value: str = "hf:owner/name") -> RemoteRoot:
    root = parse_root(value)
    assert root is not None
    return root


def test_all_pages_are_read_and_every_address_names_the_commit(hub: LoopbackHub) -> None:
    hub.page_size = 2
    for number in range(5):
        hub.files.replace(f"val/DEM/extra {number}.tar", b"x")
    listing = list_hub(hub_root(), None)
    assert len(listing.files) == 7
    assert listing.commit == hub.files.commit()
    assert all(f"/resolve/{listing.commit}/" in file.url for file in listing.files)
    shard = next(file for file in listing.files if file.relative == PATH)
    assert (shard.size, shard.etag) == (len(CONTENT), f"{SHA256}{hashlib.sha256(CONTENT).hexdigest()}")
    readme = next(file for file in listing.files if file.relative == "README.md")
    assert (readme.etag or "").startswith(GIT_BLOB)
    assert len(hub.asked("/tree/")) > 3


def test_unchanged_repository_costs_one_request(hub: LoopbackHub, tmp_path: Path) -> None:
    first = list_hub(hub_root(), tmp_path)
    hub.forget()
    assert list_hub(hub_root(), tmp_path) == first
    assert len(hub.log) == 1
    hub.forget()
    pinned = hub_root(f"hf:owner/name@{first.commit}")
    assert list_hub(pinned, tmp_path).files == first.files
    assert len(hub.asked("/revision/")) == 0
    hub.forget()
    assert list_hub(pinned, tmp_path).files == first.files
    assert hub.log == []


def test_changed_repository_is_listed_anew(hub: LoopbackHub, tmp_path: Path) -> None:
    list_hub(hub_root(), tmp_path)
    hub.files.replace("val/DEM/new.tar", b"new")
    assert "val/DEM/new.tar" in [file.relative for file in list_hub(hub_root(), tmp_path).files]


def test_next_start_works_without_the_hub(hub: LoopbackHub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = list_hub(hub_root(), tmp_path)
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    offline = list_hub(hub_root(), tmp_path)
    assert offline.files == first.files
    assert "HF_HUB_OFFLINE is set" in offline.notes[0]
    with pytest.raises(OfflineError):
        list_hub(hub_root(), None)
    monkeypatch.delenv("HF_HUB_OFFLINE")
    hub.fail("status", at="api", status=500, times=100)
    unreachable = list_hub(hub_root(), tmp_path)
    assert unreachable.files == first.files
    assert "can not be reached" in unreachable.notes[0]
    with pytest.raises(RemoteError):
        list_hub(hub_root("hf:owner/other"), tmp_path)


def test_what_the_hub_refuses_is_not_hidden_by_what_is_kept(hub: LoopbackHub, tmp_path: Path) -> None:
    list_hub(hub_root(), tmp_path)
    with pytest.raises(SourceMissingError, match="revision gone"):
        list_hub(hub_root("hf:owner/name@gone"), tmp_path)
    hub.token = "hf_of_somebody_else"  # noqa: S105 - of nobody
    with pytest.raises(AccessDeniedError, match="HF_TOKEN"):
        list_hub(hub_root(), tmp_path)


@pytest.mark.parametrize("kind", ["not json", "status"])
def test_page_that_can_not_be_read_is_a_named_error(hub: LoopbackHub, kind: FaultKind) -> None:
    hub.fail(kind, at="api", times=100, match="/tree/")
    with pytest.raises(RemoteError):
        list_hub(hub_root(), None)


@pytest.mark.parametrize("content", ["", "{}", "[]", '{"format": 1}', '{"format": 1, "files": [{}]}', "\0", "null"])
@pytest.mark.usefixtures("hub")
def test_broken_listing_on_disk_is_made_anew(tmp_path: Path, content: str) -> None:
    first = list_hub(hub_root(), tmp_path)
    (file,) = tmp_path.glob("*.json")
    file.write_text(content)
    assert list_hub(hub_root(), tmp_path).files == first.files


def test_listing_that_can_not_be_kept_costs_nothing(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    listing = Listing.of_now([RemoteFile("u", "x", 1, "e")])
    keep(listing, hub_root(), tmp_path / "file")
    assert kept(hub_root(), tmp_path / "file") is None
    keep(listing, hub_root(), tmp_path)
    assert kept(hub_root(), tmp_path) == listing
    assert kept(replace(hub_root(), revision="other"), tmp_path) is None


@pytest.mark.parametrize("style", LISTING_STYLES)
def test_folder_pages_of_plain_servers(hub: LoopbackHub, style: str) -> None:
    hub.listing = style
    hub.files.replace("val/DEM/a name & more.tar", b"x")
    root = RemoteRoot("https", f"{hub.url}/plain")
    assert names_in(root, "") == ({"val"}, {"README.md"})
    assert names_in(root, "val") == ({"DEM"}, set())
    assert names_in(root, "val/DEM") == (set(), {"a name & more.tar", "majortom_shard_000001.tar"})


def test_server_without_folder_pages_lists_nothing(hub: LoopbackHub) -> None:
    hub.listing = None
    assert names_in(RemoteRoot("https", f"{hub.url}/plain"), "") == (set(), set())


@pytest.mark.parametrize(
    ("target", "name"),
    [
        ("x.tar", "x.tar"),
        ("./x.tar", "x.tar"),
        ("/data/x.tar", "x.tar"),
        ("https://host.example/data/x.tar", "x.tar"),
        ("sub/", "sub/"),
        ("a%20b.tar", "a b.tar"),
        ("../", None),
        ("/", None),
        ("?C=N;O=D", None),
        ("#top", None),
        ("sub/x.tar", None),
        ("a%2Fb.tar", None),
        ("%2e%2e/", None),
        (".hidden", None),
        ("https://other.example/data/x.tar", None),
        ("http://host.example/data/x.tar", None),
        ("javascript:alert(1)", None),
        ("mailto:a@b", None),
        ("//[", None),
    ],
)
def test_links_that_are_names_of_the_folder(target: str, name: str | None) -> None:
    assert _name("https://host.example/data/", target) == name


@given(target=st.text(max_size=30))
def test_no_link_leads_out_of_the_folder(target: str) -> None:
    root, name = RemoteRoot("https", "https://host.example/data"), _name("https://host.example/data/", target)
    if name is None:
        return
    assert "/" not in name.rstrip("/")
    try:
        url = root.file_url(name.rstrip("/"))
    except (ValueError, UnicodeEncodeError):
        return
    assert url.startswith("https://host.example/data/")


def test_errors_of_a_server_are_not_taken_for_an_empty_folder(hub: LoopbackHub) -> None:
    hub.fail("status", at="plain", status=500, times=100)
    with pytest.raises(PatchworkError):
        names_in(RemoteRoot("https", f"{hub.url}/plain"), "")
