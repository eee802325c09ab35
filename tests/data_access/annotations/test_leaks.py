"""A caption's own country, season and climate are found wherever they stand, and nothing that only looks like them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data_access.annotations.leaks import find_leaks

CLIMATE = "Cold, no dry season, warm summer"


def phrases(caption: str, country: str = "Ireland", season: str = "Fall") -> list[tuple[str, str]]:
    return [(leak.kind, caption[leak.start : leak.end]) for leak in find_leaks(caption, country, season, CLIMATE)]


def test_all_three_are_found_in_their_order() -> None:
    caption = 'In Ireland, under "cold, no dry season, warm summer", the fall was dry, and autumn in ireland is mild.'
    assert phrases(caption) == [
        ("country", "Ireland"),
        ("climate_zone", "cold, no dry season, warm summer"),
        ("season", "fall"),
        ("season", "autumn"),
        ("country", "ireland"),
    ]


def test_the_summer_of_a_climate_zone_is_not_the_season() -> None:
    caption = 'A "cold, no dry season, warm summer" view, taken in summer.'
    assert phrases(caption, season="Summer") == [
        ("climate_zone", "cold, no dry season, warm summer"),
        ("season", "summer"),
    ]


@pytest.mark.parametrize(
    "caption",
    [
        "Areas fall into two classes.",
        "They fall below 5%.",
        "It may fall from 3 to 2.",
        "A waterfall falls.",
        "Irelands, Irelander, Newireland",
        "Fallow",
    ],
)
def test_words_that_only_look_alike_are_left(caption: str) -> None:
    assert phrases(caption) == []


@pytest.mark.parametrize(
    "caption",
    [
        "A fall scene",
        "captured during fall.",
        "In the fall of 2017",
        "FALL SEASON",
        "Fall 2017",
        "mid-fall",
        "a (fall) view",
    ],
)
def test_fall_as_a_season_is_found(caption: str) -> None:
    assert [(kind, word.lower()) for kind, word in phrases(caption)] == [("season", "fall")]


@pytest.mark.parametrize(
    ("caption", "found"), [("Trees spring up.", 0), ("A spring", 0), ("during spring", 1), ("A spring day", 1)]
)
def test_spring_is_found_where_it_is_a_season(caption: str, found: int) -> None:
    assert len(phrases(caption, season="Spring")) == found


def test_only_the_patch_s_own_values_count() -> None:
    assert phrases("In Portugal and Belgium, winter and spring are mild.") == []


def test_an_adjective_gives_the_country_away() -> None:
    assert phrases("An Irish landscape") == [("country", "Irish")]
    assert phrases("A Swiss valley", country="Switzerland") == [("country", "Swiss")]


@pytest.mark.parametrize("nothing", ["", " ", "x" * 300])
def test_missing_values_find_nothing(nothing: str) -> None:
    assert find_leaks(f"Somewhere {nothing}", nothing, nothing, nothing) == ()


@given(st.text(), st.text(), st.text(), st.text())
def test_leaks_lie_in_order_without_overlap(caption: str, country: str, season: str, climate_zone: str) -> None:
    leaks = find_leaks(caption, country, season, climate_zone)
    edges = [edge for leak in leaks for edge in (leak.start, leak.end)]
    assert edges == sorted(edges)
    assert all(0 <= leak.start < leak.end <= len(caption) for leak in leaks)
