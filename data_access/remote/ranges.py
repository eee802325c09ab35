"""Reading remote files as the whole process does: one pool of connections, one pace."""

import atexit
import os
from threading import Lock

from data_access.remote.limits import Limits
from data_access.remote.pacing import pacing_of_process
from data_access.remote.reader import RemoteReader
from data_access.remote.remote_file import RemoteFile

_LOCK = Lock()
_READERS: dict[int, RemoteReader] = {}  # by process id: a forked process must not share sockets with its parent


def reader_of_process() -> RemoteReader:
    """The reader of this process, made when it is first needed and closed at exit."""
    process = os.getpid()
    with _LOCK:
        if process not in _READERS:
            _READERS[process] = RemoteReader(pacing=pacing_of_process())
            atexit.register(_READERS[process].close)
        return _READERS[process]


def fetch(file: RemoteFile, offset: int, length: int, *, limits: Limits | None = None) -> bytes:
    """Bytes `offset` to `offset + length`, exactly `length` of them.

    Raises:
        SourceMissingError: there is no such file.
        ShardError: it ends before the range does.
        SourceChangedError: it is not the file that was listed or read before.
        RemoteTimeoutError, RateLimitedError, AccessDeniedError, OfflineError, RemoteError: it can not be fetched.
    """
    return reader_of_process().fetch(file, offset, length, limits=limits)


def size_of(file: RemoteFile) -> int:
    """Size in bytes, by the listing or, asked once, by the server. Raises as `fetch`."""
    return file.size if file.size is not None else known(file).size or 0


def known(file: RemoteFile, *, anew: bool = False, limits: Limits | None = None) -> RemoteFile:
    """The file with size and validator, asked for where the listing lacks them: once, or `anew`. Raises as `fetch`."""
    return reader_of_process().known(file, anew=anew, limits=limits)
