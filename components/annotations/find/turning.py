"""Turning the pages of results: each begins behind an ID, which the address keeps; the way back is the session's."""

from dataclasses import dataclass, field

import streamlit as st

from components.annotations.page_state import change, current
from components.annotations.state import AFTER, AnnotationsState

_TURNED = "annotations_turned"


@dataclass
class Turned:
    """The pages that were turned to one question, each by what it begins behind; nothing is the first page."""

    question: object = None
    starts: list[str] = field(default_factory=lambda: [""])
    exact: bool = True  # whether all pages before are known; a link leads into the middle

    def first(self, size: int) -> int:
        """Number of the page's first item, from 1, where pages have `size` of them; 0 where it is not known."""
        return (len(self.starts) - 1) * size + 1 if self.exact else 0


def turned(state: AnnotationsState, question: object) -> Turned:
    """Where the user is in the answer to a question."""
    found: Turned = st.session_state.setdefault(_TURNED, Turned())
    start = state.extra(AFTER)
    if found.question != question or start not in found.starts:
        found = st.session_state[_TURNED] = Turned(question, ["", start] if start else [""], exact=not start)
    del found.starts[found.starts.index(start) + 1 :]
    return found


def turn(by: int, following: str) -> None:
    """Go one page on, to the one that begins behind `following`, or back; the end of a callback."""
    pages: Turned = st.session_state[_TURNED]
    if by > 0 and following:
        pages.starts.append(following)
    elif by < 0 and len(pages.starts) > 1:
        pages.starts.pop()
        pages.exact = pages.exact or len(pages.starts) == 1
    change(current().with_extra(AFTER, pages.starts[-1]))
