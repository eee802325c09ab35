"""Ranges of files behind HTTP."""

import httpx

from data_access.remote.remote_file import RemoteFile
from data_access.remote.traffic import count
from errors import RemoteError

_CLIENT = httpx.Client(follow_redirects=True, headers={"Accept-Encoding": "identity"}, timeout=30.0)


def fetch(file: RemoteFile, offset: int, length: int) -> bytes:
    """Bytes `offset` to `offset + length`, exactly `length` of them.

    Raises:
        RemoteError: they can not be fetched.
    """
    if length == 0:
        return b""
    return _ranged(file, offset, length).content


def size_of(file: RemoteFile) -> int:
    """Size in bytes, by the listing or, where that does not tell, by the server. Raises RemoteError."""
    if file.size is not None:
        return file.size
    return int(_ranged(file, 0, 1).headers["Content-Range"].rpartition("/")[2])


def _ranged(file: RemoteFile, offset: int, length: int) -> httpx.Response:
    try:
        answer = _CLIENT.get(file.url, headers={"Range": f"bytes={offset}-{offset + length - 1}"})
    except httpx.HTTPError as error:
        raise RemoteError(f"{file.relative} can not be fetched ({type(error).__name__}). Try again.") from error
    count(requests=1 + len(answer.history), received=len(answer.content))
    if answer.status_code != httpx.codes.PARTIAL_CONTENT or len(answer.content) != length:
        raise RemoteError(f"{file.relative} can not be read at byte {offset} (HTTP {answer.status_code}). Try again.")
    return answer
