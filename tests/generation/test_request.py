"""Requests: whatever JSON says becomes a request that works, or an error that names the field."""

import json
from dataclasses import replace

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from errors import GenerationRequestError
from generation.modalities import INPUTS, OUTPUTS
from generation.request import KINDS, MERGES, PRECISIONS, WINDOWS, Request, real_steps, warnings

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda each: st.lists(each, max_size=3) | st.dictionaries(st.text(max_size=5), each, max_size=3),
    max_leaves=6,
)
FIELDS = sorted(Request.__dataclass_fields__)
GOOD = {"inputs": ["S2L2A"], "outputs": ["LULC"]}
REQUESTS = st.builds(
    Request,
    inputs=st.lists(st.sampled_from(INPUTS), min_size=1, unique=True).map(tuple),
    outputs=st.just(("S2L2A", "DEM")),
    kind=st.sampled_from(KINDS),
    timesteps=st.integers(1, 100),
    seeds=st.lists(st.integers(0, 2**31 - 1), min_size=1, max_size=8, unique=True).map(tuple),
    decoding_steps=st.integers(1, 64),
    temperature=st.floats(0, 5),
    top_p=st.floats(0, 1),
    top_k=st.integers(0, 15_360),
    clipped=st.booleans(),
    precision=st.sampled_from(PRECISIONS),
    window=st.sampled_from(WINDOWS),
    layer=st.integers(-1, 23),
    merge=st.sampled_from(MERGES),
)


@given(st.dictionaries(st.sampled_from(FIELDS) | st.text(max_size=6), JSON, max_size=6))
@example({"inputs": ["S2L2A"], "outputs": ["LULC"], "top_p": 10**400})
@example({"inputs": ["S2L2A"], "outputs": ["LULC"], "temperature": float("nan")})
@example({"inputs": ["S2L2A"], "outputs": ["LULC"], "seeds": [True]})
@example({"inputs": "S2L2A", "outputs": ["LULC"]})
def test_any_json_is_a_request_or_a_named_error(mapping: dict[str, object]) -> None:
    try:
        request = Request.from_json(mapping)
    except GenerationRequestError as error:
        message = error.message
    else:
        message = " ".join(warnings(request))
        assert Request.from_json(request.to_json()) == request
    assert len(message) < 600  # whatever was sent is not sent back


@given(REQUESTS)
def test_a_request_survives_json(request: Request) -> None:
    assert Request.from_json(json.loads(json.dumps(request.to_json()))) == request


@pytest.mark.parametrize(
    ("changed", "named"),
    [
        ({"inputs": []}, "inputs is empty"),
        ({"inputs": ["S2"]}, "inputs names 'S2'"),
        ({"outputs": []}, "outputs is empty"),
        ({"outputs": ["LULC", "LULC"]}, "twice"),
        ({"outputs": ["S2RGB"]}, "ask for S2L2A instead"),
        ({"outputs": ["S2L1C"]}, "ask for S2L2A instead"),
        ({"inputs": ["NDVI"], "outputs": ["NDVI"]}, "an input and an output"),
        ({"timesteps": 0}, "timesteps"),
        ({"timesteps": 2.5}, "whole number"),
        ({"seeds": list(range(9))}, "seeds"),
        ({"seeds": [-1]}, "seeds"),
        ({"seeds": [1, 1]}, "twice"),
        ({"window": 264}, "window"),
        ({"precision": "fp16"}, "precision"),
        ({"model": "../secret"}, "model"),
        ({"clipped": 1}, "clipped"),
        ({"steps": 3}, "no field"),
    ],
)
def test_what_can_not_work_is_refused_by_name(changed: dict[str, object], named: str) -> None:
    with pytest.raises(GenerationRequestError, match=named):
        Request.from_json(GOOD | changed)


def test_a_raw_input_may_be_an_output_and_a_matrix_has_all() -> None:
    assert Request(inputs=("DEM",), outputs=("DEM",)).outputs == ("DEM",)
    assert Request(kind="matrix", inputs=("LULC", "DEM"), outputs=("LULC", "DEM")).inputs == ("LULC", "DEM")
    assert Request(kind="embed", inputs=INPUTS).outputs == ()
    assert set(OUTPUTS) < set(INPUTS)


def test_steps_that_do_not_divide_a_thousand_are_told() -> None:
    assert [real_steps(steps) for steps in (1, 3, 7, 10, 15, 30, 100)] == [1, 4, 8, 10, 16, 31, 100]
    (told,) = warnings(Request(inputs=("DEM",), outputs=("S1RTC",), timesteps=7))
    assert "8 will run" in told
    assert not warnings(Request(inputs=("DEM",), outputs=("S1RTC",)))
    free = Request(inputs=("DEM",), outputs=("S1RTC",), clipped=False, temperature=0, seeds=(1, 2))
    assert len(warnings(replace(free, model="terramind_v1_base"))) == 2
    assert len(warnings(free)) == 1  # the demo model clips nothing anyway
