"""Generations of this process: asked for, run one after the other in a worker, followed, cancelled, kept, found again.

A job goes on when nobody looks at it: a page that is loaded again finds it by its id.
"""

import logging
import time
from collections import OrderedDict
from collections.abc import Callable, Iterator
from functools import lru_cache
from pathlib import Path
from threading import Lock, Thread

from data_access.collections import collections_of_process
from data_access.dataset import Dataset
from data_access.settings import Settings, settings
from errors import GenerationCancelledError, PatchworkError
from generation.admission import check_model
from generation.estimate import estimate
from generation.events import Cancelled, Done, Failed, Loading
from generation.jobs import Job, Told
from generation.kept_result import Finished, KeptResult
from generation.limits import Limits
from generation.models import ModelState, states
from generation.process import ENGINE, WorkerError
from generation.queue import Line
from generation.request import Request
from generation.resident_worker import ResidentWorker
from generation.results import Results
from generation.speeds import SPEEDS
from generation.submission import job_of, new_job

logger = logging.getLogger(__name__)

FOLDER = "generations"  # of results, in the cache folder


class GenerationService:
    """Runs generations, one at a time; safe to use from many threads."""

    def __init__(
        self,
        configuration: Settings,
        datasets: Callable[[str], Dataset],
        *,
        limits: Limits | None = None,
        engine: str = ENGINE,
        models: Callable[[Settings], tuple[ModelState, ...]] = states,
    ) -> None:
        """Start no process yet.

        Args:
            configuration: names the cache folder, the weights and the device.
            datasets: gives an opened data set by its name.
            limits: what runs may take.
            engine: name of the module whose `Engine` runs requests, in the worker.
            models: tells which models can run.
        """
        self._configuration = configuration
        self._datasets = datasets
        self._limits = limits or Limits()
        self._models = models
        self._worker = ResidentWorker(configuration, self._limits, engine)
        self._results = Results(configuration.cache_dir / FOLDER, self._limits)
        self._line = Line(self._limits.waiting, _expected_s)
        self._lock = Lock()
        self._jobs: OrderedDict[str, Job] = OrderedDict()
        self._runner: Thread | None = None
        self._closed = False

    @property
    def folder(self) -> Path:
        """Where results are kept."""
        return self._configuration.cache_dir / FOLDER

    @property
    def pid(self) -> int | None:
        """Number of the worker in the system, while there is one."""
        return self._worker.pid

    def models(self) -> tuple[ModelState, ...]:
        """Every model: whether it can run here, and what is missing where it can not."""
        return self._models(self._configuration)

    def submit(
        self,
        dataset: str,
        sample: str | None,
        request: Request,
        *,
        session: str,
        coordinates: tuple[float, float] | None = None,
    ) -> Job:
        """Ask for a generation; reads its inputs now, so that what is wrong with them is told at once.

        Args:
            dataset: name of the sample's data set; any where there is no sample.
            sample: its id; None to generate from `coordinates` alone.
            request: what to do.
            session: who asks; nobody has two unfinished jobs.
            coordinates: longitude and latitude in degrees.

        Raises:
            GenerationRequestError, CoordinateError: the request can not work.
            GenerationUnavailableError, WeightsError: the model can not run here, or not on this data.
            UnknownDatasetError, UnknownSampleError, ModalityMissingError, ShardError, SampleFormatError: as
                `Dataset.read`.
            GenerationStateError: the session has an unfinished job.
            GenerationQueueError: too many wait already.
        """
        self._line.check(session)
        opened = self._datasets(dataset) if sample is not None else None
        check_model(request, self.models(), opened)
        job = new_job(opened, sample, request, session=session, coordinates=coordinates)
        with self._lock:
            self._jobs[job.id] = job
        try:
            self._line.join(job)
        except PatchworkError:
            with self._lock:
                del self._jobs[job.id]
            raise
        self._start()
        return job

    def job(self, run: str) -> Job:
        """A job by its id: waiting, running, or over; of one of another process, or of long ago, its result is enough.

        Raises:
            UnknownGenerationError: there is neither.
            ResultDamagedError: the result is there, but damaged.
        """
        with self._lock:
            job = self._jobs.get(run)
        return job or job_of(self._results.get(run))

    def cancel(self, run: str) -> Job:
        """Stop a job; one that is over stays as it is. Raises UnknownGenerationError."""
        job = self.job(run)
        job.cancel()
        if self._line.leave(job):
            job.tell(Cancelled())
        return job

    def events(self, run: str, after: int = 0) -> Iterator[Told]:
        """What happened to a job after an event, and what will happen up to its end; waits in between.

        Raises:
            UnknownGenerationError, ResultDamagedError: as `job`.
        """
        return self.job(run).events(after)

    def result(self, run: str) -> KeptResult:
        """What a job made. Raises UnknownGenerationError, ResultDamagedError."""
        return self._results.get(run)

    def name(self, run: str, title: str) -> KeptResult:
        """Give a result a title, which keeps it longer; an empty one takes it away.

        Raises:
            UnknownGenerationError, ResultDamagedError: as `result`.
            GenerationRequestError: the title is too long.
        """
        return self._results.name(run, title)

    def titled(self) -> tuple[KeptResult, ...]:
        """Results with a title, the latest first."""
        return self._results.titled()

    def warm(self) -> None:
        """Somebody may soon ask: have a worker load its libraries meanwhile. Returns at once."""
        if not self._closed:
            self._worker.ready().warm()
            self._start()

    def close(self) -> None:
        """End the worker; what waits or runs is cancelled."""
        self._closed = True
        for job in self._line.close():
            job.tell(Cancelled())
        self._worker.kill()

    def _start(self) -> None:
        """See to it that somebody takes jobs out of the line."""
        with self._lock:
            if self._runner is None and not self._closed:
                self._runner = Thread(target=self._serve, name="patchwork-generation", daemon=True)
                self._runner.start()

    def _serve(self) -> None:
        self._results.prune()
        while not self._closed:
            job = self._line.turn(self._limits.idle / 4)
            if job is None:
                self._worker.end_idle()
                continue
            try:
                self._do(job)
            except Exception:
                logger.exception("a generation failed in a way that nobody foresaw")
                job.tell(Failed("internal", "Something failed that should not. The server's log has the details."))
            finally:
                self._line.end()
                self._forget_old()
        self._worker.close()

    def _do(self, job: Job) -> None:
        """Run a job to its last event."""
        prepared, began = job.prepared, time.monotonic()
        if prepared is None or job.is_unwanted:
            job.tell(Cancelled())
            return
        job.tell(Loading("the model", 0, 0))
        try:
            outcome = self._worker.ready().run(
                job.asked.request,
                prepared.arrays,
                truth=prepared.truth,
                tell=job.tell,
                stopped=lambda: job.is_unwanted or self._closed,
            )
            seconds = time.monotonic() - began
            speeds = outcome.facts.get("speeds")
            SPEEDS.learn(speeds if isinstance(speeds, dict) else {})  # pages estimate with them
            self._results.keep(Finished(job.asked, prepared, outcome, seconds, told=job.number + 1))
            job.tell(Done(seconds))
        except GenerationCancelledError:
            job.tell(Cancelled())
        except WorkerError as error:
            job.tell(Failed(error.told_code, error.message, error.told_retryable))
        except PatchworkError as error:
            job.tell(Failed(error.code, error.message, error.retryable))
        finally:
            self._worker.note_use()

    def _forget_old(self) -> None:
        """Forget the events of jobs that were over long ago; their results stay."""
        with self._lock:
            over = [run for run, job in self._jobs.items() if job.is_over]
            for run in over[: max(0, len(over) - self._limits.finished)]:
                del self._jobs[run]


def _expected_s(job: Job) -> float:
    """Seconds that a job will take once its turn has come, by what was measured before; 0 for one that is over."""
    window = job.prepared.window if job.prepared else None
    return estimate(job.asked.request, window.width, window.height).seconds if window else 0.0


@lru_cache(maxsize=1)
def _of_process() -> GenerationService:
    return GenerationService(settings(), lambda name: collections_of_process().get(name))


_BEGINNING = Lock()  # a cache alone would let two pages make two


def service() -> GenerationService:
    """The generations of this process."""
    with _BEGINNING:
        return _of_process()
