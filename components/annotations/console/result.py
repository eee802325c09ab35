"""An answer of the console: its numbers, the rows as table, chart or map, and the way to take them along."""

from html import escape

import pyarrow as pa
import streamlit as st

from components import urls
from components.annotations.console.chart import show_chart, usual_chart
from components.annotations.console.map import clicked_point, places_of, show_map
from components.annotations.console.session import ConsoleSession
from components.annotations.page_state import change, current
from components.plain_text import plain
from data_access.console.console import Answer
from data_access.console.taken import cut_text, tidy
from errors import PatchworkError, QueryCancelledError, QueryError

_SHAPES = {"table": ":material/table: Table", "chart": ":material/bar_chart: Chart", "map": ":material/map: Map"}
_PATCH_NAMES = ("patch_id", "id")
_HEIGHT = 460  # pixels of a table; a shorter one is as high as its rows
_ROWS_AT_ONCE = 11  # that fit into it


def show_result(session: ConsoleSession) -> None:
    """The answer or the problem of the last query."""
    if session.problem:
        show_problem(session.problem, session.sql)
    elif session.answer:
        _show_answer(session, session.answer)


def show_problem(problem: PatchworkError, sql: str) -> None:
    """Why there is no answer, and where in the query it is."""
    if isinstance(problem, QueryCancelledError):
        st.info(plain(problem.message), icon=":material/stop_circle:")
        return
    sentence, _, place = problem.message.partition("\n\n")
    st.error(plain(sentence), icon=":material/error:")
    if isinstance(problem, QueryError) and problem.position is not None:
        place = pointed(sql, problem.position)
    if place.strip():
        st.code(place.strip("\n"), language=None, wrap_lines=False)


def pointed(sql: str, position: int) -> str:
    """The line of a query with an arrow below the character that is meant.

    Args:
        sql: the query.
        position: of the character, from 0.
    """
    start = sql.rfind("\n", 0, position) + 1
    line = sql[start:].partition("\n")[0]
    number = sql.count("\n", 0, position) + 1
    head = f"LINE {number}: "
    return f"{head}{line}\n{' ' * (len(head) + position - start)}^"


def _show_answer(session: ConsoleSession, answer: Answer) -> None:
    table = tidy(answer.table)
    places = places_of(table)
    shapes = ["table"] + ["chart"] * (usual_chart(table) is not None) + ["map"] * (places is not None)
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        shape = st.segmented_control(
            "Shape",
            shapes,
            default=_remembered(shapes),
            format_func=_SHAPES.__getitem__,
            key=f"annotations_console_shape_{session.serial}",
            label_visibility="collapsed",
            required=True,
            on_change=_remember,
            args=(session.serial,),
        )
        st.html(_facts(answer, session.sql))
    if shape == "chart":
        show_chart(table, session.serial)
    elif shape == "map" and places is not None:
        key = f"annotations_console_map_{session.serial}"
        show_map(table, places, key, on_click=lambda: _open(table, clicked_point(key)))
    else:
        _show_table(table, session.serial)


def _facts(answer: Answer, sql: str) -> str:
    """How much it is, whether it was cut, and the files."""
    rows, columns = len(answer.table), answer.table.num_columns
    words = (
        f"<b>{rows:,}</b> {'row' if rows == 1 else 'rows'} \u00b7 {columns} {'column' if columns == 1 else 'columns'}"
    )
    cut = cut_text(answer)
    marked = f' \u00b7 <span class="patchwork-badge">{escape(cut)}</span>' if cut else ""
    links = " \u00b7 ".join(
        f'<a href="{escape(urls.query_answer(ending, sql))}" download>{title}</a>'
        for ending, title in (("parquet", "Parquet"), ("csv", "CSV"), ("json", "JSON"))
    )
    return f'<div class="patchwork-counts">{words} \u00b7 {answer.seconds:.2f} s{marked} \u00b7 {links}</div>'


def _show_table(table: pa.Table, serial: int) -> None:
    """The rows; where they name patches, choosing one reads its patch."""
    opens = _patch_column(table) is not None
    key = f"annotations_console_table_{serial}"
    st.dataframe(
        table,
        height=_HEIGHT if len(table) > _ROWS_AT_ONCE else "auto",
        hide_index=True,
        key=key,
        on_select=(lambda: _open(table, _chosen_row(key))) if opens else "ignore",
        selection_mode="single-row",
        placeholder="\u2013",
        alt=f"{len(table):,} rows",
    )
    if opens:
        st.caption("Choose a row to read its patch.")


def _chosen_row(key: str) -> int | None:
    rows = st.session_state[key].selection.rows
    return int(rows[0]) if rows else None


def _open(table: pa.Table, row: int | None) -> None:
    """Read the patch of a row, and the annotation where the row names one; the end of a widget's callback."""
    column = _patch_column(table)
    sample = table[column][row].as_py() if column and row is not None else None
    if sample:
        number = table["ID"][row].as_py() if "ID" in table.column_names else None
        change(current().replace(view="read", sample=sample, row=number if isinstance(number, int) else None))


def _patch_column(table: pa.Table) -> str | None:
    found = [name for name in _PATCH_NAMES if name in table.column_names]
    return next((name for name in found if pa.types.is_string(table.schema.field(name).type)), None)


def _remembered(shapes: list[str]) -> str:
    """The shape that the address asks for, where this answer has it."""
    wanted = current().extra("sql_shape")
    return wanted if wanted in shapes else shapes[0]


def _remember(serial: int) -> None:
    shape = st.session_state[f"annotations_console_shape_{serial}"]
    change(current().with_extra("sql_shape", "" if shape == "table" else shape))
