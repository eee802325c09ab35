"""One run: what is missing is handed to the cluster, set by set, until everything is there or somebody stops it."""

import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from queue import Empty, SimpleQueue

from distributed import Client, Future
from distributed.scheduler import KilledWorker

from batch import pulse
from batch.parts import Outcome, ShardSet, finished, make_part
from batch.progress import Progress
from batch.workforce import Workforce
from data_access.terramesh.batch_parts import Kind, part_path
from errors import JobError, PatchworkError

logger = logging.getLogger(__name__)

RETRIES = 2  # of a set whose remote reads failed; each read has tried for minutes by itself
BEAT_S = 1.0  # whoever watches learns at least so often that the run lives


@dataclass
class Work:
    """What a run has to do, and what became of it."""

    kind: Kind
    out: Path
    kept: list[Outcome] = field(default_factory=list)  # parts that were there
    todo: list[ShardSet] = field(default_factory=list)
    made: list[Outcome] = field(default_factory=list)

    @property
    def failures(self) -> list[Outcome]:
        """Sets without a part."""
        return [outcome for outcome in self.made if outcome.failure]

    @property
    def damaged(self) -> list[Outcome]:
        """Sets whose part lacks what was damaged, in this run or an earlier one."""
        return [outcome for outcome in (*self.kept, *self.made) if outcome.problems]


def plan(kind: Kind, sets: Sequence[ShardSet], out: Path, *, force: bool = False) -> Work:
    """What is left to do: sets without a part, and sets whose shards have changed since; with `force` all."""
    work = Work(kind, out)
    for each in sets:
        done = None if force else finished(kind, each, out)
        if done:
            work.kept.append(done)
        else:
            work.todo.append(each)
    return work


def carry_out(work: Work, client: Client, progress: Progress, stopped: Callable[[], bool] = lambda: False) -> None:
    """Make the parts that are missing; what became of each set goes to `work.made`.

    A worker that dies costs the set it was at work on, which another one begins anew.

    Args:
        work: see `plan`.
        client: of the cluster.
        progress: is told.
        stopped: asked about once a second; what is under way is given up then, what is finished stays.

    Raises:
        JobError: nothing can be written where the parts should be, or no worker lives.
    """
    ended: SimpleQueue[Future] = SimpleQueue()
    futures: dict[Future, ShardSet] = {}
    for each in work.todo:
        future = client.submit(make_part, work.kind, each, work.out, retries=RETRIES, pure=False)
        futures[future] = each
        future.add_done_callback(ended.put)
    try:
        with pulse.heard(client, progress.read):
            for future in as_they_end(ended, len(futures), progress, Workforce(client), stopped):
                shard_set = futures[future]
                outcome = _outcome(future, shard_set)
                _check_arrived(work, shard_set, outcome)
                work.made.append(outcome)
                progress.advance(shard_set.size, shard_set.title)
    finally:
        with suppress(OSError):  # the cluster is gone, and with it what it should let go
            client.cancel([future for future in futures if not future.done()], force=True)


def as_they_end(
    ended: "SimpleQueue[Future]", count: int, progress: Progress, workers: Workforce, stopped: Callable[[], bool]
) -> Iterator[Future]:
    """Futures in the order in which they end, until all have or somebody stops; meanwhile the run tells that it lives.

    Args:
        ended: gets each future when it is done.
        count: of all futures.
        progress: beats about once a second.
        workers: are kept at work.
        stopped: asked about once a second.

    Raises:
        JobError: no worker lives.
    """
    while count and not stopped():
        with suppress(Empty):
            future = ended.get(timeout=BEAT_S)
            if future.status in ("pending", "lost"):  # what it told went with its worker, and is made again
                future.add_done_callback(ended.put)
            else:
                count -= 1
                yield future
        progress.beat()
        workers.tend()


def _outcome(future: Future, shard_set: ShardSet) -> Outcome:
    """What became of a set. Raises JobError where no other can fare better."""
    if future.status == "finished":
        outcome: Outcome = future.result()
        return outcome
    error = future.exception() if future.status == "error" else None
    match error:
        case JobError():
            raise error
        case PatchworkError():
            why = error.message
        case KilledWorker():
            why = "every worker that was at work on it died, perhaps for lack of memory. Try with fewer --workers."
        case None:
            why = f"the cluster let go of it ({future.status}). Run the same command again."
        case _:
            logger.error("%s failed", shard_set.title, exc_info=error)
            why = f"{type(error).__name__}: {error}"
    return Outcome(shard_set.title, size=shard_set.size, failure=why)


def _check_arrived(work: Work, shard_set: ShardSet, outcome: Outcome) -> None:
    """Make sure that what a worker wrote can be seen from here. Raises JobError."""
    if outcome.failure or part_path(work.out, work.kind, shard_set.split, shard_set.tar).is_file():
        return
    raise JobError(
        f"A worker wrote the part of {shard_set.title}, but it is not in {work.out.name!r} here. The folder must "
        "be one that this machine and all workers share."
    )
