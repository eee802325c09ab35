"""What an answer must look like before a byte of it is believed."""

import re
from dataclasses import dataclass
from http import HTTPStatus

import httpx

from data_access.remote.failures import PassingError, PausedError, RefusedError, WholeError
from data_access.remote.hub_access import is_hub
from data_access.remote.pacing import pause_of
from data_access.remote.remote_file import RemoteFile
from errors import AccessDeniedError, RemoteError, ShardError, SourceChangedError, SourceMissingError

_CONTENT_RANGE = re.compile(r"bytes (\d{1,18})-(\d{1,18})/(\d{1,18}|\*)", re.ASCII)
_UNSATISFIED = re.compile(r"bytes \*/(\d{1,18})", re.ASCII)
_PASSING = (HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_EARLY)
_MISSING = (HTTPStatus.NOT_FOUND, HTTPStatus.GONE)
_CHANGED = "Restart Patchwork to list the source anew; what was kept of the old file is not used again."


@dataclass(frozen=True)
class Seen:
    """What is known of the bytes behind an address."""

    size: int | None = None
    validator: str | None = None  # ETag, or time of the last change, as their server tells it

    @property
    def condition(self) -> str | None:
        """What may stand in If-Range: a strong ETag."""
        return self.validator if self.validator and self.validator.startswith('"') else None


def validator_of(response: httpx.Response) -> str | None:
    """What changes when the bytes do, by the server's word: the ETag, else the time of the last change."""
    etag: str | None = response.headers.get("ETag") or response.headers.get("Last-Modified")
    return etag


def check_status(response: httpx.Response, what: str, wanted: int) -> None:
    """Return where the answer has the wanted status.

    Raises:
        PassingError: another attempt may do better.
        SourceMissingError: there is no such file.
        AccessDeniedError: the hub wants a token, or a token with more rights.
        RemoteError: the status means nothing here.
    """
    status, host = response.status_code, response.url.host
    if status == wanted:
        return
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        raise PausedError(pause_of(status, response.headers) or None)
    if status in _PASSING or status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        raise PassingError(f"answers HTTP {status}")
    if status in _MISSING:
        raise SourceMissingError(f"{host} has no {what} (HTTP {status}). Check the address of the root.")
    if status == HTTPStatus.UNAUTHORIZED or (status == HTTPStatus.FORBIDDEN and is_hub(str(response.url))):
        raise AccessDeniedError(
            f"{host} does not let us read {what} (HTTP {status}). Check its name; where it is private or asks for "
            "consent, set HF_TOKEN to a token that may read it."
        )
    if status in (HTTPStatus.FORBIDDEN, HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE):
        raise RefusedError(f"refuses the range (HTTP {status})")
    raise RemoteError(f"{what} could not be fetched: {host} answers HTTP {status}. Check the address of the root.")


def check_part(response: httpx.Response, file: RemoteFile, offset: int, length: int, expected: Seen) -> Seen:
    """What an answer to a range request tells of the file, once everything in its head fits.

    Args:
        response: its body is not read yet.
        file: what was asked for.
        offset: first byte asked for.
        length: bytes asked for.
        expected: what is known of the file.

    Raises:
        SourceChangedError: it is another file than before.
        ShardError: the file ends before the range does.
        PassingError, RemoteError: as `check_status`, or the answer is not the range.
    """
    _check_same(response, file, expected)
    if response.status_code == HTTPStatus.OK:
        raise WholeError
    check_status(response, file.relative, HTTPStatus.PARTIAL_CONTENT)
    headers = response.headers
    if headers.get("Content-Encoding", "identity") != "identity":
        raise PassingError("encodes bytes that were asked for as they are")
    found = _CONTENT_RANGE.fullmatch(headers.get("Content-Range", "").strip())
    if not found:
        raise PassingError("does not say which range it sends")
    start, end = int(found[1]), int(found[2]) + 1
    total = expected.size if found[3] == "*" else int(found[3])
    if total is None:
        raise PassingError("does not say how large the file is")
    if start == offset and end == total < offset + length:
        raise _ends_early(file, offset, length, total)
    if (start, end) != (offset, offset + length):
        raise PassingError(f"sends bytes {start}-{end} instead of {offset}-{offset + length}")
    if (told := headers.get("Content-Length")) is not None and told != str(length):
        raise PassingError(f"announces {told[:20]} bytes instead of {length}")
    return Seen(total, validator_of(response))


def check_inside(file: RemoteFile, offset: int, length: int, size: int | None) -> None:
    """Raise ShardError where a range reaches beyond a file of known size."""
    if size is not None and offset + length > size:
        raise _ends_early(file, offset, length, size)


def check_linked(response: httpx.Response, file: RemoteFile) -> None:
    """Compare what the hub says of a file while it redirects with what its listing said. Raises SourceChangedError."""
    headers = response.headers
    etag = headers.get("X-Linked-ETag", "").removeprefix("W/").strip('"')
    size = headers.get("X-Linked-Size", "")
    if file.content_hash and etag and etag != file.content_hash:
        raise SourceChangedError(f"{file.relative} has other content on the hub than its listing said. {_CHANGED}")
    if file.size is not None and size.isdecimal() and int(size) != file.size:
        raise SourceChangedError(f"{file.relative} has {size} bytes on the hub, listed were {file.size}. {_CHANGED}")


def _check_same(response: httpx.Response, file: RemoteFile, expected: Seen) -> None:
    """Raise SourceChangedError where an answer, whatever its status, tells of other bytes than before."""
    if response.status_code not in (HTTPStatus.OK, HTTPStatus.PARTIAL_CONTENT, 416):
        return
    headers = response.headers
    found = _CONTENT_RANGE.fullmatch(headers.get("Content-Range", "")) or _UNSATISFIED.fullmatch(
        headers.get("Content-Range", "")
    )
    total = found[found.lastindex or 1] if found else "*"
    if expected.size is not None and total != "*" and int(total) != expected.size:
        raise SourceChangedError(f"{file.relative} has {total} bytes now, it had {expected.size}. {_CHANGED}")
    if response.status_code == HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE:
        return  # its ETag, if it has one, is that of an error page
    now = validator_of(response)
    if expected.validator and now and now != expected.validator:
        raise SourceChangedError(f"{file.relative} has changed while it was being read. {_CHANGED}")


def size_when_unsatisfied(response: httpx.Response) -> int | None:
    """Size of the file that a 416 tells, if it does."""
    found = _UNSATISFIED.fullmatch(response.headers.get("Content-Range", ""))
    return int(found[1]) if response.status_code == 416 and found else None


def _ends_early(file: RemoteFile, offset: int, length: int, size: int) -> ShardError:
    return ShardError(
        f"{file.relative} has {max(0, size - offset)} of the {length} bytes promised from byte {offset}: it is "
        "truncated, or its index is wrong."
    )
