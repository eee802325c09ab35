"""The reader component: the pictures of a patch beside its annotations, each pointing at the other.

Python declares what to show, with URLs, and receives what the user did; pictures and rows travel over HTTP. The work in
the browser is done by `reader.js` and its neighbours.
"""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass

from components.browser import component
from components.viewer.component import Panel

KEY = "annotations_reader"
_NOT_LOADED = "The reader could not be loaded. Reload the page; is the server running?"


@dataclass(frozen=True)
class Start:
    """How the reader begins."""

    view: str  # zoom and place as the reader reports them; empty for the whole patch
    row: int | None  # ID of the annotation that is highlighted and brought into view


@dataclass(frozen=True)
class ReaderInput:
    """Everything the reader depends on."""

    sample: str  # another one makes the reader begin anew from `start`
    revision: str  # of the collection: answers given in the quiz belong to it
    readings: str  # URL of the patch's annotations
    panels: Sequence[Panel]  # in display order; empty where the patch has no pictures
    blank: str  # why it has none
    checked: bool  # whether there is a reference map that answers are checked against
    matching: Sequence[int] | None  # places of the rows that match the filter, by ID; None where all do
    terms: Sequence[str]  # words and phrases that rows are searched for: marked wherever they stand
    nearby: Sequence[str]  # addresses to fetch ahead once everything shown is there
    ways: Sequence[str]  # where there is a patch to step to: "previous", "next"
    start: Start
    goto: int  # another number than before makes the reader follow `start` though the patch is the same


def show_component(
    given: ReaderInput,
    *,
    on_arranged: Callable[[], None],
    on_preset: Callable[[], None],
    on_step: Callable[[], None],
) -> None:
    """Draw the reader; each callback runs before the run that its event causes, and reads `browser.reported`.

    Args:
        given: what to show.
        on_arranged: `arranged` is {sample, view, row} of `Start`.
        on_preset: `preset` is {modality, preset}.
        on_step: `step` is "previous" or "next".
    """
    script, style = "annotations/reader/reader.js", "annotations/reader/reader.css"
    component("patchwork_reader", script, style, "reader", _NOT_LOADED)(
        key=KEY,
        data=asdict(given),
        on_arranged_change=on_arranged,
        on_preset_change=on_preset,
        on_step_change=on_step,
    )
