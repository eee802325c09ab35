"""What the Compare page shows, as plain query parameters of its address: a link restores the page."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Self

from data_access.sample_filter import SampleFilter
from errors import FilterError

MAX_TEXT = 200  # characters of any one parameter; the longest sample id has 61
DEFAULT_OPACITY = 0.7  # the picture below stays readable


@dataclass(frozen=True)
class CompareState:
    """One sample, how it is drawn, and the selection it stands in."""

    dataset: str = ""
    sample: str = ""
    selection: SampleFilter = field(default_factory=SampleFilter)
    presets: Mapping[str, str] = field(default_factory=dict)  # modality to preset, where it is not the default
    view: str = ""  # as the viewer writes it
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
            view=last.get("view", ""),
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
            "view": [self.view] if self.view else [],
            "cloud": [f"{self.cloud:g}"] if self.cloud else [],
            "offset": ["remove"] if self.remove_offset else [],
        }
        return query | {key: values for key, values in optional.items() if values}

    def with_preset(self, modality: str, preset: str) -> Self:
        """The same page with another preset for one modality."""
        return replace(self, presets={**self.presets, modality: preset})

    def with_sample(self, dataset: str, sample: str) -> Self:
        """Another sample in the same look; zoom and position begin anew."""
        return replace(self, dataset=dataset, sample=sample, view="")

    def without_selection(self) -> Self:
        """The same page outside any selection."""
        return replace(self, selection=SampleFilter())


def read_state(query: Mapping[str, Sequence[str]]) -> tuple[CompareState, FilterError | None]:
    """The state of an address, and what is wrong with its filter; the sample opens all the same."""
    try:
        return CompareState.from_query(query), None
    except FilterError as error:
        own = {key: values for key, values in query.items() if key in {"dataset", "sample", "preset", "view", "cloud"}}
        return CompareState.from_query(own), error


def _opacity(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        return 0.0
    return value if 0 <= value <= 1 else 0.0
