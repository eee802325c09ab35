"""The 464,044 patches of the benchmark's BigEarthNet.txt: real ones, as many per country, season, split as published.

Of the 480,038 official patches BigEarthNet.txt leaves out 15,994; which ones is not known. So many are left out of each
country, season and split that every published count holds; which of them is drawn. Names, places, countries, splits and
classes are real; seasons follow from the dates by the boundaries that the published counts allow; climate zones come
from a grid that knows eight of the ten that the column has. The bench split is drawn from the official test split.
"""

from dataclasses import dataclass
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, milp

from data_access.bigearthnet.classes import CLASSES
from data_access.climate import ZONES

COUNTRIES = {
    "Austria": 41_890,
    "Belgium": 10_171,
    "Finland": 151_443,
    "Ireland": 44_909,
    "Kosovo": 1_571,
    "Lithuania": 46_857,
    "Luxembourg": 3_251,
    "Portugal": 87_111,
    "Serbia": 72_220,
    "Switzerland": 4_621,
}
SEASONS = {"Fall": 136_424, "Spring": 159_890, "Summer": 95_033, "Winter": 72_697}
SPLITS = {"train": 229_114, "validation": 118_095, "test": 115_753, "bench": 1_082}
_OFFICIAL = {"train": SPLITS["train"], "validation": SPLITS["validation"], "test": SPLITS["test"] + SPLITS["bench"]}
PATCHES = sum(SPLITS.values())
_ROUNDS = 200  # of fitting; the drops per cell stand still long before
_SLACK = 2  # whole numbers that meet all counts lie this near to the fitted ones

_SQL = """
SELECT official.patch_id, official.s1_name, official.split, official.country, latitude, longitude,
    CASE WHEN strftime(date, '%m%d') BETWEEN '0320' AND '0531' THEN 'Spring'
        WHEN strftime(date, '%m%d') BETWEEN '0601' AND '0831' THEN 'Summer'
        WHEN strftime(date, '%m%d') BETWEEN '0901' AND '1130' THEN 'Fall' ELSE 'Winter' END AS season,
    CASE WHEN kg <> 'Ocean' THEN kg
        ELSE mode(kg) FILTER (kg <> 'Ocean') OVER (PARTITION BY official.country) END AS zone,
    list_transform(official.labels, lambda label: list_position($classes, label)) AS classes
FROM read_parquet($official) official JOIN read_parquet($placed) USING (patch_id) ORDER BY patch_id
"""


@dataclass(frozen=True)
class Patches:
    """Patches sorted by id; every sequence has one entry per patch.

    Attributes:
        columns: patch_id, s1_name, split, latitude, longitude, country, season, climate_zone.
        classes: numbers of the classes that each has, 1 to 19, ascending.
    """

    columns: pa.Table
    classes: list[tuple[int, ...]]

    def __len__(self) -> int:
        return int(self.columns.num_rows)


def real_patches(metadata: Path, seed: int = 7) -> Patches:
    """Choose the patches.

    Args:
        metadata: folder with official_metadata.parquet and all_patches_with_coords.parquet.
        seed: equal seeds choose equal patches.
    """
    sources = {
        "official": str(metadata / "official_metadata.parquet"),
        "placed": str(metadata / "all_patches_with_coords.parquet"),
        "classes": list(CLASSES),
    }
    with duckdb.connect(config={"threads": 2}) as connection:
        connection.execute("SET enable_progress_bar = false")
        table = connection.sql(_SQL, params=sources).to_arrow_table()
    rng = np.random.default_rng(seed)
    kept = np.flatnonzero(_kept(table, rng))
    table = table.take(kept)
    split = np.array(table["split"].to_pylist(), dtype=object)
    split[rng.choice(np.flatnonzero(split == "test"), SPLITS["bench"], replace=False)] = "bench"
    zones = [ZONES[zone] for zone in table["zone"].to_pylist()]
    columns = table.select(["patch_id", "s1_name"]).append_column("split", pa.array(split, pa.string()))
    for name in ("latitude", "longitude", "country", "season"):
        columns = columns.append_column(name, table[name])
    classes = [tuple(sorted(numbers)) for numbers in table["classes"].to_pylist()]
    return Patches(columns.append_column("climate_zone", pa.array(zones)).combine_chunks(), classes)


def _kept(table: pa.Table, rng: np.random.Generator) -> NDArray[np.bool_]:
    """Which patches stay, so that every published count holds."""
    published = (COUNTRIES, SEASONS, _OFFICIAL)
    places = [
        np.searchsorted(sorted(counts), np.array(table[name].to_pylist()))
        for name, counts in zip(("country", "season", "split"), published, strict=True)
    ]
    shape = tuple(len(counts) for counts in published)
    cell = np.ravel_multi_index(tuple(places), shape)
    available = np.bincount(cell, minlength=int(np.prod(shape))).reshape(shape)
    totals = [np.array([counts[name] for name in sorted(counts)]) for counts in published]
    left_out = _left_out(available, totals).ravel()
    order = rng.permutation(len(cell))
    by_cell = order[np.argsort(cell[order], kind="stable")]
    starts = np.cumsum(available.ravel()) - available.ravel()
    rank = np.empty(len(cell), np.int64)
    rank[by_cell] = np.arange(len(cell)) - starts[cell[by_cell]]
    return np.asarray(rank >= left_out[cell])


def _left_out(available: NDArray[np.int64], totals: list[NDArray[np.int64]]) -> NDArray[np.int64]:
    """Patches to leave out per country, season and split: whole numbers whose sums meet every published count."""
    drops = available * (1 - PATCHES / available.sum())
    others = [tuple(axis for axis in range(3) if axis != kept) for kept in range(3)]
    wanted = [available.sum(axis=others[axis]) - totals[axis] for axis in range(3)]
    for _ in range(_ROUNDS):
        for axis in range(3):
            sums = np.maximum(drops.sum(axis=others[axis], keepdims=True), 1e-9)
            drops = np.minimum(drops * wanted[axis].reshape(sums.shape) / sums, available)
    numbers = np.indices(available.shape).reshape(3, -1)
    sums_of = np.vstack([numbers[axis] == value for axis in range(3) for value in range(available.shape[axis])])
    exact = np.concatenate(wanted)
    near = Bounds(
        np.maximum(np.floor(drops.ravel()) - _SLACK, 0), np.minimum(np.ceil(drops.ravel()) + _SLACK, available.ravel())
    )
    fitted = milp(
        np.zeros(available.size),
        constraints=LinearConstraint(sums_of.astype(float), exact, exact),
        bounds=near,
        integrality=np.ones(available.size),
    )
    return np.asarray(np.rint(fitted.x), np.int64).reshape(available.shape)
