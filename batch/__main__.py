"""`python -m batch COMMAND ROOT OUT`: offsets, statistics or thumbnails of a whole collection, on many processes.

`python -m batch generate` has words of its own, see `generate_command`.

Ends with 0 where every part is there, 1 where some could not be made, 2 where the words were wrong, 3 where shards are
damaged (their parts hold what could be read), and 128 plus the signal where it was stopped. The same command goes on
where it stopped.
"""

import argparse
import signal
import sys
from collections.abc import Mapping
from pathlib import Path
from types import FrameType

from batch.cluster import connected, usable_cores
from batch.generate_command import COMMAND, generate
from batch.output_folder import held
from batch.parts import ShardSet, shard_sets
from batch.progress import Progress
from batch.run import Work, carry_out, plan
from data_access.batch_progress import JOB_COMMANDS
from data_access.settings import Settings, settings
from data_access.terramesh.batch_parts import Kind, index_folder
from data_access.terramesh.layout import Layout, open_root
from errors import PatchworkError, SourceMissingError

KIND_OF: Mapping[str, Kind] = {"index": "offsets", "statistics": "statistics", "thumbnails": "thumbnails"}
FAILED, DAMAGED, SIGNALLED = 1, 3, 128
_SHOWN = 20  # sentences about damage; each part carries its own


class _Stop:
    """Whether somebody asked the run to end, and how; a second time ends it at once."""

    def __init__(self) -> None:
        """Listen to Ctrl-C and to what `kill` sends."""
        self.signal = 0
        for each in (signal.SIGINT, signal.SIGTERM):
            signal.signal(each, self._take)

    def _take(self, number: int, _: FrameType | None) -> None:
        self.signal = number
        for each in (signal.SIGINT, signal.SIGTERM):
            signal.signal(each, signal.SIG_DFL)

    def __call__(self) -> bool:
        return self.signal != 0


def main(words: list[str] | None = None) -> int:
    """Do what the words say; returns the exit status."""
    words = sys.argv[1:] if words is None else words
    if words[:1] == [COMMAND]:
        stop = _Stop()
        return generate(words[1:], lambda: stop.signal)
    choices = _parser().parse_args(words)
    stop = _Stop()
    try:
        configured = settings()
        root = _absolute(choices.root or configured.terramesh or str(configured.demo_dir / "terramesh"))
        layout = open_root(root, listings=configured.cache_dir / "listings")
        out = choices.out or _default_out(root, configured, layout)
        kind = KIND_OF[choices.command]
        sets = list(shard_sets(layout, kind, split=choices.split, names=choices.shards))[: choices.limit]
        if not sets:
            raise SourceMissingError(
                f"{layout.name} has no shards that {choices.command} could read, or none that fit --split and --shards."
            )
        with held(out.expanduser().resolve()):
            return _run(choices, configured, sets, stop, out.expanduser().resolve())
    except PatchworkError as error:
        sys.stderr.write(f"{error.message}\n")
        return FAILED


def _run(choices: argparse.Namespace, configured: Settings, sets: list[ShardSet], stop: _Stop, out: Path) -> int:
    progress = Progress(out, choices.command)
    progress.beat()
    work = plan(KIND_OF[choices.command], sets, out, force=choices.force)
    progress.begin(
        total=len(sets),
        kept=len(work.kept),
        size=sum(each.size for each in sets),
        size_kept=sum(outcome.size for outcome in work.kept),
    )
    with progress.failure_told():
        if work.todo:
            workers = min(choices.workers, len(work.todo))
            with connected(configured.scheduler, workers) as client:
                carry_out(work, client, progress, stop)
    status = _end(work, progress, stop)
    _tell(work, progress)
    return status


def _end(work: Work, progress: Progress, stop: _Stop) -> int:
    """Write how the run ended; returns the exit status."""
    left = len(work.todo) - len(work.made)
    if left:
        progress.end("paused", f"Stopped with {left} shards to go. The same command goes on from here.")
        return SIGNALLED + stop.signal
    if work.failures:
        first = work.failures[0]
        progress.end("failed", f"{len(work.failures)} shards could not be done, such as {first.title}: {first.failure}")
        return FAILED
    if work.damaged:
        progress.end("done", f"{len(work.damaged)} shards are damaged; what could be read of them is there.")
        return DAMAGED
    progress.end("done", "")
    return 0


def _tell(work: Work, progress: Progress) -> None:
    """Say on the terminal what was done, and what was not."""
    samples = sum(outcome.samples for outcome in work.made)
    lines = [f"{progress.command}: {progress.done} of {progress.total} shards, {samples:,} samples in this run"]
    lines += [f"{outcome.title} could not be done: {outcome.failure}" for outcome in work.failures]
    problems = [problem for outcome in work.damaged for problem in outcome.problems]
    lines += problems[:_SHOWN]
    lines += [f"and {len(problems) - _SHOWN} more such sentences"] if len(problems) > _SHOWN else []
    lines += [f"{progress.message}"] if progress.message else []
    sys.stderr.write("\n".join((*lines, f"Parts: {work.out}", "")))


def _default_out(root: str, configured: Settings, layout: Layout) -> Path:
    """Where the app looks for the parts of this root; the configured folder belongs to the configured root alone."""
    is_configured = configured.terramesh is not None and root == _absolute(configured.terramesh)
    return index_folder(configured.terramesh_index if is_configured else None, configured.cache_dir, layout)


def _absolute(root: str) -> str:
    """The root as workers with another working folder find it."""
    folder = Path(root).expanduser()
    return str(folder.resolve()) if folder.is_dir() else root


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m batch",
        description="Read a whole TerraMesh root once and keep what the app can use: where each member lies (index), "
        "what it shows (statistics), small pictures of it (thumbnails). Stop it when you like: it goes on from there.",
        epilog=f"`python -m batch {COMMAND} --help` tells how TerraMind generates from a selection.",
    )
    parser.add_argument("command", choices=JOB_COMMANDS)
    parser.add_argument("root", nargs="?", help="folder, hf, or an https address; default: PATCHWORK_TERRAMESH")
    parser.add_argument("out", nargs="?", type=Path, help="folder of the parts; default: where the app looks for them")
    parser.add_argument("--split", help="only this split, such as val")
    parser.add_argument("--shards", help="only shards with such names, such as 'majortom_*,ssl4eos12_shard_000794'")
    parser.add_argument("--limit", type=_count, help="at most so many shards")
    parser.add_argument("--workers", type=_count, default=usable_cores(), help="processes on this machine")
    parser.add_argument("--force", action="store_true", help="make parts again that are there")
    return parser


def _count(word: str) -> int:
    """A number of at least one. Raises ArgumentTypeError."""
    if not (word.isascii() and word.isdigit() and int(word)):
        raise argparse.ArgumentTypeError(f"{word!r} is no whole number of 1 or more")
    return int(word)


if __name__ == "__main__":
    sys.exit(main())
