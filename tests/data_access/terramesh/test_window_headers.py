"""Windows cut from anywhere show the headers of a tar archive that begin in them, and nothing else."""

import io
import tarfile

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from data_access.terramesh.shard import list_members
from data_access.terramesh.window_headers import chains_in
from tests.data_access.terramesh.writers import tar_bytes

MEMBERS = {f"majortom_val_{number:07d}.zarr.zip": bytes([number]) * (number * 331) for number in range(1, 30)}
FORMATS = (tarfile.USTAR_FORMAT, tarfile.GNU_FORMAT, tarfile.PAX_FORMAT)


def listing(data: bytes) -> dict[str, tuple[int, int]]:
    members = list_members(lambda offset, length: data[offset : offset + length], len(data), "a").members
    return {each.key: (each.data_offset, each.size) for each in members}


@pytest.mark.parametrize("form", FORMATS)
@given(begin=st.integers(0, 280), length=st.integers(0, 280))
def test_headers_in_a_window_are_those_of_the_archive(form: int, begin: int, length: int) -> None:
    data = tar_bytes(MEMBERS, form)
    window = data[begin * 512 : (begin + length) * 512]
    chains = chains_in(window, begin * 512, len(data))
    whole = listing(data)
    expected = {
        key: place
        for key, place in whole.items()
        if begin * 512 <= place[0] - 512 and place[0] <= begin * 512 + len(window)
    }
    found = {header.key: (header.data_offset, header.size) for chain in chains for header in chain.headers}
    assert found == expected
    assert len(chains) <= 1
    assert not any(chain.damaged for chain in chains)
    for chain in chains:
        ends = [offset + -(-size // 512) * 512 for offset, size in whole.values()]
        assert chain.is_last == (chain.end == max(ends) and chain.end + 512 <= begin * 512 + len(window))


def test_extended_headers_belong_to_their_member() -> None:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=tarfile.PAX_FORMAT) as archive:
        for name in ("majortom_val_0000001", "majortom_val_0000002"):
            header = tarfile.TarInfo(f"{name}.zarr.zip")
            header.pax_headers = {"comment": "x" * 2000}
            archive.addfile(header)
    (chain,) = chains_in(buffer.getvalue(), 0, len(buffer.getvalue()))
    assert [header.start for header in chain.headers] == [0, chain.headers[0].end]
    assert chain.headers[0].data_offset == 512 + 2048 + 512


def test_what_lies_in_a_member_is_no_member() -> None:
    inner = tar_bytes(dict.fromkeys(MEMBERS, b"older"))
    data = tar_bytes({"majortom_val_0000031.zarr.zip": inner, "majortom_val_0000032.zarr.zip": b""})
    (chain,) = chains_in(data, 0, len(data))
    assert [header.key for header in chain.headers] == ["majortom_val_0000031", "majortom_val_0000032"]


def test_damage_ends_a_chain_and_the_next_begins_behind_it() -> None:
    data = bytearray(tar_bytes(MEMBERS))
    place = listing(bytes(data))["majortom_val_0000010"][0]
    data[place - 512] ^= 1
    before, behind = chains_in(bytes(data), 0, len(data))
    assert [len(before.headers), len(behind.headers)] == [9, 19]
    assert before.damaged
    assert before.end == place - 512
    assert behind.is_last


def test_noise_holds_no_header() -> None:
    noise = np.random.default_rng(0).integers(0, 256, 1 << 20, np.uint8)
    noise.reshape(-1, 512)[:, 257:262] = np.frombuffer(b"ustar", np.uint8)
    assert chains_in(noise.tobytes(), 0, 1 << 30) == ()
