"""A setting that names one file: on the hub, or by its address."""

from pathlib import Path

from data_access.remote import ranges
from data_access.remote.hub_listing import list_hub
from data_access.remote.limits import HURRIED
from data_access.remote.listing import Listing, keep, kept
from data_access.remote.remote_file import RemoteFile
from data_access.remote.remote_root import parse_root
from errors import AccessDeniedError, RemoteError, SettingsError, SourceMissingError


def find_file(value: str, *, repository: str, name: str, listings: Path | None = None) -> RemoteFile | None:
    """The file that a setting's value names, asked for once; None where the value is a local path.

    Args:
        value: `hf`, `hf:owner/name@revision`, the address of the file, or a path.
        repository: what `hf` alone means.
        name: the file of that repository.
        listings: where what was found is kept for starts without a network; None keeps nothing.

    Raises:
        SettingsError: the value can not name such a file.
        SourceMissingError: there is no such file.
        RemoteError: it can not be asked for, and nothing is kept of it.
    """
    root = parse_root(value, default_repository=repository)
    if root is None:
        return None
    if root.kind == "hf":
        for file in list_hub(root, listings).files:
            if file.relative == name:
                return file
        raise SourceMissingError(
            f"{root.repository} has no {name} at {root.revision}. Name its repository: hf:owner/name."
        )
    suffix = Path(name).suffix
    if not root.address.endswith(suffix):
        raise SettingsError(f"{root.address} is no {suffix} file. Give the address of {name} itself.")
    old = kept(root, listings)
    try:
        file = ranges.known(RemoteFile(root.address, root.name), anew=True, limits=HURRIED if old else None)
    except (AccessDeniedError, SourceMissingError):
        raise
    except RemoteError:
        if old is None:
            raise
        return old.files[0]
    keep(Listing.of_now([file]), root, listings)
    return file
