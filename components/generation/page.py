"""The frame of the Generate page: the sample opened, the heading, and below it one view, a fragment of its own."""

from html import escape

import streamlit as st

from components.compare import OpenedSample, open_sample
from components.compare_problems import show_problems as show_missing
from components.compare_state import CompareState
from components.generation.form.view import settle
from components.generation.page_state import (
    BODY,
    address_problems,
    arrive,
    current,
    keep,
    remember_run,
    write_address,
)
from components.generation.state import KIND_OF, GenerateState
from components.generation.views import show_switch, show_view
from components.plain_text import plain
from errors import PatchworkError
from generation.models import MODELS
from generation.provenance import notice


def open_generate() -> tuple[GenerateState, OpenedSample]:
    """The state of the address with a sample opened for it; what can not be opened is explained, and the page ends."""
    state = arrive()
    wanted = CompareState(dataset=state.dataset, sample=state.sample, selection=state.selection)
    found, opened = open_sample(wanted)
    state = state.replace(dataset=found.dataset, sample=found.sample)
    keep(state)
    write_address()
    return state, opened


def show_problems() -> None:
    """What in the address means nothing: named, and everything else counts."""
    with st.container():  # also where nothing is wrong, so that what follows keeps its place
        for problem in address_problems():
            st.warning(plain(problem.message), icon=":material/link_off:")


@st.fragment(key=BODY)
def show_body(opened: OpenedSample) -> None:
    """The switch, what the pictures are not, and the view."""
    state = current()
    if (state.dataset, state.sample) != (opened.record.dataset, opened.record.id):
        st.rerun()
    try:
        state, *_ = settle(state, opened)
        with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
            show_switch(state)
            st.html(_what_it_is(state), width="content")
        show_missing(opened.record, opened.dataset.info)
        show_view(state, opened)
    except PatchworkError as problem:  # a service that is not there, a damaged file: the switch stays usable
        st.error(plain(problem.message), icon=":material/error:")
    remember_run(current())
    write_address()


def _what_it_is(state: GenerateState) -> str:
    """What no picture of this page may be taken for."""
    model = MODELS.get(state.wish.model)
    synthetic = "<i>synthetic model for the synthetic collection</i>" if model and model.synthetic else ""
    return f'<span class="patchwork-mental">{escape(notice(KIND_OF[state.view]).capitalize())}{synthetic}</span>'
