"""Counts and facets over the data sets that are shown, added up, and remembered while nothing changes."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache

from components.data_sets import OpenedSet, dataset_of
from data_access.dataset import Count, DatasetName, FacetValue
from data_access.sample_filter import SampleFilter

REMEMBERED = 512  # answers: a page asks for about six per rerun; one is below 20 kB
Facets = dict[str, list[FacetValue]]


@dataclass(frozen=True)
class Totals:
    """What a filter leaves, over several data sets."""

    total: int
    matched: int
    annotations: int | None  # None where no data set shown has text
    by_set: dict[DatasetName, Count]


def totals(sets: Iterable[OpenedSet], sample_filter: SampleFilter) -> Totals:
    """Add the counts of several data sets up; those that could not be opened count as nothing."""
    counts = {each.name: count_of(each, sample_filter) for each in sets if each.dataset}
    annotations = [count.annotations for count in counts.values() if count.annotations is not None]
    return Totals(
        total=sum(count.total for count in counts.values()),
        matched=sum(count.matched for count in counts.values()),
        annotations=sum(annotations) if annotations else None,
        by_set=counts,
    )


def facets(sets: Iterable[OpenedSet], sample_filter: SampleFilter) -> Facets:
    """Counts per value of every filter field, added up over several data sets."""
    added: dict[str, dict[str, int]] = {}
    for each in sets:
        if each.dataset is None:
            continue
        for name, values in _facets(each.name, each.dataset.info.revision, sample_filter).items():
            column = added.setdefault(name, {})
            for value in values:
                column[value.value] = column.get(value.value, 0) + value.count
    return {name: [FacetValue(*item) for item in column.items()] for name, column in added.items()}


def count_of(each: OpenedSet, sample_filter: SampleFilter) -> Count:
    """The count of one opened data set."""
    if each.dataset is None:
        return Count(0, 0)
    return _count(each.name, each.dataset.info.revision, sample_filter)


# The revision is part of the key, so that a collection that is opened anew is counted anew.
@lru_cache(maxsize=REMEMBERED)
def _count(name: str, _revision: str, sample_filter: SampleFilter) -> Count:
    return dataset_of(name).catalog.count(sample_filter)


@lru_cache(maxsize=REMEMBERED)
def _facets(name: str, _revision: str, sample_filter: SampleFilter) -> Facets:
    return dataset_of(name).catalog.facets(sample_filter)


def loosest(sets: Iterable[OpenedSet], sample_filter: SampleFilter, names: Callable[[str], str]) -> list[str]:
    """Which single conditions, taken away, would leave samples again: their names, the most helpful first."""
    sets = tuple(sets)
    gains = [(totals(sets, sample_filter.without(name)).matched, name) for name in sorted(sample_filter.restricted)]
    return [names(name) for matched, name in sorted(gains, reverse=True) if matched]
