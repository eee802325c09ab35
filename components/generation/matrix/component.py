"""The matrix in the browser: pictures in rows and columns, one of which can be chosen."""

from collections.abc import Callable
from typing import Any

from components.browser import component, reported

KEY = "generate_matrix"
_NOT_LOADED = "The matrix could not be loaded. Reload the page; is the server running?"
_LONGEST_NAME = 80  # characters that a report may have


def draw_matrix(data: dict[str, Any], *, on_chosen: Callable[[], None]) -> None:
    """Draw the matrix; `chosen_cell` tells what was clicked."""
    component("patchwork_matrix", "generation/matrix/matrix.js", "generation/matrix/matrix.css", "matrix", _NOT_LOADED)(
        key=KEY, data=data, on_chosen_change=on_chosen
    )


def chosen_cell() -> str | None:
    """The name of the cell that was clicked in this run."""
    report = reported(KEY, "chosen")
    name = report.get("cell") if isinstance(report, dict) else None
    return name[:_LONGEST_NAME] if isinstance(name, str) else None
