"""The top of the Explore page: what this is, whether the data are real, and anything that is wrong."""

from collections.abc import Iterable, Mapping, Sequence
from html import escape

import streamlit as st

from components import urls
from components.data_sets import OpenedSet
from components.plain_text import plain
from components.taking_along.panel import show_taking_along
from components.try_again import show_try_again
from errors import PatchworkError

NAME = "Patchwork"
CLAIM = "Every sample of TerraMesh and BigEarthNet.txt on one map"
SYNTHETIC = "These samples are computed, not observed. Connect real data to see the Earth."
_MOST_NOTES = 12  # a damaged disk has thousands; the API's health tells all


def show_style() -> None:
    """What the theme can not say; a reference, since every run sends it again."""
    st.html(f'<style>@import url("{urls.component_file("page.css")}");</style>')


def show_header(sets: Sequence[OpenedSet]) -> None:
    """Name, one line, the badge of the demo collection, notes on the files, and the way to take samples along."""
    synthetic = [each.look.title for each in sets if each.dataset and each.dataset.info.synthetic]
    badge = ""
    if synthetic:
        which = "" if len(synthetic) > 1 else f": {synthetic[0]}"
        badge = f'<span class="patchwork-badge" title="{SYNTHETIC}">Synthetic demo collection{escape(which)}</span>'
    with st.container(horizontal=True, vertical_alignment="center"):
        st.html(f'<div class="patchwork-header"><h1>{NAME}</h1><p>{CLAIM}</p>{badge}</div>', width="stretch")
        show_notes({each.look.title: each.dataset.info.notes for each in sets if each.dataset})
        show_taking_along(sets)


def show_problems(problems: Iterable[PatchworkError], sets: Iterable[OpenedSet]) -> None:
    """What was wrong with the address, what could not be opened or read: named, and everything else goes on."""
    with st.container():  # also where nothing is wrong, so that what follows keeps its place
        for problem in problems:
            st.warning(plain(problem.message), icon=":material/link_off:")
        for each in sets:
            if each.problem:
                message = f"**{each.look.title} is not open.** {plain(each.problem.message)}"
                st.error(message, icon=":material/folder_off:")
                show_try_again(each.name)


def show_notes(notes_by_title: Mapping[str, Sequence[str]]) -> None:
    """What is damaged, assumed or missing in the files of the data sets that are open, behind one word."""
    notes = {title: listed for title, listed in notes_by_title.items() if listed}
    count = sum(len(listed) for listed in notes.values())
    if not count:
        return
    label = "1 note on the files" if count == 1 else f"{count:,} notes on the files"
    with st.popover(label, icon=":material/info:", type="tertiary", width="content"):
        for title, listed in notes.items():
            st.markdown(f"**{title}**\n{_as_list(listed)}")


def _as_list(notes: Sequence[str]) -> str:
    """A Markdown list of the first notes, and how many more there are."""
    items = [plain(note) for note in notes[:_MOST_NOTES]]
    if len(notes) > _MOST_NOTES:
        items.append(f"and {len(notes) - _MOST_NOTES} more")
    return "\n".join(f"- {item}" for item in items)
