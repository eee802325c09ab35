"""Selections over random rows, and the rows that each export is compared with."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import cast

import pyarrow as pa

from data_access.catalog import TableCatalog
from data_access.dataset import CollectionInfo, Dataset, DatasetName, Licence
from data_access.exports.selection import Selection
from data_access.sample_filter import SampleFilter

LICENCE = Licence(
    "CC-BY-SA-4.0",
    "https://creativecommons.org/licenses/by-sa/4.0/",
    'Made "here", by us; © nobody',
    "@misc{made,\n  title = {Made}\n}",
)
CREATED = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
FILTERS = {
    "empty": SampleFilter(),
    "country": SampleFilter(country=("Austria", "Côte d'Ivoire")),
    "unknown": SampleFilter(country=("unknown",), split=("val",)),
    "task": SampleFilter(type=("mcq",), category=("area", "season")),
    "captions": SampleFilter(category=("None",)),
    "time": SampleFilter(time_from=date(2020, 3, 1), time_to=date(2020, 9, 30), country=("Chile",)),
    "clouds": SampleFilter(cloud_max=9.99),
    "seam": SampleFilter(bbox=(170.0, -60.0, -170.0, 60.0)),
    "box": SampleFilter(bbox=(10.0, 40.0, 60.0, 80.0)),
    "lasso": SampleFilter(lasso=((0.0, 0.0), (60.0, 0.0), (0.0, 70.0)), type=("binary",)),
    "words": SampleFilter(text="S_00 1"),
    "nothing": SampleFilter(bbox=(0.0, 1.0, 0.0, 1.0)),
}


@dataclass(frozen=True)
class SmallDataset:
    """As much of `dataset.Dataset` as exports ask for."""

    info: CollectionInfo
    catalog: TableCatalog
    modalities: tuple[str, ...] = ("S2L2A", "S1RTC", "S1GRD", "DEM")


def selection(
    catalog: TableCatalog, sample_filter: SampleFilter, *, name: DatasetName = "terramesh", synthetic: bool = True
) -> Selection:
    """A selection of a catalogue."""
    kind = "demo" if synthetic else "local"
    info = CollectionInfo(name, kind, f"The {name}", "root", "rev/1", LICENCE, synthetic=synthetic)  # type: ignore[arg-type]
    return Selection(cast("Dataset", SmallDataset(info, catalog)), sample_filter, CREATED)


def rows_of(of: Selection) -> list[dict[str, object]]:
    """The rows that the catalogue gives for the same filter."""
    table: pa.Table = of.dataset.catalog.rows(of.sample_filter, limit=1_000_000)
    rows: list[dict[str, object]] = table.to_pylist()
    return rows
