"""Rows are read as they were written: the real ones number by number, broken ones with what is left of them."""

import re
import time
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from data_access.annotations.grammar import PROBLEMS
from data_access.annotations.reading import Box, Choice, Point, Reading, read_row
from data_access.bigearthnet.classes import CLASSES
from data_access.tasks import TASKS, Task
from demo.bigearthnet.text.distractors import COUNTRIES
from tests.data_access.annotations.annotation_rows import row

PLACES = {
    "country": list(COUNTRIES),
    "season": ["Spring", "Summer", "Autumn", "Winter"],
    "presence": list(CLASSES),
}
CHOICES = "Which is it? a) Beaches, dunes, sands, b) Cold, no dry season, c) 20 to 30%, d) Marine waters"
LONG = 512 * 1024


def real_rows(real_data: Path) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = pq.read_table(real_data / "bigearthnet_txt" / "bench_rows.parquet").to_pylist()
    return rows


def of(kind: str, category: str | None, given: str | None, output: str | None, **changes: object) -> Reading:
    return read_row(row(1, type=kind, category=category, input=given, output=output) | changes)


def test_every_real_row_is_read(real_data: Path) -> None:
    rows = real_rows(real_data)
    readings = [read_row(row) for row in rows]
    assert [reading.problem for reading in readings] == [""] * 122
    assert {reading.task for reading in readings} == set(TASKS)
    for stored, reading in zip(rows, readings, strict=True):
        assert reading.task == Task(str(stored["type"]), str(stored["category"]))
        assert (reading.yes is not None) == (stored["type"] == "binary")
        assert bool(reading.options) == (reading.letter is not None) == (stored["type"] == "mcq")
        assert (reading.box is not None) == (stored["type"] == "bounding box")
        assert (reading.point is not None) == (stored["category"] == "point")
        assert (reading.reference is not None) == (stored["category"] == "reference")
        assert bool(reading.leaks) == (stored["type"] == "captioning")
        assert "<" not in reading.question


def test_real_boxes_and_points_lie_where_the_text_says(real_data: Path) -> None:
    boxes = [(str(row["input"]), str(row["output"]), read_row(row)) for row in real_rows(real_data)]
    boxes = [entry for entry in boxes if entry[2].box]
    assert len(boxes) == 12
    for asked, written, reading in boxes:
        box = reading.box
        assert box is not None
        assert [box.left, box.top, box.right, box.bottom] == [float(part) for part in re.findall(r"[\d.]+", written)]
        assert 0 <= box.left < box.right <= 1
        assert 0 <= box.top < box.bottom <= 1
        assert reading.answer == written
        if reading.point:
            assert f"<point>({reading.point.x}, {reading.point.y})</point>" in asked
            assert box.left <= reading.point.x <= box.right
            assert box.top <= reading.point.y <= box.bottom
        else:
            assert f"<ref>{reading.reference}</ref>" in asked
            assert str(reading.reference) in reading.question


def test_real_options_put_together_again_are_the_question(real_data: Path) -> None:
    rows = [row for row in real_rows(real_data) if row["type"] == "mcq"]
    assert len(rows) == 46
    for stored in rows:
        reading = read_row(stored)
        assert [option.letter for option in reading.options] == ["a", "b", "c", "d"]
        written = ", ".join(f"{option.letter}) {option.text}" for option in reading.options)
        assert f"{reading.question} {written}" == stored["input"]
        chosen = next(option for option in reading.options if option.letter == stored["output"])
        assert reading.letter == stored["output"]
        assert reading.answer == f"{chosen.letter}) {chosen.text}"
        known = PLACES.get(str(stored["category"]))
        assert not known or {option.text for option in reading.options} <= set(known)
        if stored["category"] in {"country", "season"}:
            column = str(stored[str(stored["category"])])
            assert chosen.text == ("Autumn" if column == "Fall" else column)
        if stored["category"] == "climate zone":
            assert chosen.text == stored["climate_zone"]


def test_real_answers_are_yes_or_no(real_data: Path) -> None:
    rows = [row for row in real_rows(real_data) if row["type"] == "binary"]
    assert [read_row(row).yes for row in rows] == [row["output"] == "yes" for row in rows]
    assert [read_row(row).question for row in rows] == [row["input"] for row in rows]


def test_real_captions_name_country_season_and_climate(real_data: Path) -> None:
    rows = [row for row in real_rows(real_data) if row["type"] == "captioning"]
    assert len(rows) == 6
    for stored in rows:
        reading = read_row(stored)
        text = str(stored["output"])
        assert reading.answer == text
        assert {text[leak.start : leak.end].lower() for leak in reading.leaks} == {
            str(stored[kind]).lower() for kind in ("country", "season", "climate_zone")
        }
        climate = next(leak for leak in reading.leaks if leak.kind == "climate_zone")
        assert text[climate.start - 1] == text[climate.end] == '"'


def test_options_are_split_at_letters_and_never_at_commas() -> None:
    reading = of("mcq", "presence", CHOICES, "b")
    assert reading.question == "Which is it?"
    assert reading.options == (
        Choice("a", "Beaches, dunes, sands"),
        Choice("b", "Cold, no dry season"),
        Choice("c", "20 to 30%"),
        Choice("d", "Marine waters"),
    )
    assert (reading.letter, reading.answer, reading.problem) == ("b", "b) Cold, no dry season", "")


