"""What the Explore page shows, as one immutable object that is also the page's address: a link restores the page."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Self, TypeVar, cast

from components.data_sets import LOOKS, is_data_set
from data_access.collections import DATASETS
from data_access.dataset import DatasetName
from data_access.filter_query import parse_query
from data_access.sample_filter import SampleFilter
from errors import FilterError, PatchworkError
from rendering import presets_of

Query = Mapping[str, Sequence[str]]
T = TypeVar("T")

FILTER_KEYS = (
    *("country", "season", "climate_zone", "split", "source", "type", "category"),
    *("text", "bbox", "lasso", "time_from", "time_to", "cloud_max"),
)
MAX_ID_LENGTH = 128  # as the API accepts
MAX_ZOOM = 20.0
_ON = "1"


@dataclass(frozen=True)
class View:
    """Centre and zoom of the map, in deck.gl's terms."""

    latitude: float
    longitude: float
    zoom: float


@dataclass(frozen=True)
class LayerChoice:
    """Which modality of a data set is drawn in place, and how."""

    modality: str
    preset: str  # empty: the rendering's default


@dataclass(frozen=True)
class SampleReference:
    """One sample of one data set."""

    dataset: DatasetName
    id: str


def reported_sample(report: Mapping[str, str]) -> SampleReference | None:
    """The sample that the browser names in a report; None where the data set is none."""
    dataset = report["dataset"]
    return SampleReference(cast("DatasetName", dataset), report["id"]) if is_data_set(dataset) else None


def first_layer(name: DatasetName) -> LayerChoice:
    """The layer that a data set starts with."""
    return LayerChoice(LOOKS[name].layer, LOOKS[name].preset)


def _first_layers() -> dict[DatasetName, LayerChoice]:
    return {name: first_layer(name) for name in DATASETS}


@dataclass(frozen=True)
class ExploreState:
    """The whole page: filter, view, layers, selection."""

    sample_filter: SampleFilter = field(default_factory=SampleFilter)
    shown: tuple[DatasetName, ...] = DATASETS
    layers: Mapping[DatasetName, LayerChoice] = field(default_factory=_first_layers)
    opacity: int = 100  # percent, of the chips
    cloud_mask: bool = False
    in_view: bool = False  # "only what the map shows"
    selected: SampleReference | None = None
    view: View | None = None  # None: the map chooses, so that the world fits its size

    def replace(self, **changes: object) -> Self:
        """The same page with other values."""
        return replace(self, **changes)  # type: ignore[arg-type]  # names and types are those of the fields above

    def with_filter(self, **changes: object) -> Self:
        """The same page with other conditions."""
        return self.replace(sample_filter=self.sample_filter.replace(**changes))

    def with_layer(self, name: DatasetName, layer: LayerChoice) -> Self:
        """The same page with another layer of one data set."""
        return self.replace(layers={**self.layers, name: layer})

    def to_query(self) -> list[tuple[str, str]]:
        """Query parameters; what is as at the start is left out, and the view comes last (the map rewrites it)."""
        pairs = self.sample_filter.to_query()
        if set(self.shown) != set(DATASETS):
            pairs += [("show", name) for name in self.shown] or [("show", "none")]
        for name, layer in self.layers.items():
            start = first_layer(name)
            if layer != start:
                pairs += [(f"{name}_layer", layer.modality), (f"{name}_preset", layer.preset)]
        if self.opacity != 100:
            pairs.append(("opacity", str(self.opacity)))
        pairs += [(key, _ON) for key in ("cloud_mask", "in_view") if getattr(self, key)]
        if self.selected:
            pairs += [("dataset", self.selected.dataset), ("sample", self.selected.id)]
        if self.view:
            pairs += view_query(self.view)
        return [(key, value) for key, value in pairs if value]


def view_query(view: View) -> list[tuple[str, str]]:
    """The view as the map writes it into the address: the same digits, or every move would add a step of history."""
    return [("lat", f"{view.latitude:.4f}"), ("lon", f"{view.longitude:.4f}"), ("zoom", f"{view.zoom:.2f}")]


