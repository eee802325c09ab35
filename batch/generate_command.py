"""`python -m batch generate --out FOLDER ...`: TerraMind over a selection of samples, on many processes.

Ends with 0 where every sample was generated, 1 where the run could not be done, 2 where the words were wrong, 3 where
some samples could not be generated (the table of problems names them), and 128 plus the signal where it was stopped.
The same command goes on where it stopped.
"""

import argparse
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from batch.cluster import connected, usable_cores
from batch.generate_job import Job, Sample, claim, left_to_do, read_settings, sweep
from batch.generate_run import carry_out
from batch.generate_selection import job_of, result_shape, selected
from batch.generate_tables import finish
from batch.output_folder import held
from batch.progress import Progress
from data_access.collections import DATASETS, open_dataset
from data_access.dataset import Dataset
from data_access.settings import settings
from errors import GenerationRequestError, PatchworkError
from generation.admission import check_model
from generation.models import MODELS, states
from generation.process import ENGINE
from generation.provenance import MENTAL_IMAGE
from generation.request import PRECISIONS, WINDOWS, Request, warnings

COMMAND = "generate"
FAILED, PROBLEMS, SIGNALLED = 1, 3, 128
UNIT = "samples"
_WINDOW_OF = {"terramesh": 224, "bigearthnet": 112}  # that fits the samples of each data set
_SMALL = 50_000_000  # parameters: what is larger takes gigabytes, so one process unless asked for more
_SHOWN = 20  # sentences about samples; the table of problems has all


@dataclass(frozen=True)
class Means:
    """With what a run is carried out; results do not depend on it."""

    scheduler: str | None  # address, None for processes of this machine
    workers: int
    engine: str  # module that runs requests in the TerraMind process
    stopped: Callable[[], int]  # which signal asked the run to end; 0 while none did


def generate(words: list[str], stopped: Callable[[], int], *, engine: str = ENGINE) -> int:
    """Do what the words say; returns the exit status.

    Args:
        words: after `generate`.
        stopped: which signal asked the run to end; 0 while none did.
        engine: module that runs requests in the TerraMind process.
    """
    choices = _parser().parse_args(words)
    try:
        configured = settings()
        request = _request(choices)
        dataset = open_dataset(configured, choices.dataset)
        check_model(request, states(configured), dataset)
        samples = selected(dataset, choices.filter, choices.limit)
        shape = result_shape(dataset, request, samples)
        out = choices.out.expanduser().resolve()
        with held(out):
            workers = choices.workers or (1 if MODELS[request.model].parameters > _SMALL else usable_cores())
            threads = _threads(choices, out, workers)
            job = job_of(out, request, configured, dataset, choices.filter, threads=threads, shape=shape)
            claim(job)
            return _run(job, samples, dataset, Means(configured.scheduler, workers, engine, stopped))
    except PatchworkError as error:
        sys.stderr.write(f"{error.message}\n")
        return FAILED


def _run(job: Job, samples: list[Sample], dataset: Dataset, means: Means) -> int:
    todo = left_to_do(job, samples)
    progress = Progress(job.out, COMMAND, unit=UNIT)
    kept = len(samples) - len(todo)
    progress.begin(total=len(samples), kept=kept, size=len(samples), size_kept=kept)
    with progress.failure_told():
        if todo:
            with connected(means.scheduler, min(means.workers, len(todo))) as client:
                carry_out(
                    job,
                    todo,
                    len(samples),
                    client,
                    progress,
                    engine=means.engine,
                    stopped=lambda: means.stopped() != 0,
                )
        sweep(job)  # of workers that died in this run
        problems = finish(job, samples, dataset.info)
    status = _end(progress, problems, means.stopped())
    lines = [f"{COMMAND}: {progress.done} of {progress.total} samples, each a {MENTAL_IMAGE}", *problems[:_SHOWN]]
    lines += [progress.message] if progress.message else []
    sys.stderr.write("\n".join([*lines, f"In {job.out}", ""]))
    return status


