"""A table of bars: a line per thing, a lane per group, in each cell a bar and its number."""

from components.annotations.charts.look import ACCENT, FIT_WIDTH, QUIET, SMALL, Spec, clickable, dimmed, touched

LONGEST = 0.44  # of a lane, so that the number fits beside the bar
LINE = 21  # pixels of a line
NARROW = 46  # pixels of a lane below which numbers are left out, and titles shortened


def lanes(titles: list[str], fields: tuple[str, ...], tips: list[Spec], colour: Spec | None = None) -> Spec:
    """The specification of such a table.

    Its data have the columns `line` (a key; what stands behind its last slash is shown, and a key that ends in one
    shows what stands before, as a heading), `lane` (number), `length` (0 to 1), `said` (the number in words), `chosen`,
    and what `fields` and `tips` name.

    Args:
        titles: of the lanes.
        fields: columns that tell what was clicked.
        tips: the tooltip.
        colour: of the bars; by default the accent.
    """
    heading = "slice(datum.label, -1) == '/'"
    narrow = f"width / {len(titles)} < {NARROW}"
    scale: Spec = {"domain": [0, len(titles)], "nice": False, "zero": True}
    axis: Spec = {
        "orient": "top",
        "values": list(range(len(titles))),
        "labelExpr": f"{narrow} ? slice({titles!r}[datum.value], 0, 3) : {titles!r}[datum.value]",
        "labelAlign": "left",
        "labelFlush": False,
        "labelOverlap": False,
        "labelAngle": 0,
        "labelPadding": 4,
        "title": None,
        "grid": False,
    }
    # The same in all layers: axes are merged, and one that says nothing of its labels would thin them out.
    position: Spec = {"field": "lane", "type": "quantitative", "scale": scale, "axis": axis}
    line: Spec = {
        "field": "line",
        "type": "nominal",
        "sort": None,
        "title": None,
        "axis": {
            "labelFlush": False,
            "labelExpr": f"{heading} ? slice(datum.label, 0, -1) : peek(split(datum.label, '/'))",
            "labelFontWeight": {"condition": {"test": "slice(datum.value, -1) == '/'", "value": 650}, "value": 400},
        },
    }
    return {
        "height": {"step": LINE},
        "autosize": FIT_WIDTH,
        "encoding": {"y": line, "tooltip": tips},
        "layer": [
            {
                "params": clickable(*fields),
                "mark": {"type": "rect", "cursor": "pointer", "cornerRadius": 3},
                "encoding": {
                    "x": position,
                    "x2": {"field": "lane_end"},
                    "color": ACCENT,
                    "opacity": touched(0.16, 0.07),
                },
            },
            {
                "mark": {"type": "bar", "height": {"band": 0.58}, "cornerRadiusEnd": 2, "cursor": "pointer"},
                "encoding": {
                    "x": position,
                    "x2": {"field": "tip"},
                    "color": colour or ACCENT,
                    "opacity": dimmed(),
                },
            },
            {
                "mark": {
                    "type": "text",
                    "align": "left",
                    "dx": 4,
                    "fontSize": SMALL,
                    "cursor": "pointer",
                    "clip": True,
                },
                "encoding": {
                    "x": {**position, "field": "tip"},
                    "text": {"condition": {"test": narrow, "value": ""}, "field": "said", "type": "nominal"},
                    "color": QUIET,
                    "opacity": dimmed(),
                },
            },
        ],
    }
