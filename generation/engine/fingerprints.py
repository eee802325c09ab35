"""What a file of weights is by its content: a sha256, read once and remembered by the file's size and time.

The same pass finds damage that shapes do not show: a hole of zeros left by a download, a flipped bit. Files in the
hub's cache are named by their sha256; others are zip archives with a checksum per tensor.
"""

import hashlib
import json
import re
import zipfile
import zlib
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from data_access.kept_tables import replace_atomically
from errors import WeightsError
from generation.events import Loading

CHUNK_BYTES = 1 << 24  # large enough for the disk, small enough for a bar that moves
_SHA256_NAME = re.compile(r"[0-9a-f]{64}")

Tell = Callable[[Loading], None] | None


def fingerprint(path: Path, *, memory: Path | None, cure: str, tell: Tell = None) -> str:
    """The sha256 of a file as 64 hexadecimal digits, after its content was found whole.

    Args:
        path: of the file; links are followed.
        memory: folder that remembers fingerprints; None computes anew.
        cure: what to do about a damaged file.
        tell: hears how many bytes are read; nothing where the fingerprint is remembered.

    Raises:
        WeightsError: the file can not be read, or its content is damaged.
    """
    try:
        real = path.resolve(strict=True)
        state = real.stat()
        mark = {"path": str(real), "size": state.st_size, "mtime_ns": state.st_mtime_ns}
        note = None if memory is None else memory / f"{hashlib.sha256(str(real).encode()).hexdigest()[:32]}.json"
        if (known := _remembered(note, mark)) is not None:
            return known
        found = _read(path, real, state.st_size, cure, tell)
    except OSError as error:
        raise WeightsError(f"{path} can not be read: {error.strerror or error}. {cure}") from error
    if note is not None:
        text = json.dumps({**mark, "sha256": found})
        with suppress(OSError):  # a cache that can not be written costs this pass at the next start
            replace_atomically(note, lambda temporary: temporary.write_text(text, encoding="utf-8"))
    return found


def _read(path: Path, real: Path, size: int, cure: str, tell: Tell) -> str:
    """The sha256 of the bytes, compared with the cache's name for them, or else with the archive's checksums."""
    digest = hashlib.sha256()
    with real.open("rb") as file:
        done = 0
        while chunk := file.read(CHUNK_BYTES):
            digest.update(chunk)
            done += len(chunk)
            if tell is not None and size > CHUNK_BYTES:
                tell(Loading(f"Checking {path.name}", done, size))
    found = digest.hexdigest()
    if _SHA256_NAME.fullmatch(real.name):
        if found != real.name:
            raise WeightsError(f"{path} is damaged: its content is not what the hub sent. Remove it. {cure}")
    elif zipfile.is_zipfile(real):
        _test_archive(path, cure)
    return found


def _test_archive(path: Path, cure: str) -> None:
    """Compare every member of a zip archive with its checksum."""
    try:
        with zipfile.ZipFile(path) as archive:
            bad = archive.testzip()
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError) as error:
        raise WeightsError(f"{path} is damaged: {error}. {cure}") from error
    if bad is not None:
        raise WeightsError(f"{path} is damaged: the checksum of {bad} does not fit. {cure}")


def _remembered(note: Path | None, mark: dict[str, object]) -> str | None:
    """The fingerprint that a note holds for exactly this state of the file."""
    if note is None:
        return None
    try:
        kept = json.loads(note.read_bytes())
        found = kept["sha256"] if {name: kept[name] for name in mark} == mark else None
    except (OSError, ValueError, KeyError, TypeError):  # no note yet, or one that was damaged: read again
        return None
    return found if isinstance(found, str) and _SHA256_NAME.fullmatch(found) else None
