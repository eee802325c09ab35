"""The cache folder: how full it is, of what, and a button to empty what can be made or fetched again."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape

import streamlit as st

from components.amounts import age, size
from components.data_page.operator import may_operate
from components.data_sets import OpenedSet
from data_access.cache_state import CachePart, CachePartName, cache_parts, empty
from data_access.progress import activities
from data_access.settings import settings

_REMOVED = "data_cache_removed"


@dataclass(frozen=True)
class _Words:
    title: str
    about: str
    hue: int  # degrees, of its piece of the bar


_WORDS: Mapping[CachePartName, _Words] = {
    "bytes": _Words("Samples", "bytes fetched from far; fetched again when needed", 232),
    "downloads": _Words("Downloads", "metadata and listings of remote roots; downloaded again at the next start", 200),
    "tables": _Words(
        "Catalogues and map indexes", "built again at the next start: minutes for millions of samples", 172
    ),
    "places": _Words("Places of samples", "where samples lie in their shards; found again, with more reads", 140),
    "earlier": _Words("Earlier revisions", "tables of collections that have changed since; not read any more", 45),
    "index": _Words("Results of long jobs", "index, statistics and thumbnails; kept, since they took hours", 20),
    "generations": _Words(
        "Generated results", "kept a month, named ones longer; a run with its seed makes them again", 330
    ),
    "demo": _Words("Demo collection", "what Patchwork shows where nothing is configured", 290),
}


def show_cache(sets: tuple[OpenedSet, ...]) -> None:
    """Draw the bar, its legend and the button."""
    revisions = [each.dataset.info.revision for each in sets if each.dataset]
    found = {part.name: part for part in cache_parts(settings(), revisions)}
    parts = [found[name] for name in _WORDS if name in found and found[name].bytes]
    limit = settings().cache_bytes
    head = st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center")
    head.markdown("##### Cache", width="content")
    if removed := st.session_state.pop(_REMOVED, None):
        st.toast(f"{size(removed)} removed", icon=":material/delete:")
    if not parts:
        st.html('<p class="patchwork-quiet">Nothing is kept yet.</p>')
        return
    st.html(_bar(parts, limit))
    removable = [part for part in parts if part.removable]
    if may_operate() and removable and head.button("Empty …", icon=":material/delete_sweep:", key="data_cache_empty"):
        _ask(removable)


def _bar(parts: Sequence[CachePart], limit: float) -> str:
    """One bar of all parts against the limit, and a line on each; the demo and results of jobs do not count to it."""
    counted = sum(part.bytes for part in parts if part.removable)
    scale = max(limit, sum(part.bytes for part in parts))
    pieces = "".join(
        f'<i style="width:{max(part.bytes / scale * 100, 0.4):.2f}%;--hue:{_WORDS[part.name].hue}"></i>'
        for part in parts
    )
    lines = "".join(_line(part) for part in parts)
    return (
        f'<div class="patchwork-cache"><p><b>{size(counted)}</b> of {size(limit)} that Patchwork may keep</p>'
        f'<div class="patchwork-pieces" role="img" aria-label="{size(counted)} of {size(limit)}">{pieces}</div>'
        f"<ul>{lines}</ul></div>"
    )


def _line(part: CachePart) -> str:
    words = _WORDS[part.name]
    unit = "shard" if part.name == "places" else "file"
    files = f"1 {unit}" if part.files == 1 else f"{part.files:,} {unit}s"
    used = f", used {age(part.newest)}" if part.newest else ""
    return (
        f'<li style="--hue:{words.hue}"><i></i><b>{escape(words.title)}</b><span>{size(part.bytes)}</span>'
        f"<small>{files}{used}; {escape(words.about)}</small></li>"
    )


@st.dialog("Empty the cache", icon=":material/delete_sweep:")
def _ask(parts: Sequence[CachePart]) -> None:
    """Let the operator choose what goes, and ask once."""
    if _REMOVED in st.session_state:
        st.rerun()  # closes the dialog
    if any(each.status == "running" for each in activities()):
        st.info("Something is being built or downloaded. Wait until it is done.", icon=":material/hourglass_top:")
        return
    st.markdown("Nothing here is the data themselves: all of it is built or fetched again, which takes time.")
    chosen = [
        part
        for part in parts
        if st.checkbox(
            f"{_WORDS[part.name].title}, {size(part.bytes)}",
            value=part.name in {"bytes", "earlier"},
            help=_WORDS[part.name].about,
            key=f"data_cache_{part.name}",
        )
    ]
    total = sum(part.bytes for part in chosen)
    label = f"Remove {size(total)}" if chosen else "Choose what to remove"
    st.button(
        label, type="primary", disabled=not chosen, key="data_cache_remove", on_click=_remove, args=(tuple(chosen),)
    )


def _remove(parts: Sequence[CachePart]) -> None:
    if may_operate():
        st.session_state[_REMOVED] = sum(empty(part) for part in parts)
