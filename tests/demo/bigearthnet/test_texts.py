"""Every row of the demo's BigEarthNet.txt, answered again from the stored map by other code."""

import json
import re
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from data_access.bigearthnet.classes import CLASSES
from data_access.bigearthnet.patch_grid import place_of
from data_access.tasks import TASKS
from demo.bigearthnet.tables import TEXT_SCHEMA
from demo.manifest import MANIFEST_FILE, Recipe, write_manifest
from tests.demo.bigearthnet.conftest import Collection
from tests.demo.bigearthnet.text_oracle import (
    BOX,
    PATCH_M2,
    Truth,
    binary,
    box,
    classes_in,
    right_options,
    split_options,
)

LAND = {
    "artificial surfaces": CLASSES[:2],
    "agricultural areas": CLASSES[2:8],
    "forest and seminatural areas": CLASSES[8:15],
    "wetlands": CLASSES[15:17],
    "water bodies": CLASSES[17:],
}
WORDS = dict(enumerate(("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")))


@pytest.fixture(scope="session")
def truths(collection: Collection) -> dict[str, Truth]:
    known: dict[bytes, Truth] = {}  # two dates of a cell share one map
    found = {}
    for patch_id in {row["patch_id"] for row in collection.rows}:
        codes = collection.codes(patch_id)
        if codes.tobytes() not in known:
            known[codes.tobytes()] = Truth.of(codes)
        found[patch_id] = known[codes.tobytes()]
    return found


def of_type(collection: Collection, kind: str) -> list[dict[str, Any]]:
    return [row for row in collection.rows if row["type"] == kind]


def test_yes_and_no_are_true(collection: Collection, truths: dict[str, Truth]) -> None:
    for row in of_type(collection, "binary"):
        assert row["output"] == binary(row["category"], row["input"], truths[row["patch_id"]]), row


def test_one_option_is_right_and_it_is_the_answer(collection: Collection, truths: dict[str, Truth]) -> None:
    for row in of_type(collection, "mcq"):
        right = right_options(row["category"], row["input"], truths[row["patch_id"]], row)
        assert right == [row["output"]], row
        assert len(set(split_options(row["input"])[1])) == 4, row


def test_boxes_enclose_what_is_asked_for(collection: Collection, truths: dict[str, Truth]) -> None:
    for row in of_type(collection, "bounding box"):
        assert BOX.fullmatch(row["output"]), row
        assert row["output"] == box(row["input"], truths[row["patch_id"]]), row
        assert ("<point>" in row["input"]) == (row["category"] == "point")


def test_planted_mistakes_are_what_the_record_says(collection: Collection, truths: dict[str, Truth]) -> None:
    wrong = [row for row in collection.spoiled if collection.mistakes[row["ID"]] == "wrong answer"]
    assert {row["type"] for row in wrong} == {"binary", "bounding box", "mcq"}
    assert len(wrong) == pytest.approx(len(collection.rows) / 75, rel=0.1)
    for row in wrong:
        truth = truths[row["patch_id"]]
        if row["type"] == "mcq":
            assert row["output"] not in right_options(row["category"], row["input"], truth, row)
            continue
        right = binary(row["category"], row["input"], truth) if row["type"] == "binary" else box(row["input"], truth)
        assert row["output"] != right
    kinds = [what for what in collection.mistakes.values() if what != "wrong answer"]
    assert len(kinds) == len(set(kinds)) >= 12


def test_a_manifest_lists_planted_mistakes(collection: Collection, tmp_path: Path) -> None:
    write_manifest(tmp_path, Recipe(1, {}), {}, collection.mistakes)
    listed = json.loads((tmp_path / MANIFEST_FILE).read_text())["planted_mistakes"]
    assert {int(identifier): what for identifier, what in listed.items()} == collection.mistakes


def test_captions_tell_the_truth(collection: Collection, truths: dict[str, Truth]) -> None:
    for row in of_type(collection, "captioning"):
        text, truth = row["output"], truths[row["patch_id"]]
        assert row["country"] in text
        assert row["season"].lower() in text
        assert f'"{row["climate_zone"].lower()}"' in text
        sentences = re.split(r"(?<=\.) (?=[A-Z])", text)
        assert 1 <= len(sentences) <= 8
        check_areas(text, truth)
        for sentence in sentences:
            check_sentence(sentence, truth)


def check_areas(text: str, truth: Truth) -> None:
    told = set()
    for match in re.finditer(r"\(~([\d,]+) sqm\)", text):
        title = classes_in(text[: match.start()])[-1]
        told.add(title)
        area = truth.area(title)
        assert int(match[1].replace(",", "")) == pytest.approx(area, abs=500), (title, text)
    assert told == set(truth.pieces), text


