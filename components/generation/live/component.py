"""The live component: starts a run from the browser, follows it event by event, and says which one it is."""

from typing import Any

from components.browser import component, reported
from components.generation.page_state import change, current
from components.generation.runs import run_of
from components.generation.state import GenerateState
from components.modality_names import modality_name
from errors import GenerationRequestError
from generation.modalities import MODALITIES
from generation.request import Request, real_steps

_NOT_LOADED = "The part that generates could not be loaded. Reload the page; is the server running?"
_RUN = "generate_run"  # the run that the browser has reported last


def show_live(
    state: GenerateState, *, key: str, label: str = "Generate", estimate: str = "", why: str = ""
) -> str | None:
    """Draw the button, and below it the run as it happens.

    Args:
        state: the page; its view says what kind of run is started.
        key: of the component, one per view.
        label: on the button.
        estimate: what is said beside it before a run, such as 'about 4 s on this machine'.
        why: the reason why nothing can be run; empty where it can.

    Returns:
        Id of the run that the page looks at, under way or ended, or None.
    """
    request = None
    try:
        request = state.request
    except GenerationRequestError as problem:
        why = why or problem.message
    component("patchwork_generation", "generation/live/live.js", "generation/live/live.css", "live", _NOT_LOADED)(
        key=key,
        data=live_data(state, request) | {"label": label, "estimate": estimate, "why": why, "ready": not why},
        on_run_change=_take_run(key),
        on_ended_change=_ended,
    )
    return state.run or None


def live_data(state: GenerateState, request: Request | None) -> dict[str, Any]:
    """What the browser is told: what to ask for, and how to draw what comes."""
    steps, run = real_steps(state.wish.timesteps), run_of(state.run)
    return {
        "body": _body(state, request) if request else None,
        "run": "" if run.problem else state.run,
        "shown": run.id if run.result else "",
        "outputs": [
            {"modality": name, "title": modality_name(name).title, "codes": MODALITIES[name].codes, "steps": steps}
            for name in (request.outputs if request and request.kind == "generate" else ())
        ],
        "titles": {name: modality_name(name).title for name in MODALITIES},
    }


def _body(state: GenerateState, request: Request) -> dict[str, Any]:
    place: dict[str, Any] = {"dataset": state.dataset, "sample": state.sample}
    if state.coordinates:
        place = {"dataset": state.dataset, "coordinates": list(state.coordinates)}
    return place | request.to_json()


def _take_run(key: str) -> Any:  # noqa: ANN401 - a callback
    def take() -> None:
        report = reported(key, "run")
        if isinstance(report, dict) and isinstance(report.get("id"), str):
            change(current().replace(run=report["id"][:64]))

    return take


def _ended() -> None:
    """The run that follows draws the result."""
