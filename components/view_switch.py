"""The switch between the views of a page, or forms of one: which is open is part of the page's address."""

from collections.abc import Callable, Mapping
from typing import TypeVar

import streamlit as st

Name = TypeVar("Name", bound=str)


def show_view_switch(
    labels: Mapping[Name, str], view: Name, *, key: str, take: Callable[[Name], None], name: str = "View"
) -> None:
    """Draw the switch.

    Args:
        labels: what each view is called, by its name, from left to right.
        view: the open one, by the address.
        key: of the widget.
        take: gets the name of the view that was chosen, before the page runs again.
        name: of the switch, for those who do not see it.
    """
    if st.session_state.get(key) != view:  # set anew in every run, it would take back a click that is on its way
        st.session_state[key] = view
    st.segmented_control(
        name,
        list(labels),
        key=key,
        format_func=labels.__getitem__,
        label_visibility="collapsed",
        required=True,
        on_change=lambda: take(st.session_state[key]),
    )
