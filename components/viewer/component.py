"""The viewer component: all modalities of one sample in linked panels.

Python declares what to show (`Panel`s with URLs) and receives what the user did; pictures and values travel over HTTP.
The work in the browser is done by `viewer.js` and its neighbours.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass

from components.browser import component
from components.compare_state import ViewerState

KEY = "viewer"
Cut = tuple[float, float, float, float]  # left, top, width, height, as parts of the sample
_NOT_LOADED = "The viewer could not be loaded. Reload the page; is the server running?"


@dataclass(frozen=True)
class PresetChoice:
    """One entry of a panel's preset menu."""

    name: str
    title: str


@dataclass(frozen=True)
class ValueSource:
    """An array that a panel reads values from."""

    url: str  # of a .npy file
    bands: tuple[str, ...]
    cut: Cut | None = None  # the part of the array that is read


@dataclass(frozen=True)
class Panel:
    """One modality as the viewer shows it."""

    modality: str
    title: str
    about: str
    bands: tuple[str, ...]
    unit: str
    offset: str  # whether its values carry the +1000: present, absent or unknown
    presets: tuple[PresetChoice, ...]
    preset: str
    default: str  # the preset that it begins with
    picture: str  # URL of the chip
    legend: str  # URL of its legend
    values: tuple[ValueSource, ...]  # several where its bands are stored in several resolutions
    cut: Cut | None = None  # the part of the picture that is shown, as if it were all


@dataclass(frozen=True)
class Overlay:
    """The cloud mask drawn over every panel."""

    picture: str
    opacity: float


@dataclass(frozen=True)
class ViewerEvents:
    """What the user did since the last run; None where nothing happened."""

    arranged: Mapping[str, object] | None  # sample, moment, and the texts of ViewerState; stays until the next report
    preset: tuple[str, str] | None  # modality and the preset chosen for it
    step: str | None  # "previous" or "next"
    cloud: bool | None  # the cloud mask switched on or off


@dataclass(frozen=True)
class ViewerInput:
    """Everything the viewer depends on."""

    sample: str  # its identity; another one makes the viewer begin anew from `start`
    panels: Sequence[Panel]  # in display order
    overlay: Overlay | None  # the cloud mask
    nearby: Sequence[str]  # addresses to fetch ahead once everything shown is there
    ways: Sequence[str]  # where there is a sample to step to: "previous", "next"
    start: ViewerState  # zoom, pins and pair to begin with, as `ViewerEvents.arranged` gives them
    goto: int  # another number than before makes the viewer follow `start` though the sample is the same


def show_viewer(given: ViewerInput, *, on_event: Callable[[], None]) -> ViewerEvents:
    """Draw the viewer and report what the user did in it; `on_event` is called before the run that an event causes."""
    result = component("patchwork_viewer", "viewer/viewer.js", "viewer/viewer.css", "viewer", _NOT_LOADED)(
        key=KEY,
        data=asdict(given),
        on_arranged_change=on_event,
        on_preset_change=on_event,
        on_step_change=on_event,
        on_cloud_change=on_event,
    )
    chosen = result.preset
    return ViewerEvents(
        arranged=result.arranged,
        preset=(str(chosen["modality"]), str(chosen["preset"])) if chosen else None,
        step=result.step,
        cloud=result.cloud,
    )
