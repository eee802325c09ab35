"""The facet component: lists of values with counts, and a histogram of months, as one small piece of JavaScript."""

import calendar
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from components.browser import component, reported
from components.counts import Facets
from components.data_sets import OpenedSet, opened_sets
from components.filters import measures
from components.filters.vocabulary import FIELDS, Field, active_conditions, label, ordered, taken_away
from data_access.dataset import FacetValue
from data_access.sample_filter import CHOICE_FIELDS, SampleFilter
from errors import FilterError

KEY = "explore_facets"
SENT_VALUES = 7  # of a list: what the panel shows unasked; two hundred countries would be most of a run's bytes


@dataclass(frozen=True)
class FacetInput:
    """Everything the panel depends on."""

    sample_filter: SampleFilter
    counted: SampleFilter  # what the counts are about: the filter, perhaps with the map's edges
    facets: Facets
    sets: tuple[OpenedSet, ...]  # the data sets that are counted
    mounted: bool  # whether the browser has what never changes; it is sent no more then


def show_facets(given: FacetInput, *, on_event: Callable[[], None]) -> None:
    """Draw the panel; `on_event` runs before the next run, see `changed_filter`."""
    show_lists(KEY, _data(given), on_event=on_event)


def show_lists(key: str, data: Mapping[str, Any], *, on_event: Callable[[], None]) -> None:
    """Draw a panel of any page: `data` has `titles` by field, `fields` made by `field_data`, and what `_data` adds."""
    component("patchwork_facets", "filters/facets.js", "filters/facets.css", "facets")(
        key=key, data=data, on_changed_change=on_event
    )


def reported_change(key: str) -> Mapping[str, Any] | None:
    """What the user did in the panel in this run."""
    change = reported(key, "changed")
    return change if isinstance(change, Mapping) else None


def changed_filter(sample_filter: SampleFilter) -> SampleFilter:
    """The filter after what the user did in the panel in this run.

    Raises:
        FilterError: the browser sent something that means nothing.
    """
    change = reported_change(KEY)
    return sample_filter if change is None else apply_change(sample_filter, change)


def apply_change(sample_filter: SampleFilter, change: Mapping[str, Any]) -> SampleFilter:
    """A filter after one change: a field gets new values, the months a new range, or a condition goes.

    Raises:
        FilterError: the change names no field, or a value means nothing.
    """
    field = str(change.get("field"))
    if field == "all":
        return SampleFilter()
    if "remove" in change:
        if field not in {condition.field for condition in active_conditions(sample_filter)}:
            return sample_filter
        return taken_away(sample_filter, field, str(change["remove"]))
    if field == measures.CHANGE:
        return measures.apply_range(sample_filter, change)
    if field == "time":
        query = {"time_from": [str(change.get("from") or "")], "time_to": [str(change.get("to") or "")]}
        asked = SampleFilter.from_query(query)
        return sample_filter.replace(time_from=asked.time_from, time_to=asked.time_to)
    if field not in CHOICE_FIELDS:
        raise FilterError(f"{field!r} is not a field of the filter.")
    asked = SampleFilter.from_query({field: [str(value) for value in change.get("values", ())]})
    return sample_filter.replace(**{field: getattr(asked, field)})


def _data(given: FacetInput) -> dict[str, Any]:
    sample_filter, facets = given.sample_filter, given.facets
    first, last = sample_filter.time_from, sample_filter.time_to
    ranges = measures.active_ranges(given.sets, sample_filter)
    measured = {} if ranges is None else {"ranges": ranges}  # without measures, not a byte of them
    fixed: dict[str, Any] = {} if given.mounted else {"titles": {field.name: field.title for field in FIELDS}}
    if not given.mounted and any(measures.is_measured(each) for each in opened_sets()):
        fixed["measures"] = measures.choices()
    return (
        fixed
        | measured
        | {
            "active": [list(condition) for condition in active_conditions(sample_filter)],
            "fields": [
                field_data(field, getattr(sample_filter, field.name), facets.get(field.name, [])) for field in FIELDS
            ],
            "months": _written(month_counts(facets.get("month", []))),
            "query": given.counted.query_string(),
            "sets": [each.name for each in given.sets if each.dataset],
        }
        | ({"time": [first.isoformat() if first else "", last.isoformat() if last else ""]} if first or last else {})
    )


def field_data(
    field: Field, chosen: Sequence[str], values: list[FacetValue], most: int = SENT_VALUES
) -> dict[str, Any]:
    """One list: its first values, those that are chosen, and how many there are; the browser asks for the rest."""
    known = {value.value for value in values}
    every = ordered(field, values)
    listed = [value for rank, value in enumerate(every) if rank < most or value.value in chosen]
    listed += [FacetValue(value, 0) for value in chosen if value not in known]
    rows = [[value.value, value.count, label(field.name, value.value)] for value in listed]
    told: dict[str, Any] = {
        "name": field.name,
        "values": [row if row[0] != row[2] else row[:2] for row in rows],  # a third only where it says something new
    }
    # What the browser takes for granted is left out: every change of the filter sends all of this again.
    return told | ({"chosen": list(chosen)} if chosen else {}) | ({"n": len(every)} if len(every) > len(rows) else {})


def _written(months: dict[str, Any]) -> dict[str, str]:
    """Months as the browser gets them: counts between commas, nothing for none, a third of the list's bytes."""
    return {"first": months["first"], "counts": ",".join(str(count or "") for count in months["counts"])}


def month_counts(values: list[FacetValue]) -> dict[str, Any]:
    """Counts per month without gaps: the first month and one count for it and each that follows."""
    counts = {value.value: value.count for value in values if _is_month(value.value)}
    if not counts:
        return {"first": "", "counts": []}
    first, last = min(counts), max(counts)
    year, month = int(first[:4]), int(first[5:7])
    row = []
    while (text := f"{year:04d}-{month:02d}") <= last:
        row.append(counts.get(text, 0))
        year, month = (year + 1, 1) if month == len(calendar.month_name) - 1 else (year, month + 1)
    return {"first": first, "counts": row}


def _is_month(text: str) -> bool:
    try:
        date.fromisoformat(f"{text}-01")
    except ValueError:
        return False
    return True
