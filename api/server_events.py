"""Server-sent events: a response that lasts as long as somebody listens.

https://html.spec.whatwg.org/multipage/server-sent-events.html
"""

import asyncio
from collections.abc import AsyncGenerator
from dataclasses import dataclass

from api.json_answer import dumps
from api.lasting_answer import LastingAnswer

MEDIA_TYPE = "text/event-stream"
HEARTBEAT = b": still here\n\n"  # a comment: proxies and clients see that the connection lives
HEADERS = {
    "Cache-Control": "no-store",
    "Content-Encoding": "identity",  # compression would hold events back until its buffer is full
    "X-Accel-Buffering": "no",  # nginx too
}


@dataclass(frozen=True)
class ServerEvent:
    """One event."""

    name: str
    data: object  # anything that `json_answer` writes; its text never holds a line break
    id: str | None = None  # a client that reconnects sends the last one as Last-Event-ID

    def encode(self) -> bytes:
        """The event as it travels."""
        head = f"event: {self.name}\n" + (f"id: {self.id}\n" if self.id is not None else "")
        return head.encode() + b"data: " + dumps(self.data) + b"\n\n"


class EventStream(LastingAnswer):
    """Sends events as they come."""

    def __init__(
        self, first: ServerEvent, rest: AsyncGenerator[ServerEvent], *, heartbeat_s: float, per_second: float | None
    ) -> None:
        """Send an event that is made, and those that follow.

        Args:
            first: has shown that there is something to send; whatever fails later is an event itself.
            rest: further events; closed at the end.
            heartbeat_s: after so long without an event a comment is sent.
            per_second: how many events are sent at most; None sends them as they come.
        """
        self._rest = rest
        self._pause_s = 1 / per_second if per_second else 0.0
        super().__init__(self._text(first, heartbeat_s), rest, media_type=MEDIA_TYPE, headers=HEADERS)

    async def _text(self, first: ServerEvent, heartbeat_s: float) -> AsyncGenerator[bytes]:
        yield first.encode()
        while True:
            pause = asyncio.get_running_loop().time() + self._pause_s
            coming = asyncio.ensure_future(anext(self._rest, None))
            try:
                while not (await asyncio.wait({coming}, timeout=heartbeat_s))[0]:
                    yield HEARTBEAT
            finally:
                if not coming.done():
                    coming.cancel()
                    await asyncio.wait({coming})  # a generator that still runs can not be closed
            event = coming.result()
            if event is None:
                return
            await asyncio.sleep(max(0.0, pause - asyncio.get_running_loop().time()))
            yield event.encode()
