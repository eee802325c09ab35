"""Metadata tables of TerraMesh at true size, made up: real structure, real names, real places, no real sample.

    python -m benchmarks.terramesh_metadata FOLDER [--samples 9178624]

Writes `train_metadata.parquet` and `val_metadata.parquet` below `FOLDER/terramesh-{samples}` unless they are there, so
that several benchmarks share them. What is as published: the numbers of samples per split and source, keys that run on
from Major TOM to SSL4EO-S12, at most 10,240 samples per shard, shard numbers that run on too, Major TOM cells of the
10 km grid on land with their 4 x 4 tiles, SSL4EO-S12 locations around towns with four dates each. What is not: which
cells and which dates (drawn at random), and centres are computed without UTM's convergence (some 100 m).
"""

import argparse
import math
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from rasterio import Affine
from rasterio.features import rasterize

from data_access.settings import settings
from data_access.terramesh.grid import CELL_KM, EARTH_RADIUS_KM, ROWS
from data_access.topojson import read_countries

SAMPLES = 9_178_624  # of the whole data set, 89,088 of them in `val`
SHARD_SAMPLES = 10_240
SPLITS = ("train", "val")
_PUBLISHED = {  # samples per split and source
    ("val", "majortom"): 80_384,
    ("val", "ssl4eos12"): 8_704,
    ("train", "majortom"): 8_113_664,
    ("train", "ssl4eos12"): 975_872,
}
_TILES = 16  # per Major TOM cell
_SEASONS = 4  # dates per SSL4EO-S12 location
_TOWNS = 10_000  # SSL4EO-S12 lies around the largest of them
_LATITUDES = (-56.0, 84.0)  # where Sentinel-2 looks at land
_BATCH = 10 * SHARD_SAMPLES  # rows made at once, to bound memory
_DEGREES_PER_M = 180 / math.pi / (EARTH_RADIUS_KM * 1000)
_FIRST_DAY, _LAST_DAY = np.datetime64("2017-01-01", "s"), np.datetime64("2024-12-31", "s")
_DAY_S = 86_400


@dataclass(frozen=True)
class Cells:
    """Cells of the Major TOM grid."""

    row: np.ndarray  # (n,) int64, 0 at the equator
    column: np.ndarray  # (n,) int64, 0 at Greenwich
    lon: np.ndarray  # (n,) float64, lower left corner, degrees
    lat: np.ndarray

    def take(self, numbers: np.ndarray) -> "Cells":
        """Those of these numbers."""
        return Cells(self.row[numbers], self.column[numbers], self.lon[numbers], self.lat[numbers])


def land_cells(world_atlas: Path, random: np.random.Generator) -> Cells:
    """Every cell of the grid whose corner lies on land (to a tenth of a degree), in random order."""
    rows = np.arange(math.ceil(_LATITUDES[0] * ROWS / 180), math.floor(_LATITUDES[1] * ROWS / 180))
    around = np.ceil(2 * math.pi * EARTH_RADIUS_KM * np.cos(np.radians(rows * 180 / ROWS)) / CELL_KM).astype(np.int64)
    row, columns = np.repeat(rows, around), np.repeat(around, around)
    place = np.arange(len(row)) - np.repeat(np.cumsum(around) - around, around)  # 0 to columns - 1 in every row
    column = place - columns // 2
    lon, lat = column * 360 / columns, row * 180 / ROWS
    polygons = np.concatenate([parts for _, parts in read_countries(world_atlas / "countries-50m.json")])
    land = rasterize(polygons, out_shape=(1800, 3600), transform=Affine(0.1, 0, -180, 0, -0.1, 90), dtype="uint8")
    on_land = land[((90 - lat) * 10).astype(np.int64), ((lon + 180) * 10).astype(np.int64) % 3600] > 0
    return Cells(row, column, lon, lat).take(random.permutation(np.flatnonzero(on_land)))


