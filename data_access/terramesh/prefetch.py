"""Fetching what is probably opened next, while nobody waits for anything: bounded, replaced, never in the way.

Work waits until no foreground read is under way, and begins one fetch at a time per thread. What was asked for last by
an owner (a user's session) is all that counts of it: the rest is dropped unless it runs already. Fetches go through the
same single-flight caches as reads, so that a read of the same bytes waits for the fetch instead of repeating it.
"""

import logging
from collections import OrderedDict, deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Condition, Thread

from errors import ModalityMissingError, PatchworkError, RemoteError

logger = logging.getLogger(__name__)

Fetch = Callable[[str, str], int]  # (sample id, modality) -> bytes of the member, fetched or held already

THREADS = 2  # of the many connections that one host is asked for at once: the foreground keeps the rest
MAX_WAITING = 64  # fetches per owner: eight modalities of eight samples
MAX_OWNERS = 64  # sessions; the one that asked longest ago is dropped
MAX_BYTES = 48 << 20  # per request of an owner: half of what is held in memory
# Small members first, by the mean size of published shards: most panels of the next sample are there soonest.
SMALL_FIRST = ("LULC", "DEM", "NDVI", "S2RGB", "S1RTC", "S1GRD", "S2L1C", "S2L2A")


@dataclass
class _Request:
    """What an owner asked for last."""

    jobs: deque[tuple[str, str]]  # that have not begun
    allowed: int  # bytes that it may still take


class Prefetcher:
    """Fetches in the background; safe to use from many threads at once."""

    def __init__(self, fetch: Fetch, threads: int = THREADS) -> None:
        """Fetch with `fetch` in up to so many threads, which live only while there is work."""
        self._fetch = fetch
        self._threads = threads
        self._changed = Condition()
        self._waiting: OrderedDict[str, _Request] = OrderedDict()  # by owner
        self._workers = 0
        self._reading = 0  # foreground reads under way

    def prefetch(self, sample_ids: Sequence[str], modalities: Sequence[str], *, owner: str) -> None:
        """Fetch the modalities of these samples, the first sample first, in place of what the owner asked before."""
        ordered = sorted(modalities, key=_by_size)
        jobs = [(sample_id, modality) for sample_id in sample_ids for modality in ordered][:MAX_WAITING]
        with self._changed:
            self._waiting.pop(owner, None)
            if not jobs:
                return
            self._waiting[owner] = _Request(deque(jobs), MAX_BYTES)
            while len(self._waiting) > MAX_OWNERS:
                self._waiting.popitem(last=False)
            self._changed.notify_all()
            for _ in range(self._threads - self._workers):
                self._workers += 1
                Thread(target=self._work, name="patchwork-prefetch", daemon=True).start()

    @contextmanager
    def foreground(self) -> Iterator[None]:
        """Begin no fetch while the block runs: somebody waits for it."""
        with self._changed:
            self._reading += 1
        try:
            yield
        finally:
            with self._changed:
                self._reading -= 1
                if not self._reading:
                    self._changed.notify_all()

    def _work(self) -> None:
        """Do what waits until nothing waits any more."""
        while job := self._next():
            owner, request, sample_id, modality = job
            try:
                self._count(owner, request, self._fetch(sample_id, modality))
            except ModalityMissingError:  # a sample has one kind of Sentinel-1
                continue
            except RemoteError as error:
                logger.info("prefetching of %s %s failed, and is given up: %s", sample_id, modality, error.message)
                self._count(owner, request, request.allowed)
            except PatchworkError as error:
                logger.info("prefetching of %s %s failed: %s", sample_id, modality, error.message)
            except Exception:  # a bug there must not end this thread without a word; a read would raise it
                logger.exception("prefetching of %s %s failed", sample_id, modality)

    def _next(self) -> tuple[str, _Request, str, str] | None:
        """The next fetch, the owners taking turns, once nobody reads; None where nothing waits, which ends a worker."""
        with self._changed:
            while self._waiting and self._reading:
                self._changed.wait()
            if not self._waiting:
                self._workers -= 1
                return None
            owner, request = self._waiting.popitem(last=False)
            sample_id, modality = request.jobs.popleft()
            if request.jobs:
                self._waiting[owner] = request
            return owner, request, sample_id, modality

    def _count(self, owner: str, request: _Request, size: int) -> None:
        """Count bytes; a request that has had its share is dropped, unless the owner has asked for something else."""
        with self._changed:
            request.allowed -= size
            if request.allowed <= 0 and self._waiting.get(owner) is request:
                del self._waiting[owner]


def _by_size(modality: str) -> int:
    return SMALL_FIRST.index(modality) if modality in SMALL_FIRST else len(SMALL_FIRST)
