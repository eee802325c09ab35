"""What the Compare page shows, as plain query parameters of its address: a link restores the page."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Self

from data_access.sample_filter import SampleFilter
from errors import FilterError

MAX_TEXT = 200  # characters of any one parameter; the longest sample id has 61, eight pins have 111
DEFAULT_OPACITY = 0.7  # the picture below stays readable
LEAST_OPACITY = 0.1  # below, nobody sees whether the mask is drawn
LOOK = ("preset", "view", "cloud", "offset", "pins", "pair")  # parameters that no other page reads


@dataclass(frozen=True)
class ViewerState:
    """What the user arranges inside the viewer. The viewer writes and reads these texts; Python only keeps them."""

    view: str = ""  # "x,y,scale", empty for the whole sample
    pins: str = ""  # "u,v;u,v", places from 0 to 1
    pair: str = ""  # "mode:modality:modality", two panels shown as one


@dataclass(frozen=True)
class CompareState:
    """One sample, how it is drawn, and the selection it stands in."""

    dataset: str = ""
    sample: str = ""
    selection: SampleFilter = field(default_factory=SampleFilter)
    presets: Mapping[str, str] = field(default_factory=dict)  # modality to preset, where it is not the default
    viewer: ViewerState = field(default_factory=ViewerState)
    cloud: float = 0.0  # opacity of the cloud mask; 0 means off
    remove_offset: bool = False

    @classmethod
    def from_query(cls, query: Mapping[str, Sequence[str]]) -> Self:
        """Read the state; what means nothing falls back to its default.

        Raises:
            FilterError: a filter parameter means nothing.
        """
        last = {key: values[-1][:MAX_TEXT] for key, values in query.items() if values}
        pairs = [text[:MAX_TEXT].partition(":") for text in query.get("preset", ())]
        return cls(
            dataset=last.get("dataset", ""),
            sample=last.get("sample", ""),
            selection=SampleFilter.from_query(query),
            presets={modality: preset for modality, _, preset in pairs if preset},
            viewer=ViewerState(last.get("view", ""), last.get("pins", ""), last.get("pair", "")),
            cloud=_opacity(last.get("cloud", "")),
            remove_offset=last.get("offset", "") == "remove",
        )

    def to_query(self) -> dict[str, list[str]]:
        """The same state as query parameters; defaults are left out, so that addresses stay short."""
        query = {"dataset": [self.dataset], "sample": [self.sample]}
        for key, value in self.selection.to_query():
            query.setdefault(key, []).append(value)
        optional = {
            "preset": [f"{modality}:{preset}" for modality, preset in self.presets.items()],
            "view": [self.viewer.view],
            "pins": [self.viewer.pins],
            "pair": [self.viewer.pair],
            "cloud": [f"{self.cloud:g}" if self.cloud else ""],
            "offset": ["remove" if self.remove_offset else ""],
        }
        return query | {key: values for key, values in optional.items() if any(values)}

    def with_preset(self, modality: str, preset: str | None) -> Self:
        """The same page with another preset for one modality; None for its default."""
        others = {name: chosen for name, chosen in self.presets.items() if name != modality}
        return replace(self, presets=others if preset is None else {**others, modality: preset})

    def with_sample(self, dataset: str, sample: str) -> Self:
        """Another sample in the same look; zoom, position and pins begin anew."""
        return replace(self, dataset=dataset, sample=sample, viewer=ViewerState(pair=self.viewer.pair))


def read_state(query: Mapping[str, Sequence[str]]) -> tuple[CompareState, FilterError | None]:
    """The state of an address, and what is wrong with its filter; the sample opens all the same."""
    try:
        return CompareState.from_query(query), None
    except FilterError as error:
        own = {key: values for key, values in query.items() if key in {"dataset", "sample", *LOOK}}
        return CompareState.from_query(own), error


def _opacity(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        return 0.0
    return max(value, LEAST_OPACITY) if 0 < value <= 1 else 0.0
