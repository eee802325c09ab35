"""The field for words above the lists of a sidebar, with the sentence why the latest ones can not be searched."""

from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from components.plain_text import plain
from data_access.sample_filter import SampleFilter
from errors import FilterError


@dataclass(frozen=True)
class WordsBox:
    """One field; what it keeps lies in the session, below keys that begin with its name."""

    name: str
    placeholder: str
    help: str | None = None

    @property
    def _text(self) -> str:
        return f"{self.name}_text"

    @property
    def _refused(self) -> str:
        return f"{self.name}_refused"

    def show(self, text: str, *, on_change: Callable[[], None]) -> DeltaGenerator:
        """Draw the field with these words; returns the place below it, which keeps its room without a message."""
        st.session_state[self._text] = text
        st.text_input(
            "Words",
            key=self._text,
            placeholder=self.placeholder,
            icon=":material/search:",
            label_visibility="collapsed",
            help=self.help,
            on_change=on_change,
        )
        place = st.empty()
        if refused := st.session_state.pop(self._refused, ""):
            place.warning(plain(refused))
        return place

    def asked(self) -> str | None:
        """What was typed, as a filter has it; None where it can not be searched, which the next drawing explains."""
        try:
            return SampleFilter.from_query({"text": [st.session_state[self._text]]}).text
        except FilterError as error:
            self.refuse(error)
            return None

    def refuse(self, error: FilterError) -> None:
        """Have the next drawing say why something of the sidebar was not taken over."""
        st.session_state[self._refused] = error.message
