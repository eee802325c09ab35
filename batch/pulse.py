"""How far a set is while a worker reads it: a set takes minutes, and whoever watches wants to see it move."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from distributed import Client, get_worker

TOPIC = "patchwork-batch"
EVERY_S = 1.0  # of each worker; hundreds of them must not flood the scheduler
Listener = Callable[[str, int], None]  # (title of the set, bytes of it that were read)


@dataclass
class _Reading:
    title: str
    done: int = 0
    told: float = 0.0  # when it was told last, on the monotonic clock


_CURRENT: ContextVar[_Reading | None] = ContextVar("reading", default=None)


@contextmanager
def reading(title: str) -> Iterator[None]:
    """Whatever is read in the block belongs to this set."""
    token = _CURRENT.set(_Reading(title, told=time.monotonic()))
    try:
        yield
    finally:
        _CURRENT.reset(token)


def advance(size: int) -> None:
    """Say that so many bytes more were read. Outside of a worker nobody listens."""
    current = _CURRENT.get()
    if current is None:
        return
    current.done += size
    if time.monotonic() - current.told < EVERY_S:
        return
    current.told = time.monotonic()
    try:
        get_worker().log_event(TOPIC, {"title": current.title, "done": current.done})
    except ValueError:  # no worker
        return


@contextmanager
def heard(client: Client, listener: Listener) -> Iterator[None]:
    """Give what the workers say to `listener`, in a thread of the client, while the block runs."""
    client.subscribe_topic(TOPIC, lambda event: listener(event[1]["title"], event[1]["done"]))
    try:
        yield
    finally:
        client.unsubscribe_topic(TOPIC)
