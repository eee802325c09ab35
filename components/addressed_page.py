"""Keeps the state of a page in step with its address, in both directions: links, the back button, and the widgets."""

from collections.abc import Callable, Mapping, Sequence
from typing import Generic, Protocol, TypeVar

import streamlit as st

from components.sound_query import Query
from errors import PatchworkError

ARRIVED = "shell_arrived"  # the shell sets it in a run that comes from another page
Pairs = list[tuple[str, str]]


class Addressed(Protocol):
    """A state that can be written as an address."""

    def to_query(self) -> Pairs:
        """Query parameters, in the order of the address."""


State = TypeVar("State", bound=Addressed)


class AddressedPage(Generic[State]):
    """One page of the app; what it keeps lies in the session, below keys that begin with its name."""

    def __init__(self, name: str, read: Callable[[Query], tuple[State, tuple[PatchworkError, ...]]]) -> None:
        """Name the page and how its address is read: a state, and what in the address means nothing."""
        self._read = read
        self._state = f"{name}_state"
        self._written = f"{name}_address"  # what this session last wrote: anything else came from outside
        self._problems = f"{name}_problems"
        self._serial = f"{name}_goto"

    def arrive(self) -> State:
        """The state at the beginning of a run of the whole page: it was opened, by a link or by the back button.

        The address counts where it is not the one that was written last.
        """
        address = _address()
        arrived = st.session_state.pop(ARRIVED, False)
        if self._state not in st.session_state:
            self._adopt(address)
        elif arrived and not address:  # back through the navigation, which carries no parameters
            st.session_state[self._written] = address
        elif address != st.session_state.get(self._written):
            self._adopt(address)
        return self.current()

    def current(self) -> State:
        """The state of this session's page, for a part of it and for a widget's callback.

        The address is not asked: what a part of the page sends was on its way, on a slow machine for seconds, when the
        last address was written, and carries the one before. Asked, it would undo the click before this one.
        """
        if self._state not in st.session_state:
            self._adopt(_address())
        state: State = st.session_state[self._state]
        return state

    def keep(self, state: State) -> None:
        """Make this the state of the page; `write` puts it into the address."""
        st.session_state[self._state] = state

    def write(self) -> None:
        """Write the state into the address, where it differs."""
        pairs = st.session_state[self._state].to_query()
        if pairs != st.session_state.get(self._written):
            st.session_state[self._written] = pairs
            st.query_params.from_dict(grouped(pairs))

    def problems(self) -> tuple[PatchworkError, ...]:
        """What was wrong with the address that this page was opened with."""
        problems: tuple[PatchworkError, ...] = st.session_state.get(self._problems, ())
        return problems

    def serial(self) -> int:
        """Changes whenever the address, not the user's hand, arranged the page."""
        serial: int = st.session_state.get(self._serial, 0)
        return serial

    def _adopt(self, address: Pairs) -> None:
        state, problems = self._read(grouped(address))
        st.session_state[self._state] = state
        st.session_state[self._problems] = problems
        st.session_state[self._written] = address
        st.session_state[self._serial] = self.serial() + 1


def grouped(pairs: Sequence[tuple[str, str]]) -> Mapping[str, list[str]]:
    """Parameters by key, each with all its values."""
    query: dict[str, list[str]] = {}
    for key, value in pairs:
        query.setdefault(key, []).append(value)
    return query


def _address() -> Pairs:
    return [(key, value) for key in st.query_params for value in st.query_params.get_all(key)]
