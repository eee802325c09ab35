"""Where the work is done: processes of this machine, or a cluster that the operator runs."""

import importlib.util
import logging
import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager

import dask
from distributed import Client, LocalCluster

from errors import SettingsError

CONNECT_S = 15  # a scheduler that is there answers in milliseconds
ALLOWED_DEATHS = 3  # of workers under one set of shards; one that kills three is at fault itself
_QUIET = {"distributed": "error", "distributed.worker": "critical"}  # what matters is told in the summary
# Chips of some megabytes are allocated and let go of by the thousand. Dask's own settings give each back to the system
# at once, which then hands out zeroed pages again: that took half of the time. Kept, they are used again.
_KEPT_BYTES = 32 << 20  # the largest that glibc takes
_ENVIRONMENT = {
    "MALLOC_MMAP_THRESHOLD_": _KEPT_BYTES,
    "MALLOC_TRIM_THRESHOLD_": 4 * _KEPT_BYTES,
    "OMP_NUM_THREADS": 1,  # a worker has one core
    "OPENBLAS_NUM_THREADS": 1,
}
_CONFIGURATION = {
    "distributed.scheduler.allowed-failures": ALLOWED_DEATHS,
    # By default Dask gives a worker up that is not there 15 s after it died, even where it died again meanwhile.
    "distributed.deploy.lost-worker-timeout": "365 days",
    "distributed.worker.multiprocessing-method": "spawn",  # a fork would copy locks that some thread holds
    "distributed.nanny.pre-spawn-environ": _ENVIRONMENT,
    "logging": _QUIET,
}


def usable_cores() -> int:
    """Cores that this process may use; a container often gets fewer than the machine has."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@contextmanager
def connected(scheduler: str | None, workers: int) -> Iterator[Client]:
    """A client of the scheduler, or of `workers` processes with one thread each, which end with the block.

    One thread each: decoding lets go of Python's lock, but the walk between the chips does not.

    Raises:
        SettingsError: no scheduler answers at that address.
    """
    if scheduler:
        try:
            client = Client(scheduler, timeout=CONNECT_S, set_as_default=False)
        except (OSError, ValueError) as error:
            raise SettingsError(
                f"PATCHWORK_SCHEDULER is {scheduler!r}, and no Dask scheduler answers there ({error}). Start one with "
                "`dask scheduler`, or unset it to work on this machine."
            ) from error
        with client:
            _check_code(client, scheduler)
            yield client
        return
    with (
        dask.config.set(_CONFIGURATION),
        _local_cluster(workers) as cluster,
        Client(cluster, set_as_default=False) as client,
    ):
        yield client


def _check_code(client: Client, scheduler: str) -> None:
    """Make sure that scheduler and workers can import what they are asked to do. Raises SettingsError."""

    def has_code() -> bool:  # inside, so that it travels as it is instead of by a name that they may not know
        return importlib.util.find_spec("batch") is not None

    if not all((client.run_on_scheduler(has_code), *client.run(has_code).values())):
        raise SettingsError(
            f"The Dask cluster at {scheduler!r} does not have Patchwork's code. Start its scheduler and workers in a "
            "checkout, with `python -m dask scheduler` and `python -m dask worker`, which look for code there."
        )


def _local_cluster(workers: int) -> LocalCluster:
    """Workers that Ctrl-C does not reach: a terminal sends it to all processes, and only this one should answer.

    The cluster's thread inherits what this one holds back, and so does every worker that it starts or starts again.
    """
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        return LocalCluster(
            n_workers=workers,
            threads_per_worker=1,
            processes=True,
            dashboard_address="127.0.0.1:0",
            silence_logs=logging.CRITICAL,
        )
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
