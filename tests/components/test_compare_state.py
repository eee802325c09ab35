"""The address of the Compare page: it restores the page, and junk in it never stops the page."""

from hypothesis import given
from hypothesis import strategies as st

from components.compare_state import LEAST_OPACITY, CompareState, ViewerState, read_state
from data_access.sample_filter import SampleFilter

WORDS = st.text(st.characters(categories=["L", "N"], include_characters="_-"), min_size=1, max_size=30)
STATES = st.builds(
    CompareState,
    dataset=st.sampled_from(["terramesh", "bigearthnet"]),
    sample=WORDS,
    selection=st.builds(SampleFilter, country=st.lists(WORDS, max_size=3, unique=True).map(tuple)),
    presets=st.dictionaries(WORDS, WORDS, max_size=4),
    viewer=st.builds(
        ViewerState,
        view=st.sampled_from(["", "0.5000,0.2500,4.00"]),
        pins=st.sampled_from(["", "0.1,0.2;0.9,0.4"]),
        pair=st.sampled_from(["", "swipe:S2L2A:DEM"]),
    ),
    cloud=st.sampled_from([0.0, 0.1, 0.7, 1.0]),
    remove_offset=st.booleans(),
)


@given(STATES)
def test_an_address_restores_the_page(state: CompareState) -> None:
    assert CompareState.from_query(state.to_query()) == state


@given(
    st.dictionaries(
        st.sampled_from(["dataset", "sample", "preset", "view", "cloud", "pins", "bbox", "x"]), st.lists(st.text())
    )
)
def test_junk_never_stops_the_page(query: dict[str, list[str]]) -> None:
    state, _ = read_state(query)
    assert 0 <= state.cloud <= 1


def test_a_bad_filter_is_named_and_the_sample_stays() -> None:
    state, problem = read_state({"sample": ["a"], "dataset": ["terramesh"], "bbox": ["1,2,3,-4"]})
    assert state.sample == "a"
    assert state.selection == SampleFilter()
    assert problem is not None
    assert "bbox" in problem.message


def test_the_next_sample_keeps_the_look_and_forgets_the_zoom() -> None:
    state = CompareState("terramesh", "a", presets={"DEM": "hillshade"}, viewer=ViewerState("0.5,0.5,8"), cloud=0.5)
    after = state.with_sample("terramesh", "b")
    assert (after.sample, after.presets, after.cloud, after.viewer.view) == ("b", {"DEM": "hillshade"}, 0.5, "")


def test_a_default_preset_leaves_the_address() -> None:
    state = CompareState("terramesh", "a", presets={"DEM": "hillshade", "S2L2A": "swir"})
    assert state.with_preset("DEM", None).to_query()["preset"] == ["S2L2A:swir"]


def test_a_cloud_mask_too_faint_to_see_is_drawn_so_that_it_is_seen() -> None:
    assert CompareState.from_query({"cloud": ["0.001"]}).cloud == LEAST_OPACITY
