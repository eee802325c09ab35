"""Shards of true size that exist nowhere: 10,240 members each, every one a sample that decodes.

Where real TerraMesh shards are not at hand, these have what matters to whoever looks for one member: the number of
members, tar headers, means of the sizes as published, sizes that follow one another as scenes do (the sub-tiles of a
cell are alike, neighbouring cells too, a few are far off), and contents that look like compressed data. Every byte is
computed when it is asked for, so a shard of 6 GB costs some memory for its offsets and no disk.

A member holds the arrays of a published sample with a smooth chip, and a file of noise that fills it to its size.
"""

import tarfile
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from data_access.terramesh.grid import TILE_M, cell_corner, utm_epsg
from data_access.terramesh.modalities import FOLDERS, MODALITIES, S1_OF_SOURCE
from tests.data_access.terramesh.writers import sample_arrays, v2_files, zip_bytes
from tests.loopback_files import VirtualFile

SAMPLES = 10_240  # per shard, as published
PIXELS = 264
# Mean bytes of a member: published for S2L2A, S2L1C and S1GRD, the others from real chips scaled to 264 pixels.
MEANS = {
    "S2L2A": 620_000, "S2L1C": 610_000, "S2RGB": 190_000, "S1RTC": 199_000, "S1GRD": 199_000,
    "DEM": 30_000, "NDVI": 112_000, "LULC": 18_000,
}  # fmt: skip
# Standard deviation over mean: two to three times that of the few real chips at hand, which hold no sea, snow or cloud.
SPREADS = {
    "S2L2A": 0.12, "S2L1C": 0.12, "S2RGB": 0.15, "S1RTC": 0.06, "S1GRD": 0.06, "DEM": 0.40, "NDVI": 0.12, "LULC": 0.10,
}  # fmt: skip
SHARES = (0.35, 0.35, 0.30)  # of the variance: landscape, cell, member
ALIKE = 0.9  # correlation of the landscape from one cell to the next
SUB_TILES = 16  # of one grid cell, at most
FILLER = "noise"  # the file that makes a member as large as it should be
NOISE = np.random.default_rng(0).integers(0, 256, 1 << 24, np.uint8).tobytes()
BLOCK = 512
RECORD = 10_240  # tar archives are filled up to a multiple of it


