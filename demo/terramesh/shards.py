"""Tar files of samples: the shards of the collection, and the parts from which an interrupted build goes on."""

import io
import json
import os
import tarfile
from collections.abc import Iterable, Iterator
from pathlib import Path

from data_access.terramesh.modalities import MEMBER_SUFFIX

_MODIFIED = 1_577_836_800  # 2020-01-01: files must not remember when they were made
_RECORD = "record.json"


def write_tar(path: Path, members: Iterable[tuple[str, bytes]]) -> None:
    """Write a tar under another name and rename it, so that a reader sees a whole file or none."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        with tarfile.open(temporary, "w", format=tarfile.USTAR_FORMAT) as archive:
            for name, data in members:
                info = tarfile.TarInfo(name)
                info.size, info.mtime, info.mode = len(data), _MODIFIED, 0o644
                archive.addfile(info, io.BytesIO(data))
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def write_part(path: Path, members: dict[str, bytes], record: dict[str, object]) -> None:
    """Keep one finished sample: its members by modality, and its row of the metadata table."""
    entries = [(f"{name}{MEMBER_SUFFIX}", data) for name, data in members.items()]
    write_tar(path, [*entries, (_RECORD, json.dumps(record).encode())])


def read_record(path: Path) -> dict[str, object] | None:
    """The row of a part; None where the part is missing or damaged and must be made again."""
    try:
        data = _member(path, _RECORD)
        record = json.loads(data)
    except (OSError, tarfile.TarError, KeyError, ValueError):
        return None
    return record if isinstance(record, dict) else None


def shard_members(parts: Iterable[tuple[str, Path]], modality: str) -> Iterator[tuple[str, bytes]]:
    """Name and bytes of one modality's members, in the order of the parts (key, path)."""
    for key, path in parts:
        yield f"{key}{MEMBER_SUFFIX}", _member(path, f"{modality}{MEMBER_SUFFIX}")


def _member(path: Path, name: str) -> bytes:
    with tarfile.open(path) as archive:
        stream = archive.extractfile(name)
        if stream is None:
            raise KeyError(name)
        return stream.read()
