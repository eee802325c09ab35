"""The box or lasso on the map, as the filter has it and as the map draws it."""

from collections.abc import Mapping
from typing import Any

from data_access.sample_filter import SampleFilter

Ring = list[tuple[float, float]]


def selection_ring(sample_filter: SampleFilter) -> Ring | None:
    """Outline of the selected box or lasso, longitude and latitude; east of 180 where it crosses the antimeridian."""
    if sample_filter.lasso:
        return list(sample_filter.lasso)
    if sample_filter.bbox is None:
        return None
    west, south, east, north = sample_filter.bbox
    if west > east:
        east += 360
    return [(west, south), (east, south), (east, north), (west, north)]


def selected_filter(sample_filter: SampleFilter, selected: Mapping[str, Any]) -> SampleFilter:
    """The filter with the box or lasso that was drawn; only one of them at a time."""
    free = sample_filter.without("bbox", "lasso")
    if selected.get("kind") == "box":
        west, south, east, north = selected["bbox"]
        return free.replace(bbox=(west, south, east, north))
    if selected.get("kind") == "lasso":
        return free.replace(lasso=tuple((lon, lat) for lon, lat in selected["polygon"]))
    return free
