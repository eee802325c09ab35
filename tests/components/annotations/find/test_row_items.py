"""Rows of results are drawn whatever the file holds: nothing that lacks, and nothing that is odd, breaks the list."""

import json
from typing import Any

import pytest

from components.annotations.find.row_items import LONGEST_SENT, id_of, row_item
from data_access.annotations.annotation_file import COLUMNS

PATCH = "S2A_MSIL2A_20170613T101031_N9999_R022_T33UUP_26_57"
ROW: dict[str, Any] = {
    "ID": 7,
    "s1_name": "S1B_IW_GRDH_1SDV_20170612T165809_33UUP_26_57",
    "patch_id": PATCH,
    "input": "Which season? a) Summer, b) Winter",
    "output": "a",
    "type": "mcq",
    "category": "season",
    "split": "test",
    "latitude": 48.1,
    "longitude": 12.7,
    "country": "Austria",
    "season": "Summer",
    "climate_zone": "Polar, tundra",
}


def test_a_row_is_told_with_its_patch_question_options_and_answer() -> None:
    item = row_item(ROW, picture=True)
    assert (item["row"], item["sample"], item["question"]) == ("7", PATCH, "Which season?")
    assert (item["options"], item["letter"]) == ([["a", "Summer"], ["b", "Winter"]], "a")
    assert (item["where"], item["picture"]) == ([12.7, 48.1], 1)
    assert not {"problem", "stray"} & item.keys()


@pytest.mark.parametrize("column", COLUMNS)
@pytest.mark.parametrize("value", [None, "", float("nan"), "<b>\u202e\x00</b>"])
def test_any_column_may_hold_anything(column: str, value: object) -> None:
    item = row_item(ROW | {column: value}, picture=False)
    assert isinstance(item["question"], str)  # the browser draws it unasked
    json.dumps(item, allow_nan=False)


def test_a_row_without_an_id_or_with_the_number_zero_is_told_apart() -> None:
    assert row_item(ROW | {"ID": 0}, picture=False)["row"] == "0"
    assert "row" not in row_item(ROW | {"ID": None}, picture=False)
    assert row_item(ROW | {"ID": 2**63 - 1}, picture=False)["row"] == "9223372036854775807"


@pytest.mark.parametrize(
    ("patch_id", "words"), [(None, "names no patch"), ("", "names no patch"), ("../../etc", "'../../etc'")]
)
def test_a_patch_that_no_page_can_open_is_no_link(patch_id: str | None, words: str) -> None:
    item = row_item(ROW | {"patch_id": patch_id}, picture=False)
    assert "sample" not in item
    assert words in item["stray"]


def test_texts_of_half_a_megabyte_do_not_travel() -> None:
    item = row_item(ROW | {"input": "x" * 2**19, "output": "y" * 2**19}, picture=False)
    assert len(json.dumps(item)) < 3 * LONGEST_SENT


@pytest.mark.parametrize("place", [(1e308, -1e308), (500.0, 95.0), (float("inf"), 0.0)])
def test_a_place_off_the_globe_is_none(place: tuple[float, float]) -> None:
    assert "where" not in row_item(ROW | {"longitude": place[0], "latitude": place[1]}, picture=False)


@pytest.mark.parametrize(
    ("text", "number"),
    [("12", 12), ("-5", -5), ("0", 0), (str(2**63 - 1), 2**63 - 1), (str(-(2**63)), -(2**63))]
    + [(odd, None) for odd in ("", "abc", "1.5", "9" * 19, "9" * 5000, "\u0661", "-", None, 7)],
)
def test_ids_are_read_as_the_browser_writes_them(text: object, number: int | None) -> None:
    assert id_of(text) == number
