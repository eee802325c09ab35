"""The benchmark's BigEarthNet.txt has the published counts, and its rows read as the published ones do."""

from collections import Counter
from pathlib import Path
from random import Random

import numpy as np
import pytest

from benchmarks.annotation_counts import (
    BENCH_TYPES,
    CATEGORIES,
    MEDIAN,
    MOST,
    ROWS,
    SPLIT_ROWS,
    TYPES,
    counts_per_patch,
    task_totals,
)
from benchmarks.annotation_patches import COUNTRIES, PATCHES, SEASONS, SPLITS, real_patches
from benchmarks.annotation_questions import Scene
from benchmarks.annotation_rows import LETTERS, YES_NO, Quota, RowWriter
from data_access.annotations.reading import read_row
from data_access.tasks import TASKS

LAND = (2, 8, 10)  # arable land, broad-leaved forest, mixed forest
SCENES = [
    Scene(
        present, tuple(sorted(set(range(19)) - set(present))), "Portugal", "Fall", "Temperate, dry summer, hot summer"
    )
    for present in (LAND, (18,), tuple(range(11)))
]


def test_totals_agree_with_each_other() -> None:
    assert sum(TYPES.values()) == sum(CATEGORIES.values()) == sum(task_totals().values()) == ROWS == 9_553_962
    assert sum(SPLITS.values()) == sum(COUNTRIES.values()) == sum(SEASONS.values()) == PATCHES == 464_044
    assert sum(BENCH_TYPES.values()) == SPLIT_ROWS["bench"]
    assert sum(YES_NO.values()) == TYPES["binary"]
    assert sum(LETTERS.values()) == TYPES["mcq"]


def test_a_quota_gives_every_answer_as_often_as_it_should() -> None:
    quota = Quota({"yes": 30, "no": 12}, Random(1))  # noqa: S311 - not a secret
    assert Counter(quota.next() for _ in range(42)) == {"yes": 30, "no": 12}
    with pytest.raises(ValueError, match="all answers"):
        quota.next()


@pytest.mark.parametrize("scene", SCENES, ids=["three classes", "one class", "many classes"])
def test_rows_follow_the_grammar(scene: Scene) -> None:
    counts = [40] * len(TASKS)
    for number, (given, output) in enumerate(RowWriter(Random(3)).rows(scene, counts)):  # noqa: S311
        task = TASKS[number // 40]
        row = {"type": task.type, "category": task.category, "input": given, "output": output}
        reading = read_row(row | {name: getattr(scene, name) for name in ("country", "season", "climate_zone")})
        assert not reading.problem, given
        assert len(reading.options) == (4 if task.type == "mcq" else 0), given
        assert len({option.text for option in reading.options}) == len(reading.options), given
        if reading.point and reading.box:
            assert reading.box.left <= reading.point.x <= reading.box.right
            assert reading.box.top <= reading.point.y <= reading.box.bottom
        if task.type == "captioning":
            assert {leak.kind for leak in reading.leaks} == {"country", "season", "climate_zone"}
        if task.category == "season":
            assert reading.answer.endswith(") Autumn")


def test_real_patches_and_their_rows_have_the_published_counts(real_data: Path) -> None:
    patches = real_patches(real_data / "bigearthnet_v2")
    of = {name: np.array(patches.columns[name].to_pylist()) for name in ("country", "season", "split", "patch_id")}
    assert Counter(of["country"]) == COUNTRIES
    assert Counter(of["season"]) == SEASONS
    assert Counter(of["split"]) == SPLITS
    assert list(of["patch_id"]) == sorted(set(of["patch_id"]))
    counts = counts_per_patch(patches, np.random.default_rng(7))
    assert dict(zip(task_totals(), counts.sum(axis=0).tolist(), strict=True)) == task_totals()
    per_patch = counts.sum(axis=1)
    assert (per_patch.min(), np.median(per_patch), per_patch.max()) == (1, MEDIAN, MOST)
    for split, rows in SPLIT_ROWS.items():
        assert per_patch[of["split"] == split].sum() == rows
    for kind, rows in BENCH_TYPES.items():
        assert counts[of["split"] == "bench"][:, [task.type == kind for task in TASKS]].sum() == rows
