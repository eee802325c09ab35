"""What lies below a remote root, and the listing kept on disk so that the next start needs no network."""

import hashlib
import json
import logging
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from data_access.kept_tables import replace_atomically
from data_access.remote.remote_file import RemoteFile
from data_access.remote.remote_root import RemoteRoot

logger = logging.getLogger(__name__)

_FORMAT = 1  # raise it when older files can not be read any more


@dataclass(frozen=True)
class Listing:
    """The files of a remote root."""

    files: tuple[RemoteFile, ...]
    commit: str | None = None  # of a hub repository
    listed: str = ""  # when, ISO 8601 in UTC
    notes: tuple[str, ...] = ()  # what is old, in sentences

    @property
    def moment(self) -> str:
        """When it was made, as people read it; as it was written down where that is no time."""
        try:
            return f"{datetime.fromisoformat(self.listed).astimezone(UTC):%Y-%m-%d %H:%M} UTC"
        except ValueError:
            return self.listed

    @classmethod
    def of_now(cls, files: list[RemoteFile], commit: str | None = None) -> "Listing":
        """A listing that was just made."""
        return cls(tuple(files), commit, datetime.now(UTC).isoformat(timespec="minutes"))


def keep(listing: Listing, root: RemoteRoot, folder: Path | None) -> None:
    """Write a listing down; a folder that can not be written costs a request at the next start."""
    if folder is None:
        return
    content = json.dumps({"format": _FORMAT, **asdict(listing)})
    try:
        replace_atomically(_path(root, folder), lambda temporary: temporary.write_text(content))
    except OSError as error:
        logger.warning("the listing of %s can not be kept: %s", root.name, error)


def kept(root: RemoteRoot, folder: Path | None) -> Listing | None:
    """The listing written down for a root; None where there is none that can be read."""
    if folder is None:
        return None
    try:
        content = json.loads(_path(root, folder).read_text())
        if content.pop("format") != _FORMAT:
            return None
        files = tuple(RemoteFile(**file) for file in content["files"])
        return Listing(files, content["commit"], content["listed"])
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None  # a broken file is made anew


def _path(root: RemoteRoot, folder: Path) -> Path:
    words = "\0".join((root.kind, root.address, root.repository, root.revision))
    return folder / f"{hashlib.sha256(words.encode()).hexdigest()[:24]}.json"