@dataclass(frozen=True)
class TrueSizeShard:
    """One shard of one modality."""

    modality: str
    keys: tuple[str, ...]  # rising
    seed: int
    spread: float  # standard deviation of sizes over their mean
    pax: bool = False  # whether each header is preceded by an extended one

    @cached_property
    def sizes(self) -> np.ndarray:
        """Bytes of each member, (n,) int64: correlated along the shard and heavy-tailed."""
        generator = np.random.default_rng([self.seed, *self.modality.encode()])
        count = len(self.keys)
        tiles = np.where(generator.random(count) < 0.8, SUB_TILES, generator.integers(4, SUB_TILES, count))
        cell_of = np.repeat(np.arange(count), tiles)[:count]
        landscape = np.zeros(cell_of[-1] + 1)
        landscape[0] = generator.standard_normal()
        for cell in range(1, len(landscape)):
            fresh = np.sqrt(1 - ALIKE**2) * generator.standard_normal()
            landscape[cell] = ALIKE * landscape[cell - 1] + fresh
        cells = generator.standard_normal(len(landscape))
        members = generator.standard_t(4, count) / np.sqrt(2)  # of variance 1, with tails
        parts = (landscape[cell_of], cells[cell_of], members)
        excess = np.sum([np.sqrt(share) * part for share, part in zip(SHARES, parts, strict=True)], axis=0)
        sizes: np.ndarray = np.exp(self.spread * np.clip(excess, -4, 5))
        smallest = len(_template(self.modality)) + 256
        bytes_each: np.ndarray = np.maximum(sizes / sizes.mean() * MEANS[self.modality], smallest).astype(np.int64)
        return bytes_each

    @cached_property
    def offsets(self) -> np.ndarray:
        """Where each member's headers begin, and where the last ends, (n + 1,) int64."""
        blocks = -(-self.sizes // BLOCK) * BLOCK + len(self._header(0))
        return np.concatenate([[0], np.cumsum(blocks)])

    @property
    def size(self) -> int:
        """Bytes of the shard."""
        return int(-(-(self.offsets[-1] + 2 * BLOCK) // RECORD) * RECORD)

    def member(self, rank: int) -> bytes:
        """The zip file of one sample."""
        return _filled(self.modality, int(self.sizes[rank]), rank)

    def read(self, offset: int, length: int) -> bytes:
        """Any bytes of the shard."""
        return b"".join(self._parts(offset, min(offset + length, self.size)))

    def _parts(self, offset: int, end: int) -> Iterator[bytes]:
        rank = int(np.searchsorted(self.offsets, offset, side="right")) - 1
        while offset < end and rank < len(self.keys):
            begin, stop = int(self.offsets[rank]), int(self.offsets[rank + 1])
            entry = self._header(rank) + self.member(rank)
            entry += bytes(stop - begin - len(entry))
            yield entry[offset - begin : end - begin]
            offset, rank = min(stop, end), rank + 1
        yield bytes(end - offset)

    def _header(self, rank: int) -> bytes:
        header = tarfile.TarInfo(f"{self.keys[rank]}.zarr.zip")
        header.size = int(self.sizes[rank])
        if not self.pax:
            return header.tobuf(tarfile.USTAR_FORMAT)
        header.pax_headers = {"mtime": "1772755200.123456789"}
        return header.tobuf(tarfile.PAX_FORMAT)


@dataclass(frozen=True)
class TrueSizeRoot:
    """One majortom and one ssl4eos12 shard of every modality, and the table that lists them."""

    shards: dict[tuple[str, str], TrueSizeShard]  # by tar and modality

    @property
    def files(self) -> dict[str, VirtualFile]:
        """What a server serves, by path below the root."""
        return {
            f"train/{modality}/{tar}": VirtualFile(shard.size, shard.read)
            for (tar, modality), shard in self.shards.items()
        }

    def samples(self) -> list[tuple[str, str, int]]:
        """Key, tar and rank of every sample."""
        found = {(key, tar, rank) for (tar, _), shard in self.shards.items() for rank, key in enumerate(shard.keys)}
        return sorted(found)

    def write_metadata(self, folder: Path) -> None:
        """Write `train_metadata.parquet`: samples on a grid of cells, as Major TOM numbers them."""
        rows = [(key, tar, *_place(number)) for number, (key, tar, _) in enumerate(self.samples())]
        names = ("zarr", "tar", "sample_id", "center_lon", "center_lat", "crs")
        table = pa.table(dict(zip(names, map(list, zip(*rows, strict=True)), strict=True)))
        table = table.set_column(0, "zarr", pa.array([f"{row[0]}.zarr.zip" for row in rows]))
        folder.mkdir(parents=True, exist_ok=True)
        pq.write_table(table, folder / "train_metadata.parquet")


def true_size_root(samples: int = SAMPLES, *, seed: int = 0, pax: bool = False, spread: float = 1.0) -> TrueSizeRoot:
    """A root of two shards per modality.

    Args:
        samples: members of each shard.
        seed: of the sizes.
        pax: whether members have extended headers.
        spread: factor of all standard deviations, for what if the guess of them is wrong.
    """
    tars = {
        "majortom": ("majortom_shard_000001.tar", 1),
        "ssl4eos12": ("ssl4eos12_shard_000794.tar", 8_120_000),
    }
    shards = {}
    for source, (tar, first) in tars.items():
        keys = tuple(f"{source}_train_{number:07d}" for number in range(first, first + samples))
        for modality in FOLDERS:
            if modality not in S1_OF_SOURCE.values() or modality == S1_OF_SOURCE[source]:
                shards[tar, modality] = TrueSizeShard(modality, keys, seed + first, spread * SPREADS[modality], pax)
    return TrueSizeRoot(shards)


def _place(number: int) -> tuple[str, float, float, int]:
    """Name, centre and zone of a sub-tile; cells follow one another to the east, row by row."""
    cell, tile = divmod(number, SUB_TILES)
    row, column = 300 + cell // 100, 100 + cell % 100
    lon, lat = cell_corner(row, column)
    degrees = TILE_M / 111_000
    centre = lon + (tile % 4 + 0.5) * degrees, lat + (tile // 4 + 0.5) * degrees
    return f"{row}U_{column}R_{tile % 4}_{tile // 4}", *centre, utm_epsg(lon, lat)


@lru_cache(maxsize=len(FOLDERS))
def _template(modality: str) -> bytes:
    """The smallest member of a modality: a smooth chip."""
    return _zipped(modality, b"")


@lru_cache(maxsize=len(FOLDERS))
def _files(modality: str) -> dict[str, bytes]:
    rows, columns = np.mgrid[:PIXELS, :PIXELS] / PIXELS
    smooth = 40 * (np.sin(6 * rows) + np.cos(5 * columns) + 3)
    kind = MODALITIES[modality]
    bands = np.stack([smooth + 5 * band for band in range(len(kind.bands))])[None]
    if modality in ("LULC", "DEM"):
        bands = bands // 40 % 10  # few values compress to little, so that small members can be small
    if modality == "NDVI":
        bands = np.round(bands / 320, 2)
    if modality.startswith("S1"):
        bands = np.round(bands / 10 - 30)
    arrays = sample_arrays(modality, PIXELS, bands=bands.astype(kind.dtypes[0]), cloud_mask=None)
    return v2_files(arrays)


def _zipped(modality: str, filler: bytes) -> bytes:
    return zip_bytes({**_files(modality), FILLER: filler})


def _filled(modality: str, size: int, rank: int) -> bytes:
    """A member of exactly `size` bytes; its noise differs from its neighbours'."""
    missing = size - len(_template(modality))
    begin = rank * 7919 * BLOCK % (len(NOISE) - (1 << 23))
    return _zipped(modality, NOISE[begin : begin + missing])
