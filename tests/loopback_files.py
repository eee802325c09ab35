"""What the loopback hub serves: files of a folder, and files that exist nowhere."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

LFS_SUFFIXES = (".tar", ".parquet", ".bin", ".pt")  # the hub keeps these outside git: redirected, named by their sha256


@dataclass(frozen=True)
class VirtualFile:
    """A file told by its size and a function: shards of 6 GB that need no disk."""

    size: int
    read: Callable[[int, int], bytes]  # (offset, length) -> exactly `length` bytes
    etag: str = ""  # by default made of the size


@dataclass(frozen=True)
class Served:
    """One file as the hub knows it."""

    path: str  # below the root, with "/"
    size: int
    etag: str  # sha256 of the bytes for files of a folder
    read: Callable[[int, int], bytes]

    @property
    def is_lfs(self) -> bool:
        """Whether the hub keeps it outside git."""
        return self.path.endswith(LFS_SUFFIXES)


class ServedFiles:
    """The files below a folder and the virtual ones beside them, looked up anew at every request."""

    def __init__(self, root: Path | None, virtual: Mapping[str, VirtualFile]) -> None:
        """Serve `root` and `virtual`, whose paths win."""
        self._root = root
        self.virtual = dict(virtual)
        self._hashes: dict[tuple[str, int, int], str] = {}

    def find(self, path: str) -> Served | None:
        """The file with this path, if there is one."""
        if (virtual := self.virtual.get(path)) is not None:
            etag = virtual.etag or hashlib.sha256(f"{path}\0{virtual.size}".encode()).hexdigest()
            return Served(path, virtual.size, etag, virtual.read)
        if self._root is None or ".." in path.split("/") or not (self._root / path).is_file():
            return None
        return self._of_folder(path, self._root / path)

    def replace(self, path: str, content: bytes) -> None:
        """Put other bytes behind a path, from now on."""
        self.virtual[path] = VirtualFile(
            len(content), lambda offset, length: content[offset : offset + length], hashlib.sha256(content).hexdigest()
        )

    def all(self) -> list[Served]:
        """Every file, in path order."""
        paths = set(self.virtual)
        if self._root is not None:
            paths |= {found.relative_to(self._root).as_posix() for found in self._root.rglob("*") if found.is_file()}
        return [served for path in sorted(paths) if (served := self.find(path))]

    def folder(self, path: str) -> list[tuple[str, int | None]]:
        """Names in a folder with sizes, sub-folders with None."""
        start = f"{path.strip('/')}/" if path.strip("/") else ""
        names: dict[str, int | None] = {}
        for served in self.all():
            if served.path.startswith(start):
                name, _, deeper = served.path[len(start) :].partition("/")
                names[name] = None if deeper else served.size
        return sorted(names.items())

    def commit(self) -> str:
        """Forty hexadecimal digits that change with any file."""
        listing = "".join(f"{served.path}\0{served.size}\0{served.etag}\n" for served in self.all())
        return hashlib.sha1(listing.encode(), usedforsecurity=False).hexdigest()

    def _of_folder(self, path: str, file: Path) -> Served:
        status = file.stat()
        state = (path, status.st_size, status.st_mtime_ns)
        if state not in self._hashes:
            self._hashes[state] = hashlib.sha256(file.read_bytes()).hexdigest()

        def read(offset: int, length: int) -> bytes:
            with file.open("rb") as opened:
                opened.seek(offset)
                return opened.read(length)

        return Served(path, status.st_size, self._hashes[state], read)
