"""How batch work scales: the same work on 1 and 2 workers (strong), and twice the work on twice the workers (weak).

    python -m benchmarks.scaling [--sets 12] [--rounds 3] [--workers 1 2]

The root is made of the demo's shards under new names, so every set is 24 samples in seven modalities, 42 MB. Its bytes
lie in the page cache, so what is measured is decoding and arithmetic, not a disk. Workers are started and have loaded
their libraries before the clock runs. Rounds of 1 and 2 workers take turns and the fastest of each counts, because a
shared machine only ever makes them slower; CPU seconds stand beside. On a machine that is busy with other things,
`chrt -r 1 python -m benchmarks.scaling` gets the cores for itself for half a minute.

Prints for each command: samples and megabytes per second, CPU per sample, strong and weak efficiency; then what the
whole of TerraMesh would take, and what is assumed for that.
"""

import argparse
import tempfile
import time
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from distributed import Client

from batch.cluster import connected, usable_cores
from batch.parts import shard_sets
from batch.progress import Progress
from batch.run import carry_out, plan
from data_access.settings import settings
from data_access.terramesh.batch_parts import Kind
from data_access.terramesh.layout import Layout, discover
from data_access.terramesh.modalities import FOLDERS
from demo.build import build_demo

COMMANDS: tuple[Kind, ...] = ("offsets", "statistics", "thumbnails")
# Of the published collection: samples, bytes, and sets of shards of one name.
ALL_SAMPLES, ALL_BYTES, ALL_SETS = 9_178_624, 17e12, 898
CLUSTERS = (2, 16, 64, 256)  # workers of the extrapolation: one per core
NETWORKS_GBIT = (1, 10, 100)
SECONDS_PER_HOUR = 3600


@dataclass(frozen=True)
class Timing:
    """One run over some sets."""

    wall_s: float
    cpu_s: float  # of all workers together
    samples: int
    megabytes: float

    @property
    def samples_per_s(self) -> float:
        """Samples in a second of the clock."""
        return self.samples / self.wall_s


def wide_root(folder: Path, sets: int) -> Layout:
    """The demo's first shards under `sets` names."""
    source = settings().demo_dir / "terramesh" / "val"
    for modality in FOLDERS:
        shard = source / modality / "majortom_shard_000001.tar"
        if shard.is_file():
            (folder / "val" / modality).mkdir(parents=True)
            for number in range(1, sets + 1):
                (folder / "val" / modality / f"majortom_shard_{number:06d}.tar").symlink_to(shard)
    return discover(folder)


def run(client: Client, layout: Layout, kind: Kind, sets: int) -> Timing:
    """Make `sets` parts and take the time."""
    with tempfile.TemporaryDirectory() as out:
        work = plan(kind, list(shard_sets(layout, kind))[:sets], Path(out))
        before = sum(client.run(time.process_time).values())
        begun = time.perf_counter()
        carry_out(work, client, Progress(Path(out), "index"))
        wall = time.perf_counter() - begun
        cpu = sum(client.run(time.process_time).values()) - before
    if work.failures:
        raise SystemExit(f"{work.failures[0].title}: {work.failures[0].failure}")
    samples, size = (sum(getattr(each, name) for each in work.made) for name in ("samples", "size"))
    return Timing(wall, cpu, samples, size / 1e6)


def fastest(clients: Mapping[int, Client], layout: Layout, kind: Kind, sets: int, rounds: int) -> dict[str, Timing]:
    """The fastest of some rounds, by `strong WORKERS` and `weak WORKERS`."""
    least = min(clients)
    found: dict[str, Timing] = {}
    for _ in range(rounds):
        for workers, client in clients.items():
            for name, amount in (("strong", sets), ("weak", sets * workers // max(clients))):
                timing = run(client, layout, kind, amount)
                known = found.get(f"{name} {workers}")
                if known is None or timing.wall_s < known.wall_s:
                    found[f"{name} {workers}"] = timing
    print(f"\n{kind}: {found[f'strong {least}'].samples} samples, {found[f'strong {least}'].megabytes:.0f} MB")
    return found


def print_scaling(kind: Kind, found: Mapping[str, Timing], workers: Sequence[int]) -> None:
    """The table of one command."""
    print(f"{'workers':>8}{'seconds':>9}{'samples/s':>11}{'MB/s':>9}{'CPU ms/sample':>15}{'strong':>8}{'weak':>7}")
    least = min(workers)
    for count in workers:
        strong, weak = found[f"strong {count}"], found[f"weak {count}"]
        strong_share = found[f"strong {least}"].wall_s * least / (strong.wall_s * count)
        weak_share = found[f"weak {least}"].wall_s / weak.wall_s
        per_sample = 1000 * strong.cpu_s / strong.samples
        rate = "headers" if kind == "offsets" else f"{strong.megabytes / strong.wall_s:.0f}"  # the rest is not read
        print(
            f"{count:8}{strong.wall_s:9.2f}{strong.samples_per_s:11.0f}{rate:>9}"
            f"{per_sample:15.1f}{strong_share:8.0%}{weak_share:7.0%}"
        )


def print_extrapolation(kind: Kind, one: Timing) -> None:
    """Hours for all of TerraMesh, from the CPU time of one worker and from the bytes that must arrive."""
    cpu_hours = ALL_SAMPLES * one.cpu_s / one.samples / SECONDS_PER_HOUR
    cells = "".join(f"{cpu_hours / min(count, ALL_SETS):9.1f}" for count in CLUSTERS)
    print(f"{kind:12}{cpu_hours:11.0f}{cells}")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sets", type=int, default=12, help="sets of shards, 42 MB each")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--workers", type=int, nargs="+", default=[1, 2])
    choices = parser.parse_args()
    build_demo(settings().demo_dir)
    print(f"{usable_cores()} cores; {choices.sets} sets, the fastest of {choices.rounds} rounds")
    ones: dict[Kind, Timing] = {}
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        layout = wide_root(Path(folder), choices.sets)
        clients = {count: stack.enter_context(connected(None, count)) for count in sorted(choices.workers)}
        for kind in COMMANDS:
            for count, client in clients.items():
                run(client, layout, kind, count)  # loads libraries
            found = fastest(clients, layout, kind, choices.sets, choices.rounds)
            print_scaling(kind, found, sorted(choices.workers))
            ones[kind] = found[f"strong {min(choices.workers)}"]
    print(f"\nall of TerraMesh ({ALL_SAMPLES:,} samples), hours by workers, if nothing but their cores limits them")
    print(f"{'':12}{'CPU hours':>11}" + "".join(f"{count:9}" for count in CLUSTERS))
    for kind, one in ones.items():
        print_extrapolation(kind, one)
    print("hours until 17 TB have arrived, by Gbit/s: ", end="")
    print(", ".join(f"{rate}: {8 * ALL_BYTES / (rate * 1e9) / SECONDS_PER_HOUR:.1f}" for rate in NETWORKS_GBIT))


if __name__ == "__main__":
    main()