def read_state(query: Query) -> tuple[ExploreState, tuple[PatchworkError, ...]]:
    """The state of an address, and what is wrong with it.

    Every parameter stands for itself: one that means nothing is named and left out, the others count.
    """
    problems: list[PatchworkError] = []

    def attempt(read: Callable[[], T], otherwise: T) -> T:
        try:
            return read()
        except PatchworkError as problem:
            problems.append(problem)
            return otherwise

    state = ExploreState(
        sample_filter=_read_filter(query, problems),
        shown=attempt(lambda: _read_shown(query), DATASETS),
        layers={name: attempt(partial(_read_layer, query, name), first_layer(name)) for name in DATASETS},
        opacity=attempt(lambda: round(_number(query, "opacity", 0, 100, 100)), 100),
        cloud_mask=_last(query, "cloud_mask") == _ON,
        in_view=_last(query, "in_view") == _ON,
        selected=attempt(lambda: _read_selected(query), None),
        view=attempt(lambda: _read_view(query), None),
    )
    return state, tuple(problems)


def _read_filter(query: Query, problems: list[PatchworkError]) -> SampleFilter:
    fields: dict[str, object] = {}
    for key in FILTER_KEYS:
        try:
            fields |= parse_query({key: query.get(key, ())})
        except FilterError as problem:
            problems.append(problem)
    first, last = fields.get("time_from"), fields.get("time_to")
    if first and last and cast("str", first) > cast("str", last):
        problems.append(FilterError(f"time_from {first} is after time_to {last}, so both are left out: swap the two."))
        fields = {key: value for key, value in fields.items() if key not in {"time_from", "time_to"}}
    return SampleFilter().replace(**fields)


def _last(query: Query, key: str) -> str:
    values = query.get(key, ())
    return values[-1] if values else ""


def _number(query: Query, key: str, low: float, high: float, otherwise: float) -> float:
    text = _last(query, key)
    if not text:
        return otherwise
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not low <= value <= high:
        raise FilterError(f"{key} is {text[:40]!r}; it must be a number from {low:g} to {high:g}. It was left out.")
    return value


def _read_shown(query: Query) -> tuple[DatasetName, ...]:
    names = [name for name in query.get("show", ()) if name]
    unknown = [name for name in names if name != "none" and not is_data_set(name)]
    if unknown:
        raise FilterError(f"show is {unknown[0][:40]!r}; use {' or '.join(DATASETS)}. Both are shown.")
    return tuple(name for name in DATASETS if name in names) if names else DATASETS


def _read_layer(query: Query, name: DatasetName) -> LayerChoice:
    modality = _last(query, f"{name}_layer")
    if not modality:
        return first_layer(name)
    if modality not in LOOKS[name].layers:
        raise FilterError(f"{name}_layer is {modality[:40]!r}; use one of {', '.join(LOOKS[name].layers)}.")
    preset = _last(query, f"{name}_preset")
    names = [each.name for each in presets_of(modality)]
    if preset and preset not in names:
        raise FilterError(f"{name}_preset is {preset[:40]!r}; {modality} can be drawn as {', '.join(names)}.")
    return LayerChoice(modality, preset)


def _read_selected(query: Query) -> SampleReference | None:
    sample, dataset = _last(query, "sample"), _last(query, "dataset")
    if not sample:
        return None
    if not is_data_set(dataset):
        raise FilterError(f"dataset is {dataset[:40]!r}; a sample needs {' or '.join(DATASETS)} beside it.")
    if len(sample) > MAX_ID_LENGTH or not sample.replace("-", "_").replace("_", "a").isalnum():
        raise FilterError(f"sample {sample[:40]!r} is no sample id: letters, digits, '-' and '_' only.")
    return SampleReference(cast("DatasetName", dataset), sample)


def _read_view(query: Query) -> View | None:
    if not any(_last(query, key) for key in ("lat", "lon", "zoom")):
        return None
    return View(
        latitude=_number(query, "lat", -85.06, 85.06, 20.0),
        longitude=_number(query, "lon", -180, 180, 10.0),
        zoom=_number(query, "zoom", 0, MAX_ZOOM, 2.0),
    )
