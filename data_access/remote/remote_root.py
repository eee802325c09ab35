"""Which remote root a setting names, and the one function that builds addresses of files below it.

Only settings, which the operator gives, name a host or a repository; names of files come from listings and are quoted,
so that nothing of a request or of a data set can point elsewhere.
"""

import os
import re
from dataclasses import dataclass
from typing import Literal
from urllib.parse import quote, urlsplit

from huggingface_hub import hf_hub_url

from errors import SettingsError

HUB = "https://huggingface.co"  # where HF_ENDPOINT does not say otherwise
DEFAULT_REVISION = "main"
_HUB_VALUE = re.compile(
    r"hf(?::(?://datasets/)?(?P<repository>[\w.-]+/[\w.-]+)(?:@(?P<revision>[\w./-]+))?/?)?", re.ASCII
)
_OTHER_STORES = re.compile(r"(?!https?:)[a-z][a-z0-9+.-]+:.*", re.DOTALL)  # s3:, gs:, hf: with something odd behind


@dataclass(frozen=True)
class RemoteRoot:
    """A repository of the hub or a folder of an HTTP server."""

    kind: Literal["hf", "https"]
    address: str  # without a slash at the end; of the hub: the endpoint
    repository: str = ""  # of the hub: owner/name
    revision: str = DEFAULT_REVISION  # of the hub: branch, tag or commit

    @property
    def name(self) -> str:
        """What users read: the repository, or the last folder of the address."""
        return self.repository or self.address.rpartition("/")[2]

    def file_url(self, relative: str, *, revision: str | None = None) -> str:
        """Absolute address of a file below the root; every part of `relative` is quoted."""
        if any(part in ("", ".", "..") for part in relative.split("/")):
            raise ValueError(f"{relative[:100]!r} is no path below a root")
        if self.kind == "https":
            return f"{self.address}/{quote(relative)}"
        return hf_hub_url(
            self.repository,
            relative,
            repo_type="dataset",
            revision=revision or self.revision,
            endpoint=self.address,
        )

    def folder_url(self, relative: str) -> str:
        """Absolute address of a folder below the root, with a slash at the end; "" is the root."""
        return f"{self.file_url(relative)}/" if relative else f"{self.address}/"

    def revision_url(self) -> str:
        """Where the hub tells the commit of the revision."""
        return f"{self.address}/api/datasets/{self.repository}/revision/{quote(self.revision, safe='')}"

    def tree_url(self, commit: str) -> str:
        """Where the hub lists all files of a commit."""
        return f"{self.address}/api/datasets/{self.repository}/tree/{quote(commit, safe='')}?recursive=true"


def hub_endpoint() -> str:
    """The hub's address, from HF_ENDPOINT as huggingface_hub reads it, but at every call."""
    return os.environ.get("HF_ENDPOINT", HUB).rstrip("/")


def parse_root(value: str, *, default_repository: str = "ibm-esa-geospatial/TerraMesh") -> RemoteRoot | None:
    """The remote root that a setting's value names; None where it names a local path.

    Args:
        value: `hf`, `hf:owner/name`, `hf:owner/name@revision`, `hf://datasets/owner/name`, or an http(s) address.
        default_repository: what `hf` alone means.

    Raises:
        SettingsError: the value names a store that is not read, such as s3.
    """
    if found := _HUB_VALUE.fullmatch(value):
        repository, revision = found["repository"] or default_repository, found["revision"] or DEFAULT_REVISION
        return RemoteRoot("hf", hub_endpoint(), repository, revision)
    if value.startswith(("http://", "https://")):
        return _http_root(value)
    if _OTHER_STORES.fullmatch(value):
        raise SettingsError(
            f"{value[:200]!r} is no root that can be read. Use hf, hf:owner/name@revision, an http(s) address, or a "
            "folder; object storage works mounted as a folder or through its http address."
        )
    return None


def _http_root(value: str) -> RemoteRoot:
    try:
        parts = urlsplit(value)
        _ = parts.port  # parsed when asked for
    except ValueError:
        raise SettingsError("Host or port of the http(s) root can not be read: give scheme, host and folder.") from None
    if not parts.hostname or parts.query or parts.fragment or parts.username:
        raise SettingsError(
            f"{parts.scheme}://{parts.hostname or ''}{parts.path} is no root: give scheme, host and folder, "
            "without user name, query or fragment."
        )
    return RemoteRoot("https", value.rstrip("/"))
