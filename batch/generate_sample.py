"""The unit of work: one sample prepared, generated, judged and written. This is what runs on a Dask worker.

TerraMind lives in a process of its own beside each worker (`generation.process`), so nothing here loads torch, and a
model that dies takes neither the worker nor the run with it.
"""

import json
import os
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from functools import lru_cache
from threading import Lock
from typing import Any

from batch.generate_arrays import output_arrays
from batch.generate_job import Job, Sample, Sources
from batch.generate_rows import metric_rows
from batch.zarr_store import write_chunk
from data_access.collections import open_dataset
from data_access.dataset import Dataset
from data_access.kept_tables import replace_atomically
from data_access.settings import Settings
from errors import GenerationUnavailableError, JobError, PatchworkError, WeightsError
from generation.limits import Limits
from generation.modalities import COORDINATES
from generation.outcome import Outcome
from generation.place import place_of
from generation.prepared import Prepared, prepare
from generation.process import ENGINE, Worker, WorkerError

# What no other sample can do better: packages or weights that are not there, or not what they should be.
_FATAL = (GenerationUnavailableError.code, WeightsError.code)


@dataclass(frozen=True)
class Made:
    """What became of one sample."""

    id: str
    problem: str = ""


class Model:
    """The TerraMind process beside this Dask worker; started at the first sample, and again where it died."""

    def __init__(self) -> None:
        """Start nothing yet."""
        self._lock = Lock()
        self._worker: Worker | None = None
        self._for: tuple[object, ...] = ()

    def run(self, job: Job, prepared: Prepared, *, engine: str) -> Outcome:
        """Generate from a sample's inputs, and write what is real of it as tokens. Raises what `Worker.run` raises."""
        with self._lock:  # where a cluster's workers have several threads: one model per process is what fits
            wanted = (job.sources.terramind, job.threads, engine)
            if self._worker is None or not self._worker.is_alive or self._for != wanted:
                self.close()
                os.environ["OMP_NUM_THREADS"] = str(job.threads)  # the process inherits it
                self._worker = Worker(_settings(job.sources), Limits(), engine=engine)
                self._for = wanted
            return self._worker.run(
                job.request, prepared.arrays, truth=prepared.truth, tell=lambda _: None, stopped=lambda: False
            )

    def close(self) -> None:
        """End the process."""
        if self._worker is not None:
            self._worker.close()
            self._worker = None


_MODEL = Model()


def make_sample(job: Job, sample: Sample, count: int, *, engine: str = ENGINE) -> Made:
    """Generate from one sample, write its chunks, and last the part that says so. Equal inputs give equal bytes.

    Args:
        job: the run.
        sample: which one.
        count: of all samples.
        engine: module that runs requests.

    Raises:
        JobError: no other sample could fare better: nothing can be written, or the model can not run at all.
    """
    dataset = _dataset(job)
    try:
        prepared = prepare(dataset, sample.id, job.request)
        outcome = _MODEL.run(job, prepared, engine=engine)
        part = _part(job, sample, dataset, prepared, outcome)
    except PatchworkError as error:
        failed = failed_part(sample, error)
        if failed["problem"]["code"] in _FATAL:
            raise JobError(error.message) from error
        _written(job, lambda: write_part(job, sample, failed))
        return Made(sample.id, error.message)

    def write() -> None:
        for name, array in output_arrays(job, count).items():
            values = outcome.coordinates if name == COORDINATES else outcome.arrays[name]
            if values is not None:
                write_chunk(job.store, array, sample.place, values[None])
        write_part(job, sample, part)

    _written(job, write)
    return Made(sample.id)


def failed_part(sample: Sample, error: PatchworkError) -> dict[str, Any]:
    """The part of a sample that could not be done."""
    code = error.told_code if isinstance(error, WorkerError) else error.code
    retryable = error.told_retryable if isinstance(error, WorkerError) else error.retryable
    problem = {"code": code, "message": error.message, "retryable": retryable}
    return {"place": sample.place, "problem": problem, "metrics": []}


def write_part(job: Job, sample: Sample, part: Mapping[str, Any]) -> None:
    """Write what became of a sample: from then on it is done. Raises OSError."""
    text = json.dumps(part)
    replace_atomically(job.part(sample.id), lambda temporary: temporary.write_text(text, encoding="utf-8"))


def _part(job: Job, sample: Sample, dataset: Dataset, prepared: Prepared, outcome: Outcome) -> dict[str, Any]:
    where = place_of(dataset, sample.id, prepared.window, job.request.inputs)
    rows = metric_rows(outcome, prepared, job.request, sample.lon, sample.lat)
    return {
        "place": sample.place,
        "problem": None,
        "window": prepared.window.to_json(),
        "epsg": where.epsg if where else None,
        "transform": [*where.transform] if where else None,
        "notes": [*prepared.notes],
        "model_revision": str(outcome.facts.get("revision", "")),
        "facts": {name: outcome.facts.get(name) for name in ("device", "precision", "software")},
        "metrics": [*rows],
    }


def _written(job: Job, write: Callable[[], None]) -> None:
    try:
        write()
    except OSError as error:
        raise JobError(
            f"{job.out.name!r} can not be written ({error.strerror}). Free space or choose another folder, then run "
            "the same command again: it goes on where this one stopped."
        ) from error


def _dataset(job: Job) -> Dataset:
    """The collection as this worker sees it. Raises JobError where it is another one than the command's."""
    try:
        dataset = _opened(job.sources, job.dataset)
    except PatchworkError as error:
        raise JobError(f"A worker can not open {job.dataset}: {error.message}") from error
    if dataset.info.revision != job.revision:
        raise JobError(
            f"A worker sees revision {dataset.info.revision[:12]} of {job.dataset}, the command {job.revision[:12]}. "
            "All machines must see the same files under the same settings."
        )
    return dataset


@lru_cache(maxsize=2)
def _opened(sources: Sources, name: str) -> Dataset:
    return open_dataset(_settings(sources), name)


def _settings(sources: Sources) -> Settings:
    """This machine's settings, but for what a run is about."""
    return Settings(**asdict(sources))
