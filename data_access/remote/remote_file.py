"""A file behind HTTP, named without being opened."""

from dataclasses import dataclass


@dataclass(frozen=True)
class RemoteFile:
    """One file of a remote root; `data_access.remote` alone turns it into requests."""

    url: str  # absolute; built by this room, never from anything that a request carries
    relative: str  # path below the root, as messages and provenance show it
    size: int | None = None  # bytes; None where the listing does not tell
    etag: str | None = None  # changes with the bytes; None where the listing does not tell

    @property
    def name(self) -> str:
        """File name."""
        return self.relative.rpartition("/")[2]

    @property
    def identity(self) -> str:
        """Changes when the file does, as far as its listing tells."""
        return f"{self.url}\0{self.size}\0{self.etag}\n"
