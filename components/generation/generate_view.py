"""The view in which outputs are generated: the form, the run as it happens, and its result."""

import streamlit as st

from components.compare import OpenedSample
from components.generation.form.view import show_form
from components.generation.live.component import show_live
from components.generation.result.view import show_result
from components.generation.runs import run_of
from components.generation.state import GenerateState
from components.plain_text import plain

KEY = "generate_live"


def show_generate(state: GenerateState, opened: OpenedSample) -> None:
    """Draw the view."""
    filled = show_form(state, opened)
    run = run_of(filled.state.run)
    if run.problem:
        st.info(plain(run.problem), icon=":material/history:")
    show_live(filled.state, key=KEY, estimate=filled.estimate, why=filled.why)
    if run.result:
        show_result(filled.state, run.result, None if state.coordinates else opened)
