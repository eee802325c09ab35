"""A file behind HTTP, named without being opened."""

from dataclasses import dataclass

SHA256 = "sha256:"  # how the etag of a large file of the hub begins; it is the hash of its bytes
GIT_BLOB = "git:"  # likewise of a small one; it is git's own hash


@dataclass(frozen=True)
class RemoteFile:
    """One file of a remote root; `data_access.remote` alone turns it into requests."""

    url: str  # absolute; built by this room, never from anything that a request carries
    relative: str  # path below the root, as messages and provenance show it
    size: int | None = None  # bytes; None where the listing does not tell
    etag: str | None = None  # changes with the bytes: a hash by the hub's listing, a server's validator, or unknown

    @property
    def name(self) -> str:
        """File name."""
        return self.relative.rpartition("/")[2]

    @property
    def identity(self) -> str:
        """Changes when the file does, as far as its listing tells.

        Where the hash of the bytes is known the address is no part of it: an edit of a repository's README moves every
        file to another commit, and what is kept of 17 TB must outlive that.
        """
        place = self.relative if self.content_hash else self.url
        return f"{place}\0{self.size}\0{self.etag}\n"

    @property
    def content_hash(self) -> str | None:
        """Hash of the bytes, SHA-256 or git's, where the hub's listing tells it."""
        kind, _, digest = (self.etag or "").partition(":")
        return digest if f"{kind}:" in (SHA256, GIT_BLOB) else None

    @property
    def validator(self) -> str | None:
        """What the file's own server must go on telling, ETag or time; None where it has not been asked."""
        return None if self.content_hash else self.etag

    @property
    def is_settled(self) -> bool:
        """Whether `identity` is sure to change with the bytes."""
        return self.size is not None and self.etag is not None
