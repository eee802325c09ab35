"""The player component: plays the shard that Python names, and says which sample the user wants to open."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from components import urls
from components.browser import component, reported
from components.player.state import StreamState
from data_access.dataset import MAX_ID_LENGTH
from data_access.playing import ShardSet

KEY = "player"
PICTURE_PIXELS = 168  # of a picture: the largest card on a screen of twice the usual density
_NOT_LOADED = "The player could not be loaded. Reload the page; is the server running?"


@dataclass(frozen=True)
class PlayerInput:
    """Everything the player depends on."""

    dataset: str
    shard: ShardSet
    state: StreamState


def show_player(given: PlayerInput, *, on_event: Callable[[], None]) -> None:
    """Draw the player; `on_event` runs before the run in which `opened_sample` tells what was clicked."""
    component("patchwork_player", "player/player.js", "player/player.css", "player", _NOT_LOADED)(
        key=KEY, data=player_data(given), on_opened_change=on_event
    )


def player_data(given: PlayerInput) -> dict[str, Any]:
    """What the browser is told: where to listen, and how large all of it is."""
    shard, state = given.shard, given.state
    return {
        "dataset": given.dataset,
        "place": {"split": shard.split, "shard": shard.name, "modality": state.modality},
        "listen": urls.play(
            given.dataset,
            shard.split,
            shard.name,
            {
                "modality": state.modality,
                "preset": state.preset,
                "size": str(PICTURE_PIXELS),
                "per_second": str(state.pace) if state.pace else "",
            },
        ),
        "samples": shard.samples,
        "bytes": shard.sizes.get(state.modality),
        "start": state.sample,
    }


def opened_sample() -> str | None:
    """The sample that the user clicked in this run."""
    sample = reported(KEY, "opened")
    return sample[:MAX_ID_LENGTH] if isinstance(sample, str) else None
