"""What lies below a remote TerraMesh root: by the hub's listing."""

from pathlib import Path

import httpx

from data_access.remote.remote_file import RemoteFile
from data_access.remote.remote_root import RemoteRoot
from data_access.terramesh.byte_range import Location
from data_access.terramesh.modalities import FOLDERS
from data_access.terramesh.shard_files import Layout, Shard
from errors import RemoteError, SourceMissingError

METADATA_SUFFIX = "_metadata.parquet"


def discover_remote(root: RemoteRoot, *, listings: Path | None = None) -> Layout:  # noqa: ARG001 - kept later
    """List the files of a remote root.

    Raises:
        SourceMissingError: nothing of TerraMesh is there.
        RemoteError: it can not be reached.
    """
    files = _hub_files(root)
    shards = [
        Shard(split, modality, file, file.relative, file.size)
        for file in files
        if file.name.endswith(".tar") and file.relative.count("/") == 2
        for split, modality, _ in [file.relative.split("/")]
        if modality in FOLDERS
    ]
    metadata: dict[str, Location] = {
        file.name.removesuffix(METADATA_SUFFIX): file for file in files if file.relative.endswith(METADATA_SUFFIX)
    }
    if not shards and not metadata:
        raise SourceMissingError(f"{root.name} holds nothing of TerraMesh.")
    shards.sort(key=lambda shard: (shard.split, FOLDERS.index(shard.modality), shard.name))
    return Layout(root.name, tuple(shards), metadata)


def _hub_files(root: RemoteRoot) -> list[RemoteFile]:
    base = f"{root.address}/api/datasets/{root.repository}"
    try:
        commit = httpx.get(f"{base}/revision/{root.revision}").raise_for_status().json()["sha"]
        url: str | None = f"{base}/tree/{commit}?recursive=true"
        files = []
        while url:
            answer = httpx.get(url).raise_for_status()
            url = answer.links.get("next", {}).get("url")
            files += [_file(root, commit, entry) for entry in answer.json() if entry["type"] == "file"]
    except httpx.HTTPError as error:
        raise RemoteError(f"{root.name} can not be listed ({type(error).__name__}). Try again.") from error
    return files


def _file(root: RemoteRoot, commit: str, entry: dict[str, object]) -> RemoteFile:
    lfs = entry.get("lfs")
    etag = str(lfs["oid"]) if isinstance(lfs, dict) else str(entry["oid"])
    path = str(entry["path"])
    return RemoteFile(root.file_url(path, revision=commit), path, int(str(entry["size"])), etag)
