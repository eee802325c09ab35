"""What the Explore page shows, as one immutable object that is also the page's address: a link restores the page."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Self, cast

from components.data_sets import LOOKS, is_data_set
from data_access.collections import DATASETS
from data_access.dataset import DatasetName
from data_access.sample_filter import SampleFilter

ON = "1"


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
        pairs += [(key, ON) for key in ("cloud_mask", "in_view") if getattr(self, key)]
        if self.selected:
            pairs += [("dataset", self.selected.dataset), ("sample", self.selected.id)]
        if self.view:
            pairs += view_query(self.view)
        return [(key, value) for key, value in pairs if value]


def view_query(view: View) -> list[tuple[str, str]]:
    """The view as the map writes it into the address: the same digits, or every move would add a step of history."""
    return [("lat", f"{view.latitude:.4f}"), ("lon", f"{view.longitude:.4f}"), ("zoom", f"{view.zoom:.2f}")]
