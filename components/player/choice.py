"""Shard, modality, look and pace of the Stream page; each choice is written into the page's address."""

from collections.abc import Sequence

import streamlit as st

from components.amounts import size
from components.modality_names import modality_name
from components.player.state import AS_IT_ARRIVES, PACES, StreamState, presets, read_state
from data_access.playing import ShardSet

_SPLIT, _SHARD, _MODALITY, _PRESET, _PACE = (
    f"stream_{name}" for name in ("split", "shard", "modality", "preset", "pace")
)
_SHARD_PX = 360  # as wide as a phone; the other menus share what is left, there the next row

Shards = Sequence[ShardSet]


def show_choice(state: StreamState, shards: Shards, shard: ShardSet) -> None:
    """Draw the menus; a change is in the address when the page runs again."""
    st.session_state.update(
        {_SPLIT: state.split, _SHARD: state.shard, _MODALITY: state.modality, _PRESET: state.preset, _PACE: state.pace}
    )
    splits = list(dict.fromkeys(each.split for each in shards))
    of_split = {each.name: each for each in shards if each.split == state.split}
    looks = {preset.name: preset.title for preset in presets(state.modality)}
    row = st.container(horizontal=True)
    if len(splits) > 1:
        row.selectbox("Split", splits, key=_SPLIT, on_change=_take_split, args=(shards,))
    row.selectbox(
        "Shard",
        list(of_split),
        key=_SHARD,
        format_func=lambda name: _shard_title(of_split[name], state.modality),
        on_change=_take_shard,
        args=(shards,),
        width=_SHARD_PX,
    )
    row.selectbox(
        "Modality",
        list(shard.sizes),
        key=_MODALITY,
        format_func=_modality_title,
        on_change=_take_modality,
        args=(shards,),
    )
    row.selectbox(
        "Drawn as",
        list(looks),
        key=_PRESET,
        format_func=looks.__getitem__,
        on_change=_take_look,
        args=(shards,),
    )
    row.selectbox("Pace", PACES, key=_PACE, format_func=_pace_title, on_change=_take_look, args=(shards,))


def _take_split(shards: Shards) -> None:
    split = st.session_state[_SPLIT]
    _write(_current(shards).with_shard(next(each for each in shards if each.split == split)))


def _take_shard(shards: Shards) -> None:
    now, name = _current(shards), st.session_state[_SHARD]
    _write(now.with_shard(next(each for each in shards if (each.split, each.name) == (now.split, name))))


def _take_modality(shards: Shards) -> None:
    _write(_current(shards).with_modality(st.session_state[_MODALITY]))


def _take_look(shards: Shards) -> None:
    _write(_current(shards).with_look(st.session_state[_PRESET], st.session_state[_PACE]))


def _current(shards: Shards) -> StreamState:
    """The state of the address as it is now: the player writes the sample there that it has come to."""
    return read_state({key: st.query_params.get_all(key) for key in st.query_params}, shards)[0]


def _write(state: StreamState) -> None:
    st.query_params.from_dict(state.to_query())


def _shard_title(shard: ShardSet, modality: str) -> str:
    told = [shard.name.removesuffix(".tar"), f"{shard.samples:,} samples" if shard.samples else ""]
    stored = shard.sizes.get(modality)
    return " \u00b7 ".join(filter(None, [*told, "" if stored is None else size(stored)]))


def _modality_title(modality: str) -> str:
    title, about = modality_name(modality)
    return f"{title}: {about}" if about else title


def _pace_title(per_second: int) -> str:
    return "As it arrives" if per_second == AS_IT_ARRIVES else f"{per_second} per second"
