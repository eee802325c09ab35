"""The Stream page's address: whatever it shows comes back from it, and what is not there is named, never raised."""

from hypothesis import given
from hypothesis import strategies as st

from components.player.state import AS_IT_ARRIVES, PACES, StreamState, first_modality, presets, read_state
from data_access.playing import ShardSet

SHARDS = (
    ShardSet("train", "majortom_shard_000001.tar", 10_240, {"S2L2A": 6_000_000_000, "S2RGB": None, "S1RTC": 1}),
    ShardSet("val", "majortom_shard_000001.tar", 10_240, {"LULC": 5, "DEM": 6}),
    ShardSet("val", "ssl4eos12_shard_000002.tar", None, {"S2L1C": 7, "S1GRD": 8}),
)


@st.composite
def states(draw: st.DrawFn) -> StreamState:
    shard = draw(st.sampled_from(SHARDS))
    modality = draw(st.sampled_from(list(shard.sizes)))
    preset = draw(st.sampled_from([preset.name for preset in presets(modality)]))
    sample = draw(st.sampled_from(["", "majortom_val_0000123"]))
    return StreamState(shard.split, shard.name, modality, preset, draw(st.sampled_from(PACES)), sample)


@given(states())
def test_a_state_comes_back_from_its_address(state: StreamState) -> None:
    query = {key: [value] for key, value in state.to_query().items()}
    assert read_state(query, SHARDS) == (state, ())


@given(
    st.dictionaries(st.sampled_from(["split", "shard", "modality", "preset", "pace", "sample"]), st.lists(st.text()))
)
def test_junk_is_named_and_something_that_is_there_is_shown(query: dict[str, list[str]]) -> None:
    state, problems = read_state(query, SHARDS)
    shard = next(each for each in SHARDS if (each.split, each.name) == (state.split, state.shard))
    assert state.modality in shard.sizes
    assert state.preset in {preset.name for preset in presets(state.modality)}
    assert state.pace in PACES
    assert len(problems) <= len(query)


def test_the_first_view_is_what_an_eye_recognises() -> None:
    state, _ = read_state({}, SHARDS)
    assert (state.split, state.modality, state.pace) == ("train", "S2RGB", AS_IT_ARRIVES)
    assert first_modality(SHARDS[1]) == "LULC"
    assert presets("S2L2A")[0].name == "true-colour"
    assert "overlay" not in {preset.kind for preset in presets("LULC")}


def test_another_shard_begins_anew_and_another_modality_stays_in_place() -> None:
    state = StreamState("val", SHARDS[1].name, "DEM", "relief", 4, "majortom_val_0000007")
    other = state.with_shard(SHARDS[2])
    assert (other.modality, other.sample, other.pace) == ("S2L1C", "", 4)
    assert state.with_modality("LULC").sample == state.sample
    assert state.with_look("hillshade", 1).sample == state.sample