def check_sentence(sentence: str, truth: Truth) -> None:
    split = re.search(r"split into (\w+) separate areas, of which the largest has ([\d,]+) sqm", sentence)
    if split or "one continuous area" in sentence:
        title = classes_in(sentence)[0]
        count = truth.count(title)
        assert split[1] == WORDS.get(count, str(count)) if split else count == 1
        if split:
            largest = 100 * max(polygon.area for polygon in truth.pieces[title])
            assert int(split[2].replace(",", "")) == pytest.approx(largest, abs=500)
    if " border" in sentence:
        first, *others = classes_in(sentence)
        assert others
        assert all(truth.touch(first, other) for other in others)
    if sentence.startswith("Less than 5%"):
        assert all(truth.area(title) < 0.05 * PATCH_M2 for title in classes_in(sentence))
    for share, name in re.findall(rf"(\d+)% ({'|'.join(LAND)})", sentence.replace("Less than 5%", "")):
        assert int(share) == pytest.approx(sum(map(truth.area, LAND[name])) / PATCH_M2 * 100, abs=0.51)


def test_all_tasks_and_splits_occur(collection: Collection) -> None:
    tasks = Counter((row["type"], row["category"]) for row in collection.rows)
    assert set(tasks) == {(task.type, task.category) for task in TASKS}
    assert min(tasks.values()) >= 20, tasks
    splits = Counter(row["split"] for row in collection.rows)
    assert set(splits) == {"train", "validation", "test", "bench"}
    assert splits["train"] > splits["validation"] > splits["bench"]


def test_answers_are_balanced(collection: Collection) -> None:
    letters = Counter(row["output"] for row in of_type(collection, "mcq"))
    assert set(letters) == set("abcd")
    assert max(letters.values()) < 1.25 * min(letters.values()), letters
    for category in ("adjacency", "area", "count", "presence"):
        answers = Counter(row["output"] for row in of_type(collection, "binary") if row["category"] == category)
        assert 0.3 < answers["yes"] / answers.total() < 0.7, (category, answers)


def test_rows_are_numbered_and_ordered(collection: Collection) -> None:
    everything = sorted([*collection.rows, *collection.spoiled], key=lambda row: row["ID"])
    assert [row["ID"] for row in everything] == list(range(1, len(everything) + 1))
    keys = [(row["patch_id"], row["type"], row["category"]) for row in everything]
    assert keys == sorted(keys)
    assert all(value is not None for row in collection.rows for value in row.values())


def test_no_question_is_asked_twice(collection: Collection) -> None:
    asked = Counter((row["patch_id"], row["input"]) for row in collection.rows)
    assert max(asked.values()) == 1, asked.most_common(3)


def test_rows_agree_with_imagery_and_grid(collection: Collection) -> None:
    metadata = {row["patch_id"]: row for row in collection.metadata}
    for row in collection.rows:
        image = metadata[row["patch_id"]]
        assert (row["s1_name"], row["country"]) == (image["s1_name"], image["country"])
        assert image["split"] == ("test" if row["split"] == "bench" else row["split"])
        place = place_of(row["patch_id"])
        assert place is not None
        assert (row["longitude"], row["latitude"]) == place.centre()
    clouded = {row["patch_id"] for row in collection.metadata if row["contains_cloud_or_shadow"]}
    assert clouded, "one site is meant to be cloudy"
    assert not clouded & {row["patch_id"] for row in collection.rows}, "like the real set, clouded patches have no text"


def test_ground_of_one_split_is_not_in_another(collection: Collection) -> None:
    splits = defaultdict(set)
    for row in collection.metadata:
        splits[row["patch_id"].split("_T")[1]].add(row["split"])
    assert all(len(found) == 1 for found in splits.values())


def test_captions_vary(collection: Collection) -> None:
    outputs = [row["output"] for row in of_type(collection, "captioning")]
    assert len(set(outputs)) > 0.8 * len(outputs)
    assert len({row["input"] for row in of_type(collection, "captioning")}) >= 3


@pytest.mark.real
def test_schema_is_the_published_one(collection: Collection, real_data: Path) -> None:
    real = pq.read_schema(real_data / "bigearthnet_txt" / "bench_rows.parquet")
    mine = pq.read_schema(collection.root / "BigEarthNet.txt.parquet")
    assert [(field.name, field.type) for field in mine] == [(field.name, field.type) for field in real]
    assert mine.equals(TEXT_SCHEMA)


@pytest.mark.real
def test_words_are_our_own(collection: Collection, real_data: Path) -> None:
    real = pq.read_table(real_data / "bigearthnet_txt" / "bench_rows.parquet").to_pylist()
    published = {row["input"] for row in real} | {row["output"] for row in real if row["type"] == "captioning"}
    published |= {split_options(row["input"])[0] for row in real if row["type"] == "mcq"}
    for row in collection.rows:
        question = split_options(row["input"])[0] if row["type"] == "mcq" else row["input"]
        assert question not in published
        assert row["output"] not in published
