"""Two small data sets with the real catalogue and point index over made-up rows: what pages are tested against."""

from dataclasses import dataclass
from datetime import datetime

import pyarrow as pa

from data_access.catalog import TableCatalog, build_catalog
from data_access.dataset import CollectionInfo, DatasetName
from data_access.point_index import PointIndex
from data_access.tasks import TASK_COLUMNS
from tests.memory_dataset import LICENCE

SEASONS = ("Spring", "Summer", "Fall", "Winter")
TERRAMESH_PLACES = (("France", 2.0, 47.0), ("Brazil", -52.0, -10.0), ("Fiji", 178.5, -17.8))
BIGEARTHNET_PLACES = (("Portugal", -8.9, 39.1), ("Finland", 24.9, 62.0))
TERRAMESH_SAMPLES, BIGEARTHNET_SAMPLES = 60, 40


def terramesh_rows() -> pa.Table:
    """Sixty samples, a third in each of three countries, a quarter in each season."""
    numbers = range(TERRAMESH_SAMPLES)
    places = [TERRAMESH_PLACES[number % 3] for number in numbers]
    return pa.table(
        {
            "id": [f"majortom_val_{number:07d}" for number in numbers],
            "lon": [lon + number * 0.01 for number, (_, lon, _) in zip(numbers, places, strict=True)],
            "lat": [lat + number * 0.01 for number, (_, _, lat) in zip(numbers, places, strict=True)],
            "country": [country for country, _, _ in places],
            "season": [SEASONS[number % 4] for number in numbers],
            "climate_zone": ["Temperate"] * TERRAMESH_SAMPLES,
            "split": ["val"] * TERRAMESH_SAMPLES,
            "source": ["majortom" if number % 2 else "ssl4eos12" for number in numbers],
            "time": pa.array([datetime(2019, 1 + number % 12, 5) for number in numbers], pa.timestamp("us")),  # noqa: DTZ001
            "cloud_cover": pa.array([float(number) for number in numbers], pa.float32()),
        }
    )


def measured_rows() -> pa.Table:
    """The rows of `terramesh_rows` with two measures, of which the second is known for the first half alone."""
    numbers = range(TERRAMESH_SAMPLES)
    water = pa.array([float(number) for number in numbers], pa.float32())
    clouds = pa.array([float(n) if n < TERRAMESH_SAMPLES // 2 else None for n in numbers], pa.float32())
    return terramesh_rows().append_column("lulc_water", water).append_column("mask_cloud", clouds)


def bigearthnet_rows() -> pa.Table:
    """Forty patches with one annotation of every task each."""
    numbers = range(BIGEARTHNET_SAMPLES)
    places = [BIGEARTHNET_PLACES[number % 2] for number in numbers]
    ids = [f"S2A_MSIL2A_20170613T101031_N9999_R022_T33UUP_{number:02d}_43" for number in numbers]
    columns = {
        "id": ids,
        "lon": [lon + number * 0.02 for number, (_, lon, _) in zip(numbers, places, strict=True)],
        "lat": [lat for _, _, lat in places],
        "country": [country for country, _, _ in places],
        "season": [SEASONS[number % 4] for number in numbers],
        "split": ["train"] * BIGEARTHNET_SAMPLES,
        "source": ["bigearthnet"] * BIGEARTHNET_SAMPLES,
        "time": pa.array([datetime(2017, 6, 13)] * BIGEARTHNET_SAMPLES, pa.timestamp("us")),  # noqa: DTZ001
    }
    return pa.table(columns | {task: pa.array([1] * BIGEARTHNET_SAMPLES, pa.int32()) for task in TASK_COLUMNS})


@dataclass(frozen=True, eq=False)
class SmallDataset:
    """As much of `dataset.Dataset` as the Explore page asks for."""

    info: CollectionInfo
    catalog: TableCatalog
    points: PointIndex
    modalities: tuple[str, ...] = ("S2L2A", "S1RTC", "S1GRD", "DEM")


def small_dataset(name: DatasetName, table: pa.Table, *, synthetic: bool = True) -> SmallDataset:
    """A data set over a table."""
    info = CollectionInfo(name, "demo", name, name, f"small-{name}", LICENCE, synthetic=synthetic)
    catalog = build_catalog(table)
    return SmallDataset(info, catalog, PointIndex(catalog))
