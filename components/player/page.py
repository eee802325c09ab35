"""The body of the Stream page: what to play, and the player."""

from html import escape

import streamlit as st

from components.addressed_page import ARRIVED
from components.header import SYNTHETIC
from components.opening import wait_until
from components.plain_text import plain
from components.player.choice import show_choice
from components.player.component import PlayerInput, opened_sample, show_player
from components.player.state import read_state
from components.try_again import show_try_again_where_closed
from data_access.collections import collections_of_process
from data_access.dataset import Dataset
from data_access.playing import PlaysShards, ShardSet
from errors import PatchworkError, UnknownShardError

TITLE = "Stream"
CLAIM = "One shard from front to back: its samples as a training loader gets them"
DATASET = "terramesh"  # the one that lies in shards
_COMPARE_PAGE = "compare.py"  # beside pages/shell.py, the script that Streamlit runs
_LEFT = "stream_left"  # the parameters with which the page was left: the navigation carries none


def show_stream_page() -> None:
    """Everything below the navigation."""
    if sample := opened_sample():
        st.session_state[_LEFT] = {**st.session_state.get(_LEFT, {}), "sample": sample}
        st.switch_page(_COMPARE_PAGE, query_params={"dataset": DATASET, "sample": sample})
    collections = collections_of_process()
    try:
        wait_until(collections.opening(DATASET).done)
        dataset = collections.get(DATASET)
        _show_title(dataset)
        shards = _shards(dataset)
    except PatchworkError as error:
        st.error(plain(error.message), icon=":material/folder_off:")
        show_try_again_where_closed(collections, DATASET)
        return
    state, problems = read_state(_address(), shards)
    for problem in problems:
        st.warning(plain(problem), icon=":material/link_off:")
    shard = next(each for each in shards if (each.split, each.name) == (state.split, state.shard))
    show_choice(state, shards, shard)
    st.session_state[_LEFT] = state.to_query()
    show_player(PlayerInput(DATASET, shard, state), on_event=_run)


def _run() -> None:
    """The run that follows goes where the user clicked."""


def _shards(dataset: Dataset) -> tuple[ShardSet, ...]:
    shards = dataset.player.shards() if isinstance(dataset, PlaysShards) else ()
    if not shards:
        raise UnknownShardError(f"{dataset.info.title} has no shards here, only its tables. Fetch some to play them.")
    return shards


def _show_title(dataset: Dataset) -> None:
    badge = ""
    if dataset.info.synthetic:
        badge = f'<span class="patchwork-badge" title="{SYNTHETIC}">{escape(dataset.info.title)}</span>'
    st.html(f'<div class="patchwork-header"><h1>{TITLE}</h1><p>{CLAIM}</p>{badge}</div>')


def _address() -> dict[str, list[str]]:
    """The page's parameters; those with which it was left where it is entered without any."""
    arrived = st.session_state.pop(ARRIVED, False)
    left: dict[str, str] = st.session_state.get(_LEFT, {})
    if arrived and left and not st.query_params:
        st.query_params.from_dict(left)
    return {key: st.query_params.get_all(key) for key in st.query_params}
