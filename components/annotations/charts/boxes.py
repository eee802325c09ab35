"""Where boxes lie in the picture, and how large they are: two heat maps on a square."""

from itertools import pairwise

import numpy as np
import pandas as pd

from components.annotations.charts.clicks import choose_place, choose_size, has_size
from components.annotations.charts.look import MARKED, Spec, clickable, draw, legend, tooltip
from components.annotations.charts.numbers import share
from data_access.annotations.charts import CELLS, SIZE_EDGES, BoxHeat, cell_of
from data_access.annotations.row_filter import RowFilter

SIDE = 320  # pixels of a square: its cells are whole pixels, and with its axis it fits a phone
_METRES = 1200  # on the ground, edge of a patch


def draw_places(heat: BoxHeat, wanted: RowFilter) -> None:
    """Boxes that hold each place of the picture: a cell filters by the boxes that hold its middle."""
    rows, columns = np.divmod(np.arange(CELLS * CELLS), CELLS)
    counts = heat.coverage.ravel()
    chosen = cell_of(*wanted.box_at) if wanted.box_at else None
    data = pd.DataFrame(
        {
            "column": columns.astype(np.uint8),
            "row": rows.astype(np.uint8),
            "boxes": counts.astype(np.int32),
            "heat": _heat(counts),
            "all": np.int32(heat.boxes),
            "chosen": (columns == chosen[0]) & (rows == chosen[1]) if chosen else False,
        }
    )
    alt = "How many boxes hold each place of the picture, as a heat map from its top left corner"
    draw(_PLACES, data, key="charts_places", alt=alt, click=choose_place, stretches=False)


def draw_sizes(heat: BoxHeat, wanted: RowFilter) -> None:
    """Boxes per width and height, both on a log scale: a cell filters by its sizes."""
    rows, columns = np.divmod(np.arange(heat.sizes.size), heat.sizes.shape[1])
    counts = heat.sizes.ravel()
    names = [_length(low, high) for low, high in pairwise(SIZE_EDGES)]
    data = pd.DataFrame(
        {
            "wide": columns,
            "high": rows,
            "boxes": counts,
            "heat": _heat(np.sqrt(counts)),  # most boxes are large: the roots show the others too
            "width": [names[column] for column in columns.tolist()],
            "height": [names[row] for row in rows.tolist()],
            "count": [f"{count:,}" for count in counts.tolist()],
            "share": [share(count, heat.boxes) for count in counts.tolist()],
            "chosen": [has_size(wanted, *cell) for cell in zip(columns.tolist(), rows.tolist(), strict=True)],
        }
    )
    alt = "How many boxes there are of each width and height, as a heat map on log scales"
    draw(_SIZES, data, key="charts_sizes", alt=alt, click=choose_size, stretches=False)


def _length(low: int, high: int) -> str:
    """A bin of lengths in words, in shares of the picture and metres."""
    shares = f"{high / 100:g}" if high - low == 1 else f"{(low + 1) / 100:g} to {high / 100:g}"
    metres = (
        f"{high * _METRES // 100}" if high - low == 1 else f"{(low + 1) * _METRES // 100} to {high * _METRES // 100}"
    )
    return f"{shares} ({metres} m)"


# Heat runs from 0 to 1 and not over the counts: a scale that waits for its data is drawn infinite first.
_HEAT_COLOUR: Spec = {
    "field": "heat",
    "type": "quantitative",
    "scale": {"domain": [0, 1], "interpolate": "rgb"},
    "legend": legend(
        title=None,
        values=[0, 0.25, 0.5, 0.75, 1],
        labelExpr="datum.value == 0 ? 'fewest' : datum.value == 1 ? 'most' : ''",
    ),
}


def _heat(counts: np.ndarray) -> np.ndarray:
    """Counts from the fewest, 0, to the most, 1."""
    low, high = float(counts.min()), float(counts.max())
    return np.asarray((counts - low) / ((high - low) or 1.0), dtype=np.float32)


def _share_axis(title: str, values: list[float], **axis: object) -> Spec:
    return {"title": title, "values": values, "grid": False, "titlePadding": 6, **axis}


def _place(field: str, title: str, *, from_the_top: bool) -> Spec:
    """A position in cells, labelled as the share of the picture that boxes are written in."""
    quarters = [0, CELLS // 4, CELLS // 2, 3 * CELLS // 4, CELLS]
    return {
        "field": field,
        "type": "quantitative",
        "scale": {"domain": [0, CELLS], "nice": False, "reverse": from_the_top},
        "axis": {
            **_share_axis(title, [float(each) for each in quarters]),
            "labelExpr": f"format(datum.value / {CELLS}, '.2~f')",
            "orient": "left" if from_the_top else "top",
        },
    }


_X = _place("column", "x, share of the picture", from_the_top=False)
_Y = _place("row", "y, from the top", from_the_top=True)
_OUTLINE: Spec = {
    "transform": [{"filter": "datum.chosen"}],
    "mark": {"type": "rect", "filled": False, "strokeWidth": 2.5},
    "encoding": {"color": MARKED},
}
_SQUARE: Spec = {"width": SIDE, "height": SIDE, "autosize": {"type": "pad"}}
_CELL: Spec = {"x": _X, "x2": {"field": "column_end"}, "y": _Y, "y2": {"field": "row_end"}}
_PLACES: Spec = {
    **_SQUARE,
    "transform": [
        {"calculate": "datum.column + 1", "as": "column_end"},
        {"calculate": "datum.row + 1", "as": "row_end"},
        {
            "calculate": f"'x ' + format((datum.column + 0.5) / {CELLS}, '.3f') + ', y ' + "
            f"format((datum.row + 0.5) / {CELLS}, '.3f')",
            "as": "place",
        },
        {"calculate": "format(datum.boxes, ',')", "as": "count"},
        {"calculate": "format(100 * datum.boxes / datum.all, '.1f') + ' %'", "as": "share"},
    ],
    "encoding": _CELL,
    "layer": [
        {
            "params": clickable("column", "row"),
            "mark": {"type": "rect", "cursor": "pointer"},
            "encoding": {
                "color": _HEAT_COLOUR,
                "tooltip": tooltip(place="Place", count="Boxes that hold it", share="Share of all boxes"),
            },
        },
        _OUTLINE,
    ],
}


def _size(field: str, title: str, *, reverse: bool = False, **axis: object) -> Spec:
    edges = list(SIZE_EDGES[1:])
    return {
        "field": field,
        "type": "ordinal",
        # All bins, since a layer that shows few would else put them in an order of its own.
        "scale": {"domain": list(range(len(edges))), "reverse": reverse, "paddingInner": 0.06, "paddingOuter": 0},
        "axis": {
            **_share_axis(title, [0, 2, 5, 8, 11], **axis),
            "labelExpr": f"format({edges}[datum.value] / 100, '.2~f')",
            "labelAngle": 0,
        },
    }


_SIZES: Spec = {
    **_SQUARE,
    "encoding": {
        "x": _size("wide", "Width, share of the picture", orient="top"),
        "y": _size("high", "Height", reverse=True),
    },
    "layer": [
        {
            "params": clickable("wide", "high"),
            "mark": {"type": "rect", "cornerRadius": 2, "cursor": "pointer"},
            "encoding": {
                "color": _HEAT_COLOUR,
                "tooltip": tooltip(width="Width", height="Height", count="Boxes", share="Share of all boxes"),
            },
        },
        _OUTLINE,
    ],
}
