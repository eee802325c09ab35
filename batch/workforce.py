"""Keeping workers of this machine at work: one that dies while it starts is not started again by Dask itself."""

import logging
import time

from distributed import Client

from errors import JobError

logger = logging.getLogger(__name__)

PATIENCE_S = 60.0  # Dask starts a dead worker again within seconds; on a machine that is busy it takes longer
MOST_ADDED = 8  # in one run; where so many die, the machine has no room for them


class Workforce:
    """The workers of a cluster that this run started; an operator's own cluster is left to its operator."""

    def __init__(self, client: Client) -> None:
        """Watch the cluster of a client."""
        self._cluster = client.cluster  # None where the scheduler runs elsewhere
        self._wanted = len(self._cluster.worker_spec) if self._cluster else 0
        self._whole_at = time.monotonic()
        self._added = 0
        self._given_up: set[object] = set()

    def tend(self) -> None:
        """Start workers in place of those that are gone for good; call it every second or so.

        Raises:
            JobError: none is left, and new ones do not live.
        """
        if self._cluster is None:
            return
        living = {str(worker.name) for worker in list(self._cluster.scheduler.workers.values())}
        gone = [name for name in self._cluster.worker_spec if str(name) not in living and name not in self._given_up]
        if not gone:
            self._whole_at = time.monotonic()
        elif time.monotonic() - self._whole_at > PATIENCE_S:
            self._whole_at = time.monotonic()
            self._replace(gone)

    def _replace(self, gone: list[object]) -> None:
        if self._added + len(gone) <= MOST_ADDED:
            logger.warning("%d workers are gone and did not come back; others take their place", len(gone))
            self._added += len(gone)
            self._given_up.update(gone)  # their names stay taken, or Dask would think that they are still there
            self._cluster.scale(len(self._cluster.worker_spec) + len(gone))
        elif len(gone) == self._wanted:
            raise JobError(
                f"All {self._wanted} workers died, and new ones did not live, perhaps for lack of memory. Run the "
                "same command again, with fewer --workers: it goes on where this one stopped."
            )
