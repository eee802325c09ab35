"""What lies below a TerraMesh root: shards per split and modality, and the metadata tables.

Nothing is taken for granted but `{split}/{modality}/*.tar`: not the number of shards, nor their names, nor that every
modality or split is there. A root may also be a split folder itself.
"""

import hashlib
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from data_access.terramesh.modalities import FOLDERS, SPLITS
from errors import SourceMissingError

UNKNOWN_SPLIT = "unknown"
_FORMAT = b"2"  # raise it when the same files are read in another way
_METADATA_SUFFIX = "_metadata.parquet"


@dataclass(frozen=True)
class Shard:
    """One tar file as it was when the root was opened."""

    split: str
    modality: str
    path: Path
    relative: str  # path below the root, as provenance shows it
    size: int
    modified_ns: int

    @property
    def name(self) -> str:
        """File name; the shards of one set of samples have the same name in every modality."""
        return self.path.name

    @property
    def identity(self) -> str:
        """Changes when the file does."""
        return f"{self.path}\0{self.size}\0{self.modified_ns}\n"


@dataclass(frozen=True)
class Layout:
    """The files of one root."""

    root: Path
    shards: tuple[Shard, ...]  # by split, modality in display order, name
    metadata: dict[str, Path]  # table per split

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
        """Hash of names, sizes and times of all files: changes whenever the bytes behind the collection change."""
        digest = hashlib.sha256(_FORMAT)
        for shard in self.shards:
            digest.update(f"{shard.relative}\0{shard.size}\0{shard.modified_ns}\n".encode())
        for split, path in sorted(self.metadata.items()):
            status = path.stat()
            digest.update(f"{split}\0{path.name}\0{status.st_size}\0{status.st_mtime_ns}\n".encode())
        return digest.hexdigest()[:16]


def discover(root: Path) -> Layout:
    """List the files of a root, without opening any.

    Raises:
        SourceMissingError: there is no such folder, or nothing of TerraMesh in it.
    """
    if not root.is_dir():
        raise SourceMissingError(
            f"The TerraMesh root {root.name!r} is not a folder. Set PATCHWORK_TERRAMESH to the folder that holds "
            "val/ or train/."
        )
    try:
        metadata = dict(_metadata_tables(root))
        shards = [shard for folder in _folders(root) for shard in _shards(root, folder, metadata)]
    except OSError as error:
        raise SourceMissingError(f"The TerraMesh root {root.name!r} can not be listed ({error.strerror}).") from error
    if not shards and not metadata:
        raise SourceMissingError(
            f"The TerraMesh root {root.name!r} holds neither shards ({{split}}/{{modality}}/*.tar) nor "
            "{split}_metadata.parquet. Point PATCHWORK_TERRAMESH at the folder that holds val/ or train/."
        )
    shards.sort(key=lambda shard: (shard.split, FOLDERS.index(shard.modality), shard.name))
    return Layout(root, tuple(shards), metadata)


def _visible(paths: Iterable[Path]) -> Iterator[Path]:
    return (path for path in sorted(paths) if not path.name.startswith("."))


def _folders(root: Path) -> Iterator[Path]:
    """The root itself and its sub-folders: whichever of them hold modality folders are splits."""
    yield root
    for path in _visible(root.iterdir()):
        # lost+found at the root of a disk can be seen but not read
        if path.name not in FOLDERS and path.is_dir() and os.access(path, os.R_OK | os.X_OK):
            yield path


def _shards(root: Path, folder: Path, metadata: dict[str, Path]) -> Iterator[Shard]:
    split = folder.name
    if folder == root and split not in SPLITS:
        split = next(iter(metadata)) if len(metadata) == 1 else UNKNOWN_SPLIT
    for modality in FOLDERS:
        for path in _visible((folder / modality).glob("*.tar")):
            if path.is_file():  # follows the links of the hub's cache; a dangling one is no shard
                status = path.stat()
                relative = path.relative_to(root).as_posix()
                yield Shard(split, modality, path, relative, status.st_size, status.st_mtime_ns)


def _metadata_tables(root: Path) -> Iterator[tuple[str, Path]]:
    """Tables beside the splits; for a root that is a split folder, its own table one level up."""
    if root.name in SPLITS and (path := root.parent / f"{root.name}{_METADATA_SUFFIX}").is_file():
        yield root.name, path
    for path in _visible(root.glob(f"*{_METADATA_SUFFIX}")):
        yield path.name.removesuffix(_METADATA_SUFFIX), path
