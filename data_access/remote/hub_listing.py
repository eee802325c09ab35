"""The files of a hub repository: all of one commit, with sizes and hashes; the kept listing where it is the same.

A branch is resolved to its commit first, and every address names that commit: a change of the repository can not mix
with what is being read.
"""

import json
import logging
import re
from pathlib import Path

from data_access.remote.limits import HURRIED, PATIENT, Limits
from data_access.remote.listing import Listing, keep, kept
from data_access.remote.ranges import reader_of_process
from data_access.remote.remote_file import GIT_BLOB, SHA256, RemoteFile
from data_access.remote.remote_root import RemoteRoot
from errors import AccessDeniedError, OfflineError, RemoteError, SourceMissingError

logger = logging.getLogger(__name__)

MAX_PAGE_BYTES = 16 << 20  # a page of 1,000 entries has some 300 kB
MAX_PAGES = 1000  # a million files; TerraMesh has some 7,000
_COMMIT = re.compile(r"[0-9a-f]{40}")


def list_hub(root: RemoteRoot, folder: Path | None) -> Listing:
    """All files of a repository at its revision.

    Args:
        root: the repository.
        folder: where the listing is kept; None keeps none.

    Raises:
        SourceMissingError: there is no such repository or revision.
        AccessDeniedError: it is private, asks for consent, or is not there at all.
        RemoteError: the hub can not be reached and nothing is kept.
    """
    old = kept(root, folder)
    try:
        commit = _commit(root, PATIENT if old is None else HURRIED)
        if old and old.commit == commit:
            return old
        listing = Listing.of_now(_files(root, commit), commit)
    except (AccessDeniedError, SourceMissingError):
        raise
    except RemoteError as error:
        if old is None:
            raise
        logger.warning("the hub can not be asked, the kept listing of %s is used: %s", root.name, error.message)
        why = "HF_HUB_OFFLINE is set" if isinstance(error, OfflineError) else "the hub can not be reached"
        note = f"The listing of {root.name} is from {old.moment}, because {why}; newer files are not seen."
        return Listing(old.files, old.commit, old.listed, (note,))
    keep(listing, root, folder)
    return listing


def _commit(root: RemoteRoot, limits: Limits) -> str:
    if _COMMIT.fullmatch(root.revision):
        return root.revision
    content = _json(root, root.revision_url(), f"revision {root.revision} of {root.repository}", limits)[0]
    commit = content.get("sha") if isinstance(content, dict) else None
    if not isinstance(commit, str) or not _COMMIT.fullmatch(commit):
        raise RemoteError(f"The hub tells no commit for {root.repository}. Check HF_ENDPOINT and try again.")
    return commit


def _files(root: RemoteRoot, commit: str) -> list[RemoteFile]:
    files: list[RemoteFile] = []
    url: str | None = root.tree_url(commit)
    for _ in range(MAX_PAGES):
        if url is None:
            return files
        entries, following = _json(root, url, f"the list of files of {root.repository}", PATIENT)
        if not isinstance(entries, list):
            break
        files += [file for entry in entries if (file := _file(root, commit, entry)) is not None]
        if following is not None and not following.startswith(f"{root.address}/api/"):
            break  # the token goes nowhere else
        url = following
    raise RemoteError(f"The hub's list of the files of {root.repository} can not be read. Try again later.")


def _file(root: RemoteRoot, commit: str, entry: object) -> RemoteFile | None:
    """One entry; None for folders and for what can not be an entry."""
    if not isinstance(entry, dict) or entry.get("type") != "file":
        return None
    path, size, lfs = entry.get("path"), entry.get("size"), entry.get("lfs")
    large = isinstance(lfs, dict)
    digest = lfs.get("oid") if isinstance(lfs, dict) else entry.get("oid")
    if not isinstance(path, str) or not isinstance(size, int) or size < 0 or not isinstance(digest, str):
        return None
    try:
        url = root.file_url(path, revision=commit)
    except ValueError:  # a path that leads out of the repository is no file of it
        return None
    return RemoteFile(url, path, size, f"{SHA256 if large else GIT_BLOB}{digest.removeprefix(SHA256)}")


def _json(root: RemoteRoot, url: str, what: str, limits: Limits) -> tuple[object, str | None]:
    """Content of a page, and the address of the next one."""
    page = reader_of_process().page(url, what, limit=MAX_PAGE_BYTES, limits=limits)
    try:
        return json.loads(page.body), page.next_url
    except ValueError as error:
        raise RemoteError(
            f"{root.address} answers for {what} with something that is no JSON. Check HF_ENDPOINT."
        ) from error
