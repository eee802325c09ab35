"""Patchwork's side of the benchmark of the annotations."""

from collections.abc import Mapping
from pathlib import Path

from benchmarks.annotation_lines import FIELDS, PAGE, Measured, Report, Wanted, ask, peak_mb, timed
from data_access.annotations import charts
from data_access.annotations.row_facets import row_facets
from data_access.annotations.row_filter import RowFilter
from data_access.annotations.rows import AnnotationRows
from data_access.bigearthnet.dataset import BigEarthNet
from data_access.bigearthnet.opening import open_bigearthnet
from data_access.sample_filter import SampleFilter
from data_access.search_terms import text_of


class Patchwork:
    """Rows, facets and charts as the Annotations page asks for them."""

    repeats = 5

    def __init__(self, dataset: BigEarthNet, rows: AnnotationRows) -> None:
        """Answer from an open data set."""
        self._dataset, self._rows = dataset, rows

    def count(self, wanted: Wanted) -> tuple[int, int]:
        """See `Side`."""
        counted = self._rows.count(_filter(wanted))
        return counted.matched, counted.patches

    def facets(self, wanted: Wanted) -> Mapping[str, Mapping[str, int]]:
        """See `Side`."""
        found = row_facets(self._rows, self._dataset.catalog, _filter(wanted))
        return {name: {value.value: value.count for value in found[name]} for name in FIELDS}

    def page(self, wanted: Wanted) -> list[int]:
        """See `Side`."""
        ids: list[int] = self._rows.page(_filter(wanted), limit=PAGE)["ID"].to_pylist()
        return ids

    def patch(self, patch_id: str) -> int:
        """See `Side`; each row is read and checked too."""
        return len(self._dataset.read_annotations(patch_id))

    def tasks(self, wanted: Wanted) -> int:
        """See `Side`."""
        return int(charts.task_cube(self._rows, _filter(wanted)).counts.sum())

    def boxes(self, wanted: Wanted) -> int:
        """See `Side`."""
        return charts.box_heat(self._rows, _filter(wanted), "box_at").boxes

    def words(self, wanted: Wanted) -> int:
        """See `Side`."""
        found = [charts.word_counts(self._rows, _filter(wanted), kind) for kind in charts.KINDS]
        return int(found[0].totals.sum())

    def per_patch(self, wanted: Wanted) -> int:
        """See `Side`."""
        return sum(charts.per_patch(self._rows, _filter(wanted))["patches"].to_pylist())


def first_open(path: Path, tables: Path) -> Report:
    """Build everything that is kept, in a process that does nothing else."""
    usable, dataset = timed(lambda: open_bigearthnet(path, None, kind="local", tables_dir=tables))
    prepared, rows = timed(lambda: _rows_of(dataset))
    report = {"first open, map and counts": Measured([usable]), "first open": Measured([usable + prepared])}
    report["first open, peak MB"] = Measured([peak_mb() / 1e3])
    report["first chart of words"] = Measured([timed(lambda: charts.word_index_soon(rows).result())[0]])
    return report


def measure(path: Path, tables: Path) -> Report:
    """Open what is kept, and answer everything."""
    usable, dataset = timed(lambda: open_bigearthnet(path, None, kind="local", tables_dir=tables))
    prepared, rows = timed(lambda: _rows_of(dataset))
    ids = rows.arrays.patches["id"]
    patches = ids.take(list(range(0, len(ids), max(1, len(ids) // 50)))).to_pylist()
    waited, _ = timed(lambda: charts.word_index_soon(rows).result())
    report = {"open later": Measured([usable + prepared]), "open later, words": Measured([waited])}
    return report | ask(Patchwork(dataset, rows), patches)


def _rows_of(dataset: BigEarthNet) -> AnnotationRows:
    rows = dataset.rows
    if rows is None:
        raise LookupError(f"{dataset.info.root} has no annotations")
    return rows


def _filter(wanted: Wanted) -> RowFilter:
    category = (wanted.category,) if wanted.category else ()
    return RowFilter(SampleFilter(category=category, bbox=wanted.bbox, text=text_of(wanted.terms)))
