"""The form of a run: what of the sample, with which settings, and what it will take."""

from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st

from components.amounts import duration, size
from components.compare import OpenedSample
from components.generation.form.offer import (
    edge_of,
    inputs_of,
    model_of,
    models_for,
    outputs_of,
    settled,
    windows_for,
)
from components.generation.form.problems import show_model_problem
from components.generation.form.settings import show_settings
from components.generation.form.toggles import show_toggles
from components.generation.page_state import keep
from components.generation.state import GenerateState
from components.plain_text import plain
from data_access.settings import settings
from errors import GenerationRequestError
from generation.estimate import estimate
from generation.modalities import TRAINED_PX
from generation.models import ModelState, states
from generation.request import Request, warnings


@dataclass(frozen=True)
class Filled:
    """The form as it was filled in."""

    state: GenerateState
    estimate: str  # empty where nothing can be run
    why: str  # nothing can be run; empty where it can


def settle(state: GenerateState, opened: OpenedSample) -> tuple[GenerateState, ModelState, Sequence[ModelState]]:
    """The page with every choice made, the model that is chosen, and those that serve the collection."""
    alone = state.coordinates is not None
    offered = models_for(states(settings()), synthetic=opened.dataset.info.synthetic, place_alone=alone)
    model = model_of(state, offered, settings().terramind)
    state = settled(state, None if alone else opened.record, model)
    keep(state)
    return state, model, offered


def show_form(state: GenerateState, opened: OpenedSample) -> Filled:
    """Draw the form."""
    record = None if state.coordinates else opened.record
    state, model, offered = settle(state, opened)
    why = show_model_problem(model)
    show_toggles(state, record, opened.dataset.info.revision, inputs_of(record, model), outputs_of(record, model))
    windows = windows_for(edge_of(record)) if record else (TRAINED_PX,)
    show_settings(state, offered, windows)
    try:
        request = state.request
    except GenerationRequestError as problem:
        return Filled(state, "", why or _short(problem, state))
    for sentence in warnings(request)[:2]:
        st.caption(f":material/info: {plain(sentence)}")
    return Filled(state, "" if why else _told(request, edge_of(record) or TRAINED_PX), why)


def _told(request: Request, edge: int) -> str:
    """Time and memory in one line."""
    found = estimate(request, edge, edge)
    tiles = f" \u00b7 {found.tiles} tiles" if found.tiles > 1 else ""
    return f"About {duration(found.seconds)} on this machine \u00b7 {size(found.memory_bytes)} of memory{tiles}"


def _short(problem: GenerationRequestError, state: GenerateState) -> str:
    """What the page itself can say more shortly than the engine."""
    if not state.wish.inputs:
        return "This sample has nothing that this model takes. Choose another sample or model."
    if not state.wish.outputs:
        return "Choose at least one output."
    return problem.message
