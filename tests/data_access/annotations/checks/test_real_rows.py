"""Every question of the real rows is understood: classes, comparison, options; beside what a person read."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest

from data_access.annotations.checks.binary import UNREAD_CLAIM
from data_access.annotations.checks.check import check_row
from data_access.annotations.checks.choices import UNREAD_OPTION
from data_access.annotations.checks.claims import area_claim, count_claim
from data_access.annotations.checks.class_words import class_named, classes_in, pair_named, plain, without_classes
from data_access.annotations.checks.directions import direction_angle
from data_access.annotations.checks.verdict import OUTCOMES
from data_access.annotations.checks.wording import APART, NEGATED, RANKED
from data_access.annotations.reading import Reading, read_row
from data_access.bigearthnet.classes import CLASSES
from data_access.bigearthnet.map_facts import MapFacts, facts_of

pytestmark = pytest.mark.real

Row = dict[str, object]
# A CORINE code of each class, and a word that only this class has, in the order of the classes.
CODES = (112, 121, 211, 222, 231, 242, 243, 244, 311, 312, 313, 321, 322, 324, 331, 411, 421, 512, 523)
KEYS = (
    *("urban", "industrial", "arable", "permanent", "pastures", "complex", "principally", "agro", "broad-leaved"),
    *("coniferous", "mixed", "natural grassland", "moors", "transitional", "beaches", "inland wetland"),
    *("coastal wetland", "inland waters", "marine"),
)
# What a person reads in the questions on counts and areas (in per cent), by the ID of the row.
COUNTS: dict[int, Callable[[float], bool]] = {
    1478: lambda n: n < 3,
    1479: lambda n: n == 1,
    1480: lambda n: n < 3,
    1481: lambda n: n >= 4,
    5712: lambda n: n >= 1,
    5713: lambda n: n > 1,
    5714: lambda n: n >= 4,
    7769: lambda n: n == 3,
    7770: lambda n: n <= 1,
    30994: lambda n: n == 1,
    33650: lambda n: n >= 4,
    92862: lambda n: n <= 1,
    92863: lambda n: n >= 2,
}
AREAS: dict[int, Callable[[float], bool]] = {
    1474: lambda share: share >= 0,
    1475: lambda share: 30 <= share <= 90,
    1476: lambda share: share >= 0,
    1477: lambda share: 40 <= share <= 70,
    5710: lambda share: 0 <= share <= 50,
    7768: lambda share: share <= 10,
    30992: lambda share: 10 <= share <= 50,
    30993: lambda share: 0 < share < 10,
    33649: lambda share: 20 <= share <= 30,
    92860: lambda share: share < 100,
    92861: lambda share: share > 70,
}
WHOLE = {5711, 33648}  # is one class all there is?
NOT_UNDERSTOOD = {UNREAD_CLAIM, UNREAD_OPTION, APART, NEGATED, RANKED}


@pytest.fixture(scope="module")
def rows(real_data: Path) -> list[Row]:
    found: list[Row] = pq.read_table(real_data / "bigearthnet_txt" / "bench_rows.parquet").to_pylist()
    return found


def of(rows: list[Row], kind: str, category: str) -> list[tuple[int, Reading]]:
    found = [(int(str(row["ID"])), read_row(row)) for row in rows if (row["type"], row["category"]) == (kind, category)]
    assert found
    return found


def expected_classes(text: str) -> set[int]:
    return {number for number, key in enumerate(KEYS, start=1) if key in text.lower()}


def test_comparisons_are_read_as_a_person_does(rows: list[Row]) -> None:
    for identifier, reading in of(rows, "binary", "count"):
        claim = count_claim(without_classes(plain(reading.question)))
        assert claim, reading.question
        assert [claim.holds([n]) for n in range(8)] == [COUNTS[identifier](n) for n in range(8)], reading.question
    for identifier, reading in of(rows, "binary", "area"):
        if identifier in WHOLE:
            continue
        claim = area_claim(without_classes(plain(reading.question)), 1_440_000)
        assert claim, reading.question
        shares = [0.5, 5, 15, 25, 35, 45, 55, 65, 75, 85, 95, 99.9]
        assert [claim.holds([14_400 * each]) for each in shares] == [AREAS[identifier](each) for each in shares]


def test_classes_are_found(rows: list[Row]) -> None:
    for row in rows:
        reading = read_row(row)
        if row["type"] == "captioning":
            continue
        text = reading.reference or reading.question
        assert {mention.number for mention in classes_in(plain(text))} == expected_classes(text), text
        for option in reading.options:
            if row["category"] == "presence":
                assert class_named(option.text) == CLASSES.index(option.text) + 1
            if row["category"] == "adjacency":
                pair = pair_named(option.text)
                assert pair
                assert set(pair) == expected_classes(option.text), option
            if row["category"] == "relative pos":
                assert direction_angle(option.text) is not None, option


def test_every_question_is_understood_on_any_map(rows: list[Row]) -> None:
    """On a map with every class, no verdict is open for want of understanding."""
    facts = facts_of(np.repeat(np.array(CODES, np.uint16), 6)[:, None].repeat(114, axis=1))
    outcomes = dict.fromkeys(OUTCOMES, 0)
    for row in rows:
        verdict = check_row(row, read_row(row), facts)
        assert verdict
        outcomes[verdict.outcome] += 1
        assert verdict.reason not in NOT_UNDERSTOOD, (row["input"], verdict)
        assert "spelling" not in verdict.reason
        assert "outside the names" not in verdict.reason
        assert "could not be read" not in verdict.reason, (row["input"], verdict)
        if row["category"] in ("country", "season", "climate zone"):
            assert verdict.outcome == "agree", row
    assert outcomes["unknown"] < 20, outcomes  # captions, and directions that a map of stripes can not decide


def test_boxes_that_the_rows_give_are_judged_right_on_a_map_made_of_them(rows: list[Row]) -> None:
    """A map that has the class of a reference in the answer's box agrees; the same map turned does not."""
    for _, reading in of(rows, "bounding box", "reference"):
        assert reading.box
        assert reading.reference
        (number,) = expected_classes(reading.reference)
        left, top, right, bottom = (
            round(120 * each) for each in (reading.box.left, reading.box.top, reading.box.right, reading.box.bottom)
        )
        codes = np.full((120, 120), 332, np.uint16)
        codes[top:bottom, left:right] = CODES[number - 1]
        assert outcome(reading, facts_of(codes)) == "agree", reading
        assert outcome(reading, facts_of(codes[::-1, ::-1])) == "differ", reading


def outcome(reading: Reading, facts: MapFacts) -> str:
    verdict = check_row({}, reading, facts)
    assert verdict
    return verdict.outcome
