"""What lies below a remote TerraMesh root.

The hub lists all files of a commit. A plain HTTP server may show folder pages; where it does not, the metadata tables
name the shards, and one shard per folder is asked for to learn which modalities are there.
"""

import tempfile
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from data_access.remote import ranges
from data_access.remote.download import download
from data_access.remote.folder_pages import names_in
from data_access.remote.hub_listing import list_hub
from data_access.remote.limits import HURRIED, Limits
from data_access.remote.listing import Listing, keep, kept
from data_access.remote.remote_file import RemoteFile
from data_access.remote.remote_root import RemoteRoot
from data_access.terramesh.byte_range import Location
from data_access.terramesh.modalities import FOLDERS, S1_OF_SOURCE, SPLITS, source_of
from data_access.terramesh.shard_files import METADATA_SUFFIX, UNKNOWN_SPLIT, Layout, Shard
from errors import AccessDeniedError, RemoteError, SchemaError, SourceMissingError

SETTLED_AT_ONCE = 64  # so many shards are asked for size and validator when a root is opened; more when they are read
AT_ONCE = 8  # questions to one server at the same time


def discover_remote(root: RemoteRoot, *, listings: Path | None = None, downloads: Path | None = None) -> Layout:
    """List the files of a remote root.

    Args:
        root: a repository of the hub, or the address of a folder.
        listings: where the listing is kept for starts without a network; None keeps none.
        downloads: where metadata tables are kept; None keeps none.

    Raises:
        SourceMissingError: there is no such root, or nothing of TerraMesh in it.
        AccessDeniedError: it is private, or asks for consent.
        RemoteError: it can not be reached, and nothing is kept of it.
    """
    listing = list_hub(root, listings) if root.kind == "hf" else _list_http(root, listings, downloads)
    shards = [shard for file in listing.files if (shard := _shard(root, file)) is not None]
    metadata: dict[str, Location] = {
        file.name.removesuffix(METADATA_SUFFIX): file
        for file in listing.files
        if "/" not in file.relative and file.name.endswith(METADATA_SUFFIX)
    }
    if not shards and not metadata:
        raise SourceMissingError(
            f"{root.name} holds neither shards ({{split}}/{{modality}}/*.tar) nor {{split}}{METADATA_SUFFIX}. Set "
            "PATCHWORK_TERRAMESH to hf, hf:owner/name, or the address of the folder that holds val/ or train/."
        )
    shards.sort(key=lambda shard: (shard.split, FOLDERS.index(shard.modality), shard.name))
    return Layout(root.name, tuple(shards), metadata, notes=listing.notes)


def _shard(root: RemoteRoot, file: RemoteFile) -> Shard | None:
    """The shard that a file is: {split}/{modality}/x.tar, or {modality}/x.tar of a root that is a split."""
    *folders, name = file.relative.split("/")
    if len(folders) == 1:
        folders = [root.name if root.name in SPLITS else UNKNOWN_SPLIT, *folders]
    if len(folders) != 2 or folders[1] not in FOLDERS or not name.endswith(".tar") or name.startswith("."):
        return None
    split, modality = folders
    return Shard(split, modality, file, file.relative, file.size)


def _list_http(root: RemoteRoot, listings: Path | None, downloads: Path | None) -> Listing:
    old = kept(root, listings)
    try:
        metadata = list(_metadata_files(root, HURRIED if old else None))
        found = list(_shards_of_pages(root)) or list(_shards_of_tables(root, metadata, downloads))
        listing = Listing.of_now([*metadata, *_settled(found)])
    except (AccessDeniedError, SourceMissingError):
        raise
    except RemoteError as error:
        if old is None:
            raise
        note = f"The listing of {root.name} is from {old.moment}, because the server can not be reached now."
        return Listing(old.files, None, old.listed, (f"{note} {error.message}",))
    keep(listing, root, listings)
    return listing


def _metadata_files(root: RemoteRoot, limits: Limits | None) -> Iterator[RemoteFile]:
    """The tables that are there, with size and validator."""
    for split in SPLITS:
        relative = f"{split}{METADATA_SUFFIX}"
        try:
            yield ranges.known(RemoteFile(root.file_url(relative), relative), anew=True, limits=limits)
        except (SourceMissingError, AccessDeniedError):  # some stores answer 403 for what is not there
            continue


def _shards_of_pages(root: RemoteRoot) -> Iterator[RemoteFile]:
    """Shards by the server's folder pages; nothing where it shows none."""
    folders, _ = names_in(root, "")
    places = [name for name in sorted(folders) if name in FOLDERS]
    for split in sorted(folders - set(FOLDERS)):
        inside, _ = names_in(root, split)
        places += [f"{split}/{name}" for name in sorted(inside) if name in FOLDERS]
    with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="patchwork-list") as pool:
        for place, (_, files) in zip(places, pool.map(lambda place: names_in(root, place), places), strict=True):
            for name in sorted(files):
                if name.endswith(".tar"):
                    yield RemoteFile(root.file_url(f"{place}/{name}"), f"{place}/{name}")


def _shards_of_tables(root: RemoteRoot, metadata: Iterable[RemoteFile], downloads: Path | None) -> Iterator[RemoteFile]:
    """Shards by the names in the metadata tables, in those folders whose first shard is there."""
    for table in metadata:
        split = table.name.removesuffix(METADATA_SUFFIX)
        by_source: dict[str | None, list[str]] = {}
        for name in _tar_names(table, downloads):
            by_source.setdefault(source_of("", name), []).append(name)
        for source, names in by_source.items():
            excluded = {s1 for other, s1 in S1_OF_SOURCE.items() if source is not None and other != source}
            folders = [f"{split}/{modality}" for modality in FOLDERS if modality not in excluded]
            for folder in _present(root, folders, names[0]):
                for name in names:
                    yield RemoteFile(root.file_url(f"{folder}/{name}"), f"{folder}/{name}")


def _tar_names(table: RemoteFile, downloads: Path | None) -> list[str]:
    try:
        if downloads is None:
            with tempfile.TemporaryDirectory() as folder:
                column = pq.read_table(download(table, Path(folder)), columns=["tar"])["tar"]
        else:
            column = pq.read_table(download(table, downloads), columns=["tar"])["tar"]
        names = pc.unique(column.cast(pa.string())).to_pylist()
    except (pa.ArrowException, KeyError, OSError) as error:
        raise SchemaError(
            f"{table.name} does not name the shards in a column tar ({error}). Fetch it again."
        ) from error
    return sorted({name.rpartition("/")[2] for name in names if name and name.endswith(".tar")})


def _present(root: RemoteRoot, folders: list[str], name: str) -> list[str]:
    """Those folders that hold a file of this name."""

    def is_there(folder: str) -> bool:
        try:
            ranges.known(RemoteFile(root.file_url(f"{folder}/{name}"), f"{folder}/{name}"))
        except (SourceMissingError, AccessDeniedError):
            return False
        return True

    with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="patchwork-list") as pool:
        return [folder for folder, there in zip(folders, pool.map(is_there, folders), strict=True) if there]


def _settled(files: list[RemoteFile]) -> list[RemoteFile]:
    """The files with size and validator where they are few, so that the revision tells when one changes."""
    if len(files) > SETTLED_AT_ONCE:
        return files
    with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="patchwork-list") as pool:
        return list(pool.map(lambda file: ranges.known(file, anew=True), files))
