"""The viewer component: all modalities of one sample in linked panels.

Python declares what to show (`Panel`s with URLs) and receives what the user did; pictures and values travel over HTTP.
The work in the browser is done by `viewer.js` and its neighbours.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import streamlit as st

from components import urls
from components.compare_state import ViewerState

_FOLDER = Path(__file__).parent
# The module is loaded from its own URL, so that its imports of neighbours work and the browser caches them.
_LOADER = """
export default function (component) {{
  let close = () => {{}};
  let gone = false;
  import(new URL("{url}", location.origin)).then((module) => {{
    if (!gone) close = module.default(component);
  }}, () => {{
    const words = document.createElement("p");
    words.textContent = "The viewer could not be loaded. Reload the page; is the server running?";
    component.parentElement.replaceChildren(words);
  }});
  return () => {{
    gone = true;
    close();
  }};
}}
"""


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


def show_viewer(
    key: str,
    *,
    sample: str,
    panels: Sequence[Panel],
    overlay: Overlay | None,
    nearby: Sequence[str],
    ways: Sequence[str],
    start: ViewerState,
    goto: int,
    on_event: Callable[[], None],
) -> ViewerEvents:
    """Draw the viewer and report what the user did in it.

    Args:
        key: Streamlit's key of the component.
        sample: Identity of the sample; another one makes the viewer begin anew from `start`.
        panels: What to show, in order.
        overlay: The cloud mask, or None.
        nearby: Addresses to fetch ahead once everything shown is there.
        ways: Where there is a sample to step to: "previous", "next".
        start: Zoom, pins and pair to begin with, as `ViewerEvents.arranged` gives them.
        goto: Another number than before makes the viewer follow `start` though the sample is the same.
        on_event: Called before the run that an event of the viewer causes.
    """
    component = st.components.v2.component(
        "patchwork_viewer",
        css=(_FOLDER / "viewer.css").read_text(encoding="utf-8"),
        js=_LOADER.format(url=urls.component_file("viewer/viewer.js")),
    )
    data = {
        "sample": sample,
        "panels": [asdict(panel) for panel in panels],
        "overlay": asdict(overlay) if overlay else None,
        "nearby": list(nearby),
        "ways": list(ways),
        "start": asdict(start),
        "goto": goto,
    }
    result = component(
        key=key,
        data=data,
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
