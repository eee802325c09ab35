"""What it costs to open any sample of a shard of 6 GB over HTTP, beside what a user would do otherwise.

    python -m benchmarks.any_sample [--samples 200] [--latency 0.03] [--pax] [--spread 1.0] [--others 3]

Shards of true size (`true_size_shards`) stand behind the loopback hub, which waits 30 ms before every answer. Each
sample is opened as a person does: all of its modalities at the same time. Reported per modality are ranged requests,
milliseconds, and bytes as a ratio to the member's own, which is the least that has to be fetched:

    cold      nothing of the shard was ever seen
    warm      other samples of the shard were opened before (the same samples, one after another)
    known     the offset is known, as after a batch index, but not the bytes
    cached    the bytes are kept

Redirects of the hub are requests too, answered once per file and process; they are counted beside the table. The other
ways (`other_ways`) are reading the shard up to the sample, walking header by header, and fsspec's tar file system.
"""

import argparse
import io
import json
import multiprocessing
import os
import random
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path

import numpy as np

from benchmarks.other_ways import measure_other_ways, report_all
from benchmarks.true_size_shards import SAMPLES, TrueSizeRoot, true_size_root
from data_access.terramesh.dataset import TerraMesh
from data_access.terramesh.locator import SampleLocator
from data_access.terramesh.member_finder import MemberFinder
from data_access.terramesh.member_index import MemberIndex
from data_access.terramesh.modalities import MODALITIES
from data_access.terramesh.offset_index import OffsetIndex
from data_access.terramesh.opening import open_terramesh
from data_access.terramesh.sample import SampleFile
from tests.loopback_hub import LoggedRequest, loopback_hub

REPOSITORY = "ibm-esa-geospatial/TerraMesh"


@dataclass
class Costs:
    """What one modality cost, sample by sample."""

    requests: list[int] = field(default_factory=list)
    ratios: list[float] = field(default_factory=list)
    milliseconds: list[float] = field(default_factory=list)

    def line(self, name: str, state: str) -> str:
        """One row of the table."""
        requests, ratios, times = (np.array(values) for values in (self.requests, self.ratios, self.milliseconds))
        return (
            f"{name:6} {state:7} {np.median(requests):6.0f} {np.quantile(requests, 0.95):6.0f} {requests.mean():6.2f}"
            f" {np.median(ratios):8.2f} {np.quantile(ratios, 0.95):7.2f} {ratios.mean():7.2f}"
            f" {np.median(times):8.0f} {np.quantile(times, 0.95):6.0f}"
        )


class MemoryStore:
    """Bytes kept by name, as the disk keeps them."""

    def __init__(self) -> None:
        """Keep nothing yet."""
        self._bytes: dict[str, bytes] = {}

    def get(self, key: str) -> bytes | None:
        """What was put."""
        return self._bytes.get(key)

    def put(self, key: str, data: bytes) -> None:
        """Keep."""
        self._bytes[key] = data


def main() -> None:
    """Measure and print."""
    flags = _flags()
    root = true_size_root(flags.members, pax=flags.pax, spread=flags.spread)
    keys = random.Random(flags.seed).sample(root.samples(), flags.samples)  # noqa: S311 - nothing secret
    with tempfile.TemporaryDirectory() as folder, HubProcess(root, Path(folder) / "served", flags.latency) as hub:
        os.environ |= {"HF_ENDPOINT": hub.url}
        opened = open_terramesh(f"hf:{REPOSITORY}", kind="hf", tables_dir=Path(folder) / "opened" / "tables")
        hub.log()
        bench = Bench(root, opened, hub, Path(folder))
        print(f"{flags.samples} samples of {len(root.shards)} shards of {flags.members} members, {_hardware()}")
        print("modality         requests              bytes / own bytes        milliseconds")
        print("                 med    p95   mean      med     p95    mean      med    p95")
        for state, costs in bench.states(keys):
            for modality in MODALITIES:
                if modality in costs:
                    print(costs[modality].line(modality, state))
            sys.stdout.flush()
        print(json.dumps({"redirects in all": bench.redirects, "whole sample, ms (med, p95)": bench.walls()}))
        report_all(root, keys)
        if flags.others:
            measure_other_ways(root, opened.layout, hub.log, keys[: flags.others])


class HubProcess:
    """The hub in a process of its own, so that serving takes no time of the reader's interpreter."""

    def __init__(self, root: TrueSizeRoot, folder: Path, latency_s: float) -> None:
        """Serve `root`, whose table is written to `folder`."""
        root.write_metadata(folder)
        context = multiprocessing.get_context("spawn")
        self._pipe, theirs = context.Pipe()
        self._process = context.Process(target=_serve, args=(root, folder, latency_s, theirs), daemon=True)

    def __enter__(self) -> "HubProcess":
        """Start, and wait until it serves."""
        self._process.start()
        self.url = str(self._pipe.recv())
        return self

    def __exit__(self, *_: object) -> None:
        """Stop."""
        self._pipe.send("stop")
        self._process.join()

    def log(self) -> list[LoggedRequest]:
        """What was asked since the last call."""
        self._pipe.send("log")
        requests: list[LoggedRequest] = self._pipe.recv()
        return requests


