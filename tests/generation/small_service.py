"""A service over samples in memory whose engine is `quick_engine`, and requests that say what the engine does."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import xarray as xr

from data_access.dataset import Dataset
from data_access.settings import Settings, load_settings
from generation.jobs import Job
from generation.limits import Limits
from generation.models import MODELS, ModelState
from generation.request import Request
from generation.service import GenerationService
from tests.data_access.waiting import wait
from tests.memory_dataset import IDS, MemoryDataset

QUICK = "tests.generation.quick_engine"
SAMPLE = IDS[0]
PATIENCE_S = 180.0  # loading torch takes two seconds, and a minute on a machine that trains a model meanwhile
TIMES = 11  # 24 pixels in memory make the 264 of a TerraMesh sample


class WideDataset(MemoryDataset):
    """Samples as large as real ones: those in memory, repeated."""

    def read(self, sample_id: str, modality: str) -> xr.Dataset:
        narrow = super().read(sample_id, modality)
        values = np.tile(narrow["bands"].values, (1, TIMES, TIMES))
        return xr.Dataset({"bands": (("band", "y", "x"), values)}, {"band": narrow["band"]}, narrow.attrs)


def all_ready(_: Settings) -> tuple[ModelState, ...]:
    return tuple(ModelState(model, ready=True) for model in MODELS.values())


def run_of(*outputs: str, how: int = 0, steps: int = 2, seeds: tuple[int, ...] = (0,)) -> Request:
    """A request; `how` is one of `quick_engine`'s ways to misbehave."""
    return Request(inputs=("S2L2A",), outputs=outputs or ("S1RTC",), timesteps=steps, seeds=seeds, top_k=how)


@contextmanager
def small_service(
    folder: Path,
    dataset: Dataset | None = None,
    *,
    limits: Limits | None = None,
    engine: str = QUICK,
    terramind: str = "demo",
) -> Iterator[GenerationService]:
    opened = dataset or WideDataset()
    configuration = load_settings(["--cache-dir", str(folder), "--terramind", terramind])
    service = GenerationService(configuration, lambda _: opened, limits=limits, engine=engine, models=all_ready)
    yield service
    service.close()


def submit(service: GenerationService, request: Request, session: str = "one") -> Job:
    return service.submit("terramesh", SAMPLE, request, session=session)


def finished(job: Job) -> Job:
    """Wait for the last event of a job."""
    deadline = time.monotonic() + PATIENCE_S
    while not job.is_over:
        assert time.monotonic() < deadline, f"still {job.state}"
        job.wait(job.number, 1.0)
    return job


def running(job: Job) -> Job:
    """Wait until the engine is at work on a job."""
    wait(lambda: job.state == "running")
    return job
