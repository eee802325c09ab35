"""The pictures that switch inputs and outputs on and off, with the window of the model drawn on them."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from components.browser import component, reported
from components.data_sets import LOOKS
from components.generation.form.offer import Choice, edge_of, toggled
from components.generation.page_state import change, current
from components.generation.state import GenerateState
from data_access.dataset import SampleRecord
from generation.request import TOKEN_MODALITIES, WHOLE_SAMPLE
from generation.tiling import tiling_of

KEY = "generate_toggles"
_NOT_LOADED = "The choice of inputs and outputs could not be loaded. Reload the page; is the server running?"
_MOST = 16  # modalities that a report may name
Box = tuple[float, float, float, float]  # left, top, width, height, as parts of the sample


def show_toggles(
    state: GenerateState,
    record: SampleRecord | None,
    revision: str,
    inputs: Sequence[Choice],
    outputs: Sequence[Choice],
) -> None:
    """Draw the pictures; a click changes the page's state. A place alone (no record) has none but its coordinates."""
    lon, lat = (record.lon, record.lat) if record else (state.coordinates or (0.0, 0.0))
    component("patchwork_toggles", "generation/form/toggles.js", "generation/form/toggles.css", "toggles", _NOT_LOADED)(
        key=KEY,
        data={
            "sample": {"dataset": record.dataset, "id": record.id, "revision": revision} if record else {},
            "presets": _presets(record),
            "place": f"{abs(lat):.2f}\u00b0 {'NS'[lat < 0]}\n{abs(lon):.2f}\u00b0 {'EW'[lon < 0]}",
            "inputs": _cards(inputs, state.wish.inputs),
            "outputs": _cards(outputs, state.wish.outputs),
            "exclusive": TOKEN_MODALITIES if state.view == "generate" else (),
            "window": window_boxes(state.wish.window or WHOLE_SAMPLE, edge_of(record)),
        },
        on_chosen_change=_take,
    )


def _presets(record: SampleRecord | None) -> dict[str, str]:
    """How optical pictures are drawn: as an eye recognises them."""
    look = LOOKS[record.dataset] if record else None
    return {look.layer: look.preset, "S2L1C": look.preset} if look else {}


def window_boxes(window: int, edge: int) -> list[Box]:
    """What the model sees of a sample: one square in its middle, or overlapping tiles; nothing where it sees all."""
    if not edge or window == edge:
        return []
    if window != WHOLE_SAMPLE:
        start = (edge - window) // 2
        return [(start / edge, start / edge, window / edge, window / edge)]
    tiling = tiling_of(edge, edge)
    return [(left / edge, top / edge, tiling.size / edge, tiling.size / edge) for left, top in tiling.corners]


def _cards(choices: Sequence[Choice], chosen: Sequence[str]) -> list[dict[str, Any]]:
    return [asdict(each) | {"on": each.name in chosen} for each in choices]


def _take() -> None:
    report = reported(KEY, "chosen")
    if isinstance(report, dict):
        inputs, outputs = (_names(report.get(side)) for side in ("inputs", "outputs"))
        state = current()
        change(state.replace(wish=toggled(state.wish, inputs, outputs)))


def _names(told: object) -> list[str]:
    return [name for name in told[:_MOST] if isinstance(name, str)] if isinstance(told, list) else []
