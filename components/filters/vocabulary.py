"""How filter fields and their values are called and ordered on a page."""

from typing import NamedTuple

from components.data_sets import LOOKS
from components.filters.measures import range_text
from data_access.dataset import FacetValue
from data_access.measures import MEASURES
from data_access.places import SEASONS
from data_access.sample_filter import SampleFilter
from data_access.sample_table import UNKNOWN


class Field(NamedTuple):
    """One list of values in the panel."""

    name: str
    title: str
    order: tuple[str, ...] = ()  # values that have an order of their own; others follow by count


FIELDS: tuple[Field, ...] = (
    Field("country", "Country"),
    Field("season", "Season", SEASONS),
    Field("climate_zone", "Climate zone"),
    Field("split", "Split", ("train", "val", "validation", "test", "bench")),
    Field("source", "Source", ("majortom", "ssl4eos12", "bigearthnet")),
    Field("type", "Task type"),
    Field("category", "Task category"),
)
TITLES = {field.name: field.title for field in FIELDS} | {
    "text": "Words",
    "bbox": "Box on the map",
    "lasso": "Lasso on the map",
    "time_from": "From",
    "time_to": "Until",
    "cloud_max": "Cloud cover",
    **{measure.name: measure.title for measure in MEASURES},
}
_LABELS = {
    ("source", "majortom"): "Major TOM",
    ("source", "ssl4eos12"): "SSL4EO-S12",
    ("source", "bigearthnet"): LOOKS["bigearthnet"].title,
    ("season", "Fall"): "Autumn",
    ("category", "None"): "captioning",
}


def label(field: str, value: str) -> str:
    """A value as a reader expects it."""
    if value == UNKNOWN:
        return "Unknown"
    return _LABELS.get((field, value), value)


def ordered(field: Field, values: list[FacetValue]) -> list[FacetValue]:
    """Values in the field's own order, or the most frequent first; what is unknown comes last."""

    def rank(value: FacetValue) -> tuple[bool, int, int, str]:
        own = field.order.index(value.value) if value.value in field.order else len(field.order)
        return value.value == UNKNOWN, own, -value.count, value.value

    return sorted(values, key=rank)


class ActiveCondition(NamedTuple):
    """One condition of a filter, as a chip that can be taken away."""

    field: str
    value: str  # empty where the whole field goes
    text: str


def active_conditions(sample_filter: SampleFilter) -> list[ActiveCondition]:
    """Every condition of a filter, in the panel's order."""
    found = [
        ActiveCondition(field.name, value, f"{label(field.name, value)}")
        for field in FIELDS
        for value in getattr(sample_filter, field.name)
    ]
    if sample_filter.text:
        found.append(ActiveCondition("text", "", f"\u201c{sample_filter.text}\u201d"))
    if sample_filter.time_from:
        found.append(ActiveCondition("time_from", "", f"from {sample_filter.time_from:%d %b %Y}"))
    if sample_filter.time_to:
        found.append(ActiveCondition("time_to", "", f"until {sample_filter.time_to:%d %b %Y}"))
    if sample_filter.cloud_max is not None:
        found.append(ActiveCondition("cloud_max", "", f"clouds \u2264 {sample_filter.cloud_max:g} %"))
    found += [ActiveCondition(each[0], "", range_text(*each)) for each in sample_filter.ranges]
    if sample_filter.bbox:
        found.append(ActiveCondition("bbox", "", "box on the map"))
    if sample_filter.lasso:
        found.append(ActiveCondition("lasso", "", "lasso on the map"))
    return found


def taken_away(sample_filter: SampleFilter, field: str, value: str) -> SampleFilter:
    """The filter without one of its conditions."""
    if not value:
        return sample_filter.without(field)
    left = tuple(each for each in getattr(sample_filter, field) if each != value)
    return sample_filter.replace(**{field: left})
