"""Rows that charts are tested with, and what a filter leaves of them by pandas."""

from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa

from data_access.annotations.annotation_file import open_annotation_file
from data_access.annotations.annotations import Annotations
from data_access.annotations.row_filter import RowFilter
from data_access.annotations.rows import AnnotationRows
from data_access.catalog import build_catalog
from data_access.tasks import TASKS
from tests.data_access.annotations.annotation_rows import row, write_rows

ROWS, PATCHES = 700, 31
COUNTRIES, SEASONS = ("Austria", "Finland", "Kosovo"), ("Summer", "Fall")
SPLITS = ("train", "validation", "test", "bench")
WORDS = (
    "arable",
    "land",
    "broad-leaved",
    "forest",
    "island",
    "water",
    "dunes",
    "the",
    "Austrian",
    "summer",
    "12",
    "sqm",
)


def made_rows(seed: int = 1) -> list[dict[str, object]]:
    """Rows of all tasks and of a foreign one, of patches with many rows and few, and of none; some can not be read."""
    rng = np.random.default_rng(seed)
    return [_made(rng, number) for number in range(1, ROWS + 1)]


def _made(rng: np.random.Generator, number: int) -> dict[str, object]:
    patch = int(PATCHES * rng.random() ** 2)  # few patches with many rows
    task = TASKS[int(rng.integers(len(TASKS)))]
    left, top = rng.integers(0, 70, 2)
    right, bottom = left + rng.integers(0, 100 - left + 1), top + rng.integers(0, 100 - top + 1)
    outputs = {
        "binary": str(rng.choice(("yes", "yes", "no", "perhaps"))),
        "mcq": str(rng.choice(("a", "b", "c", "d", "e"))),
        "bounding box": f"[{left / 100} {top / 100}, {right / 100} {bottom / 100}]" if number % 9 else "[everywhere]",
        "captioning": " ".join(rng.choice(WORDS, 6)) + ".",
    }
    questions = {
        "mcq": "Which one? a) Water, b) Beaches, dunes, sands, c) Peat, d) Sea",
        "bounding box": "Where is <point>(0.2, 0.3)</point>?"
        if task.category == "point"
        else "Where is <ref>land</ref>?",
    }
    return row(
        number,
        f"S2A_MSIL2A_20170613T101031_N9999_R022_T33UUP_{patch:02d}_57" if number % 41 else None,
        type=task.type if number % 53 else "riddle",
        category=task.category,
        input=questions.get(task.type, "Is there any arable land?"),
        output=outputs[task.type],
        country=COUNTRIES[patch % 3],
        season=SEASONS[patch % 2],
        split=SPLITS[patch % 4],
        climate_zone="Cold, no dry season, warm summer",
    )


def opened_rows(folder: Path, rows: list[dict[str, object]]) -> AnnotationRows:
    """The rows of a file with these."""
    path = folder / "a.parquet"
    file = open_annotation_file(path if path.exists() else write_rows(path, rows))  # the same revision, if it is there
    annotations = Annotations(file, folder / "tables")
    patches = annotations.patches()
    catalog = build_catalog(patches.append_column("source", pa.array(["bigearthnet"] * len(patches))))
    return AnnotationRows(annotations.rows(), catalog)


def framed(rows: list[dict[str, object]]) -> pd.DataFrame:
    """The rows of known tasks, with `answer`, a box in hundredths and `per_patch`."""
    frame = pd.DataFrame(rows)
    frame["per_patch"] = frame.groupby("patch_id")["ID"].transform("count")
    known = [(task.type, task.category) for task in TASKS]
    frame = frame[[pair in known for pair in zip(frame["type"], frame["category"], strict=True)]]
    frame.loc[frame["patch_id"].isna(), ["country", "season", "split"]] = "unknown"  # what a patch would tell
    answers = {"binary": ("yes", "no"), "mcq": ("a", "b", "c", "d")}
    frame["answer"] = [
        output if output in answers.get(kind, ()) else ""
        for kind, output in zip(frame["type"], frame["output"], strict=True)
    ]
    numbers = (
        frame["output"].where(frame["type"] == "bounding box").str.extract(r"\[([\d.]+) ([\d.]+), ([\d.]+) ([\d.]+)\]")
    )
    frame[["left", "top", "right", "bottom"]] = (numbers.astype(float) * 100).round()
    return frame


def left_of(frame: pd.DataFrame, wanted: RowFilter) -> pd.DataFrame:
    """What a filter leaves: choices, words, answers, a point in the box, its size, annotations per patch."""
    for name in ("type", "category", "split", "season", "country"):
        if values := getattr(wanted.samples, name):
            frame = frame[frame[name].isin(values)]
    for word in wanted.samples.words:
        texts = (frame["input"] + "\n" + frame["output"]).str.lower()
        frame = frame[texts.str.contains(word.lower(), regex=False)]
    if wanted.answers:
        frame = frame[frame["answer"].isin(wanted.answers)]
    if wanted.box_at:
        x, y = (100 * each for each in wanted.box_at)
        frame = frame[(frame["left"] <= x) & (x <= frame["right"]) & (frame["top"] <= y) & (y <= frame["bottom"])]
    if wanted.box_size:
        narrowest, widest, lowest, highest = (round(100 * each) for each in wanted.box_size)
        wide, high = frame["right"] - frame["left"], frame["bottom"] - frame["top"]
        frame = frame[wide.between(narrowest, widest) & high.between(lowest, highest)]
    if wanted.per_patch:
        frame = frame[frame["per_patch"].between(*wanted.per_patch)]
    return frame
