"""A setting that names one file: on the hub, by its address, or a path."""

from pathlib import Path

import pytest

from data_access.remote.download import download
from data_access.remote.single_file import find_file
from errors import RemoteError, SettingsError, SourceMissingError
from tests.data_access.remote.conftest import CONTENT
from tests.loopback_hub import LoopbackHub

NAME, REPOSITORY = "rows.parquet", "owner/rows"


@pytest.mark.parametrize("value", ["hf", "hf:owner/other", "{hub}/plain/rows.parquet"])
def test_file_is_found_fetched_and_found_again_without_its_server(hub: LoopbackHub, tmp_path: Path, value: str) -> None:
    hub.files.replace(NAME, CONTENT)
    value = value.format(hub=hub.url)
    file = find_file(value, repository=REPOSITORY, name=NAME, listings=tmp_path / "listings")
    assert file is not None
    assert (file.size, file.is_settled) == (len(CONTENT), True)
    assert download(file, tmp_path).read_bytes() == CONTENT
    hub.fail("status", status=500, times=1000)
    again = find_file(value, repository=REPOSITORY, name=NAME, listings=tmp_path / "listings")
    assert again == file
    assert download(again, tmp_path).read_bytes() == CONTENT
    with pytest.raises(RemoteError):
        find_file(value, repository=REPOSITORY, name=NAME, listings=tmp_path / "other")


def test_paths_are_left_to_the_caller(tmp_path: Path) -> None:
    assert find_file(str(tmp_path / NAME), repository=REPOSITORY, name=NAME) is None


def test_what_can_not_be_such_a_file_is_named(hub: LoopbackHub) -> None:
    with pytest.raises(SourceMissingError, match=r"owner/rows has no rows\.parquet"):
        find_file("hf", repository=REPOSITORY, name=NAME)
    with pytest.raises(SettingsError, match=r"is no \.parquet file"):
        find_file(f"{hub.url}/plain", repository=REPOSITORY, name=NAME)
    with pytest.raises(SourceMissingError):
        find_file(f"{hub.url}/plain/{NAME}", repository=REPOSITORY, name=NAME)


def test_changed_file_is_seen_at_the_next_start(hub: LoopbackHub, tmp_path: Path) -> None:
    found = []
    for content in (CONTENT, CONTENT[::-1]):
        hub.files.replace(NAME, content)
        file = find_file(f"{hub.url}/plain/{NAME}", repository=REPOSITORY, name=NAME, listings=tmp_path)
        assert file is not None
        found.append(download(file, tmp_path).read_bytes())
    assert found == [CONTENT, CONTENT[::-1]]
