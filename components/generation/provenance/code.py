"""The button 'Copy as code' of a result, and its dialog."""

import streamlit as st

from components.taking_along.panel import DIALOG_WIDTH
from components.taking_along.programs import server_address
from data_access.dataset import Dataset
from errors import PatchworkError
from generation.as_code import has_code, terratorch_code
from generation.kept_result import KeptResult

_HEIGHT = 480  # pixels of a program before it scrolls


def show_code_button(result: KeptResult, dataset: Dataset | None) -> None:
    """The button; nothing where a run is no call of terratorch's generation."""
    if has_code(result) and st.button(
        "Copy as code",
        icon=":material/code:",
        help="The terratorch call that makes the same result",
        key=f"code_of_{result.id}",
    ):
        _dialog(result, dataset)


@st.dialog("The same result with terratorch", width=DIALOG_WIDTH)
def _dialog(result: KeptResult, dataset: Dataset | None) -> None:
    try:
        program = terratorch_code(result, address=server_address(), dataset=dataset)
    except PatchworkError as problem:  # the sample is gone, or can not be read now
        st.error(problem.message, icon=":material/error:")
        return
    st.caption("Seed by seed what the engine computes in fp32. It asks this server for the sample: keep it running.")
    st.code(program.rstrip(), "python", height=_HEIGHT)
