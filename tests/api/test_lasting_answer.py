"""Answers that are made while they are sent: whoever leaves, or stops reading, gives the place back at once."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from typing import Any

import pytest
from starlette.responses import Response

from api import lasting_answer
from api.file_answer import FileAnswer
from api.server_events import EventStream, ServerEvent

SCOPE = {"type": "http", "asgi": {"spec_version": "2.3"}}
Send = Callable[[Any], Awaitable[None]]


class Source:
    """Something that is made piece by piece, and knows when it has ended."""

    def __init__(self) -> None:
        self.ended = False

    async def slow_events(self) -> AsyncGenerator[ServerEvent]:
        """Nothing for an hour."""
        try:
            await asyncio.sleep(3600)
            yield ServerEvent("late", {})
        finally:
            self.ended = True

    async def endless(self) -> AsyncGenerator[bytes]:
        """As much as somebody takes."""
        try:
            while True:
                yield b"x"
                await asyncio.sleep(0)
        finally:
            self.ended = True


def events(source: Source) -> EventStream:
    """A stream of which nothing but signs of life comes."""
    return EventStream(ServerEvent("first", {}), source.slow_events(), heartbeat_s=0.01, per_second=None)


def file(source: Source) -> FileAnswer:
    """A file without an end."""
    return FileAnswer(b"first", source.endless(), media_type="text/csv", headers={})


def answer_to(send: Send, made: Callable[[Source], Response], *, leaves_after_s: float) -> None:
    """Answer a client that leaves after a while, and see that nothing is made any more once the answer has ended."""
    source = Source()

    async def receive() -> dict[str, str]:
        await asyncio.sleep(leaves_after_s)
        return {"type": "http.disconnect"}

    async def exchange() -> None:
        answer = made(source)
        async with asyncio.timeout(5):
            await answer(SCOPE, receive, send)
        assert source.ended

    asyncio.run(exchange())


def stalled_after(messages: int) -> Send:
    """A connection that takes so many messages, and then no byte more."""
    taken = []

    async def send(message: Any) -> None:  # noqa: ANN401 - a message of ASGI
        taken.append(message)
        if len(taken) > messages:
            await asyncio.sleep(3600)

    return send


@pytest.mark.parametrize("made", [events, file])
def test_a_client_that_leaves_while_it_is_sent_something(made: Callable[[Source], Response]) -> None:
    answer_to(stalled_after(2), made, leaves_after_s=0.1)  # start and first piece; a sign of life is on its way


@pytest.mark.parametrize("made", [events, file])
def test_a_client_that_stays_and_reads_no_more(
    made: Callable[[Source], Response], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lasting_answer, "STALLED_S", 0.1)
    answer_to(stalled_after(2), made, leaves_after_s=3600)
