"""The Generate page's address: what it says is what the page shows, and junk in it is named and left out."""

from collections.abc import Mapping, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.addressed_page import grouped
from components.generation.address import read_state
from components.generation.page_state import at_view
from components.generation.state import KEY_OF, KIND_OF, VIEWS, GenerateState, Wish
from data_access.sample_filter import SampleFilter
from errors import GenerationRequestError
from generation.modalities import INPUTS, OUTPUTS
from generation.request import MAX_SEED, MERGES, PRECISIONS, WINDOWS

some = st.sampled_from
WISHES = st.builds(
    Wish,
    inputs=st.lists(some(INPUTS), max_size=4, unique=True).map(tuple),
    outputs=st.lists(some(OUTPUTS), max_size=4, unique=True).map(tuple),
    model=some(("", "demo", "terramind_v1_base")),
    timesteps=st.integers(1, 100),
    seeds=st.lists(st.integers(0, MAX_SEED), min_size=1, max_size=8, unique=True).map(tuple),
    decoding_steps=st.integers(1, 64),
    temperature=st.integers(0, 50).map(lambda tenths: tenths / 10),
    top_p=st.integers(0, 20).map(lambda parts: parts / 20),
    top_k=st.integers(0, 15_360),
    clipped=st.booleans(),
    precision=some(PRECISIONS),
    window=some((None, *WINDOWS)),
    layer=st.integers(-1, 23),
    merge=some(MERGES),
)
STATES = st.builds(
    GenerateState,
    dataset=some(("", "terramesh", "bigearthnet")),
    sample=some(("", "majortom_val_0000001")),
    wish=WISHES,
    run=some(("", "0123456789abcdef01234567")),
    view=some(VIEWS),
    cell=some(("", "S2L2A>LULC", "DEM>coordinates")),
    coordinates=some((None, (11.5, 48.25), (-180.0, -90.0))),
    selection=some((SampleFilter(), SampleFilter(country=("Spain",), cloud_max=20.0))),
)


@given(STATES)
def test_an_address_gives_the_page_back(state: GenerateState) -> None:
    assert read_state(grouped(state.to_query())) == (state, ())


def test_what_is_as_usual_is_not_in_the_address() -> None:
    assert GenerateState().to_query() == []
    wish = Wish(inputs=("S2L2A", "DEM"), timesteps=5)
    assert GenerateState(wish=wish).to_query() == [("inputs", "S2L2A,DEM"), ("steps", "5")]


@pytest.mark.parametrize(
    ("key", "text"),
    [
        ("dataset", "eurosat"),
        ("sample", "../etc"),
        ("view", "films"),
        ("run", "a/b"),
        ("cell", "DEM"),
        ("cell", "DEM>../etc"),
        ("coordinates", "200,10"),
        ("coordinates", "nan,1"),
        ("coordinates", "1"),
        ("inputs", "S2L2A;DEM"),
        ("outputs", ",".join(str(n) for n in range(40))),
        ("model", "../../weights"),
        ("steps", "0"),
        ("steps", "1e3"),
        ("seeds", "1,-2"),
        ("decoding", "x"),
        ("temperature", "1e308"),
        ("temperature", "nan"),
        ("top_p", "2"),
        ("top_k", "-1"),
        ("clipped", "maybe"),
        ("window", "\u0661\u0662"),
        ("merge", "<b>"),
    ],
)
def test_junk_is_named_and_left_out(key: str, text: str) -> None:
    state, problems = read_state({key: [text], "country": ["Spain"]})
    assert state == GenerateState(selection=SampleFilter(country=("Spain",)))
    (problem,) = problems
    assert key in problem.message


@given(st.dictionaries(some(("inputs", "seeds", "steps", "top_p", "run", "view", "window", "x")), st.lists(st.text())))
def test_no_address_breaks_the_page(query: Mapping[str, Sequence[str]]) -> None:
    state, _ = read_state(query)
    assert read_state(grouped(state.to_query())) == (state, ())


def test_the_view_says_what_kind_of_run_is_asked() -> None:
    wish = Wish(inputs=("S2L2A",), outputs=("LULC",), model="demo")
    assert [GenerateState(wish=wish, view=view).request.kind for view in VIEWS] == list(KIND_OF.values())
    with pytest.raises(GenerationRequestError, match="inputs is empty"):
        _ = GenerateState().request


def test_another_sample_or_view_has_no_run_yet() -> None:
    state = GenerateState(sample="a", run="0123", coordinates=(1.0, 2.0))
    assert state.with_sample("terramesh", "b") == GenerateState(dataset="terramesh", sample="b")
    assert state.with_view("matrix").run == ""
    assert at_view(state, "generate").run == "", "this session has seen no run of it"


def test_keys_of_the_address_are_told_apart() -> None:
    names = [KEY_OF.get(name, name) for name in Wish.__dataclass_fields__]
    assert len(set(names)) == len(names)
