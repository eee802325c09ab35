"""Checks on a map that is drawn so that everything on it is known: what is said, what is left open, and why."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data_access.annotations.checks.check import check, check_row
from data_access.annotations.checks.verdict import OUTCOMES
from data_access.annotations.reading import read_row
from data_access.bigearthnet.classes import CLASSES
from data_access.bigearthnet.map_facts import facts_of
from data_access.tasks import TASKS
from tests.data_access.annotations.annotation_rows import row
from tests.data_access.annotations.checks.asking import ask, right_letters, yes_or_no

ARABLE, FOREST, LAKE, SEA, ROCK = 211, 312, 512, 523, 332  # CORINE codes; bare rock is none of the 19 classes


def drawing() -> np.ndarray:
    """A lake in two squares that meet at a corner, sea at one corner of the lake, rock in the middle of fields."""
    codes = np.full((120, 120), ARABLE, np.uint16)
    codes[:30, :30] = LAKE
    codes[30:60, 30:60] = LAKE
    codes[60:, 60:] = SEA
    codes[100:104, 10:14] = ROCK
    return codes


FACTS = facts_of(drawing())
FULL = facts_of(np.full((120, 120), FOREST, np.uint16))


def test_where_conventions_differ_both_numbers_are_told() -> None:
    verdict = ask(FACTS, "binary", "count", "Are there two areas of inland waters?", "yes")
    assert (verdict.outcome, verdict.found) == (
        "unknown",
        "The map has 1 continuous area of inland waters (2 with corners apart).",
    )
    assert "corner" in verdict.reason
    assert yes_or_no(FACTS, "count", "Are there at most two areas of inland waters?") is True
    assert yes_or_no(FACTS, "count", "Are there three areas of inland waters?") is False
    touch = ask(FACTS, "binary", "adjacency", "Do inland waters touch marine waters?", "yes")
    assert touch.outcome == "unknown"
    assert "corner" in touch.found


def test_numbers_are_told_in_both_units() -> None:
    verdict = ask(FACTS, "binary", "area", "Is less than 20% inland waters?", "no")
    assert verdict.outcome == "differ"
    assert verdict.found == "The map has 180,000 m2 (12.50 % of the image) of inland waters."
    border = ask(FACTS, "binary", "adjacency", "Does arable land border marine waters?", "yes")
    assert border.found == "On the map arable land and marine waters share a border of 1,200 m."
    twice = ask(FACTS, "binary", "adjacency", "Do arable land and marine waters touch, arable land first?", "yes")
    assert twice == border, "a class that is named twice is one class"


@pytest.mark.parametrize(
    ("question", "truth"),
    [
        ("Is the image completely filled with coniferous forests?", True),
        ("Are coniferous forests the only class in the picture?", True),
        ("Do coniferous forests cover the entire scene?", True),
        ("Do coniferous forests cover less than the whole image?", False),
        ("Is the image completely filled with marine waters?", False),
        ("Are marine waters the only class?", False),
        ("Is half of the image coniferous forest?", None),
        ("Does the image consist of coniferous forest only?", True),
        ("Do coniferous forests fill only the top of the image?", None),
        ("Do coniferous forests cover only a portion of the image?", None),
        ("Is the image not completely filled with coniferous forests?", None),
        ("Does the largest patch of coniferous forests cover at least 10%?", None),
    ],
)
def test_a_whole_picture(question: str, truth: bool | None) -> None:
    assert yes_or_no(FULL, "area", question) is truth


@pytest.mark.parametrize(
    ("category", "question"),
    [
        ("presence", "Is there no arable land?"),
        ("presence", "Is the image not free of arable land?"),
        ("presence", "Are forests visible?"),
        ("presence", "Are arable land and lakes visible?"),
        ("presence", "Is arable land the largest class?"),
        ("presence", "Are arable land and pastures visible?"),
        ("adjacency", "Do arable land and marine waters lie apart?"),
        ("adjacency", "Does arable land touch the sea?"),
        ("adjacency", "Does arable land not touch marine waters?"),
        ("count", "Are there several areas of arable land?"),
        ("count", "Is arable land larger than two areas of marine waters?"),
        ("area", "Is the area of arable land large?"),
        ("area", "Is each area of arable land at least 10%?"),
    ],
)
def test_what_is_not_surely_understood_is_left(category: str, question: str) -> None:
    assert yes_or_no(FACTS, category, question) is None
    assert ask(FACTS, "binary", category, question, "yes").reason


@pytest.mark.parametrize(
    ("question", "truth"),
    [
        ("Is the picture free of arable land?", False),
        ("Are pastures absent from this scene?", True),
        ("Does the picture lack mixed forest?", True),
        ("Is there at least one patch of marine waters?", True),
        ("Are one or more pastures visible?", False),
    ],
)
def test_other_ways_to_ask_for_presence(question: str, truth: bool) -> None:
    assert yes_or_no(FACTS, "presence", question) is truth


def test_another_right_option_is_told() -> None:
    row_ = {"type": "mcq", "category": "presence", "output": "b"}
    options = "a) Pastures, b) Arable land, c) Beaches, dunes, sands, d) Inland waters"
    verdict = check(read_row(row_ | {"input": f"Which class is there? {options}"}), FACTS)
    assert (verdict.outcome, verdict.reason) == ("agree", "d) Inland waters would be right as well.")
    verdict = check(read_row(row_ | {"input": f"Which class is there? {options}", "output": "a"}), FACTS)
    assert (verdict.outcome, verdict.reason) == ("differ", "b) Arable land and d) Inland waters would be right.")
    options = "a) Pastures, b) Mixed forest"
    verdict = check(read_row(row_ | {"input": f"Which class is there? {options}"}), FACTS)
    assert (verdict.outcome, verdict.reason) == ("differ", "None of the options would be right.")


def test_a_bound_between_two_ranges_is_left_open() -> None:
    options = ["0 to 20%", "20 to 25%", "25 to 50%", "60 to 100%"]
    letters = right_letters(FACTS, "area", "How much is marine waters?", options)
    assert letters == {"a": "differ", "b": "unknown", "c": "unknown", "d": "differ"}
    letters = right_letters(FULL, "area", "How much is coniferous forest?", options)
    assert letters["d"] == "agree", "nothing is above 100%"


def test_directions() -> None:
    codes = np.full((120, 120), ROCK, np.uint16)
    codes[50:70, :20] = LAKE
    codes[50:70, 100:] = FOREST
    facts = facts_of(codes)
    question = "Relative to the inland waters, where is the coniferous forest?"
    compass = ["to the left", "to the right", "to the top-right", "to the bottom"]
    assert list(right_letters(facts, "relative pos", question, compass).values()) == [
        "differ",
        "agree",
        "differ",
        "differ",
    ]
    turned = "Where is the coniferous forest that inland waters lie beside?"
    assert set(right_letters(facts, "relative pos", turned, compass).values()) == {"unknown"}


def test_metadata_are_asked_of_the_row() -> None:
    autumn = row(
        1, type="mcq", category="season", season="Fall", input="Which season? a) Spring, b) Autumn", output="b"
    )
    verdict = check_row(autumn, read_row(autumn), None)
    assert verdict
    assert verdict.outcome == "agree"
    assert "metadata" in verdict.found
    wrong = check_row(autumn | {"season": "Spring"}, read_row(autumn), FACTS)
    assert wrong
    assert wrong.outcome == "differ"
    assert check(read_row(autumn), FACTS).outcome == "unknown"
    presence = row(1)
    assert check_row(presence, read_row(presence), None) is None, "no map, no verdict"


@pytest.mark.parametrize(
    ("caption", "outcome"),
    [
        ("Inland waters (~180,000 sqm) lie in arable land (~899,000 sqm).", "agree"),
        ("Two lakes of inland waters (~90,000 sqm), and marine waters (360,000 square meters).", "agree"),
        ("Marine waters (~720,000 sqm) fill the scene.", "differ"),
        ("Pastures (~20,000 sqm) are rare.", "differ"),
        ("Marine waters (~400,000 sqm) fill the scene.", "unknown"),
        ("Marine waters fill the scene.", "unknown"),
    ],
)
def test_areas_of_captions(caption: str, outcome: str) -> None:
    assert ask(FACTS, "captioning", "None", "Describe it.", caption).outcome == outcome


TEXTS = st.lists(
    st.sampled_from(
        [*CLASSES, *map(str.lower, CLASSES), "at least", "between", "3", "40%", "<ref>", "</ref>", "a) x, b) y"]
    )
    | st.text(max_size=12),
    max_size=8,
).map(" ".join)


@settings(max_examples=150)
@given(st.sampled_from(TASKS), TEXTS, TEXTS | st.sampled_from(["yes", "no", "a", "b", "[0.1 0.2, 0.3 0.4]"]))
def test_any_row_gets_a_verdict(task: object, question: str, answer: str) -> None:
    found = row(1, type=task.type, category=task.category, input=question, output=answer)  # type: ignore[attr-defined]
    verdict = check_row(found, read_row(found), FACTS)
    assert verdict
    assert verdict.outcome in OUTCOMES
    assert verdict.reason or verdict.found
