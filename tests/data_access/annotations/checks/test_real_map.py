"""Questions on the real patch that has pixels and a reference map, answered by a flood fill in plain Python."""

import json
import math
import operator
from collections.abc import Callable
from itertools import combinations, permutations
from pathlib import Path

import numpy as np
import pytest
import rasterio

from data_access.bigearthnet.map_facts import MapFacts, facts_of
from tests.data_access.annotations.checks.asking import ask, right_letters, spoken, yes_or_no
from tests.data_access.annotations.checks.map_oracle import MapOracle, box_text
from tests.demo.bigearthnet.text_oracle import COMPASS

pytestmark = pytest.mark.real

NUMBERS = ("zero", "one", "two", "three", "four", "five", "six")
COUNT_PHRASES: dict[str, Callable[[int, int], bool]] = {
    "at least {}": operator.ge,
    "{} or more": operator.ge,
    "a maximum of {}": operator.le,
    "fewer than {}": operator.lt,
    "exactly {}": operator.eq,
    "more than {}": operator.gt,
}


@pytest.fixture(scope="module")
def titles(real_data: Path) -> dict[int, str]:
    """Class of every CORINE code, from the published list."""
    listed = json.loads((real_data / "bigearthnet_v2" / "clc_metadata.json").read_text())["clc_data"]
    return {int(each["code"]): each["name_19"] for each in listed if each["name_19"] != "UNLABELED"}


@pytest.fixture(scope="module")
def codes(real_data: Path) -> np.ndarray:
    (path,) = (real_data / "bigearthnet_v2" / "geotiff" / "Reference_Maps").rglob("*_reference_map.tif")
    with rasterio.open(path) as raster:
        return np.asarray(raster.read(1))


@pytest.fixture(scope="module")
def oracle(codes: np.ndarray, titles: dict[int, str]) -> MapOracle:
    return MapOracle([[titles.get(code) for code in row] for row in codes.tolist()])


@pytest.fixture(scope="module")
def facts(codes: np.ndarray) -> MapFacts:
    return facts_of(codes)


def test_presence_of_every_class(facts: MapFacts, oracle: MapOracle, titles: dict[int, str]) -> None:
    assert len(set(titles.values())) == 19
    for title in set(titles.values()):
        for question in ("Does any part of the picture show {}?", "Can {} be made out in the satellite image?"):
            assert yes_or_no(facts, "presence", question.format(spoken(title))) == (title in oracle.pixels), title


def test_areas_by_every_comparison(facts: MapFacts, oracle: MapOracle, titles: dict[int, str]) -> None:
    for title in set(titles.values()):
        area = oracle.area(title)
        for tenths in range(11):
            bound = tenths * oracle.patch_m2 // 10
            for words in (f"{10 * tenths}%", f"{bound} m2", f"{bound} m^2", f"{bound:,} square meters"):
                for phrase, truth in (
                    ("at least", area >= bound),
                    ("no more than", area <= bound),
                    ("more than", area > bound),
                    ("smaller than", area < bound),
                    ("greater than or equal to", area >= bound),
                ):
                    question = f"Is the extent of {spoken(title)} {phrase} {words}?"
                    assert yes_or_no(facts, "area", question) == truth, question
            high = min(bound + 432_000, oracle.patch_m2)
            question = f"Would one say that {spoken(title)} cover between {bound} m2 and {high} m2 of the image?"
            within = None if area in (bound, high) else bound < area < high
            assert yes_or_no(facts, "area", question) == within, question


def test_counts_by_every_comparison(facts: MapFacts, oracle: MapOracle, titles: dict[int, str]) -> None:
    for title in set(titles.values()):
        counts = oracle.count(title)
        for bound, word in enumerate(NUMBERS):
            for number in (word, str(bound)):
                for phrase, holds in COUNT_PHRASES.items():
                    truths = {holds(count, bound) for count in counts}
                    question = f"Do {spoken(title)} form {phrase.format(number)} continuous areas in the scene?"
                    expected = truths.pop() if len(truths) == 1 else None
                    assert yes_or_no(facts, "count", question) == expected, question


def test_every_pair_of_classes(facts: MapFacts, oracle: MapOracle, titles: dict[int, str]) -> None:
    for one, other in combinations(sorted(set(titles.values())), 2):
        truths = oracle.touch(one, other)
        expected = truths.pop() if len(truths) == 1 else None
        for question in (
            "Does any {} share a border with {}?",
            "Are any instance of {} and {} right next to each other?",
        ):
            asked = question.format(spoken(one), spoken(other))
            assert yes_or_no(facts, "adjacency", asked) == expected, asked


