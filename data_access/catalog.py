"""Counts, facets and pages of rows over the sample table of one data set, answered by DuckDB.

The sample table that a reader hands to `build_catalog` has one row per sample, in any order:

| column | type | meaning |
| --- | --- | --- |
| id | string, unique, not null | sample id |
| lon, lat | float64 | centre, degrees; null or NaN where unknown |
| country, season, climate_zone, split, source | string or dictionary | null is stored as "unknown" |
| time | timestamp (UTC, no zone), may be null | acquisition of the optical image |
| cloud_cover | float, may be null | percent, 0 to 100 |
| sample | string, optional | the name of the grid cell or location, searched by `text` |
| n_* | integer, optional | annotations per task, see `bigearthnet.tasks.TASK_COLUMNS`; all fifteen or none |

Only `id`, `lon` and `lat` must be there. Any other column is carried along into `rows` and `row` unchanged.
`places.enrich` fills country, season and climate zone before the table comes here.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Protocol

import numpy as np
import pyarrow as pa

from data_access.dataset import Count, FacetValue, Neighbours
from data_access.sample_filter import SampleFilter


class TextSearch(Protocol):
    """How a data set with annotations searches their text."""

    def __call__(self, words: tuple[str, ...]) -> pa.Table:
        """Annotations whose input and output together hold all `words`, ignoring case, counted per sample and task.

        Returns:
            Table with columns id (string), type (string), category (string), annotations (int64); one row per sample
            and task with at least one matching annotation, in any order. The catalogue keeps the latest answers.
        """


class TableCatalog:
    """`dataset.Catalog` over one sample table; safe to use from many threads at once."""

    def count(self, sample_filter: SampleFilter) -> Count:
        """Count the samples (and annotation rows) that match."""
        raise NotImplementedError

    def facets(self, sample_filter: SampleFilter) -> dict[str, list[FacetValue]]:
        """Count per value of every filter field, each ignoring its own restriction."""
        raise NotImplementedError

    def rows(self, sample_filter: SampleFilter, *, limit: int, after: str | None = None) -> pa.Table:
        """Matching rows in id order, from the first id greater than `after`."""
        raise NotImplementedError

    def row(self, sample_id: str) -> dict[str, object]:
        """The row of one sample. Raises UnknownSampleError."""
        raise NotImplementedError

    def neighbours(self, sample_filter: SampleFilter, sample_id: str) -> Neighbours:
        """Previous and next sample of the selection."""
        raise NotImplementedError

    def take(self, row_numbers: np.ndarray, columns: tuple[str, ...]) -> pa.Table:
        """Columns of the rows with these numbers (0-based, in id order), in the order asked for."""
        raise NotImplementedError

    def text_rows(self, sample_filter: SampleFilter) -> np.ndarray | None:
        """Numbers of the rows that match the text (with types and categories); None without text."""
        raise NotImplementedError


def build_catalog(
    table: pa.Table,
    path: Path | None = None,
    *,
    text_search: TextSearch | None = None,
    labels: Mapping[str, str] | None = None,
) -> TableCatalog:
    """Make the catalogue of a sample table and keep the table at `path` (atomically), where one is given.

    Args:
        table: see the module docstring.
        path: a Parquet file named after the collection's revision, below `Settings.tables_dir`.
        text_search: answers `SampleFilter.text` from annotations; without it, text is matched against id and sample.
        labels: words to keep in the file beside the table (`TableCatalog.labels`), such as counts of skipped samples.

    Raises:
        SchemaError: a column is missing, has a type that can not be read, or ids are null or not unique.
    """
    raise NotImplementedError


def open_catalog(path: Path, *, text_search: TextSearch | None = None) -> TableCatalog | None:
    """The catalogue kept at `path`; None where there is none, or where the file is broken (it is then removed)."""
    raise NotImplementedError