def _serve(root: TrueSizeRoot, folder: Path, latency_s: float, pipe: Connection) -> None:
    with loopback_hub(folder, files=root.files, latency_s=latency_s) as hub:
        pipe.send(hub.url)
        while pipe.recv() == "log":
            pipe.send(list(hub.log))
            hub.forget()


class Bench:
    """Opens samples and counts."""

    def __init__(self, root: TrueSizeRoot, opened: TerraMesh, hub: HubProcess, folder: Path) -> None:
        """Measure reads of `root` through `hub`, by the catalogue of the opened root."""
        self._root = root
        self._opened = opened
        self._hub = hub
        self._folder = folder
        self._walls: dict[str, list[float]] = {}
        self.redirects = 0  # met so far, in any state

    def states(self, keys: list[tuple[str, str, int]]) -> Iterable[tuple[str, Mapping[str, Costs]]]:
        """Costs by modality, state by state."""
        fresh = (self._locator(number) for number in range(len(keys)))
        yield "cold", self._measure("cold", keys, lambda: next(fresh))
        store = MemoryStore()
        warm = self._locator("warm", store)
        yield "warm", self._measure("warm", keys, lambda: warm)
        known = self._locator("warm")
        yield "known", self._measure("known", keys, lambda: known)
        cached = self._locator("warm", store)
        yield "cached", self._measure("cached", keys, lambda: cached)

    def walls(self) -> dict[str, tuple[int, int]]:
        """Milliseconds for all modalities of a sample together: median and 95th percentile."""
        return {state: (int(np.median(times)), int(np.quantile(times, 0.95))) for state, times in self._walls.items()}

    def _locator(self, name: object, store: MemoryStore | None = None) -> tuple[SampleLocator, MemberFinder]:
        folder = self._folder / str(name)
        finder = MemberFinder(MemberIndex(folder / "lists"), OffsetIndex(folder / "offsets"), store)
        return SampleLocator(self._opened.catalog.row, self._opened.layout, finder), finder

    def _measure(
        self,
        state: str,
        keys: list[tuple[str, str, int]],
        locator: Callable[[], tuple[SampleLocator, MemberFinder]],
    ) -> Mapping[str, Costs]:
        costs: dict[str, Costs] = {}
        for key, tar, rank in keys:
            shards = {modality: shard for (name, modality), shard in self._root.shards.items() if name == tar}
            opened = locator()
            begun = time.perf_counter()
            with ThreadPoolExecutor(len(shards)) as threads:
                times = dict(zip(shards, threads.map(partial(_open, *opened, key), shards), strict=True))
            self._walls.setdefault(state, []).append((time.perf_counter() - begun) * 1000)
            log = self._hub.log()
            self.redirects += sum("/resolve/" in each.path for each in log)
            for modality, shard in shards.items():
                asked = [each for each in log if f"/{modality}/" in each.path and "/resolve/" not in each.path]
                cost = costs.setdefault(modality, Costs())
                cost.requests.append(len(asked))
                cost.ratios.append(sum(each.sent for each in asked) / int(shard.sizes[rank]))
                cost.milliseconds.append(times[modality])
        return costs


def _open(locator: SampleLocator, finder: MemberFinder, key: str, modality: str) -> float:
    """Open one modality down to its pixels; milliseconds."""
    begun = time.perf_counter()
    data = finder.data(*locator.member(key, modality))
    SampleFile(io.BytesIO(data), MODALITIES[modality]).pixels()
    return (time.perf_counter() - begun) * 1000


def _hardware() -> str:
    return f"{os.cpu_count()} cores, Python {sys.version.partition(' ')[0]}"


def _flags() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else "")
    parser.add_argument("--samples", type=int, default=200, help="how many random samples are opened")
    parser.add_argument("--members", type=int, default=SAMPLES, help="members per shard")
    parser.add_argument("--latency", type=float, default=0.03, help="seconds before every answer of the hub")
    parser.add_argument("--spread", type=float, default=1.0, help="factor of the deviations of sizes")
    parser.add_argument("--pax", action="store_true", help="members with extended headers")
    parser.add_argument("--others", type=int, default=2, help="samples that are opened in other ways; 0 for none")
    parser.add_argument("--seed", type=int, default=1, help="of the choice of samples")
    return parser.parse_args()


if __name__ == "__main__":
    main()
