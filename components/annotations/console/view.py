"""SQL: a guarded console over the annotations. The query is part of the address; opening a link runs it."""

from html import escape

import streamlit as st

from components import urls
from components.annotations.console.progress import show_progress
from components.annotations.console.result import show_result
from components.annotations.console.session import ConsoleSession, console_session
from components.annotations.page_state import change, current
from components.annotations.state import AnnotationsState
from components.plain_text import plain
from data_access.bigearthnet.dataset import BigEarthNet
from data_access.console.console import Console
from data_access.console.consoles import console_of
from data_access.console.limits import MOST_CHARACTERS, ON_PAGE
from data_access.console.saved import SAVED, SavedQuery
from data_access.console.schema import Table, read_tables
from errors import PatchworkError

_EDITOR = "annotations_console_sql"
_FORM = "annotations_console_form"
_EDITOR_HEIGHT = 160  # pixels: six lines, as most saved queries have them
_HELP = (
    "One statement that reads, as DuckDB has it, over all rows, whatever is filtered: for at most "
    f"{ON_PAGE.seconds:g} seconds and {ON_PAGE.rows:,} rows."
)
_SAVED = "annotations_console_saved"
_SAVED_WIDTH = 280  # pixels: the longest title
_EXAMPLE_CHARACTERS = 64  # of a value, in the list of columns
_MOST_EXAMPLES = 4  # revisions whose tables are remembered


def show_console(state: AnnotationsState, dataset: BigEarthNet) -> None:
    """Draw the view."""
    try:
        console = console_of(dataset)
    except PatchworkError as problem:
        st.info(plain(problem.message), icon=":material/terminal:")
        return
    session = console_session()
    if state.sql and state.sql != session.sql:  # a link, or the back button
        st.session_state[_EDITOR] = state.sql
        session.ask(console, state.sql)
    st.session_state.setdefault(_EDITOR, session.sql or SAVED[0].sql)
    st.html(f'<style>@import url("{urls.component_file("annotations/console/console.css")}");</style>')
    busy = session.is_busy()
    _show_menus(session, console, dataset.info.revision)
    _show_editor(session, console)
    if busy:
        show_progress(session, console)
    else:
        show_result(session)


def _show_editor(session: ConsoleSession, console: Console) -> None:
    with st.form(_FORM, border=False):
        st.text_area(
            "SQL",
            key=_EDITOR,
            height=_EDITOR_HEIGHT,
            max_chars=MOST_CHARACTERS,
            label_visibility="collapsed",
            placeholder="SELECT \u2026 FROM annotations",
        )
        with st.container(horizontal=True, vertical_alignment="center"):
            st.form_submit_button(
                "Run", icon=":material/play_arrow:", type="primary", on_click=_run, args=(session, console)
            )
            st.caption(f"Ctrl+Enter runs it. {_HELP}")


def _run(session: ConsoleSession, console: Console) -> None:
    sql = str(st.session_state[_EDITOR]).strip()
    session.ask(console, sql)
    change(current().replace(sql=sql))


def _ask(session: ConsoleSession, console: Console, sql: str) -> None:
    """Run a query that somebody wrote before."""
    st.session_state[_EDITOR] = sql
    _run(session, console)


def _show_menus(session: ConsoleSession, console: Console, revision: str) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        _show_saved(session, console)
        tables = st.popover(
            "Tables", icon=":material/table_chart:", key="annotations_console_tables", on_change="rerun"
        )
        if tables.open:  # not before: seven queries
            with tables:
                _show_tables(console, revision)
        if session.history:
            with st.popover(f"History \u00b7 {len(session.history)}", icon=":material/history:"):
                _show_history(session, console)
    if shown := _shown_saved(session):
        st.caption(plain(shown.tells))


def _show_saved(session: ConsoleSession, console: Console) -> None:
    """The saved queries; the menu names the one that was asked."""
    st.session_state[_SAVED] = _shown_saved(session)
    st.selectbox(
        "Saved queries",
        SAVED,
        index=None,
        key=_SAVED,
        format_func=lambda each: each.title,
        placeholder="Saved queries",
        label_visibility="collapsed",
        width=_SAVED_WIDTH,
        on_change=lambda: _take_saved(session, console),
    )


def _shown_saved(session: ConsoleSession) -> SavedQuery | None:
    return next((each for each in SAVED if each.sql == session.sql), None)


def _take_saved(session: ConsoleSession, console: Console) -> None:
    chosen: SavedQuery | None = st.session_state[_SAVED]
    if chosen:
        _ask(session, console, chosen.sql)


def _show_tables(console: Console, revision: str) -> None:
    try:
        tables = _tables(revision, console)
    except PatchworkError as problem:
        st.warning(plain(problem.message), icon=":material/table_chart:")
        return
    for table in tables:
        st.markdown(f"**`{table.name}`** {plain(table.about)}")
        lines = "".join(
            f"<tr><td>{escape(each.name)}</td><td>{escape(each.type)}</td>"
            f"<td>{escape(each.example[:_EXAMPLE_CHARACTERS])}</td></tr>"
            for each in table.columns
        )
        st.html(f'<table class="patchwork-columns">{lines}</table>')


@st.cache_data(max_entries=_MOST_EXAMPLES, show_spinner="Looking at the tables")
def _tables(revision: str, _console: Console) -> tuple[Table, ...]:  # noqa: ARG001 - the key of what is remembered
    return read_tables(_console)


def _show_history(session: ConsoleSession, console: Console) -> None:
    for number, asked in enumerate(session.history):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.button(
                "",
                icon=":material/replay:",
                help="Run it again",
                key=f"annotations_console_again_{number}",
                type="tertiary",
                on_click=_ask,
                args=(session, console, asked.sql),
            )
            st.caption(asked.outcome)
        st.code(asked.sql, language="sql", wrap_lines=True)