def test_one_option_is_right(facts: MapFacts, oracle: MapOracle, titles: dict[int, str]) -> None:
    names = sorted(set(titles.values()))
    absent = [title for title in names if title not in oracle.pixels]
    touching = [pair for pair in combinations(names, 2) if oracle.touch(*pair) == {True}]
    apart = [pair for pair in combinations(names, 2) if oracle.touch(*pair) == {False}]
    for title in oracle.pixels:
        letters = right_letters(facts, "presence", "Which class is in the picture?", [*absent[:3], title])
        assert letters == {"a": "differ", "b": "differ", "c": "differ", "d": "agree"}
        count = len(oracle.pieces(title, corners=True))
        options = [str(count), str(count + 1), "More than five", "0"]
        letters = right_letters(facts, "count", f"How many separate areas of {spoken(title)} are there?", options)
        assert letters == {"a": "agree", "b": "differ", "c": "differ", "d": "differ"}
        low = oracle.area(title) // 144_000 * 144_000
        ranges = [(low, low + 144_000), (low + 144_000, low + 288_000), (0, low), (low + 432_000, low + 576_000)]
        for unit, scale in (("m2", 1), ("square meters", 1), ("%", 14_400)):
            options = [
                f"{first // scale} to {last // scale}{'' if unit == '%' else ' '}{unit}" for first, last in ranges
            ]
            letters = right_letters(facts, "area", f"What is the total area of {spoken(title)}?", options)
            assert (letters["a"], letters["b"], letters["d"]) == ("agree", "differ", "differ"), options
    for pair in touching:
        options = [" and ".join(each) for each in (*apart[:3], pair)]
        letters = right_letters(facts, "adjacency", "Which two classes touch?", options)
        assert letters == {"a": "differ", "b": "differ", "c": "differ", "d": "agree"}, options


def test_directions_are_never_told_wrongly(facts: MapFacts, oracle: MapOracle) -> None:
    told = 0
    for anchor, subject in permutations(oracle.pixels, 2):
        (from_x, from_y), (to_x, to_y) = oracle.centre(anchor), oracle.centre(subject)
        angle = math.atan2(to_y - from_y, to_x - from_x)
        off = {name: abs(math.remainder(angle - math.atan2(y, x), math.tau)) for name, (x, y) in COMPASS.items()}
        for direction, distance in off.items():
            others = [name for name in COMPASS if off[name] > 1][:3]
            question = f"In relation to the {spoken(anchor)}, where do the {spoken(subject)} lie?"
            outcome = right_letters(facts, "relative pos", question, [f"to the {direction}", *others])["a"]
            told += outcome != "unknown"
            assert outcome != "agree" or distance < math.radians(31), (anchor, subject, direction)
            assert outcome != "differ" or distance > math.radians(30), (anchor, subject, direction)
    assert told > 20


def test_boxes_around_every_place(facts: MapFacts, oracle: MapOracle) -> None:
    checked = 0
    for row in range(4, 120, 11):
        for column in range(4, 120, 11):
            title = oracle.rows[row][column]
            if title is None or any(
                oracle.at(row + down, column + right) != title for down in (-1, 0, 1) for right in (-1, 0, 1)
            ):
                continue  # a rounded point may lie in the area beside it
            (piece,) = (each for each in oracle.pieces(title, corners=True) if (row, column) in each)
            x, y = round((column + 0.5) / 120, 2), round((row + 0.5) / 120, 2)
            question = f"Give a box around the land cover instance at <point>({x}, {y})</point> in the image."
            left, top, right, bottom = oracle.box(piece)
            assert ask(facts, "bounding box", "point", question, box_text(oracle.box(piece))).outcome == "agree"
            for wrong in ((left, top, right, (top + bottom) / 2), (left, top, max(right - 0.05, left), bottom)):
                assert ask(facts, "bounding box", "point", question, box_text(wrong)).outcome == "differ"
            checked += 1
    assert checked > 60


def test_boxes_around_what_is_described(facts: MapFacts, oracle: MapOracle, titles: dict[int, str]) -> None:
    for title in set(titles.values()):
        pieces = oracle.pieces(title, corners=True)
        boxes = [box_text(oracle.box(piece)) for piece in pieces]
        for noun in ("contiguous area of", "continuous area of", "patch of"):
            for rank, right in (("largest ", boxes[:1]), ("smallest ", boxes[-1:]), ("", boxes)):
                question = f"Where is the <ref>{rank}{noun} {title.lower()}</ref> in the scene?"
                for box in {*boxes, "[0.11 0.13, 0.17 0.19]"}:
                    outcome = ask(facts, "bounding box", "reference", question, box).outcome
                    assert outcome == ("agree" if box in right else "differ"), (question, box)
