"""A file to save that is made while it is sent: its size is bounded by nothing, the memory that it takes is."""

import logging
import zlib
from collections.abc import AsyncGenerator, Callable, Generator
from dataclasses import dataclass

from fastapi import Request
from starlette.responses import Response, StreamingResponse

from api.caching import IDENTITY, UNKEPT
from api.head_requests import ONLY_HEAD
from api.lasting_answer import LastingAnswer
from api.workshop import Workshop

logger = logging.getLogger(__name__)

GZIP_LEVEL = 1  # 10 to 15 times smaller, at twice the speed of level 5, which saves another fifth
GZIP_WINDOW = 31  # zlib's way to say: with the header and trailer of gzip


class FileAnswer(LastingAnswer):
    """A file that is made while it is sent."""

    def __init__(self, first: bytes, rest: AsyncGenerator[bytes], *, media_type: str, headers: dict[str, str]) -> None:
        """Send a piece that is made, and those that follow."""
        super().__init__(_behind(first, rest), rest, media_type=media_type, headers=headers)


async def _behind(first: bytes, rest: AsyncGenerator[bytes]) -> AsyncGenerator[bytes]:
    """A piece and those that follow; an error on the way breaks the connection, so that no half file looks whole."""
    yield first
    try:
        async for piece in rest:
            yield piece
    except Exception:
        logger.exception("an export broke off")
        raise


@dataclass(frozen=True)
class Making:
    """A file about to be made for a request."""

    request: Request
    workshop: Workshop
    pieces: Callable[[], Generator[bytes]]

    async def file(self, name: str, media_type: str, *, is_text: bool) -> Response:
        """The answer: a file to save, compressed on the way where it is text and the client takes that.

        Raises:
            BusyError: too many files are being made.
            PatchworkError: what the first piece could not be made for.
        """
        # Never kept: a browser that stores gigabytes beside the file it saves helps nobody.
        headers = {**UNKEPT, "Content-Disposition": f'attachment; filename="{name}"'}
        packed = is_text and "gzip" in self.request.headers.get("accept-encoding", "")
        headers |= {"Content-Encoding": "gzip"} if packed else IDENTITY
        headers |= {"Vary": "Accept-Encoding"} if is_text else {}
        if self.request.scope.get(ONLY_HEAD):
            return StreamingResponse(iter(()), media_type=media_type, headers=headers)  # nobody counted the bytes
        made = self.pieces()
        stream = self.workshop.stream(_gzipped(made) if packed else made)
        try:
            first = await anext(stream)  # what can not be made at all is an error, not a broken file
        except StopAsyncIteration:
            first = b""  # no rows make no lines
        return FileAnswer(first, stream, media_type=media_type, headers=headers)


def _gzipped(pieces: Generator[bytes]) -> Generator[bytes]:
    """The same bytes compressed; the thread that makes them does it, not the server's event loop."""
    packer = zlib.compressobj(GZIP_LEVEL, wbits=GZIP_WINDOW)
    try:
        for piece in pieces:
            if packed := packer.compress(piece):
                yield packed
        yield packer.flush()
    finally:
        pieces.close()