def test_a_letter_without_a_comma_before_it_is_part_of_an_option() -> None:
    reading = of("mcq", "presence", "Which? a) Sea, b) Land (or b) shore), c) Air", "b")
    assert [option.text for option in reading.options] == ["Sea", "Land (or b) shore)", "Air"]
    assert reading.problem == ""


def test_a_caption_without_category_is_a_caption() -> None:
    assert of("captioning", None, "Tell.", "A view.").task == Task("captioning", "None")


@pytest.mark.parametrize("answer", ["yes", "Yes", " YES\n"])
def test_case_and_blanks_around_an_answer_do_not_matter(answer: str) -> None:
    assert of("binary", "area", "Is it?", answer).yes is True
    assert of("mcq", "area", CHOICES, " D\t").letter == "d"


MALFORMED = [
    ("task", "binary", "colour", "Is it red?", "yes"),
    ("task", "poem", "None", "Sing.", "La."),
    ("task", "binary", None, "Is it red?", "yes"),
    ("input", "binary", "area", None, "yes"),
    ("input", "captioning", "None", " \n", "A view."),
    ("output", "binary", "area", "Is it?", None),
    ("output", "captioning", "None", "Tell.", "\t"),
    ("answer", "binary", "area", "Is it?", "perhaps"),
    ("answer", "binary", "area", "Is it?", "a"),
    ("options", "mcq", "area", "Which? Sea, land, air, ice", "a"),
    ("options", "mcq", "area", "Which? a) Sea", "a"),
    ("options", "mcq", "area", "Which? a) Sea, c) Land, b) Air, d) Ice", "a"),
    ("options", "mcq", "area", "Which? a) Sea, b) Land, d) Ice", "d"),
    ("options", "mcq", "area", "Which? a) Sea, b) Land, b) Air, c) Ice", "b"),
    ("options", "mcq", "area", "Which? a) Sea, b) , c) Air, d) Ice", "b"),
    ("options", "mcq", "area", "Which? a) 1, b) 2, c) 3, d) 4, e) 5", "e"),
    ("options", "mcq", "area", "Which? b) Land, c) Air, d) Ice", "b"),
    ("options", "mcq", "area", "Which? A) Sea, B) Land, C) Air, D) Ice", "a"),
    ("letter", "mcq", "area", CHOICES, "e"),
    ("letter", "mcq", "area", CHOICES, "ab"),
    ("letter", "mcq", "area", CHOICES, "Marine waters"),
    ("letter", "mcq", "area", "Which? a) Sea, b) Land", "c"),
    ("output", "mcq", "area", CHOICES, ""),
    ("point", "bounding box", "point", "Where?", "[0.0 0.0, 1.0 1.0]"),
    ("point", "bounding box", "point", "At <point>(0.5, 0.5)?", "[0.0 0.0, 1.0 1.0]"),
    ("point", "bounding box", "point", "At <point>(0.5, 1.5)</point>?", "[0.0 0.0, 1.0 1.0]"),
    ("point", "bounding box", "point", "At <point>(0.5 0.5)</point>?", "[0.0 0.0, 1.0 1.0]"),
    ("point", "bounding box", "point", "<point>(0, 0)</point><point>(1, 1)</point>", "[0.0 0.0, 1.0 1.0]"),
    ("point", "bounding box", "point", "<point><point>(0, 0)</point></point>", "[0.0 0.0, 1.0 1.0]"),
    ("reference", "bounding box", "reference", "At <point>(0.5, 0.5)</point>?", "[0.0 0.0, 1.0 1.0]"),
    ("reference", "bounding box", "reference", "The <ref>sea.", "[0.0 0.0, 1.0 1.0]"),
    ("reference", "bounding box", "reference", "The <ref> </ref>.", "[0.0 0.0, 1.0 1.0]"),
    ("reference", "bounding box", "reference", "The </ref>sea<ref>.", "[0.0 0.0, 1.0 1.0]"),
    ("reference", "bounding box", "reference", "The <ref>a <ref>b</ref></ref>", "[0.0 0.0, 1.0 1.0]"),
    ("reference", "bounding box", "reference", "The <ref><b>sea</b></ref>", "[0.0 0.0, 1.0 1.0]"),
    ("output", "bounding box", "reference", "The <ref>sea</ref>", " "),
    ("box", "bounding box", "reference", "The <ref>sea</ref>", "yes"),
    ("box", "bounding box", "reference", "The <ref>sea</ref>", "[0.1 0.2, 0.3]"),
    ("box", "bounding box", "reference", "The <ref>sea</ref>", "[0.1, 0.2, 0.3, 0.4]"),
    ("box", "bounding box", "reference", "The <ref>sea</ref>", "[0.1 0.2; 0.3 0.4]"),
    ("box", "bounding box", "reference", "The <ref>sea</ref>", "[nan 0.2, 0.3 0.4]"),
    ("box", "bounding box", "reference", "The <ref>sea</ref>", "[1e-2 0.2, 0.3 0.4]"),
    ("box", "bounding box", "reference", "The <ref>sea</ref>", "[0.1 0.2, 0.3 0.4], [0.1 0.2, 0.3 0.4]"),
    ("box", "bounding box", "reference", "The <ref>sea</ref>", "[\u0660 0.2, 0.3 0.4]"),
    ("box bounds", "bounding box", "reference", "The <ref>sea</ref>", "[0.1 0.2, 0.3 1.01]"),
    ("box bounds", "bounding box", "reference", "The <ref>sea</ref>", "[-0.1 0.2, 0.3 0.4]"),
    ("box bounds", "bounding box", "reference", "The <ref>sea</ref>", "[12 20, 60 118]"),
    ("box order", "bounding box", "reference", "The <ref>sea</ref>", "[0.5 0.2, 0.3 0.4]"),
    ("box order", "bounding box", "reference", "The <ref>sea</ref>", "[0.1 0.5, 0.3 0.4]"),
]


