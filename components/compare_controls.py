"""Switches of the Compare page that act on all panels."""

from collections.abc import Iterable
from dataclasses import replace
from typing import TypeVar

import streamlit as st

from components.compare_session import act
from components.compare_state import DEFAULT_OPACITY, LEAST_OPACITY, CompareState
from data_access.dataset import ModalitySummary

CLOUD_MASK = "cloud_mask"
_CLOUD, _OPACITY, _OFFSET = "compare_cloud", "compare_opacity", "compare_offset"
Value = TypeVar("Value", bool, float)


def show_controls(state: CompareState, modalities: Iterable[ModalitySummary]) -> CompareState:
    """Draw the switches; returns the state that the user chose with them.

    A switch that means nothing for this sample is not drawn, and its choice is kept for the next sample.
    """
    summaries = tuple(modalities)
    cloud, remove = state.cloud, state.remove_offset
    with st.container(horizontal=True, vertical_alignment="center"):
        if any(summary.name == CLOUD_MASK for summary in summaries):
            shown = _choice(_CLOUD, cloud > 0)
            st.toggle("Cloud mask", key=_CLOUD, on_change=_note, args=(_CLOUD,), help="Drawn over every panel. Key: C")
            opacity = _choice(_OPACITY, cloud or DEFAULT_OPACITY)
            if shown:
                st.slider(
                    "Opacity of the cloud mask",
                    LEAST_OPACITY,
                    1.0,
                    step=0.1,
                    key=_OPACITY,
                    on_change=_note,
                    args=(_OPACITY,),
                    label_visibility="collapsed",
                    width=140,
                )
            cloud = opacity if shown else 0.0
        if any(summary.offset_state == "present" for summary in summaries):
            remove = _choice(_OFFSET, remove)
            st.toggle(
                "Remove the +1000 offset",
                key=_OFFSET,
                on_change=_note,
                args=(_OFFSET,),
                help="This Sentinel-2 scene carries the +1000 of processing baselines from 04.00 on. "
                "Pictures change; values under the cursor stay as stored.",
            )
    return replace(state, cloud=cloud, remove_offset=remove)


def _choice(key: str, value: Value) -> Value:
    """The user's choice in this run, or else the address's; sets the switch before it is drawn.

    A switch with a fixed key stays the same element, so the keyboard's focus stays on it when its value changes.
    """
    chosen: Value = st.session_state.pop(_noted(key), value)
    st.session_state[key] = chosen
    return chosen


def _note(key: str) -> None:
    """Remember that the user moved this switch."""
    act()
    st.session_state[_noted(key)] = st.session_state[key]


def _noted(key: str) -> str:
    return f"{key}_chosen"
