"""The panel's section 'Measured contents': conditions on what the batch index measured of each sample."""

from collections.abc import Iterable, Mapping
from itertools import groupby
from typing import Any

from components.counts import count_of
from components.data_sets import OpenedSet
from data_access.filter_query import RANGE_ENDS
from data_access.measures import MEASURE_COLUMNS, MEASURE_NAMED, MEASURES, Measure, known
from data_access.sample_filter import SampleFilter
from errors import FilterError

CHANGE = "range"  # what the browser calls a change of one measure's range
_GROUPS = {
    "LULC": "Land cover",
    "cloud_mask": "Cloud mask",
    "NDVI": "Vegetation",
    "DEM": "Terrain",
    "S1": "Radar",
    "S2L2A": "Completeness",
}


def is_measured(each: OpenedSet) -> bool:
    """Whether the batch index has told this data set anything."""
    return each.dataset is not None and not set(MEASURE_COLUMNS).isdisjoint(each.dataset.catalog.column_names)


def choices() -> list[list[Any]]:
    """Every measure for the browser, in groups: [title, [[name, title, unit, lowest, highest], ...]]."""
    groups = groupby(MEASURES, key=lambda measure: _GROUPS[measure.source_modality])
    return [[title, [_choice(measure) for measure in group]] for title, group in groups]


def _choice(measure: Measure) -> list[Any]:
    return [measure.name, measure.title, measure.unit, measure.low, measure.high]


def active_ranges(sets: Iterable[OpenedSet], sample_filter: SampleFilter) -> list[list[Any]] | None:
    """The ranges of a filter with the number of samples whose value is known, and of all samples shown.

    Returns:
        [name, lowest, highest, known, total] per range; None where no data set shown has measures and none is asked.
    """
    shown = tuple(sets)
    if not sample_filter.ranges and not any(is_measured(each) for each in shown):
        return None
    return [[name, low, high, *_known(shown, name)] for name, low, high in sample_filter.ranges]


def _known(sets: tuple[OpenedSet, ...], name: str) -> tuple[int, int]:
    """Samples with a known value, and all, of the data sets that have measures: the others are never measured."""
    measured = [each for each in sets if is_measured(each)] or sets
    counts = [count_of(each, SampleFilter(ranges=(known(name),))) for each in measured]
    return sum(count.matched for count in counts), sum(count.total for count in counts)


def apply_range(sample_filter: SampleFilter, change: Mapping[str, Any]) -> SampleFilter:
    """A filter after one range was changed in the browser.

    Raises:
        FilterError: the change names no measure, or an end means nothing.
    """
    name = str(change.get("name"))
    if name not in MEASURE_NAMED:
        raise FilterError(f"{name[:40]!r} is no measure. Choose one of {', '.join(MEASURE_COLUMNS)}.")
    ends = {key: change.get(word) for key, word in zip(RANGE_ENDS, ("low", "high"), strict=True)}
    query = {f"{name}{end}": [str(value)] for end, value in ends.items() if value is not None}
    asked = SampleFilter.from_query(query).ranges
    return sample_filter.with_range(*asked[0]) if asked else sample_filter.without(name)


def range_text(name: str, low: float | None, high: float | None) -> str:
    """A range as a reader expects it, such as 'Water (land cover) ≥ 40 %'."""
    measure = MEASURE_NAMED[name]
    unit = f"\u00a0{measure.unit}" if measure.unit else ""
    if low is None:
        return f"{measure.title} \u2264 {high:g}{unit}"
    if high is None:
        return f"{measure.title} \u2265 {low:g}{unit}"
    return f"{measure.title} {low:g} to {high:g}{unit}"