@pytest.mark.parametrize(("code", "kind", "category", "given", "output"), MALFORMED)
def test_a_broken_row_keeps_its_text_and_says_what_is_wrong(
    code: str, kind: str, category: str | None, given: str | None, output: str | None
) -> None:
    reading = of(kind, category, given, output)
    assert reading.problem == PROBLEMS[code]
    assert reading.answer.strip() == (output or "").strip()
    assert code.startswith("box") <= (reading.box is None)


def test_what_a_broken_row_still_says_is_given() -> None:
    wrong_letter = of("mcq", "area", CHOICES, "e")
    assert (len(wrong_letter.options), wrong_letter.letter, wrong_letter.answer) == (4, None, "e")
    no_point = of("bounding box", "point", "Where?", "[0.0 0.0, 1.0 0.5]")
    assert (no_point.box, no_point.point) == (Box(0, 0, 1, 0.5), None)
    no_box = of("bounding box", "point", "At <point>(0.5, 0.25)</point>", "none")
    assert (no_box.box, no_box.point) == (None, Point(0.5, 0.25))


def test_a_box_of_one_column_is_a_box() -> None:
    assert of("bounding box", "reference", "<ref>sea</ref>", " [ 0.1 0.2 ,0.1  1 ] ").box == Box(0.1, 0.2, 0.1, 1)


def test_markup_of_other_kinds_stays_text() -> None:
    assert of("binary", "presence", "Is <b>sea</b> & <ref>land</ref>?", "yes").question == "Is <b>sea</b> & land?"


@pytest.mark.parametrize("piece", ["<ref>", "<point>(0.1, ", " a) ", ", b) ", "[0.1 ", "0", " ", "fall ", "é", "the "])
def test_long_texts_take_linear_time(piece: str) -> None:
    text = piece * (LONG // len(piece))
    began = time.perf_counter()
    for task in (Task("mcq", "area"), Task("bounding box", "point"), TASKS[5], Task("captioning", "None")):
        of(task.type, task.category, text, text, season="Fall", country=text)
    assert time.perf_counter() - began < 3  # what is quadratic would take minutes


texts = st.text(st.characters(exclude_characters="<>()"), max_size=40).map(str.strip).filter(bool)
parts = st.lists(texts, min_size=2, max_size=4)


@given(question=texts, parts=parts, data=st.data())
def test_written_choices_are_read_back(question: str, parts: list[str], data: st.DataObject) -> None:
    written = ", ".join(f"{letter}) {part}" for letter, part in zip("abcd", parts, strict=False))
    letter = data.draw(st.sampled_from("abcd"[: len(parts)]))
    reading = of("mcq", "presence", f"{question} {written}", letter)
    assert (reading.question, reading.problem) == (question, "")
    assert [option.text for option in reading.options] == parts
    assert reading.answer == f"{letter}) {parts['abcd'.index(letter)]}"


fractions = st.floats(0, 1).map(lambda number: round(number, 2))


@given(left=fractions, top=fractions, right=fractions, bottom=fractions)
def test_written_boxes_are_read_back(left: float, top: float, right: float, bottom: float) -> None:
    (left, right), (top, bottom) = sorted((left, right)), sorted((top, bottom))
    question = f"Frame <point>({left}, {bottom})</point>."
    reading = of("bounding box", "point", question, f"[{left} {top}, {right} {bottom}]")
    assert (reading.box, reading.point) == (Box(left, top, right, bottom), Point(left, bottom))
    assert (reading.problem, reading.question) == ("", f"Frame ({left}, {bottom}).")


values = st.text() | st.none() | st.integers() | st.binary() | st.floats() | st.sampled_from(sorted(PROBLEMS))


@given(st.dictionaries(st.sampled_from(sorted(row(1))) | st.text(), values), st.sampled_from(TASKS) | st.none())
def test_nothing_raises(given_row: dict[str, object], task: Task | None) -> None:
    if task:
        given_row |= {"type": task.type, "category": task.category}
    reading = read_row(given_row)
    assert reading.problem in {"", *PROBLEMS.values()}
    assert reading.task == task or task is None
