"""How many annotations patches have: a histogram."""

import numpy as np
import pandas as pd
import pyarrow as pa

from components.annotations.charts.clicks import choose_per_patch
from components.annotations.charts.look import ACCENT, MARKED, QUIET, Spec, clickable, dimmed, draw, tooltip, touched
from components.annotations.charts.numbers import share
from data_access.annotations.row_filter import RowFilter

_HEIGHT = 200  # pixels


def draw_per_patch(counted: pa.Table, wanted: RowFilter) -> None:
    """Draw the histogram: a bar filters by that number of annotations."""
    numbers, patches = counted["annotations"].to_numpy(), counted["patches"].to_numpy()
    total = int(patches.sum())
    low, high = wanted.per_patch or (0, -1)
    data = pd.DataFrame(
        {
            "annotations": numbers,
            "from": numbers - 0.5,
            "to": numbers + 0.5,
            "patches": patches,
            "top": int(patches.max(initial=1)),
            "count": [f"{each:,}" for each in patches.tolist()],
            "share": [share(each, total) for each in patches.tolist()],
            "or_fewer": [share(each, total) for each in np.cumsum(patches).tolist()],
            "chosen": (numbers >= low) & (numbers <= high),
            "dim": (wanted.per_patch is not None) & ((numbers < low) | (numbers > high)),
            "middle": numbers == middle(numbers, patches),
        }
    )
    alt = "How many patches have how many annotations, as a histogram with its median"
    draw(_SPEC, data, key="charts_per_patch", alt=alt, click=choose_per_patch)


def middle(numbers: np.ndarray, patches: np.ndarray) -> int:
    """The median number of annotations of a patch, the lower one of two; 0 without patches."""
    reached = np.cumsum(patches) * 2 >= patches.sum()
    return int(numbers[np.argmax(reached)]) if patches.sum() else 0


_X: Spec = {
    "field": "from",
    "type": "quantitative",
    "scale": {"nice": False, "zero": False},
    "axis": {"title": "Annotations of a patch", "grid": False, "tickMinStep": 1, "titlePadding": 6},
}
_ENDS: Spec = {"x": _X, "x2": {"field": "to"}}
_COUNT: Spec = {
    "field": "patches",
    "type": "quantitative",
    "scale": {"zero": True},
    "axis": {"title": "Patches", "labelExpr": "format(datum.value, '.3~s')", "tickCount": 4, "titlePadding": 6},
}
_IS_MIDDLE: list[Spec] = [{"filter": "datum.middle"}]
_SPEC: Spec = {
    "height": _HEIGHT,
    "encoding": {
        "tooltip": tooltip(
            annotations="Annotations", count="Patches with as many", share="Share", or_fewer="With as many or fewer"
        )
    },
    "layer": [
        {
            "params": clickable("annotations"),
            "mark": {"type": "rect", "cursor": "pointer"},
            "encoding": {
                **_ENDS,
                "y": {"field": "top", "type": "quantitative"},
                "y2": {"datum": 0},
                "color": ACCENT,
                "opacity": touched(0.16, 0.07),
            },
        },
        {
            "mark": {"type": "bar", "cursor": "pointer", "cornerRadiusEnd": 1, "binSpacing": 1},
            "encoding": {**_ENDS, "y": _COUNT, "y2": {"datum": 0}, "color": ACCENT, "opacity": dimmed()},
        },
        {
            "transform": _IS_MIDDLE,
            "mark": {"type": "rule", "strokeDash": [4, 3], "strokeWidth": 1.5},
            "encoding": {"x": {"field": "annotations", "type": "quantitative"}, "color": MARKED},
        },
        {
            "transform": _IS_MIDDLE,
            "mark": {"type": "text", "align": "left", "baseline": "bottom", "dx": -1, "y": -3, "fontSize": 12},
            "encoding": {
                "x": {"field": "annotations", "type": "quantitative"},
                "text": {"value": {"expr": "'median ' + datum.annotations"}},
                "color": QUIET,
            },
        },
    ],
}