def _end(progress: Progress, problems: tuple[str, ...], signal: int) -> int:
    """Write how the run ended; returns the exit status."""
    left = progress.total - progress.done
    if left:
        progress.end("paused", f"Stopped with {left} samples to go. The same command goes on from here.")
        return SIGNALLED + signal
    if problems:
        progress.end("done", f"{len(problems)} samples could not be generated; problems.csv names them.")
        return PROBLEMS
    progress.end("done", "")
    return 0


def _request(choices: argparse.Namespace) -> Request:
    """What is asked of the model. Raises GenerationRequestError."""
    request = Request(
        inputs=_names(choices.inputs),
        outputs=_names(choices.outputs),
        model=choices.model,
        timesteps=choices.timesteps,
        seeds=_seeds(choices.seeds),
        decoding_steps=choices.decoding_steps,
        temperature=choices.temperature,
        top_p=choices.top_p,
        top_k=choices.top_k,
        clipped=not choices.unclipped,
        precision=choices.precision,
        window=_WINDOW_OF[choices.dataset] if choices.window is None else choices.window,
    )
    for warning in warnings(request):
        sys.stderr.write(f"{warning}\n")
    return request


def _threads(choices: argparse.Namespace, out: Path, workers: int) -> int:
    """Threads of each TerraMind process: as asked, as an earlier run into the folder had, or a fair share."""
    if choices.threads:
        return int(choices.threads)
    known = (read_settings(out) or {}).get("threads")
    return known if isinstance(known, int) else max(1, usable_cores() // workers)


def _names(text: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in text.split(",") if name.strip())


def _seeds(text: str) -> tuple[int, ...]:
    """Seeds between commas. Raises GenerationRequestError."""
    try:
        return tuple(int(word) for word in text.split(","))
    except ValueError:
        raise GenerationRequestError(
            f"--seeds is {text[:40]!r}: give whole numbers with commas between, such as 0,1,2."
        ) from None


def _parser() -> argparse.ArgumentParser:
    usual = Request(inputs=("S2L2A",), outputs=("LULC",))
    parser = argparse.ArgumentParser(
        prog=f"python -m batch {COMMAND}",
        description="Generate modalities for a selection of samples with TerraMind: a Zarr store of the results, "
        "and how well it fits the real modality where there is one. Stop it when you like: it goes on from there.",
    )
    parser.add_argument("--out", type=Path, required=True, help="folder of the results; the same one to go on")
    parser.add_argument("--dataset", choices=DATASETS, default="terramesh")
    parser.add_argument(
        "--filter", default="", help="as in the address of a page, such as 'country=France&cloud_max=5'"
    )
    parser.add_argument("--limit", type=_count, help="at most so many samples, in the order of their ids")
    parser.add_argument("--inputs", required=True, help="modalities with commas between, such as S2L2A,DEM")
    parser.add_argument(
        "--outputs", required=True, help="likewise, generated in this order, each seeing those before it"
    )
    parser.add_argument("--model", default=usual.model, help=f"one of {', '.join(MODELS)}")
    parser.add_argument("--timesteps", type=int, default=usual.timesteps, help="diffusion steps of each picture")
    parser.add_argument("--seeds", default="0", help="whole numbers with commas between")
    parser.add_argument("--decoding-steps", type=int, default=usual.decoding_steps, help="passes per output's tokens")
    parser.add_argument("--temperature", type=float, default=usual.temperature)
    parser.add_argument("--top-p", type=float, default=usual.top_p)
    parser.add_argument("--top-k", type=int, default=usual.top_k)
    parser.add_argument("--unclipped", action="store_true", help="values beyond one standard deviation")
    parser.add_argument("--precision", choices=PRECISIONS, default=usual.precision)
    parser.add_argument("--window", type=int, choices=WINDOWS, help="pixels; 0: the whole sample in tiles")
    parser.add_argument("--workers", type=_count, help="TerraMind processes: one, or one per core for the demo model")
    parser.add_argument("--threads", type=_count, help="of each of them; part of the settings, see docs/generate.md")
    return parser


def _count(word: str) -> int:
    """A number of at least one. Raises ArgumentTypeError."""
    if not (word.isascii() and word.isdigit() and int(word)):
        raise argparse.ArgumentTypeError(f"{word!r} is no whole number of 1 or more")
    return int(word)
