"""Headers seen in shards, kept on disk, so that no header is ever searched for twice.

One text file per shard, named after its identity, one line per header with a checksum of its own. Lines are only ever
appended, each batch in one write that begins with a line break: what a killed process leaves behind is at worst one
line that counts as not there, and two processes add to the same file without asking each other. A file that has grown
beyond what one shard can fill is written anew.
"""

import logging
import os
import zlib
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from pathlib import Path

from data_access.kept_tables import mark_used, replace_atomically
from data_access.memory_cache import OnceCache
from data_access.terramesh.known_headers import KnownHeaders
from data_access.terramesh.member_index import digest
from data_access.terramesh.modalities import KEY_PATTERN
from data_access.terramesh.shard_files import Shard
from data_access.terramesh.tar import BLOCK
from data_access.terramesh.window_headers import Header

logger = logging.getLogger(__name__)

Ranked = tuple[Header, int | None]  # a header, and the rank of its key where the catalogue lists it
Seed = Callable[[Shard], Iterable[Ranked]]

MEMORY_BYTES = 64 << 20  # some twenty shards of 10,240 headers, or thousands of which few are known
MAX_FILE_BYTES = 4 << 20  # 10,240 headers take 800 kB; more are repetitions by several processes
_FORMAT = "1"  # raise it when older files can not be read any more
_FIELDS = 6
_UNRANKED = -1


class OffsetIndex:
    """Known headers by shard; safe to use from many threads and processes at once."""

    def __init__(self, folder: Path, seed: Seed | None = None) -> None:
        """Keep the files in `folder`, which is made when the first is written.

        Args:
            folder: where they lie.
            seed: headers of a shard that are known from elsewhere, as a batch index; asked once per shard.
        """
        self._folder = folder
        self._seed = seed
        self._shards: OnceCache[str, KnownHeaders] = OnceCache(MEMORY_BYTES, lambda known: known.nbytes + BLOCK)

    def of(self, shard: Shard) -> KnownHeaders:
        """What is known of a shard; whoever finds more tells it to `keep`."""
        return self._shards.get(shard.identity, lambda: self._load(shard))

    def keep(self, shard: Shard, headers: Iterable[Ranked]) -> None:
        """Write headers to the shard's file; a disk that is full or can not be written costs later searches only."""
        lines = "".join(_line(header, rank) for header, rank in headers)
        if not lines:
            return
        self._shards.recount(shard.identity)
        path = self._path(shard)
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            with path.open("ab", buffering=0) as file:
                file.write(f"\n{lines}".encode())
                too_large = os.fstat(file.fileno()).st_size > MAX_FILE_BYTES
            if too_large:
                self._write_anew(path, _read(path, shard.size))
        except OSError as error:
            logger.warning("headers of %s can not be kept: %s", shard.relative, error)

    def forget(self, shard: Shard) -> None:
        """Drop what is known of a shard that turned out to have changed."""
        self._shards.drop(shard.identity)
        with suppress(OSError):
            self._path(shard).unlink(missing_ok=True)

    def _load(self, shard: Shard) -> KnownHeaders:
        known = KnownHeaders()
        path = self._path(shard)
        kept = _read(path, shard.size)
        mark_used(path)
        for headers in (self._seed(shard) if self._seed else (), kept.values()):
            ranked = list(headers)
            known.add(
                (header for header, _ in ranked), {header.key: rank for header, rank in ranked if rank is not None}
            )
        return known

    def _write_anew(self, path: Path, kept: Mapping[str, Ranked]) -> None:
        text = "".join(_line(header, rank) for header, rank in kept.values()).encode()
        replace_atomically(path, lambda temporary: temporary.write_bytes(text))

    def _path(self, shard: Shard) -> Path:
        return self._folder / f"{digest(_FORMAT, shard.identity)}.txt"


def _line(header: Header, rank: int | None) -> str:
    rank = _UNRANKED if rank is None else rank
    words = f"{header.start} {header.data_offset} {header.size} {rank} {header.key}"
    return f"{zlib.crc32(words.encode()):08x} {words}\n"


def _read(path: Path, size: int | None) -> dict[str, Ranked]:
    """The sound lines of a file by key; of several with one key the last counts."""
    try:
        text = path.read_bytes()
    except OSError:
        return {}
    found: dict[str, Ranked] = {}
    for line in text.split(b"\n"):
        parsed = _parse(line)
        if parsed and (size is None or parsed[0].data_offset + parsed[0].size <= size):
            found[parsed[0].key] = parsed
    return found


def _parse(line: bytes) -> Ranked | None:
    """One line; None where it is empty, torn or damaged."""
    checksum, _, words = line.partition(b" ")
    if checksum != b"%08x" % zlib.crc32(words):
        return None
    fields = words.decode("ascii", "replace").split(" ")
    if len(fields) != _FIELDS - 1 or not KEY_PATTERN.fullmatch(fields[-1]):
        return None
    try:
        start, data_offset, size, rank = (int(field) for field in fields[:-1])
    except ValueError:
        return None
    return Header(fields[-1], start, data_offset, size), None if rank == _UNRANKED else rank
