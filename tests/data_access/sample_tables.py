"""Random sample tables, and the plain Python answers that catalogue and point index are compared with."""

from collections import Counter
from datetime import datetime, timedelta

import numpy as np
import pyarrow as pa

from data_access.dataset import FacetValue
from data_access.filter_mask import typed_columns
from data_access.sample_filter import SampleFilter
from data_access.tasks import TASK_COLUMNS, TASKS

COUNTRIES = ("Austria", "Chile", "Côte d'Ivoire")
SEASONS = ("Fall", "Spring", "Summer", "Winter", "unknown")


def random_table(rows: int, *, seed: int = 0, with_tasks: bool = True) -> pa.Table:
    """A table with every column, nulls, repeated and polar positions, and ids in random order."""
    random = np.random.default_rng(seed)
    lon = np.where(random.random(rows) < 0.5, random.normal(179, 3, rows), random.uniform(-180, 180, rows))
    lon = (lon + 180) % 360 - 180
    lat = random.uniform(-90, 90, rows)
    lon[: rows // 10], lat[: rows // 10] = 10.25, 47.5
    lon[rows // 10 : rows // 8] = np.nan
    time = [
        None if random.random() < 0.1 else datetime(2019, 12, 1) + timedelta(hours=int(random.integers(0, 20_000)))  # noqa: DTZ001
        for _ in range(rows)
    ]
    columns = {
        "id": [f"s_{number:05d}" for number in random.permutation(rows)],
        "lon": lon,
        "lat": lat,
        "country": [None if random.random() < 0.1 else str(random.choice(COUNTRIES)) for _ in range(rows)],
        "season": random.choice(SEASONS, rows).tolist(),
        "split": random.choice(["train", "val"], rows).tolist(),
        "source": random.choice(["majortom", "ssl4eos12"], rows).tolist(),
        "climate_zone": random.choice(["Polar, frost", "Polar, tundra"], rows).tolist(),
        "time": pa.array(time, pa.timestamp("us")),
        "cloud_cover": [None if random.random() < 0.1 else float(random.choice([0, 9.99, 10, 55, 100])) for _ in time],
        "labels": [["x"]] * rows,
    }
    if with_tasks:
        columns |= {name: np.maximum(random.integers(-3, 3, rows), 0) for name in TASK_COLUMNS}
    return pa.table(columns)


def plain_rows(table: pa.Table, sample_filter: SampleFilter) -> list[dict[str, object]]:
    """Matching rows in id order, from the mask, with null countries as the catalogue keeps them."""
    country = table["country"].fill_null("unknown")
    known = table.set_column(table.column_names.index("country"), "country", country)
    found: list[dict[str, object]] = (
        known.filter(pa.array(sample_filter.mask(typed_columns(known)))).sort_by("id").to_pylist()
    )
    return found


def plain_facets(table: pa.Table, sample_filter: SampleFilter) -> dict[str, Counter[str]]:
    """Counts per value of every facet, counted row by row, each without its own restriction."""
    found: dict[str, Counter[str]] = {}
    for name in ("country", "season", "climate_zone", "split", "source"):
        found[name] = Counter(str(row[name]) for row in plain_rows(table, sample_filter.without(name)))
    found["month"] = Counter(
        row["time"].strftime("%Y-%m") if isinstance(row["time"], datetime) else "unknown"
        for row in plain_rows(table, sample_filter.without("time_from", "time_to"))
    )
    found["cloud_cover"] = Counter(
        _cloud_bin(row["cloud_cover"]) for row in plain_rows(table, sample_filter.without("cloud_max"))
    )
    for name in ("type", "category"):
        values = {getattr(task, name) for task in TASKS}
        chosen = {value: sample_filter.replace(**{name: (value,)}) for value in values}
        counts = {value: len(plain_rows(table, choice)) for value, choice in chosen.items()}
        found[name] = Counter({value: count for value, count in counts.items() if count})
    return found


def _cloud_bin(percent: object) -> str:
    if not isinstance(percent, float):
        return "unknown"
    low = min(int(percent // 10), 9) * 10
    return f"{low}-{low + 10}"


def counted(facets: dict[str, list[FacetValue]]) -> dict[str, Counter[str]]:
    """The catalogue's facets as counters."""
    return {name: Counter({facet.value: facet.count for facet in values}) for name, values in facets.items()}
