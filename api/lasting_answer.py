"""An answer that is made while it is sent, for as long as somebody reads it."""

import asyncio
import logging
from collections.abc import AsyncGenerator, Mapping
from typing import Any

from starlette.responses import StreamingResponse
from starlette.types import Message, Receive, Scope, Send

logger = logging.getLogger(__name__)

STALLED_S = 300.0  # 3 MB, the largest piece, pass a line of 10 kB/s in that time; a download that was paused does not


class LastingAnswer(StreamingResponse):
    """Sends what is being made; a client that goes away, or takes nothing for long, ends the making.

    What is made holds one of few places, and a connection whose client only stopped reading may stay for days.
    """

    def __init__(
        self,
        content: AsyncGenerator[bytes],
        made: AsyncGenerator[Any],
        *,
        media_type: str,
        headers: Mapping[str, str],
    ) -> None:
        """Send something.

        Args:
            content: what is sent.
            made: what the content is made from; both are closed at the end.
            media_type: of the content.
            headers: of the answer.
        """
        super().__init__(content, media_type=media_type, headers=headers)
        self._content, self._made = content, made

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send it."""
        stalled = False

        async def send_soon(message: Message) -> None:
            nonlocal stalled
            try:
                async with asyncio.timeout(STALLED_S):
                    await send(message)
            except TimeoutError:
                stalled = True
                raise

        try:
            await super().__call__(scope, receive, send_soon)
        except TimeoutError:
            if not stalled:
                raise
            logger.info("%s: the client took nothing for %.0f s", scope.get("path"), STALLED_S)
        finally:
            # First the content: it may be waiting for what is made, which can not be closed meanwhile.
            await self._content.aclose()
            await self._made.aclose()
