"""One run of `python -m batch generate`: what is missing is handed to the cluster, some hundred samples at a time."""

import logging
from collections.abc import Callable, Sequence
from contextlib import suppress
from queue import SimpleQueue

from distributed import Client, Future
from distributed.scheduler import KilledWorker

from batch.generate_job import Job, Sample
from batch.generate_sample import Made, failed_part, make_sample, write_part
from batch.progress import Progress
from batch.run import as_they_end
from batch.workforce import Workforce
from errors import GenerationError, JobError, PatchworkError

logger = logging.getLogger(__name__)

AT_ONCE = 500  # samples that the scheduler knows of: more than any cluster has workers, few enough to stop at once


def carry_out(
    job: Job,
    todo: Sequence[Sample],
    count: int,
    client: Client,
    progress: Progress,
    *,
    engine: str,
    stopped: Callable[[], bool] = lambda: False,
) -> list[Made]:
    """Generate from samples; returns what became of each, in the order in which they ended.

    A worker that dies costs the sample it was at work on, which another one begins anew.

    Args:
        job: the run.
        todo: the samples without a part.
        count: of all samples.
        client: of the cluster.
        progress: is told.
        engine: module that runs requests in the TerraMind process.
        stopped: asked about once a second; what is under way is given up then, what is finished stays.

    Raises:
        JobError: nothing can be written where the results should be, the model can not run, or no worker lives.
    """
    workers = Workforce(client)
    ended_all: list[Made] = []
    for start in range(0, len(todo), AT_ONCE):
        ended: SimpleQueue[Future] = SimpleQueue()
        futures: dict[Future, Sample] = {}
        for sample in todo[start : start + AT_ONCE]:
            future = client.submit(make_sample, job, sample, count, engine=engine, pure=False)
            futures[future] = sample
            future.add_done_callback(ended.put)
        try:
            for future in as_they_end(ended, len(futures), progress, workers, stopped):
                sample = futures[future]
                made = _made(future, job, sample)
                _check_arrived(job, sample)
                ended_all.append(made)
                progress.advance(1, sample.id)
        finally:
            with suppress(OSError):  # the cluster is gone, and with it what it should let go
                client.cancel([future for future in futures if not future.done()], force=True)
        if stopped():
            break
    return ended_all


def _made(future: Future, job: Job, sample: Sample) -> Made:
    """What became of a sample. Raises JobError where no other can fare better."""
    if future.status == "finished":
        made: Made = future.result()
        return made
    error = future.exception() if future.status == "error" else None
    match error:
        case JobError():
            raise error
        case PatchworkError():
            named: PatchworkError = error
        case KilledWorker():
            named = GenerationError(
                "Every worker that was at work on it died, perhaps for lack of memory. Try with fewer --workers."
            )
        case None:
            named = GenerationError(f"The cluster let go of it ({future.status}). Run the same command again.")
        case _:
            logger.error("%s failed", sample.id, exc_info=error)
            named = GenerationError(f"{type(error).__name__}: {error}. Run the same command again.")
    try:
        write_part(job, sample, failed_part(sample, named))
    except OSError as problem:
        raise JobError(f"{job.out.name!r} can not be written ({problem.strerror}). Free space, run again.") from problem
    return Made(sample.id, named.message)


def _check_arrived(job: Job, sample: Sample) -> None:
    """Make sure that what a worker wrote can be seen from here. Raises JobError."""
    if not job.part(sample.id).is_file():
        raise JobError(
            f"A worker generated from {sample.id}, but the result is not in {job.out.name!r} here. The folder must be "
            "one that this machine and all workers share."
        )
