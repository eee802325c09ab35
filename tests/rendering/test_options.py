"""Parameters from URLs: what is accepted, and that everything else is refused by name."""

import contextlib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from errors import PresetError
from rendering import RenderOptions, parse_options


def test_the_text_of_a_url_becomes_options() -> None:
    options = parse_options(bands="B08, B04,B03", range_text="0,3000", gamma="0.7", offset="remove")
    assert options.bands == ("B08", "B04", "B03")
    assert options.ranges(3) == ((0.0, 3000.0),) * 3
    assert (options.gamma, options.offset) == (0.7, "remove")


def test_empty_text_is_not_given() -> None:
    assert parse_options(bands="", range_text="", gamma="", offset="", expression="") == RenderOptions()


def test_a_flat_pair_and_a_pair_of_pairs_mean_the_same() -> None:
    assert RenderOptions(range=(0.0, 1.0)) == RenderOptions(range=((0.0, 1.0),))


def test_six_numbers_are_one_range_per_channel() -> None:
    options = parse_options(range_text="0,1,2,3,4,5")
    assert options.ranges(3) == ((0, 1), (2, 3), (4, 5))
    with pytest.raises(PresetError, match="1 channels"):
        options.ranges(1)


@pytest.mark.parametrize(
    "given_text",
    [
        {"bands": "B08,B04"},
        {"bands": "B08,B04,B03,B02"},
        {"bands": "../B08"},
        {"bands": "B" * 99},
        {"bands": ",,"},
        {"range_text": "3000,0"},
        {"range_text": "1,1"},
        {"range_text": "1"},
        {"range_text": "a,b"},
        {"range_text": "nan,1"},
        {"range_text": "0,inf"},
        {"range_text": "-1e308,1e308"},
        {"range_text": "0,1,2,3"},
        {"gamma": "0"},
        {"gamma": "-1"},
        {"gamma": "nan"},
        {"gamma": "1e308"},
        {"gamma": "x" * 500_000},
        {"offset": "maybe"},
    ],
)
def test_what_can_not_work_is_refused(given_text: dict[str, Any]) -> None:
    with pytest.raises(PresetError) as refused:
        parse_options(**given_text)
    assert len(refused.value.message) < 200


def test_a_pixel_size_is_positive() -> None:
    with pytest.raises(PresetError, match="metres"):
        RenderOptions(pixel_size=0.0)


@given(
    st.fixed_dictionaries(
        {}, optional={name: st.text(max_size=30) for name in ("bands", "range_text", "gamma", "offset", "expression")}
    )
)
def test_any_text_gives_options_or_a_named_error(given_text: dict[str, Any]) -> None:
    with contextlib.suppress(PresetError):
        parse_options(**given_text)
