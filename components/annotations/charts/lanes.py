"""A table of bars: a line per thing, a lane per group, in each cell a bar and its number."""

import json

from components.annotations.charts.look import ACCENT, FIT_WIDTH, QUIET, SMALL, Spec, clickable, dimmed, touched

LONGEST = 0.44  # of a lane, so that the number fits beside the bar
LINE = 21  # pixels of a line
NARROW = 46  # pixels of a lane below which numbers are left out, and titles shortened


def lanes(titles: list[str], fields: tuple[str, ...], tips: list[Spec], colour: Spec | None = None) -> Spec:
    """The specification of such a table.

    Its data have the columns `line` (a key; what stands behind its last slash is shown, and a key that ends in one
    shows what stands before, as a heading), `lane` (number), `lane_end` (where its ground ends), `tip` (where its bar
    ends, both in lanes), `said` (the number in words), `chosen`, `dim`, and what `fields` and `tips` name.

    Args:
        titles: of the lanes.
        fields: columns that tell what was clicked.
        tips: the tooltip.
        colour: of the bars; by default the accent.
    """
    narrow = f"width / {len(titles)} < {NARROW}"
    position = _position(titles, narrow)
    return {
        "height": {"step": LINE},
        "autosize": FIT_WIDTH,
        "encoding": {"y": _LINES, "tooltip": tips},
        "layer": [_grounds(position, fields), _bars(position, colour or ACCENT), _numbers(position, narrow)],
    }


_LINES: Spec = {
    "field": "line",
    "type": "nominal",
    "sort": None,
    "title": None,
    "axis": {
        "labelFlush": False,
        "labelExpr": "slice(datum.label, -1) == '/' ? slice(datum.label, 0, -1) : peek(split(datum.label, '/'))",
        "labelFontWeight": {"condition": {"test": "slice(datum.value, -1) == '/'", "value": 650}, "value": 400},
    },
}


def _position(titles: list[str], narrow: str) -> Spec:
    """The same in all layers: axes are merged, and one that says nothing of its labels would thin them out."""
    named = f"{json.dumps(titles)}[datum.value]"
    return {
        "field": "lane",
        "type": "quantitative",
        "scale": {"domain": [0, len(titles)], "nice": False, "zero": True},
        "axis": {
            "orient": "top",
            "values": list(range(len(titles))),
            "labelExpr": f"{narrow} ? slice({named}, 0, 3) : {named}",
            "labelAlign": "left",
            "labelFlush": False,
            "labelOverlap": False,
            "labelAngle": 0,
            "labelPadding": 4,
            "title": None,
            "grid": False,
        },
    }


def _grounds(position: Spec, fields: tuple[str, ...]) -> Spec:
    """Behind bar and number: what is clicked."""
    return {
        "params": clickable(*fields),
        "mark": {"type": "rect", "cursor": "pointer", "cornerRadius": 3},
        "encoding": {"x": position, "x2": {"field": "lane_end"}, "color": ACCENT, "opacity": touched(0.16, 0.07)},
    }


def _bars(position: Spec, colour: Spec) -> Spec:
    return {
        "mark": {"type": "bar", "height": {"band": 0.58}, "cornerRadiusEnd": 2, "cursor": "pointer"},
        "encoding": {"x": position, "x2": {"field": "tip"}, "color": colour, "opacity": dimmed()},
    }


def _numbers(position: Spec, narrow: str) -> Spec:
    return {
        "mark": {"type": "text", "align": "left", "dx": 4, "fontSize": SMALL, "cursor": "pointer", "clip": True},
        "encoding": {
            "x": {**position, "field": "tip"},
            "text": {"condition": {"test": narrow, "value": ""}, "field": "said", "type": "nominal"},
            "color": QUIET,
            "opacity": dimmed(),
        },
    }
