"""Bounded zip reading: agrees with `zipfile` on sound archives, refuses lies and bombs."""

import io
import struct
import zipfile

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from data_access.terramesh.zip_archive import MAX_DIRECTORY_BYTES, ZipArchive
from errors import PatchworkError, SampleFormatError
from tests.data_access.terramesh.writers import member_bytes, zip_bytes

METHODS = {"stored": zipfile.ZIP_STORED, "deflated": zipfile.ZIP_DEFLATED}
names = st.text(st.characters(codec="utf-8", exclude_characters="\0/\\.", exclude_categories=["Cs"]), min_size=1)


def opened(data: bytes) -> ZipArchive:
    return ZipArchive(io.BytesIO(data))


@pytest.mark.parametrize("method", METHODS)
@given(files=st.dictionaries(names, st.binary(max_size=300)), before=st.binary(max_size=20))
def test_agrees_with_zipfile(method: str, files: dict[str, bytes], before: bytes) -> None:
    archive = opened(before + zip_bytes(files, METHODS[method]))
    assert {name: archive.read(name) for name in archive.names} == files


def test_of_duplicate_names_the_last_counts() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(".zmetadata", b"old")
        with pytest.warns(UserWarning, match="Duplicate name"):
            archive.writestr(".zmetadata", b"newer")
    assert opened(buffer.getvalue()).read(".zmetadata") == b"newer"


def test_streamed_archives_are_read() -> None:
    """Writers that can not seek put sizes after the data, and zeros before it."""

    class Pipe(io.RawIOBase):
        written = b""

        def writable(self) -> bool:
            return True

        def write(self, data: bytes) -> int:  # type: ignore[override]
            self.written += bytes(data)
            return len(data)

    pipe = Pipe()
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a", b"abc" * 100)
        with archive.open("b", "w", force_zip64=True) as file:
            file.write(b"large")
    assert opened(pipe.written).read("a") == b"abc" * 100
    assert opened(pipe.written).read("b") == b"large"


def test_missing_file_is_named() -> None:
    with pytest.raises(SampleFormatError, match="no 'bands/0"):
        opened(zip_bytes({"a": b""})).read("bands/0.0.0.0")


@pytest.mark.parametrize("name", ["../a", "a/../../b", "/etc/passwd", "..\\a", "a\\..\\b"])
def test_names_outside_the_folder_are_refused(name: str) -> None:
    with pytest.raises(SampleFormatError, match="outside its folder"):
        opened(zip_bytes({name: b""}))


def test_other_compression_is_refused() -> None:
    with pytest.raises(SampleFormatError, match="compressed by method 14"):
        opened(zip_bytes({"a": b"abc"}, zipfile.ZIP_LZMA)).read("a")


def test_encrypted_files_are_refused() -> None:
    data = bytearray(zip_bytes({"a": b"abc"}))
    data[6] |= 1
    directory = data.index(b"PK\1\2")
    data[directory + 8] |= 1
    with pytest.raises(SampleFormatError, match="encrypted"):
        opened(bytes(data)).read("a")


def test_bomb_is_refused_before_it_is_inflated() -> None:
    data = zip_bytes({"a": b"\0" * (40 << 20)}, zipfile.ZIP_DEFLATED)
    with pytest.raises(SampleFormatError, match="zip bomb"):
        opened(data).read("a")


def test_blank_chip_is_no_bomb() -> None:
    blank = b"\0" * (13 * 264 * 264 * 2)
    assert opened(zip_bytes({"a": blank}, zipfile.ZIP_DEFLATED)).read("a") == blank


def test_content_beyond_the_promise_is_not_inflated() -> None:
    data = bytearray(zip_bytes({"a": b"\0" * (7 << 20)}, zipfile.ZIP_DEFLATED))
    directory = data.index(b"PK\1\2")
    for offset in (22, directory + 24):
        struct.pack_into("<I", data, offset, 10)
    with pytest.raises(SampleFormatError, match="damaged"):
        opened(bytes(data)).read("a")


@pytest.mark.parametrize(("offset", "value"), [(18, 4), (22, 4), (14, 7), (8, 8)])
def test_local_header_that_contradicts_the_directory_is_refused(offset: int, value: int) -> None:
    data = bytearray(zip_bytes({"a": b"abc"}))
    data[offset] = value
    with pytest.raises(SampleFormatError, match="contradicts itself about 'a'"):
        opened(bytes(data)).read("a")


def test_damaged_content_is_refused() -> None:
    data = zip_bytes({"a": b"abc"}).replace(b"abc", b"abd")
    with pytest.raises(SampleFormatError, match="checksum is wrong"):
        opened(data).read("a")


def test_huge_directory_is_refused_before_it_is_parsed() -> None:
    data = bytearray(zip_bytes({"a": b"abc"}))
    end = data.rindex(b"PK\5\6")
    struct.pack_into("<I", data, end + 12, MAX_DIRECTORY_BYTES + 1)
    with pytest.raises(SampleFormatError, match="directory claims"):
        opened(bytes(data))


@given(st.binary(max_size=300))
def test_any_bytes_give_a_named_error(data: bytes) -> None:
    with pytest.raises(SampleFormatError):
        opened(data)


def test_thousands_of_flips_give_content_or_a_named_error() -> None:
    sound = zip_bytes({f"file_{number}": bytes([number]) * 40 for number in range(4)}, zipfile.ZIP_DEFLATED)
    chance = np.random.default_rng(0)
    outcomes = {True: 0, False: 0}
    for _ in range(4000):
        data = bytearray(sound)
        for _ in range(chance.choice([1, 2, 10])):
            data[chance.integers(len(data))] ^= 1 << int(chance.integers(8))
        try:
            archive = opened(bytes(data))
            contents = [archive.read(name) for name in archive.names]
        except PatchworkError:
            outcomes[False] += 1
        else:
            outcomes[True] += 1
            assert all(len(content) < 1 << 20 for content in contents)
    assert min(outcomes.values()) > 100


def test_a_member_as_published_is_read_whole() -> None:
    data = member_bytes("S2L2A")
    with zipfile.ZipFile(io.BytesIO(data)) as oracle:
        archive = opened(data)
        assert {name: archive.read(name) for name in archive.names} == {n: oracle.read(n) for n in oracle.namelist()}
