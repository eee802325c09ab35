"""What lies below a TerraMesh root: shards per split and modality, and the metadata tables.

Nothing is taken for granted but `{split}/{modality}/*.tar`: not the number of shards, nor their names, nor that every
modality or split is there. A root may also be a split folder itself.
"""

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from data_access.remote.remote_root import parse_root
from data_access.terramesh.byte_range import Location
from data_access.terramesh.modalities import FOLDERS, SPLITS
from data_access.terramesh.remote_layout import discover_remote
from data_access.terramesh.shard_files import METADATA_SUFFIX, UNKNOWN_SPLIT, Layout, Shard
from errors import SourceMissingError

__all__ = ["UNKNOWN_SPLIT", "Layout", "Shard", "discover", "open_root"]


def open_root(value: str | Path, *, listings: Path | None = None, downloads: Path | None = None) -> Layout:
    """List the files of a root by the value of its setting.

    Args:
        value: `hf`, `hf:owner/name@revision`, an http(s) address, or a folder; a `Path` is always a folder.
        listings: where the listing of a remote root is kept for starts without a network; None keeps none.
        downloads: where metadata tables of a remote root are kept; None keeps none.

    Raises:
        SettingsError: the value can not be a root.
        SourceMissingError: there is no such folder or repository, or nothing of TerraMesh in it.
        RemoteError: a remote root can not be reached.
    """
    remote = None if isinstance(value, Path) else parse_root(value)
    if remote is None:
        return discover(Path(value).expanduser())
    return discover_remote(remote, listings=listings, downloads=downloads)


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
        metadata: dict[str, Location] = dict(_metadata_tables(root))
        shards = [shard for folder in _folders(root) for shard in _shards(root, folder, metadata)]
    except OSError as error:
        raise SourceMissingError(f"The TerraMesh root {root.name!r} can not be listed ({error.strerror}).") from error
    if not shards and not metadata:
        raise SourceMissingError(
            f"The TerraMesh root {root.name!r} holds neither shards ({{split}}/{{modality}}/*.tar) nor "
            "{split}_metadata.parquet. Point PATCHWORK_TERRAMESH at the folder that holds val/ or train/."
        )
    shards.sort(key=lambda shard: (shard.split, FOLDERS.index(shard.modality), shard.name))
    return Layout(root.name, tuple(shards), metadata, folder=root)


def _visible(paths: Iterable[Path]) -> Iterator[Path]:
    return (path for path in sorted(paths) if not path.name.startswith("."))


def _folders(root: Path) -> Iterator[Path]:
    """The root itself and its sub-folders: whichever of them hold modality folders are splits."""
    yield root
    for path in _visible(root.iterdir()):
        # lost+found at the root of a disk can be seen but not read
        if path.name not in FOLDERS and path.is_dir() and os.access(path, os.R_OK | os.X_OK):
            yield path


def _shards(root: Path, folder: Path, metadata: dict[str, Location]) -> Iterator[Shard]:
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
    if root.name in SPLITS and (path := root.parent / f"{root.name}{METADATA_SUFFIX}").is_file():
        yield root.name, path
    for path in _visible(root.glob(f"*{METADATA_SUFFIX}")):
        yield path.name.removesuffix(METADATA_SUFFIX), path
