"""ETag, If-None-Match and Cache-Control: what a browser may keep, and how it asks whether it still may.

Real and demo collections share keys such as `majortom_val_0000001`, so every ETag and every immutable URL carries the
collection's revision. An ETag is made from the revision and the request, not from the bytes: an answer is a function
of both, so an unchanged chip is confirmed without decoding it.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated
from urllib.parse import parse_qsl, urlencode

from fastapi import Depends, Request
from starlette.responses import Response

from api.arrow_answer import ARROW_MEDIA_TYPE
from api.dependencies import OpenDataset
from api.json_answer import dumps
from api.limits import IMMUTABLE_MAX_AGE_S, SHORT_MAX_AGE_S
from api.packed_columns import MEDIA_TYPE as PACKED_MEDIA_TYPE
from api.version import VERSION
from data_access.dataset import CollectionInfo

REVISION_PARAMETER = "v"
NEGOTIATED = (ARROW_MEDIA_TYPE, PACKED_MEDIA_TYPE)  # the only choices that an Accept header has here
DIGEST_BYTES = 12  # 96 bits: no two answers of a collection will meet
UNKEPT = {"Cache-Control": "no-store"}
# The server compresses answers without an encoding; for pixels that costs ten times what it saves.
IDENTITY = {"Content-Encoding": "identity"}


@dataclass(frozen=True)
class Stamp:
    """What one answer is known by: its ETag, and how long it may be kept."""

    key: str  # revision and digest of the request: equal keys mean equal bytes
    revision: str
    cache_control: str

    @property
    def headers(self) -> dict[str, str]:
        """Headers of every answer that may be kept, 304 included."""
        # Weak, because compression on the way changes the bytes but not what they say.
        return {"ETag": f'W/"{self.key}"', "Cache-Control": self.cache_control}

    def unchanged_in(self, if_none_match: str) -> bool:
        """Whether the client's list of ETags names this answer; `*` is not taken as knowing it."""
        return any(tag.strip().removeprefix("W/") == f'"{self.key}"' for tag in if_none_match.split(","))

    def json(self, value: object, *, whole: bool = True) -> Response:
        """Answer a value as JSON.

        Args:
            value: the answer.
            whole: no for one that lacks what could not be read this time. It is never kept, since no browser would ask
                again for a week, and none be told anything else once the cause is gone.
        """
        return Response(dumps(value), media_type="application/json", headers=self.headers if whole else UNKEPT)

    def data(self, content: bytes, media_type: str, headers: dict[str, str] | None = None) -> Response:
        """Answer bytes as they are, never compressed on the way."""
        return Response(content, media_type=media_type, headers={**self.headers, **IDENTITY, **(headers or {})})


class NotModifiedError(Exception):
    """Leaves a route early: the client already has this answer."""

    def __init__(self, stamp: Stamp) -> None:
        super().__init__(stamp.key)
        self.stamp = stamp


def answer_key(info: CollectionInfo, path: str, parameters: Sequence[tuple[str, str]], variant: str = "") -> str:
    """The key of an answer; whoever makes one before it is asked for keeps it under this.

    Args:
        info: of the collection.
        path: of the address.
        parameters: of the address but for the revision, in any order.
        variant: the media type that was chosen by the Accept header, where there is a choice.
    """
    what = "\n".join((VERSION, info.dataset, path, urlencode(sorted(parameters)), variant))
    digest = hashlib.blake2b(what.encode("utf-8", "surrogatepass"), digest_size=DIGEST_BYTES).hexdigest()
    return f"{info.revision}-{digest}"


def stamp_of(request: Request, dataset: OpenDataset) -> Stamp:
    """The stamp of a request.

    Raises:
        NotModifiedError: the client's If-None-Match names it.
    """
    parameters = parse_qsl(request.url.query, keep_blank_values=True)
    asked = [value for name, value in parameters if name == REVISION_PARAMETER]
    rest = [pair for pair in parameters if pair[0] != REVISION_PARAMETER]
    accept = request.headers.get("accept", "")
    variant = next((each for each in NEGOTIATED if each in accept), "")
    revision = dataset.info.revision
    lasting = f"private, max-age={IMMUTABLE_MAX_AGE_S}, immutable"
    stamp = Stamp(
        key=answer_key(dataset.info, request.url.path, rest, variant),
        revision=revision,
        cache_control=lasting if asked == [revision] else f"private, max-age={SHORT_MAX_AGE_S}",
    )
    if stamp.unchanged_in(request.headers.get("if-none-match", "")):
        raise NotModifiedError(stamp)
    return stamp


def answer_not_modified(_request: Request, error: Exception) -> Response:
    """Answer 304 with the headers that the full answer would have had."""
    if not isinstance(error, NotModifiedError):
        raise TypeError(f"{type(error).__name__} is not NotModifiedError") from error
    return Response(status_code=304, headers=error.stamp.headers)


Stamped = Annotated[Stamp, Depends(stamp_of)]
