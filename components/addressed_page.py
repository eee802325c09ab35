"""Keeps the state of a page in step with its address, in both directions: links, the back button, and the widgets."""

import time
from collections.abc import Callable, Mapping, Sequence
from typing import Generic, Protocol, TypeVar

import streamlit as st

from components.sound_query import Query
from errors import PatchworkError

ARRIVED = "shell_arrived"  # the shell sets it in a run that comes from another page
_LATE_S = 1.0  # for so long after an address was written, the browser may still send the one before
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
        self._before = f"{name}_address_before"  # the one before, and when it was replaced
        self._problems = f"{name}_problems"
        self._serial = f"{name}_goto"

    def arrive(self) -> State:
        """The state at the beginning of a run of the whole page: it was opened, by a link or by the back button.

        Only what part of a page sends can be late, so this address counts, however soon it comes.
        """
        return self._taken(may_be_late=False)

    def current(self) -> State:
        """The state of this session's page; the address wins where it was changed from outside.

        Widgets must not be drawn before this was called, since a new address gives them new values.
        """
        return self._taken(may_be_late=True)

    def _taken(self, *, may_be_late: bool) -> State:
        address = _address()
        arrived = st.session_state.pop(ARRIVED, False)
        if self._state not in st.session_state:
            self._adopt(address)
        elif arrived and not address:  # back through the navigation, which carries no parameters
            st.session_state[self._written] = address
        elif address != st.session_state.get(self._written) and not (may_be_late and self._is_late(address)):
            self._adopt(address)
        state: State = st.session_state[self._state]
        return state

    def keep(self, state: State) -> None:
        """Make this the state of the page; `write` puts it into the address."""
        st.session_state[self._state] = state

    def write(self) -> None:
        """Write the state into the address, where it differs."""
        pairs = st.session_state[self._state].to_query()
        written = st.session_state.get(self._written)
        if pairs != written:
            st.session_state[self._before] = (written, time.monotonic())
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

    def _is_late(self, address: Pairs) -> bool:
        """Whether the browser sent this address before it got the last one: two quick clicks undo nothing."""
        before, replaced = st.session_state.get(self._before, (None, 0.0))
        return bool(address == before and time.monotonic() - replaced < _LATE_S)

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
