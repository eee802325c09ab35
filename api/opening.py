"""The data sets behind the API while, and after, they are opened in the background."""

import asyncio
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from threading import Thread
from typing import Any, Protocol

from api.errors import OpeningError, UnavailableError
from api.limits import OPENING_WAIT_S
from data_access.dataset import Dataset
from errors import PatchworkError, UnknownDatasetError


class OpenedCollections(Protocol):
    """What `data_access.collections.Collections` offers to the API."""

    @property
    def problems(self) -> Mapping[str, PatchworkError]:
        """Why a data set could not be opened, by its name."""

    def opening(self, name: str) -> Future[Any]:
        """Done once `get` answers at once. Raises UnknownDatasetError."""

    def get(self, name: str) -> Dataset:
        """The opened data set. Raises UnknownDatasetError, or the named reason why it could not be opened."""


class Opening:
    """Opens the collections in a thread of its own, so that health answers meanwhile."""

    def __init__(self, open_collections: Callable[[], OpenedCollections]) -> None:
        """Remember how to open; nothing happens before `start`."""
        self._open_collections = open_collections
        self._opened: Future[OpenedCollections] = Future()
        self._started = False

    def start(self) -> None:
        """Begin to open; further calls change nothing."""
        if not self._started:
            self._started = True
            # A daemon: a process that is told to stop does not wait for tables to be built.
            Thread(target=self._open, name="patchwork-opening", daemon=True).start()

    def now(self) -> OpenedCollections | None:
        """The collections, each of them open or not yet, or None before. Raises the error that opening ended with."""
        return self._opened.result() if self._opened.done() else None

    async def dataset(self, name: str) -> Dataset:
        """Wait for a data set, for a while.

        Raises:
            UnknownDatasetError: no such name.
            OpeningError: it is still not open.
            UnavailableError: it could not be opened.
        """
        self.start()
        try:
            async with asyncio.timeout(OPENING_WAIT_S):
                # Shielded: one impatient request must not cancel the opening that all others wait for.
                opened = await asyncio.shield(asyncio.wrap_future(self._opened))
                await asyncio.shield(asyncio.wrap_future(opened.opening(name)))
            return opened.get(name)
        except TimeoutError:
            raise OpeningError(f"{name} is still being opened: its tables are built. Ask again in a moment.") from None
        except UnknownDatasetError:
            raise
        except PatchworkError as error:
            raise UnavailableError(error) from error

    def _open(self) -> None:
        """Open, and keep either the collections or the error."""
        try:
            self._opened.set_result(self._open_collections())
        except BaseException as error:  # noqa: BLE001 - every request must learn of it; none may wait forever
            self._opened.set_exception(error)
