"""Annotations in memory, honest and broken ones, and what an export of them is compared with."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

import pyarrow as pa

from data_access.annotations.row_filter import RowFilter
from data_access.dataset import CollectionInfo, Licence
from data_access.exports.annotation_selection import AnnotationSelection

PATCH = "S2A_MSIL2A_20170613T101031_N9999_R022_T33UUP_32_64"
S1 = "S1B_IW_GRDH_1SDV_20170612T165809_33UUP_32_64"
NOWHERE = "a patch without a place in its name"
CREATED = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
LICENCE = Licence("CDLA-Permissive-1.0", "https://cdla.dev/permissive-1-0/", 'By "us"; © nobody', "@misc{made}")
INFO = CollectionInfo("bigearthnet", "demo", "Rows", "root", "rev/1", LICENCE, synthetic=True)
TEXT = pa.string()
SCHEMA = pa.schema(
    [
        ("ID", pa.int64()),
        *((name, TEXT) for name in ("s1_name", "patch_id", "input", "output", "type", "category", "split")),
        *((name, pa.float64()) for name in ("latitude", "longitude")),
        *((name, TEXT) for name in ("country", "season", "climate_zone")),
    ]
)


@dataclass(frozen=True)
class MemoryRows:
    """A source that hands out a table, whatever the filter."""

    table: pa.Table
    rows_at_once: int = 50

    def batches(self, wanted: RowFilter) -> Iterator[pa.RecordBatch]:  # noqa: ARG002 - the contract's signature
        """All rows."""
        return iter(self.table.to_batches(self.rows_at_once) if self.table.num_rows else ())

    def page(self, wanted: RowFilter, *, limit: int, after: int | None) -> pa.Table:  # noqa: ARG002 - as above
        """The first rows."""
        return self.table.slice(0, limit)


def row(identifier: int, task: str, asked: str | None, answered: str | None, **other: object) -> dict[str, object]:
    """A row of a task such as `mcq/area`, of the patch above unless told otherwise."""
    kind, _, category = task.partition("/")
    place = {"latitude": 48.036373931368665, "longitude": 12.840120739738445}
    words = {"country": "Austria", "season": "Summer", "climate_zone": "Cold, no dry season, warm summer"}
    texts = {"input": asked, "output": answered, "type": kind, "category": category, "split": "train"}
    return {"ID": identifier, "s1_name": S1, "patch_id": PATCH, **texts, **place, **words, **other}


def selection(rows: list[dict[str, object]], wanted: RowFilter | None = None) -> AnnotationSelection:
    """A selection that holds just these rows."""
    table = pa.Table.from_pylist(rows, schema=SCHEMA)
    return AnnotationSelection(INFO, MemoryRows(table), wanted or RowFilter(), CREATED)
