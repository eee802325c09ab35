"""An answer of the console as a chart: chosen by the kinds of its columns, and by the reader."""

from dataclasses import dataclass

import pandas as pd
import pyarrow as pa
import streamlit as st

KINDS = {"bars": ":material/bar_chart:", "lines": ":material/show_chart:", "dots": ":material/scatter_plot:"}
MOST_MARKS = 2_000  # more bars are thinner than a pixel
_MOST_COLOURS = 12  # more can not be told apart
_LONG_WORDS = 14  # characters: longer ones are read along lying bars
_LYING_ROWS = 3


@dataclass(frozen=True)
class ChartChoice:
    """Which columns a chart shows, and how."""

    x: str
    y: tuple[str, ...]
    colour: str | None
    kind: str


def chart_columns(table: pa.Table) -> tuple[list[str], list[str]]:
    """Columns that a chart can spread along an axis, and columns that it can measure, both in the answer's order."""
    spread = [field.name for field in table.schema if not pa.types.is_nested(field.type)]
    measured = [field.name for field in table.schema if _is_number(field.type) and not _names_place_or_row(field.name)]
    return spread, measured


def usual_chart(table: pa.Table) -> ChartChoice | None:
    """The chart that fits an answer: its first column of words, dates or steps along the first of numbers.

    None where there is nothing to measure, or a single row.
    """
    spread, measured = chart_columns(table)
    if len(table) < 2 or not measured:
        return None
    words = [name for name in spread if _is_word(table.schema.field(name).type)]
    moments = [name for name in spread if pa.types.is_temporal(table.schema.field(name).type)]
    if moments:
        return ChartChoice(moments[0], tuple(measured[:1]), None, "lines")
    if len(words) > 1 and table[words[0]].combine_chunks().unique().__len__() <= _MOST_COLOURS:
        return ChartChoice(words[1], tuple(measured[:1]), words[0], "bars")
    if words:
        return ChartChoice(words[0], tuple(measured[:1]), None, "bars")
    if len(measured) < 2:
        return None
    return ChartChoice(measured[0], (measured[1],), None, "bars")


def show_chart(table: pa.Table, serial: int) -> None:
    """The chart, below the choice of its columns."""
    usual = usual_chart(table)
    spread, measured = chart_columns(table)
    if usual is None or not spread:
        st.info("A chart needs two rows and a column of numbers.", icon=":material/bar_chart:")
        return
    choice = _choose(usual, spread, measured, table, serial)
    shown = table.slice(0, MOST_MARKS).to_pandas()
    if len(table) > MOST_MARKS:
        st.caption(f"The first {MOST_MARKS:,} of {len(table):,} rows.")
    _draw(choice, shown)


def _choose(usual: ChartChoice, spread: list[str], measured: list[str], table: pa.Table, serial: int) -> ChartChoice:
    key = f"annotations_console_chart_{serial}"
    with st.container(horizontal=True, vertical_alignment="bottom"):
        kind = st.segmented_control(
            "Kind", list(KINDS), default=usual.kind, format_func=KINDS.__getitem__, key=f"{key}_kind", required=True
        )
        x = st.selectbox("Along", spread, index=spread.index(usual.x), key=f"{key}_x", width=190)
        y = st.multiselect("Measured", measured, default=list(usual.y), key=f"{key}_y", width=280)
        colours = [name for name in spread if _is_word(table.schema.field(name).type) and name != x]
        first = colours.index(usual.colour) if usual.colour in colours else None
        colour = st.selectbox("Colour", colours, index=first, key=f"{key}_colour", width=190) if colours else None
    return ChartChoice(x or usual.x, tuple(y or usual.y), colour if len(y) < 2 else None, kind or usual.kind)


def _draw(choice: ChartChoice, shown: pd.DataFrame) -> None:
    y = list(choice.y)
    alt = f"{', '.join(y)} by {choice.x}"
    if choice.kind == "lines":
        st.line_chart(shown, x=choice.x, y=y, color=choice.colour, height=420, alt=alt)
    elif choice.kind == "dots":
        st.scatter_chart(shown, x=choice.x, y=y, color=choice.colour, height=420, alt=alt)
    else:
        words = shown[choice.x].astype(str)
        lying = len(words.unique()) >= _LYING_ROWS and words.str.len().max() > _LONG_WORDS
        st.bar_chart(
            shown,
            x=choice.x,
            y=y,
            color=choice.colour,
            horizontal=lying,
            sort=False,
            height=_height(words, lying=lying),
            alt=alt,
        )


def _height(words: "pd.Series[str]", *, lying: bool) -> int:
    """Pixels: a line of text for each lying bar."""
    return min(max(26 * len(words.unique()) + 60, 240), 1600) if lying else 420


def _is_number(kind: pa.DataType) -> bool:
    return bool(pa.types.is_integer(kind) or pa.types.is_floating(kind))


def _is_word(kind: pa.DataType) -> bool:
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_boolean(kind))


def _names_place_or_row(name: str) -> bool:
    return name.lower() in {"id", "lon", "lat", "longitude", "latitude"}
