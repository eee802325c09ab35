"""The button 'Take along' and its dialog: the selection as files and as code.

Filter and lasso change often, the dialog is opened seldom. So the button is a fragment of its own in the frame of the
page, which a change of the filter does not send again, and everything else is made when the dialog opens.
"""

from collections.abc import Sequence

import streamlit as st

from components.counts import count_of
from components.data_sets import OpenedSet
from components.explore import counted_filter
from components.page_state import current_state
from components.taking_along.files import files_html
from components.taking_along.programs import show_programs
from data_access.dataset import DatasetName

_CHOSEN = "take_along_set"
DIALOG_WIDTH = 780  # pixels: a line of code of ninety characters


def show_taking_along(sets: Sequence[OpenedSet]) -> None:
    """The button; it opens the dialog for the selection of that moment."""
    with st.container(width="content"):  # a fragment by itself takes all the width that it can get
        _button(tuple(sets))


@st.fragment
def _button(sets: tuple[OpenedSet, ...]) -> None:
    if st.button(
        "Take along", icon=":material/download:", help="This selection as a file or as code", key="take_along"
    ):
        _dialog(sets)


@st.dialog("Take the selection along", width=DIALOG_WIDTH)
def _dialog(sets: tuple[OpenedSet, ...]) -> None:
    state = current_state()
    wanted = counted_filter(state)
    shown = [each for each in sets if each.dataset and each.name in state.shown]
    counts = {each.name: count_of(each, wanted).matched for each in shown}
    if not any(counts.values()):
        st.info(
            "No sample matches, so there is nothing to take along. Loosen the filter.", icon=":material/filter_alt:"
        )
        return
    chosen = _choose([each for each in shown if counts[each.name]], counts)
    if chosen.dataset is None:
        return
    st.html(files_html(chosen.dataset.info, wanted, counts[chosen.name]))
    show_programs(chosen.dataset, wanted)


def _choose(filled: list[OpenedSet], counts: dict[DatasetName, int]) -> OpenedSet:
    """The data set whose samples are taken; only those that have any are offered."""
    titles = {each.name: f"{each.look.title} \u00b7 {counts[each.name]:,}" for each in filled}
    if st.session_state.get(_CHOSEN) not in titles:
        st.session_state[_CHOSEN] = filled[0].name
    name = st.segmented_control(
        "Data set",
        list(titles),
        key=_CHOSEN,
        format_func=titles.__getitem__,
        label_visibility="collapsed",
        required=True,
    )
    return next((each for each in filled if each.name == name), filled[0])
