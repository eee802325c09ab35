"""Fingerprints are the sha256, remembered by what a file is, and damage is seen on the way."""

import hashlib
import os
from pathlib import Path

import pytest
import torch

from errors import WeightsError
from generation.engine.fingerprints import CHUNK_BYTES, fingerprint
from generation.events import Loading


@pytest.fixture
def weights(tmp_path: Path) -> Path:
    path = tmp_path / "weights.pt"
    torch.save({"a": torch.arange(1000.0)}, path)
    return path


def test_is_the_sha256_and_is_remembered(weights: Path, tmp_path: Path) -> None:
    memory = tmp_path / "memory"
    expected = hashlib.sha256(weights.read_bytes()).hexdigest()
    assert fingerprint(weights, memory=memory, cure="") == expected
    state = weights.stat()
    weights.write_bytes(bytes(state.st_size))  # other bytes, and no sign of it
    os.utime(weights, ns=(state.st_atime_ns, state.st_mtime_ns))
    assert fingerprint(weights, memory=memory, cure="") == expected, "not read again"
    os.utime(weights, ns=(state.st_atime_ns, state.st_mtime_ns + 1))
    assert fingerprint(weights, memory=memory, cure="") != expected


@pytest.mark.parametrize("damage", [b"", b"{", b"[]", b'{"sha256": 3}', b"\xff"])
def test_a_damaged_note_is_no_note(weights: Path, tmp_path: Path, damage: bytes) -> None:
    memory = tmp_path / "memory"
    expected = fingerprint(weights, memory=memory, cure="")
    (note,) = memory.iterdir()
    note.write_bytes(damage)
    assert fingerprint(weights, memory=memory, cure="") == expected
    assert note.read_bytes() != damage


def test_a_folder_that_can_not_be_written_costs_only_time(weights: Path, tmp_path: Path) -> None:
    (tmp_path / "memory").write_bytes(b"a file")
    assert len(fingerprint(weights, memory=tmp_path / "memory", cure="")) == 64


def test_tells_how_far_it_is(tmp_path: Path) -> None:
    path, told = tmp_path / "large.bin", list[Loading]()
    path.write_bytes(bytes(CHUNK_BYTES + 1))
    fingerprint(path, memory=None, cure="", tell=told.append)
    assert [(event.what, event.done) for event in told] == [
        ("Checking large.bin", CHUNK_BYTES),
        ("Checking large.bin", CHUNK_BYTES + 1),
    ]


def test_damage_and_absence_are_named(weights: Path, tmp_path: Path) -> None:
    content = bytearray(weights.read_bytes())
    content[len(content) // 2] ^= 0xFF
    weights.write_bytes(content)
    with pytest.raises(WeightsError, match=r"weights.pt is damaged.*Fetch it"):
        fingerprint(weights, memory=None, cure="Fetch it")
    with pytest.raises(WeightsError, match=r"none.pt can not be read: No such file.*Fetch it"):
        fingerprint(tmp_path / "none.pt", memory=None, cure="Fetch it")
    blob = tmp_path / ("0" * 64)
    blob.write_bytes(b"not what this name says")
    with pytest.raises(WeightsError, match="not what the hub sent"):
        fingerprint(blob, memory=None, cure="Fetch it")
