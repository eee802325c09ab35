"""Comparisons in words, beside what they mean; and texts that claim nothing that can be read."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data_access.annotations.checks.claims import area_claim, count_claim
from data_access.annotations.checks.class_words import class_named, classes_in, pair_named, plain
from data_access.bigearthnet.classes import CLASSES

PATCH_M2 = 1_440_000


def counts(text: str) -> list[int | None]:
    """Numbers from 0 to 7 that a claim allows; None in the list where it is open about one."""
    claim = count_claim(text)
    assert claim is not None, text
    found = [(number, claim.holds([number])) for number in range(8)]
    return [number if held else None for number, held in found if held is not False]


@pytest.mark.parametrize(
    ("text", "allowed"),
    [
        ("are there fewer than three areas?", [0, 1, 2]),
        ("is it one area at most?", [0, 1]),
        ("is there just one patch of it?", [1]),
        ("is there a single area?", [1]),
        ("is there more than a single area?", [2, 3, 4, 5, 6, 7]),
        ("is this the only patch?", [1]),
        ("spread over at least 5 areas?", [5, 6, 7]),
        ("do they fall into six areas or more?", [6, 7]),
        ("not more than two areas?", [0, 1, 2]),
        ("not fewer than six areas?", [6, 7]),
        ("at least two but no more than four areas?", [2, 3, 4]),
        ("a minimum of seven areas?", [7]),
        ("no areas beyond 1?", None),
        ("it doesn't exceed 3 areas?", [0, 1, 2, 3]),
        (">= 6 areas", [6, 7]),
        ("could one count exactly four areas?", [4]),
        ("between three and five areas?", [None, 4, None]),
        ("are there six areas?", [6, None]),
        ("are there multiple areas?", [2, 3, 4, 5, 6, 7]),
        ("spread over six areas?", [6, None]),
    ],
)
def test_counts(text: str, allowed: list[int | None] | None) -> None:
    assert (counts(text) if allowed is not None else count_claim(text)) == allowed


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("at least 30% of the image", 30, 100),
        ("between 20 and 40 %", 20, 40),
        ("more than 144,000 m2", 10.01, 100),
        ("432000 square metres or less", 0, 30),
        ("above 10 percent and below 20 percent", 10.01, 19.99),
        ("greater than 0% but smaller than 10%", 0.01, 9.99),
        ("from 50 to 60% of the whole image", 50, 60),
        ("at most half of the picture", 0, 50),
        ("less than the whole image", 0, 99.99),
        ("no less than 0.72 km2", 50, 100),
        ("exceeding 72 hectares", 50.01, 100),
        ("three quarters or more", 75, 100),
        ("most of the scene", 50.01, 100),
    ],
)
def test_areas(text: str, low: float, high: float) -> None:
    claim = area_claim(text, PATCH_M2)
    assert claim is not None
    for percent in (low - 0.3, low + 0.3, high - 0.3, high + 0.3):
        if 0 <= percent <= 100:
            assert claim.holds([percent * PATCH_M2 / 100]) == (low < percent < high), (text, percent)


@pytest.mark.parametrize(
    "text",
    [
        "are there not three areas?",
        "are there several areas?",
        "about three areas?",
        "twice as many as four areas?",
        "three of the five areas?",
        "at least two areas of 3?",
        "no areas?",
        "is it almost three areas?",
        "",
    ],
)
def test_what_is_not_understood_claims_nothing(text: str) -> None:
    assert count_claim(text) is None


@pytest.mark.parametrize("text", ["not 30%", "around 30%", "at least 30", "each at least 30%", "30% more than 10%"])
def test_amounts_that_are_not_understood_claim_nothing(text: str) -> None:
    assert area_claim(text, PATCH_M2) is None


@given(st.text(alphabet="0123456789 <>=%-.,#m2atleomrfhnswib", max_size=60))
def test_any_text_is_read_or_left(text: str) -> None:
    for claim in (count_claim(text), area_claim(text, PATCH_M2)):
        assert claim is None or claim.holds([1.0]) in (True, False, None)


@pytest.mark.parametrize("title", CLASSES)
def test_titles_are_classes(title: str) -> None:
    number = CLASSES.index(title) + 1
    assert class_named(title) == class_named(title.lower()) == number
    assert class_named(title.replace(",", "")) == number
    assert class_named(title.replace(" and ", " or ")) == number
    for other in CLASSES:
        if other != title:
            assert pair_named(f"{title} and {other}") == tuple(sorted((number, CLASSES.index(other) + 1)))
    assert pair_named(title) is None
    assert pair_named(f"{title} and something") is None


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("any broad leaved forest", "Broad-leaved forest"),
        ("the agroforestry area", "Agro-forestry areas"),
        ("a moor, heathland or sclerophyllous vegetation", "Moors, heathland and sclerophyllous vegetation"),
        ("transitional woodland/shrub", "Transitional woodland, shrub"),
        ("transitional woodland-shrub", "Transitional woodland, shrub"),
        ("beach, dune, or sand", "Beaches, dunes, sands"),
        ("Inland water bodies", "Inland waters"),
        ("natural grasslands and sparsely vegetated areas", "Natural grassland and sparsely vegetated areas"),
    ],
)
def test_other_spellings(text: str, title: str) -> None:
    assert class_named(text) == CLASSES.index(title) + 1


@pytest.mark.parametrize("text", ["forest", "urban", "land", "water", "mixed", "Urban fabric and so on", ""])
def test_half_a_name_is_no_class(text: str) -> None:
    assert class_named(text) is None
    assert len(classes_in(plain(text))) <= 1
