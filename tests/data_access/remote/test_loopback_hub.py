"""The hub that the other tests speak to is like the real one: the hub's own client can not tell."""

from pathlib import Path

import httpx
import pytest
from huggingface_hub import HfApi, RepoFile, hf_hub_download

from data_access.remote.hub_listing import list_hub
from data_access.remote.remote_root import parse_root
from tests.data_access.remote.conftest import CONTENT, PATH
from tests.loopback_hub import LoopbackHub, VirtualFile, loopback_hub


def test_listing_is_that_of_the_hubs_own_client(hub: LoopbackHub) -> None:
    hub.page_size = 2
    root = parse_root("hf:owner/name")
    assert root is not None
    listing = list_hub(root, None)
    api = HfApi(endpoint=hub.url, token=False)
    assert api.dataset_info("owner/name", revision="main").sha == listing.commit
    entries = api.list_repo_tree("owner/name", repo_type="dataset", recursive=True, revision=listing.commit)
    theirs = {entry.path: entry for entry in entries if isinstance(entry, RepoFile)}
    assert theirs.keys() == {file.relative for file in listing.files}
    for file in listing.files:
        entry = theirs[file.relative]
        assert file.size == entry.size
        assert file.content_hash == (entry.lfs.sha256 if entry.lfs else entry.blob_id)


@pytest.mark.parametrize("path", [PATH, "README.md"])
def test_download_is_that_of_the_hubs_own_client(hub: LoopbackHub, tmp_path: Path, root: Path, path: str) -> None:
    fetched = hf_hub_download(
        "owner/name", path, repo_type="dataset", endpoint=hub.url, cache_dir=tmp_path / "hf", token=False
    )
    assert Path(fetched).read_bytes() == (root / path).read_bytes()
    assert [request.status for request in hub.log if request.status >= 400] == []


def test_files_that_exist_nowhere_are_served_in_parts() -> None:
    def read(offset: int, length: int) -> bytes:
        return bytes((offset + index) % 251 for index in range(length))

    with loopback_hub(files={"a/large.tar": VirtualFile(6_000_000_000, read)}) as hub:
        url = f"{hub.url}/datasets/o/n/resolve/main/a/large.tar"
        answer = httpx.get(url, headers={"Range": "bytes=5000000000-5000000099"}, follow_redirects=True)
        assert (answer.status_code, answer.content) == (206, read(5_000_000_000, 100))
        assert answer.headers["Content-Range"] == "bytes 5000000000-5000000099/6000000000"
        beyond = httpx.get(url, headers={"Range": "bytes=6000000000-"}, follow_redirects=True)
        assert (beyond.status_code, beyond.headers["Content-Range"]) == (416, "bytes */6000000000")


def test_signatures_are_checked(hub: LoopbackHub) -> None:
    good = f"{hub.storage_url}/signed/{PATH}?{hub.sign(PATH)}"
    assert httpx.get(good).content == CONTENT
    for bad in (good[:-1], good.replace("Expires=1", "Expires=2"), f"{hub.storage_url}/signed/{PATH}"):
        assert httpx.get(bad).status_code == 403
    other = good.replace(PATH, "README.md")
    assert httpx.get(other).status_code == 403
