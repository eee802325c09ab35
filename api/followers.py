"""How many clients may follow events at once: each keeps a connection open for as long as it likes."""

from collections.abc import AsyncGenerator
from threading import BoundedSemaphore

from api.server_events import ServerEvent
from errors import BusyError


class Followers:
    """Places for event streams that wait for what happens elsewhere; none of them takes a thread."""

    def __init__(self, places: int) -> None:
        """Give so many places."""
        self._places = BoundedSemaphore(places)
        self._number = places

    async def follow(self, events: AsyncGenerator[ServerEvent]) -> AsyncGenerator[ServerEvent]:
        """The same events, from a place that is given back at their end.

        Raises:
            BusyError: all places are taken.
        """
        if not self._places.acquire(blocking=False):
            raise BusyError(f"{self._number} clients follow runs already. Ask again in a moment, or close other tabs.")
        try:
            async for event in events:
                yield event
        finally:
            await events.aclose()
            self._places.release()
