"""Land cover: how often each real class became which, as a picture with the share of every cell."""

import pandas as pd
import streamlit as st

from components.annotations.charts.look import QUIET, SMALL, Spec, draw, legend, tooltip
from generation.judging.judgement import ClassScores
from rendering.land_cover import LULC_TERRAMIND

_STEP = 34  # pixels of a cell: a share in percent fits
_LEAST_SHOWN = 0.005  # of a class: what would be written as 0
_IOU = "IoU"
_NAMES = {style.id: style.name for style in LULC_TERRAMIND.styles}
_COLOURS = {style.id: style.colour for style in LULC_TERRAMIND.styles}


def show_confusion(scores: ClassScores, how: str, *, key: str) -> None:
    """Draw the matrix of the classes that either map has.

    Args:
        scores: of the map that was made.
        how: what it is called, `generated` or `reconstructed`.
        key: of the chart.
    """
    data = confusion_rows(scores)
    names = list(dict.fromkeys(data["made"]))
    real = list(dict.fromkeys(data["real"]))
    alt = f"Confusion matrix: rows are real classes, columns {how} ones, in percent of the real class"
    draw(
        confusion_spec(names, real, how, dark=st.context.theme.type == "dark"), data, key=key, alt=alt, stretches=False
    )


def confusion_rows(scores: ClassScores) -> pd.DataFrame:
    """A row per cell: classes that either map has, then a column with the intersection over union of each."""
    counts = scores.confusion
    present = [number for number in range(len(counts)) if counts[number].any() or counts[:, number].any()]
    rows = []
    for real in present:
        of = int(counts[real].sum())
        for made in present:
            count = int(counts[real, made])
            rows.append(_row(real, _NAMES[made], count / of if of else 0.0, count, right=real == made))
        iou = scores.iou[real]
        rows.append({**_row(real, _IOU, iou or 0.0, 0, right=False), "said": f"{100 * (iou or 0):.0f}", "layer": "iou"})
    return pd.DataFrame(rows)


def _row(real: int, made: str, share: float, count: int, *, right: bool) -> dict[str, object]:
    return {
        "real": _NAMES[real],
        "made": made,
        "share": share,
        "count": f"{count:,}",
        "said": f"{100 * share:.0f}" if share >= _LEAST_SHOWN else "",
        "told": f"{100 * share:.1f} % of the real class",
        "colour": _COLOURS[real],
        "right": right,
        "layer": "cell",
    }


def confusion_spec(names: list[str], real: list[str], how: str, *, dark: bool) -> Spec:
    """The chart of `confusion_rows`: `names` are its columns, `real` its rows, `how` the title of the columns."""
    position: Spec = {
        "x": {
            "field": "made",
            "type": "nominal",
            "scale": {"domain": names, "paddingInner": 0.05},
            "axis": {"orient": "top", "title": how, "labelAngle": -38, "domain": False, "ticks": False},
        },
        "y": {
            "field": "real",
            "type": "nominal",
            "scale": {"domain": real, "paddingInner": 0.05},
            "axis": {"title": "real", "domain": False, "ticks": False},
        },
    }
    cell = {"transform": [{"filter": "datum.layer == 'cell'"}]}
    return {
        "autosize": {"type": "pad"},
        "width": {"step": _STEP},
        "height": {"step": _STEP},
        "encoding": position,
        "layer": [
            {
                **cell,
                "mark": {"type": "rect", "cornerRadius": 2},
                "encoding": {
                    "color": _HEAT,
                    "tooltip": tooltip(real="Real", made=how.capitalize(), told="Share", count="Pixels"),
                },
            },
            {
                "transform": [{"filter": "datum.right"}],
                "mark": {"type": "rect", "filled": False, "strokeWidth": 2.5, "cornerRadius": 2},
                "encoding": {"stroke": {"field": "colour", "type": "nominal", "scale": None}},
            },
            {
                **cell,
                "mark": {"type": "text", "fontSize": SMALL},
                "encoding": {"text": {"field": "said"}, "color": _ink(dark=dark)},
            },
            {
                "transform": [{"filter": "datum.layer == 'iou'"}],
                "mark": {"type": "text", "fontSize": 12, "fontWeight": 600},
                "encoding": {"text": {"field": "said"}, "color": QUIET},
            },
        ],
    }


_HEAT: Spec = {
    "field": "share",
    "type": "quantitative",
    "scale": {"domain": [0, 1], "interpolate": "rgb"},
    "legend": legend(title=None, values=[0, 0.25, 0.5, 0.75, 1], format=".0%"),
}


def _ink(*, dark: bool) -> Spec:
    """Text that is read on its cell: the scale runs from the page's ground to its opposite."""
    ground, ink = ("#12181f", "#e4e8ec") if dark else ("#fdfdfb", "#1b2430")
    tests = [{"test": "datum.share > 0.6", "value": ground}, {"test": "datum.share > 0.2", "value": ink}]
    return {"condition": tests, **QUIET}
