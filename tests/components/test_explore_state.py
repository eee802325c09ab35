"""The Explore page's address: whatever the page shows comes back from it, and junk is named, never raised."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from components.data_sets import LOOKS
from components.explore_address import read_state
from components.explore_state import ExploreState, LayerChoice, SampleReference, View
from data_access.collections import DATASETS
from data_access.dataset import DatasetName
from data_access.sample_filter import SampleFilter
from rendering import presets_of


def grouped(pairs: list[tuple[str, str]]) -> dict[str, list[str]]:
    query: dict[str, list[str]] = {}
    for key, value in pairs:
        query.setdefault(key, []).append(value)
    return query


@st.composite
def layers(draw: st.DrawFn) -> dict[DatasetName, LayerChoice]:
    chosen = {}
    for name in DATASETS:
        modality = draw(st.sampled_from(LOOKS[name].layers))
        preset = draw(st.sampled_from(["", *(preset.name for preset in presets_of(modality))]))
        chosen[name] = LayerChoice(modality, preset)
    return chosen


@st.composite
def states(draw: st.DrawFn) -> ExploreState:
    view = View(
        round(draw(st.floats(-85, 85)), 4), round(draw(st.floats(-180, 180)), 4), round(draw(st.floats(0, 20)), 2)
    )
    selected = SampleReference(
        draw(st.sampled_from(DATASETS)), draw(st.from_regex(r"[A-Za-z0-9][A-Za-z0-9_]{0,59}", fullmatch=True))
    )
    return ExploreState(
        sample_filter=SampleFilter(
            season=tuple(draw(st.sets(st.sampled_from(["Spring", "Summer", "Fall", "Winter"])))),
            country=tuple(draw(st.sets(st.sampled_from(["Chile", "Côte d'Ivoire", "Türkiye & more"])))),
            time_from=draw(st.none() | st.just(date(2019, 2, 28))),
            cloud_max=draw(st.none() | st.floats(0, 100)),
            bbox=draw(st.none() | st.just((170.0, -20.0, -170.0, 0.0))),
            ranges=draw(st.sampled_from([(), (("lulc_water", 40.0, None), ("relief", None, 12.5))])),
        ),
        shown=tuple(name for name in DATASETS if draw(st.booleans())),
        layers=draw(layers()),
        opacity=draw(st.integers(0, 100)),
        cloud_mask=draw(st.booleans()),
        in_view=draw(st.booleans()),
        selected=draw(st.none() | st.just(selected)),
        view=draw(st.none() | st.just(view)),
    )


def looks_the_same(first: ExploreState, second: ExploreState) -> bool:
    """Equal, where an empty preset and the rendering's own default are one."""
    return first.to_query() == second.to_query() and first.sample_filter == second.sample_filter


@given(states())
def test_a_state_comes_back_from_its_address(state: ExploreState) -> None:
    found, problems = read_state(grouped(state.to_query()))
    assert not problems
    assert looks_the_same(found, state)
    assert found.shown == state.shown
    assert (found.opacity, found.cloud_mask, found.in_view) == (state.opacity, state.cloud_mask, state.in_view)
    assert found.selected == state.selected


@given(st.dictionaries(st.sampled_from([
    "season", "bbox", "lasso", "lat", "lon", "zoom", "opacity", "show", "dataset", "sample", "terramesh_layer",
    "terramesh_preset", "bigearthnet_layer", "time_from", "time_to", "cloud_max", "text", "nonsense",
]), st.lists(st.text(max_size=40), max_size=3)))  # fmt: skip
def test_junk_never_raises(query: dict[str, list[str]]) -> None:
    state, problems = read_state(query)
    assert read_state(grouped(state.to_query()))[1] == (), "what was kept is sound"
    assert all(problem.message for problem in problems)


def test_an_empty_address_is_the_first_page() -> None:
    state, problems = read_state({})
    assert state == ExploreState()
    assert not problems
    assert state.to_query() == []


def test_the_view_comes_last_in_the_spelling_of_the_map() -> None:
    state = ExploreState(view=View(1.0, 2.0, 3.0), opacity=50)
    assert state.to_query()[-3:] == [("lat", "1.0000"), ("lon", "2.0000"), ("zoom", "3.00")]


def test_times_that_exclude_each_other_are_left_out_together() -> None:
    state, problems = read_state({"time_from": ["2020-05-01"], "time_to": ["2019-05-01"], "season": ["Fall"]})
    assert "swap" in problems[0].message
    assert state.sample_filter == SampleFilter(season=("Fall",))


def test_no_data_set_shown_can_be_linked_to() -> None:
    assert read_state({"show": ["none"]})[0].shown == ()
