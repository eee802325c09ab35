"""Whole files: metadata tables and annotations, fetched once."""

from pathlib import Path

from data_access.progress import activity
from data_access.remote import ranges
from data_access.remote.remote_file import RemoteFile

PIECE_BYTES = 4 << 20  # bytes per request


def local_copy(location: Path | RemoteFile, folder: Path) -> Path:
    """A path to the bytes: the file itself, or its download in `folder`. Raises as `download`."""
    return download(location, folder) if isinstance(location, RemoteFile) else location


def download(file: RemoteFile, folder: Path) -> Path:
    """Fetch a file into `folder` unless it is there.

    Raises:
        RemoteError: it can not be fetched.
    """
    target = folder / file.name
    size = ranges.size_of(file)
    if target.is_file() and target.stat().st_size == size:
        return target
    folder.mkdir(parents=True, exist_ok=True)
    part = target.with_suffix(".part")
    with activity(f"Downloading {file.name}", total=size, unit="bytes") as progress, part.open("wb") as out:
        for offset in range(0, size, PIECE_BYTES):
            out.write(ranges.fetch(file, offset, min(PIECE_BYTES, size - offset)))
            progress.tell(out.tell())
    part.replace(target)
    return target
