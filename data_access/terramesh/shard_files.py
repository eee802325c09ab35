"""The files of one TerraMesh root, wherever they lie: what was found there when it was opened."""

import hashlib
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

from data_access.remote import ranges
from data_access.remote.remote_file import RemoteFile
from data_access.terramesh.byte_range import Location
from data_access.terramesh.modalities import FOLDERS

UNKNOWN_SPLIT = "unknown"
METADATA_SUFFIX = "_metadata.parquet"
_FORMAT = b"2"  # raise it when the same files are read in another way


@dataclass(frozen=True)
class Shard:
    """One tar file as it was when the root was opened."""

    split: str
    modality: str
    location: Location
    relative: str  # path below the root, as provenance shows it
    size: int | None  # bytes; None where a remote root has no listing: `byte_range.size_of` asks for it
    modified_ns: int = 0  # of a local file

    @property
    def name(self) -> str:
        """File name; the shards of one set of samples have the same name in every modality."""
        return self.location.name

    @property
    def identity(self) -> str:
        """Changes when the file does, as far as its listing tells."""
        if isinstance(self.location, RemoteFile):
            return self.location.identity
        return f"{self.location}\0{self.size}\0{self.modified_ns}\n"

    def settled(self) -> "Shard":
        """The shard with its size known and an identity that is sure to change with its bytes.

        Of remote roots without a listing each shard is asked for once per process; all others are settled already.

        Raises:
            SourceMissingError, RemoteError: it can not be asked.
        """
        if not isinstance(self.location, RemoteFile) or self.location.is_settled:
            return self
        known = ranges.known(self.location)
        return replace(self, location=known, size=known.size)


@dataclass(frozen=True)
class Layout:
    """The files of one root."""

    name: str  # shown to users: a folder's name, a repository or a host; never a full path
    shards: tuple[Shard, ...]  # by split, modality in display order, name
    metadata: dict[str, Location]  # table per split
    folder: Path | None = None  # of a local root
    notes: tuple[str, ...] = field(default=())  # what of the listing is old or assumed, in sentences

    @cached_property
    def splits(self) -> tuple[str, ...]:
        """Names of the splits that have shards or a table."""
        return tuple(dict.fromkeys((*(shard.split for shard in self.shards), *self.metadata)))

    @cached_property
    def folders(self) -> tuple[str, ...]:
        """Modalities with at least one shard, in display order."""
        present = {shard.modality for shard in self.shards}
        return tuple(name for name in FOLDERS if name in present)

    @cached_property
    def _by_place(self) -> dict[tuple[str, str], dict[str, Shard]]:
        places: dict[tuple[str, str], dict[str, Shard]] = {}
        for shard in self.shards:
            places.setdefault((shard.split, shard.modality), {})[shard.name] = shard
        return places

    def of(self, split: str, modality: str) -> dict[str, Shard]:
        """Shards of one folder by name, in name order."""
        return self._by_place.get((split, modality), {})

    def names(self, split: str) -> set[str]:
        """Names of all shards of a split, whatever the modality."""
        return {shard.name for shard in self.shards if shard.split == split}

    @cached_property
    def revision(self) -> str:
        """Hash of what the listing tells of all files: changes whenever the bytes behind the collection change."""
        digest = hashlib.sha256(_FORMAT)
        for shard in self.shards:
            digest.update(f"{shard.relative}\0{shard.size}\0{shard.modified_ns}\n".encode())
            if isinstance(shard.location, RemoteFile):
                digest.update(shard.location.identity.encode())
        for split, table in sorted(self.metadata.items()):
            digest.update(f"{split}\0{_state(table)}\n".encode())
        return digest.hexdigest()[:16]


def _state(table: Location) -> str:
    if isinstance(table, RemoteFile):
        return table.identity
    status = table.stat()
    return f"{table.name}\0{status.st_size}\0{status.st_mtime_ns}"