def metadata_batches(split: str, samples: int, world_atlas: Path) -> Iterator[pa.Table]:
    """The rows of one split's metadata table, at most `_BATCH` at a time.

    Args:
        split: train or val.
        samples: of both splits together; `SAMPLES` for the true size, fewer for the same structure with fewer shards.
        world_atlas: folder of the npm package world-atlas.
    """
    share = samples / SAMPLES
    random = np.random.default_rng(SPLITS.index(split))
    cells = land_cells(world_atlas, np.random.default_rng(0))
    wanted = {source: max(1, round(_PUBLISHED[split, source] * share)) for source in ("majortom", "ssl4eos12")}
    # Both splits share one order of cells; `val` has the first ones, so that no cell is in two splits.
    first_cell = 0 if split == "val" else math.ceil(_PUBLISHED["val", "majortom"] * share / _TILES)
    number, shard = 1, 1
    for source, count in wanted.items():
        for start in range(0, count, _BATCH):
            places = np.arange(start, min(start + _BATCH, count))
            if source == "majortom":
                columns = _majortom(cells, places + first_cell * _TILES, random)
            else:
                columns = _ssl4eos12(cells, places, random)
            yield _table(split, source, columns, number + places, shard + places // SHARD_SAMPLES)
        number += count
        shard += math.ceil(count / SHARD_SAMPLES)


def _majortom(cells: Cells, tiles: np.ndarray, random: np.random.Generator) -> dict[str, pa.Array | np.ndarray]:
    """Names, places and times of tiles counted through the cells: the 16 tiles of a cell follow each other."""
    chosen, inverse = np.unique(tiles // _TILES, return_inverse=True)
    cell = cells.take(chosen)
    across, down = tiles % 4, tiles % _TILES // 4
    names = [
        f"{abs(row)}{'D' if row < 0 else 'U'}_{abs(column)}{'L' if column < 0 else 'R'}"
        for row, column in zip(cell.row.tolist(), cell.column.tolist(), strict=True)
    ]
    tile = pa.array([f"{column}_{row}" for row in range(4) for column in range(4)]).take(pa.array(tiles % _TILES))
    # A tile's centre in metres from the cell's corner, as in `data_access.terramesh.grid`.
    lat = cell.lat[inverse] + (-340 + 10_680 - 2640 * down - 1320) * _DEGREES_PER_M
    lon = cell.lon[inverse] + (-340 + 2640 * across + 1320) * _DEGREES_PER_M / np.cos(np.radians(lat))
    moment = _FIRST_DAY + random.integers(0, (_LAST_DAY - _FIRST_DAY).astype(int), len(chosen))
    sample = pc.binary_join_element_wise(pa.array(names).take(pa.array(inverse)), tile, "_")
    return {"sample_id": sample, "lon": lon, "lat": lat, "time": moment[inverse]}


def _ssl4eos12(cells: Cells, places: np.ndarray, random: np.random.Generator) -> dict[str, pa.Array | np.ndarray]:
    """Names, places and times of four dates per location, a season apart, the first in any season."""
    location, date = places // _SEASONS, places % _SEASONS
    chosen = np.unique(location)
    town = cells.take(random.integers(0, min(_TOWNS, len(cells.row)), len(chosen)))
    inverse = location - chosen[0]
    lat = np.clip(town.lat + random.normal(0, 0.3, len(chosen)), -85, 85)[inverse]
    lon = (town.lon + random.normal(0, 0.3, len(chosen)))[inverse]
    first = random.integers(0, 730, len(chosen))[inverse] * _DAY_S
    season = (date * 91 + random.integers(-10, 10, len(places))) * _DAY_S
    names = pc.binary_join_element_wise(_padded(location + 173), pa.array(date).cast(pa.string()), "_")
    return {"sample_id": names, "lon": lon, "lat": lat, "time": np.datetime64("2019-12-01", "s") + first + season}


def _table(
    split: str, source: str, columns: dict[str, pa.Array | np.ndarray], number: np.ndarray, shard: np.ndarray
) -> pa.Table:
    lon, lat, time_s2 = (np.asarray(columns[name]) for name in ("lon", "lat", "time"))
    lon = (lon + 180) % 360 - 180
    random = np.random.default_rng(int(number[0]))
    zone = np.clip(((lon + 180) // 6).astype(np.int64), 0, 59) + np.where(lat < 0, 32_701, 32_601)
    time_s1 = time_s2 + (random.normal(0, 1, len(lon)) * _DAY_S).astype(np.int64)
    shards = pa.array([f"{source}_shard_{each:06d}.tar" for each in range(int(shard[0]), int(shard[-1]) + 1)])
    codes = [f"EPSG:{code}" for code in range(32_601, 32_761)]
    return pa.table(
        {
            "tar": shards.take(pa.array(shard - shard[0])),
            "zarr": pc.binary_join_element_wise(f"{source}_{split}_", _padded(number), ".zarr.zip", ""),
            "sample_id": columns["sample_id"],
            "split": pa.repeat(split, len(lon)),
            "center_lon": lon,
            "center_lat": lat,
            "crs": pa.array(codes).take(pa.array(zone - 32_601)),
            "S2_time": pa.array(time_s2).cast(pa.timestamp("us")),
            "S1_time": pa.array(time_s1).cast(pa.timestamp("us")),
            "cloud_cover": np.round(random.beta(0.3, 2, len(lon)) * 100, 2),
        }
    )


def _padded(numbers: np.ndarray) -> pa.Array:
    return pc.utf8_lpad(pa.array(numbers).cast(pa.string()), 7, "0")


def write_metadata(folder: Path, samples: int = SAMPLES) -> Path:
    """Write both tables below `folder` unless they are there; returns their folder, a TerraMesh root without shards."""
    root = folder / f"terramesh-{samples}"
    root.mkdir(parents=True, exist_ok=True)
    for split in SPLITS:
        path = root / f"{split}_metadata.parquet"
        if path.is_file():
            continue
        temporary = path.with_suffix(".tmp")
        batches = metadata_batches(split, samples, settings().world_atlas)
        first = next(batches)
        with pq.ParquetWriter(temporary, first.schema, compression="zstd") as writer:
            writer.write_table(first)
            for batch in batches:
                writer.write_table(batch)
        temporary.replace(path)
    return root


def main() -> None:
    """Write the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, help="where the tables are kept")
    parser.add_argument("--samples", type=int, default=SAMPLES, help="of both splits together")
    choices = parser.parse_args()
    start = time.perf_counter()
    root = write_metadata(choices.folder, choices.samples)
    rows = sum(pq.read_metadata(path).num_rows for path in root.glob("*.parquet"))
    size = sum(path.stat().st_size for path in root.glob("*.parquet"))
    print(f"{root}: {rows:,} samples, {size / 1e6:,.0f} MB, {time.perf_counter() - start:.1f} s")


if __name__ == "__main__":
    main()
