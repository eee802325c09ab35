"""Which samples of the point index match a filter, one bit each; the latest masks are kept."""

from collections.abc import Iterator

import numpy as np

from data_access.bit_mask import BitMask
from data_access.catalog import TableCatalog
from data_access.filter_mask import Categorical, TypedColumn
from data_access.filter_sql import CATEGORICAL_COLUMNS
from data_access.kept_arrays import Arrays
from data_access.lasso import Vertices, turns_of
from data_access.memory_cache import OnceCache
from data_access.morton import slices_near
from data_access.point_arrays import BLOCK, PointFacts, blocks_of, needed, numbers_along_the_curve
from data_access.sample_filter import BoundingBox, SampleFilter
from data_access.tasks import TASK_COLUMNS

_MASK_BYTES = 32_000_000  # eighteen filters over 9.2 M samples
_FIELD_COLUMNS: dict[str, tuple[str, ...]] = {  # what the mask of a field is computed from
    **{name: (name,) for name in CATEGORICAL_COLUMNS},
    "type": TASK_COLUMNS,
    "category": TASK_COLUMNS,
    "bbox": ("lon", "lat"),
    "lasso": ("lon", "lat"),
    "time_from": ("time",),
    "time_to": ("time",),
    "cloud_max": ("cloud_cover",),
}  # a measure is a column itself


class PointMasks:
    """Masks of one point index; safe to use from many threads at once."""

    def __init__(self, catalog: TableCatalog, arrays: Arrays, facts: PointFacts) -> None:
        """Read from these arrays; columns that are not among them are fetched from the catalogue and kept there."""
        self._catalog = catalog
        self._arrays = arrays
        self._facts = facts
        self._code, self._rows = needed(arrays, "code"), needed(arrays, "rows")
        self._masks: OnceCache[SampleFilter, BitMask] = OnceCache(_MASK_BYTES, lambda mask: mask.nbytes)

    def get(self, sample_filter: SampleFilter) -> BitMask:
        """The mask of a filter, computed once however many ask at the same time."""
        return self._masks.get(sample_filter, lambda: BitMask(self._blocks(sample_filter)))

    def _blocks(self, sample_filter: SampleFilter) -> Iterator[np.ndarray]:
        """The mask block by block, so that nothing larger than one block is ever unpacked."""
        if sample_filter.text:  # only the catalogue can search; its rows already meet the rest of the filter
            matching = np.zeros(self._catalog.total, dtype=np.bool_)
            matching[self._catalog.matching_rows(sample_filter)] = True
            yield from (matching[rows] for rows in blocks_of(self._rows))
            self._arrays.rest("rows")
            return
        names = sorted({name for field in sample_filter.restricted for name in _FIELD_COLUMNS.get(field, (field,))})
        columns = {name: column for name in names if (column := self._column(name)) is not None}
        near = self._near(sample_filter)
        for start in range(0, max(len(self._rows), 1), BLOCK):
            part = slice(start, min(start + BLOCK, len(self._rows)))
            if any(low < part.stop and high > start for low, high in near):
                yield sample_filter.mask(
                    {"row": self._rows[part], **{name: _part(each, part) for name, each in columns.items()}}
                )
            else:
                yield np.zeros(part.stop - start, dtype=np.bool_)
        for name in columns:
            self._arrays.rest(name)

    def _column(self, name: str) -> TypedColumn | None:
        if name in self._facts.categories:
            return Categorical(needed(self._arrays, name), self._facts.categories[name])
        if name in ("lon", "lat"):
            return needed(self._arrays, name)
        try:
            return self._arrays.get_or_make(name, lambda: numbers_along_the_curve(self._catalog, name, self._rows))
        except LookupError:
            return None

    def _near(self, sample_filter: SampleFilter) -> list[tuple[int, int]]:
        """Ranges along the curve outside of which nothing matches, because it is too far away."""
        if sample_filter.bbox:
            return slices_near(self._code, sample_filter.bbox)
        if sample_filter.lasso:
            return [each for box in _boxes_around(sample_filter.lasso) for each in slices_near(self._code, box)]
        return [(0, len(self._rows))]


def _part(column: TypedColumn, part: slice) -> TypedColumn:
    return Categorical(column.codes[part], column.values) if isinstance(column, Categorical) else column[part]


def _boxes_around(lasso: Vertices) -> Iterator[BoundingBox]:
    """Boxes of degrees that hold a lasso, one per turn of the globe on which it meets points."""
    lons, lats = zip(*lasso, strict=True)
    for turn in turns_of(lasso):
        west, east = max(min(lons) - turn, -180.0), min(max(lons) - turn, 180.0)
        yield west, max(min(lats), -90.0), east, min(max(lats), 90.0)
