"""What opening a sample of a remote shard costs without Patchwork, for `any_sample`.

(a) Reading the shard from its beginning up to the sample, with webdataset's own reader, as the reference loader does;
(b) walking header by header; (c) fsspec's tar file system, which lists the whole shard first. What would take minutes
is measured for a part and extrapolated; the table says how much was measured.
"""

import tarfile
import time
from collections.abc import Callable, Sequence
from urllib.request import urlopen

import fsspec
import numpy as np
from webdataset.tariterators import tar_file_iterator

from benchmarks.true_size_shards import TrueSizeRoot
from data_access.remote.remote_file import RemoteFile
from data_access.terramesh.byte_range import read_range
from data_access.terramesh.layout import Layout
from data_access.terramesh.modalities import FOLDERS
from tests.loopback_hub import LoggedRequest

WALKED_HEADERS = 100  # of the thousands that a walk needs; the rest is extrapolated
STREAMED_BYTES = 200e6  # of the gigabytes before a sample; the rest is extrapolated

Sample = tuple[str, str, int]  # key, shard, rank in the shard


def report_all(root: TrueSizeRoot, samples: Sequence[Sample]) -> None:
    """Print what the plain ways must fetch of every sample, told by where it lies: nothing here is measured."""
    print("\nthe plain ways, all samples, by their places: modality, bytes read up to it / own bytes, headers walked")
    print("               med     p95    mean       med    p95")
    for modality in FOLDERS:
        shards = [(root.shards[tar, modality], rank) for _, tar, rank in samples if (tar, modality) in root.shards]
        if shards:
            ratios = np.array([shard.offsets[rank + 1] / shard.sizes[rank] for shard, rank in shards])
            ranks = np.array([rank + 1 for _, rank in shards])
            bytes_read = f"{np.median(ratios):8.0f} {np.quantile(ratios, 0.95):7.0f} {ratios.mean():7.0f}"
            print(f"{modality:8} {bytes_read} {np.median(ranks):9.0f} {np.quantile(ranks, 0.95):6.0f}")


def measure_other_ways(
    root: TrueSizeRoot, layout: Layout, log: Callable[[], list[LoggedRequest]], samples: Sequence[Sample]
) -> None:
    """Print what samples cost in S2L2A otherwise, and how much of it was measured; `log` gives new requests."""
    print("\nother ways, S2L2A: sample, way, requests, bytes / own bytes, seconds, of which measured")
    for key, tar, rank in samples:
        shard = root.shards[tar, "S2L2A"]
        file = layout.of("train", "S2L2A")[tar].location
        if not isinstance(file, RemoteFile):
            continue
        own, before = int(shard.sizes[rank]), int(shard.offsets[rank + 1])
        for name, way in (("sequential", _sequential), ("header walk", _walk), ("fsspec tar", _fsspec_tar)):
            begun = time.perf_counter()
            share = way(file, f"{key}.zarr.zip", before, rank)
            seconds = time.perf_counter() - begun
            asked = [each for each in log() if "/resolve/" not in each.path]
            sent = sum(each.sent for each in asked)
            requests = len(asked) if name == "sequential" else len(asked) / share  # a stream is one request
            costs = f"{requests:9.0f} {sent / share / own:9.0f} {seconds / share:8.1f} {share:8.2%}"
            print(f"{key} {name:12} {costs}", flush=True)


def _sequential(file: RemoteFile, name: str, before: int, _rank: int) -> float:
    """Read the tar as a stream until the member; returns the share of it that was read."""
    with urlopen(file.url) as answer:  # noqa: S310 - loopback
        read = 0
        for entry in tar_file_iterator(answer):
            read += len(entry["data"])
            if entry["fname"] == name:
                return 1.0
            if read > STREAMED_BYTES:
                return min(read / before, 1.0)
    return 1.0


def _walk(file: RemoteFile, name: str, _before: int, rank: int) -> float:
    """Read header after header, each a request; returns the share of them that was read."""
    offset = 0
    for number in range(min(rank + 1, WALKED_HEADERS)):
        entry = tarfile.TarInfo.frombuf(read_range(file, offset, tarfile.BLOCKSIZE), "utf-8", "strict")
        if entry.name == name:
            read_range(file, offset + tarfile.BLOCKSIZE, entry.size)
            return 1.0
        offset += tarfile.BLOCKSIZE + -(-entry.size // tarfile.BLOCKSIZE) * tarfile.BLOCKSIZE
        share = (number + 1) / (rank + 1)
    return share


class _EnoughError(Exception):
    """Enough was read to extrapolate."""


def _fsspec_tar(file: RemoteFile, _name: str, _before: int, _rank: int) -> float:
    """Open the tar file system of fsspec, which reads every header first; returns the share that was read."""
    with fsspec.filesystem("http", skip_instance_cache=True).open(file.url) as opened:
        fetch, spent = opened.cache.fetcher, 0

        def limited(start: int, end: int) -> bytes:
            nonlocal spent
            spent += end - start
            if spent > STREAMED_BYTES:
                raise _EnoughError
            data: bytes = fetch(start, end)
            return data

        opened.cache.fetcher = limited
        try:
            fsspec.filesystem("tar", fo=opened, skip_instance_cache=True)
        except _EnoughError:
            return STREAMED_BYTES / float(opened.size)
    return 1.0
