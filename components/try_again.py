"""The button below the reason why a data set is not open: what was wrong may have passed."""

import streamlit as st

from data_access.collections import DATASETS, Collections, collections_of_process
from data_access.dataset import DatasetName
from errors import PatchworkError


def show_try_again(name: DatasetName) -> None:
    """Offer to open a data set once more; the run that follows tells how far that is."""
    st.button("Try again", icon=":material/refresh:", key=f"again_{name}", on_click=_open_again, args=(name,))


def show_try_again_where_closed(collections: Collections, name: str) -> None:
    """The same on pages of one data set, where something else may have gone wrong: nothing where it is open."""
    for each in DATASETS:
        opening = collections.opening(each) if each == name else None
        if opening and opening.done() and isinstance(opening.result(), PatchworkError):
            show_try_again(each)


def _open_again(name: DatasetName) -> None:
    collections_of_process().try_again(name)
