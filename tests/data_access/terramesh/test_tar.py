"""Walking tar archives: agrees with `tarfile` on sound ones, never fails on damaged ones."""

import io
import tarfile
import time

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from data_access.terramesh.tar import BLOCK, MAX_PROBLEMS, REGULAR_TYPES, TarEntry, walk
from tests.data_access.terramesh.writers import tar_bytes

FORMATS = {"ustar": tarfile.USTAR_FORMAT, "gnu": tarfile.GNU_FORMAT, "pax": tarfile.PAX_FORMAT}


def walked(data: bytes) -> tuple[list[TarEntry], list[str]]:
    problems: list[str] = []
    return list(walk(lambda offset, length: data[offset : offset + length], len(data), problems)), problems


def regular(entries: list[TarEntry]) -> list[tuple[str, int, int]]:
    return [(entry.name, entry.data_offset, entry.size) for entry in entries if entry.kind in REGULAR_TYPES]


def by_tarfile(data: bytes) -> list[tuple[str, int, int]]:
    with tarfile.open(fileobj=io.BytesIO(data)) as archive:
        return [(each.name, each.offset_data, each.size) for each in archive if each.isreg()]


names = st.text(st.characters(codec="utf-8", exclude_characters="\0/", exclude_categories=["Cs"]), min_size=1)
long_names = st.builds(
    lambda part, count: "/".join([part] * count), st.sampled_from(["ab", "Grün", "x" * 60]), st.integers(1, 6)
)


@pytest.mark.parametrize("form", FORMATS)
@given(
    members=st.dictionaries(names.filter(lambda name: len(name.encode()) <= 60) | long_names, st.binary(max_size=1200))
)
def test_agrees_with_tarfile(form: str, members: dict[str, bytes]) -> None:
    try:
        data = tar_bytes(members, FORMATS[form])
    except (ValueError, UnicodeEncodeError):
        return  # ustar can not store every name
    entries, problems = walked(data)
    assert regular(entries) == by_tarfile(data)
    assert problems == []


def test_links_folders_and_sparse_files_are_walked_over() -> None:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=tarfile.GNU_FORMAT) as archive:
        for name, kind in (("folder", tarfile.DIRTYPE), ("soft", tarfile.SYMTYPE), ("hard", tarfile.LNKTYPE)):
            header = tarfile.TarInfo(name)
            header.type = kind
            header.linkname = "target" * 40
            header.size = 700 if kind == tarfile.LNKTYPE else 0  # some writers leave a size on links
            archive.addfile(header)
        header = tarfile.TarInfo("after")
        header.size = 3
        archive.addfile(header, io.BytesIO(b"abc"))
    entries, problems = walked(buffer.getvalue())
    assert regular(entries) == by_tarfile(buffer.getvalue())
    assert [entry.name for entry in entries] == ["folder/", "soft", "hard", "after"]
    assert problems == []


def test_sizes_of_eight_gigabytes_and_more_are_read() -> None:
    header = tarfile.TarInfo("huge")
    header.size = 9 << 30
    for form in (tarfile.GNU_FORMAT, tarfile.PAX_FORMAT):
        data = header.tobuf(form)
        (entry,), problems = walked(data)
        assert entry.size == 9 << 30
        assert "inside 'huge'" in problems[0]


@pytest.mark.parametrize("cut", [1, 511, 512, 1024, 1500])
def test_truncation_keeps_what_is_before_it_and_is_named(cut: int) -> None:
    members = {f"file_{number}": bytes([number]) * 700 for number in range(5)}
    data = tar_bytes(members)
    end = 5 * (512 + 1024)
    entries, problems = walked(data[: end - cut])
    assert [name for name, offset, size in regular(entries) if offset + size <= end - cut][:4] == list(members)[:4]
    assert len(problems) == 1


def test_damaged_header_costs_one_member() -> None:
    members = {f"file_{number}": bytes([number]) * 700 for number in range(5)}
    data = bytearray(tar_bytes(members))
    data[2 * 1536 + 130] ^= 4
    entries, problems = walked(bytes(data))
    assert [entry.name for entry in entries] == ["file_0", "file_1", "file_3", "file_4"]
    assert problems == ["the header at byte 3072 is damaged (wrong checksum)"]


def test_nothing_at_all_is_a_problem() -> None:
    assert walked(b"") == ([], ["it ends at byte 0 without an end mark, so it is probably truncated"])


@pytest.mark.parametrize("form", FORMATS)
def test_thousands_of_flips_and_cuts_never_fail_and_never_hang(form: str) -> None:
    members = {f"{'folder/' * 20}file_{number}": bytes([number]) * 700 for number in range(6)}
    data = tar_bytes(members, FORMATS["gnu" if form == "ustar" else form])
    chance = np.random.default_rng(1)
    begun = time.monotonic()
    for _ in range(2000):
        damaged = bytearray(data)
        for _ in range(chance.choice([1, 2, 30])):
            damaged[chance.integers(len(damaged))] ^= 1 << int(chance.integers(8))
        cut = bytes(damaged[: chance.integers(len(damaged))] if chance.random() < 0.3 else damaged)
        entries, problems = walked(cut)
        assert len(entries) <= len(cut) // BLOCK
        assert len(problems) <= MAX_PROBLEMS + 1
        assert all(entry.data_offset <= len(cut) for entry in entries)
    assert time.monotonic() - begun < 20


@given(st.binary(max_size=4096))
def test_any_bytes_are_walked(data: bytes) -> None:
    entries, _ = walked(data)
    assert len(entries) <= len(data) // BLOCK


def test_garbage_of_many_megabytes_is_given_up_on() -> None:
    asked: list[int] = []

    def read(_: int, length: int) -> bytes:
        asked.append(length)
        return b"\x55" * length

    problems: list[str] = []
    assert list(walk(read, 1 << 40, problems)) == []
    assert sum(asked) < 70 << 20
    assert problems
