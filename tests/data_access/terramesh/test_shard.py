"""The members of a shard: samples only, each once, whatever else lies in it."""

import gzip
import tarfile

import pytest

from data_access.terramesh.shard import ShardListing, list_members
from tests.data_access.terramesh.writers import tar_bytes

KEYS = ("majortom_val_0000001", "majortom_val_0000002", "ssl4eos12_val_0080385")


def listed(data: bytes) -> ShardListing:
    return list_members(lambda offset, length: data[offset : offset + length], len(data), "val/DEM/a.tar")


def test_members_point_at_their_bytes() -> None:
    contents = {f"{key}.zarr.zip": key.encode() * 50 for key in KEYS}
    data = tar_bytes(contents)
    listing = listed(data)
    assert [member.key for member in listing.members] == list(KEYS)
    for member in listing.members:
        assert data[member.data_offset : member.data_offset + member.size] == contents[member.name]
    assert listing.notes == ()
    assert listing.problem is None


def test_members_in_folders_count() -> None:
    (member,) = listed(tar_bytes({f"./val/{KEYS[0]}.zarr.zip": b"1"})).members
    assert member.key == KEYS[0]


def test_foreign_files_are_skipped_and_noted() -> None:
    data = tar_bytes(
        {
            "README.md": b"read me",
            f"{KEYS[0]}.zarr.zip": b"1",
            f"._{KEYS[0]}.zarr.zip": b"resource fork",
            f"{KEYS[0]}.json": b"{}",
            "../../etc/passwd.zarr.zip": b"a plain name once its folders are gone",
            "with blank.zarr.zip": b"",
        }
    )
    listing = listed(data)
    assert [member.key for member in listing.members] == [KEYS[0], "passwd"]
    assert listing.notes == ("val/DEM/a.tar: 4 file(s) that are no samples were skipped (such as 'README.md').",)
    assert listing.problem is None


def test_of_two_members_with_one_key_the_last_counts() -> None:
    twice = tar_bytes({f"{KEYS[0]}.zarr.zip": b"old"}).rstrip(b"\0")
    twice += b"\0" * (-len(twice) % 512) + tar_bytes({f"{KEYS[0]}.zarr.zip": b"newer"})
    listing = listed(twice)
    (member,) = listing.members
    assert twice[member.data_offset : member.data_offset + member.size] == b"newer"
    assert "occur more than once" in listing.notes[0]


def test_truncated_shard_keeps_whole_members_and_names_the_problem() -> None:
    data = tar_bytes({f"{key}.zarr.zip": b"x" * 2000 for key in KEYS}, tarfile.PAX_FORMAT)
    listing = listed(data[: 2 * 2560 + 700])
    assert [member.key for member in listing.members] == list(KEYS[:2])
    assert listing.problem is not None
    assert "val/DEM/a.tar is damaged: it ends at byte 5820, inside 'ssl4eos12_val_0080385.zarr.zip'" in listing.problem


def test_a_compressed_shard_is_named() -> None:
    assert "compressed with gzip" in str(listed(gzip.compress(tar_bytes({"k_1.zarr.zip": b"x"}))).problem)


@pytest.mark.parametrize("content", [b"version https://git-lfs.github.com/spec/v1\noid sha256:1\nsize 2\n"])
def test_pointer_instead_of_the_file_is_named(content: bytes) -> None:
    assert "Git LFS pointer" in str(listed(content).problem)


def test_web_page_instead_of_the_file_is_no_shard() -> None:
    assert "damaged" in str(listed(b"<html>" + b"busy " * 1000).problem)
