"""While data sets are opened: what is under way, how far it is, and the rest of the page as soon as any can be used.

Building the tables of the full TerraMesh takes minutes, of the demo a second; both show what they are at.
"""

import time
from collections.abc import Callable, Sequence
from html import escape

import streamlit as st

from components.data_sets import OpenedSet, opened_sets
from components.progress_rows import activity_row, countdown_row, rows
from data_access.progress import activities
from data_access.remote.pacing import waiting

LOOK_S = 0.5  # between two looks at what is under way: no number stands still for longer than it can be read
BANNER_S = 1.0  # the same while the page is used meanwhile: each look costs the server 5 ms
_DRAWN = "opening_drawn"  # set once this session has seen the page
PAUSE = "Waiting"  # how the title of a pause begins that a remote server asked for
GRACE_S = 3.0  # a second data set that is open that soon after the first is waited for, so that the page is drawn once


def open_with_progress() -> tuple[OpenedSet, ...]:
    """Both data sets, once one is open and the other is too, or takes long; tells meanwhile what is under way."""
    since: list[float] = []

    def usable() -> bool:
        sets = opened_sets()
        if any(each.dataset for each in sets):
            since.append(time.monotonic())
            if _DRAWN in st.session_state:  # one is opened once more: the page stays as it is, and a line tells
                return True
        late = bool(since) and time.monotonic() - since[0] > GRACE_S
        return late or not any(each.is_opening for each in sets)

    wait_until(usable)
    st.session_state[_DRAWN] = True
    return opened_sets()


def wait_until(done: Callable[[], bool]) -> None:
    """Hold the page, showing what is under way, until `done`."""
    place = st.empty()  # in every run: an element more or less above the map would make the browser build it anew
    drawn = False
    while not done():
        place.html(_opening(under_way()))
        drawn = True
        time.sleep(LOOK_S)
    if drawn:
        place.empty()


def show_still_opening(sets: Sequence[OpenedSet]) -> None:
    """A line on each data set that is still being opened; the page is drawn again once that has changed."""
    missing = tuple(each for each in sets if each.is_opening)
    with st.container():  # also where there is none, so that what follows keeps its place
        if missing:
            st.fragment(_banner, run_every=BANNER_S)(missing)


def _banner(missing: tuple[OpenedSet, ...]) -> None:
    if any(not each.is_opening for each in opened_sets() if each.name in {one.name for one in missing}):
        st.rerun()
    titles = " and ".join(each.look.title for each in missing)
    st.html(
        f'<div class="patchwork-banner" role="status"><b>{escape(titles)} is being opened.</b> '
        f"Everything else can be used meanwhile.{rows(under_way())}</div>"
    )


def under_way() -> list[str]:
    """Rows of HTML on the work of this process, and on remote servers that asked for a pause."""
    running = [each for each in activities() if each.status == "running"]
    found = [activity_row(each) for each in running]
    seconds = waiting()
    if seconds and not any(each.title.startswith(PAUSE) for each in running):  # short ones are no activity
        found.append(countdown_row(seconds))
    return found


def _opening(works: Sequence[str]) -> str:
    """The whole page while nothing of it can be shown."""
    told = rows(works) if works else '<div class="slide"></div>'
    return (
        '<div class="patchwork-opening" role="status"><b>Opening the collections</b>'
        f"{told}<span>The first time, tables and the map's index are built from the files and kept.</span></div>"
    )
