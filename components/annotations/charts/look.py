"""How every chart of the page looks and answers to a click: parts of Vega-Lite specifications.

Specifications are plain dictionaries and never change from run to run, only their data do: the browser then keeps the
drawing and moves its marks. Colours are names of the theme, so a chart follows it from light to dark; scales of many
colours stand here, since the theme is sent with every run of every page.
"""

from collections.abc import Callable, Mapping
from typing import Any, Literal

import pandas as pd
import streamlit as st

from components.annotations.page_state import change, current
from data_access.annotations.row_filter import RowFilter

Spec = dict[str, Any]
Click = Callable[
    [RowFilter, Mapping[str, Any]], RowFilter
]  # the filter before, the fields of the mark that was clicked

ACCENT = {"value": "primary"}  # names of the theme's colours, which Streamlit resolves in the browser
QUIET = {"value": "gray"}
MARKED = {"value": "yellow"}
# Few to many, and less to more than everywhere; indigo, since teal and orange mean data sets.
_SCALES: Mapping[bool, Spec] = {
    False: {
        "heatmap": ["#eef0f8", "#cdd3f2", "#8f9ae2", "#3f4fc4", "#1c2568"],
        "diverging": ["#8a5a06", "#d0a960", "#e6e0dc", "#8d99e1", "#3342b4"],
    },
    True: {
        "heatmap": ["#1d2635", "#333f74", "#5b69b8", "#98a5ff", "#eceeff"],
        "diverging": ["#f0c26b", "#917235", "#373936", "#5e69b9", "#a9b4ff"],
    },
}
_PICK, _HOVER = "pick", "hover"
_TURN = "turn"  # a column that changes with every click: the same mark can be clicked again
FIT_WIDTH: Spec = {"type": "fit-x", "contains": "padding"}  # lines keep their height
SMALL = 11  # pixels of type: numbers beside marks


def clickable(*fields: str) -> list[Spec]:
    """Parameters of a layer whose marks can be clicked and show it under the pointer.

    Args:
        fields: columns that tell what was clicked.
    """
    return [
        {"name": _PICK, "select": {"type": "point", "fields": [*fields, _TURN], "toggle": False, "clear": False}},
        {"name": _HOVER, "select": {"type": "point", "fields": [*fields], "on": "pointerover", "clear": "pointerout"}},
    ]


def touched(chosen: float, hovered: float) -> Spec:
    """Opacity of a ground that shows what is chosen, and what is under the pointer."""
    return {
        "condition": [
            {"test": "datum.chosen", "value": chosen},
            {"param": _HOVER, "empty": False, "value": hovered},
        ],
        "value": 0,
    }


def dimmed() -> Spec:
    """Opacity of a mark whose rows the filter leaves out."""
    return {"condition": {"test": "datum.dim", "value": 0.32}, "value": 1}


def legend(**more: object) -> Spec:
    """A legend of squares below the chart.

    A continuous one would be painted through a reference to the page's address as it was when the chart was drawn, and
    vanish with the next filter, which changes the address.
    """
    return {
        "type": "symbol",
        "symbolType": "square",
        "symbolSize": 110,
        "symbolStrokeWidth": 0,
        "symbolOpacity": 1,
        "orient": "bottom",
        "direction": "horizontal",
        "titleOrient": "left",
        "offset": 8,
        "columnPadding": 10,
        "labelOffset": 2,
        "labelFontSize": SMALL,
        "titleFontSize": SMALL,
        **more,
    }


def tooltip(**titles: str) -> list[Spec]:
    """Lines of a tooltip: columns and their titles; words as they are, since numbers come in words already."""
    return [{"field": field, "type": "nominal", "title": title} for field, title in titles.items()]


def draw(
    spec: Spec, data: pd.DataFrame, *, key: str, alt: str, click: Click | None = None, stretches: bool = True
) -> None:
    """Draw a chart; a click on a mark changes the page's filter, a second one changes it back.

    Args:
        spec: without its data.
        data: the rows of all layers.
        key: of the element.
        alt: what the chart shows, for those who do not see it.
        click: what a click makes of the filter.
        stretches: whether it is as wide as its place, or as its specification says.
    """
    name = f"annotations_{key}"
    turn = f"{name}_turn"
    width: Literal["stretch", "content"] = "stretch" if stretches else "content"
    if click is None:
        st.vega_lite_chart(data, _framed(spec), key=name, alt=alt, width=width)
        return
    st.vega_lite_chart(
        data.assign(**{_TURN: st.session_state.get(turn, 0)}),
        _framed(spec),
        key=name,
        alt=alt,
        width=width,
        selection_mode=[_PICK],
        on_select=lambda: _take(name, turn, click, data),
    )


def _framed(spec: Spec) -> Spec:
    """A specification with what all charts share, in the colours of the scheme that the reader sees."""
    scales = _SCALES[st.context.theme.type == "dark"]
    return {**_FRAME, "config": {**_FRAME["config"], "range": scales}, **spec}


def _take(name: str, turn: str, click: Click, data: pd.DataFrame) -> None:
    """Turn what was clicked into a filter; a click beside all marks does nothing."""
    picked = st.session_state[name].selection.get(_PICK)
    row = row_of(data, picked[0]) if picked else None
    if row is not None:
        st.session_state[turn] = st.session_state.get(turn, 0) + 1
        state = current()
        change(state.replace(wanted=click(state.wanted, row)))


def row_of(data: pd.DataFrame, picked: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """The row that was drawn and is picked: what a browser sends is never taken as it comes. None where it was not."""
    fields = [field for field, value in picked.items() if field in data and isinstance(value, str | int | float)]
    found = data
    for field in fields:
        found = found[found[field] == picked[field]]
    return dict(found.iloc[0]) if fields and len(found) else None


_FRAME: Spec = {
    "padding": {"left": 0, "right": 4, "top": 2, "bottom": 4},
    "config": {
        "axis": {"titleFontSize": 12, "labelFontSize": 12, "labelLimit": 180, "labelPadding": 6, "labelOverlap": False}
    },
    "usermeta": {"embedOptions": {"renderer": "svg"}},  # sharp at every zoom, and its text can be read aloud
}
