"""How many rows of each task each patch has: every published total holds, of rows per type, category and split.

Published: rows per type and per category, rows per split, rows of the bench split per type, and one to 67 annotations
per patch with a median of 21. Presence, area and count ask two yes/no questions for each with options; adjacency takes
what is left, which leaves no choice for the totals of the fifteen tasks. Who gets how many is drawn: patches of many
classes get more boxes and neighbours to ask about.
"""

import numpy as np
from numpy.typing import NDArray

from benchmarks.annotation_patches import SPLITS, Patches
from data_access.tasks import TASKS

CATEGORIES = {
    "presence": 1_391_053,
    "area": 1_390_845,
    "count": 1_390_730,
    "adjacency": 1_222_128,
    "point": 1_143_883,
    "reference": 1_061_803,
    "season": 463_662,
    "climate zone": 463_637,
    "country": 463_274,
    "relative pos": 99_015,
    "None": 463_932,
}
TYPES = {"binary": 3_625_160, "bounding box": 2_205_686, "captioning": 463_932, "mcq": 3_259_184}
BENCH_TYPES = {"binary": 6_927, "bounding box": 1_582, "captioning": 970, "mcq": 5_550}
SPLIT_ROWS = {"train": 4_674_281, "validation": 2_454_690, "test": 2_409_962, "bench": 15_029}
ROWS = sum(SPLIT_ROWS.values())
MOST, MEDIAN = 67, 21  # annotations of a patch

_TWO_THIRDS = ("presence", "area", "count")  # of their rows are yes/no questions
_SPARSE = 0.0008  # share of patches of which hardly anything is asked
_RICH = 0.0002  # share of patches of which several times as much is asked: they make the long tail up to 67


def task_totals() -> dict[tuple[str, str], int]:
    """Rows per type and category, in the order of the known tasks."""
    binary = {name: round(CATEGORIES[name] * 2 / 3) for name in _TWO_THIRDS}
    binary["adjacency"] = TYPES["binary"] - sum(binary.values())
    return {
        (task.type, task.category): binary[task.category]
        if task.type == "binary"
        else CATEGORIES[task.category] - binary.get(task.category, 0)
        for task in TASKS
    }


def counts_per_patch(patches: Patches, rng: np.random.Generator) -> NDArray[np.int64]:
    """Rows per patch and task, int64 (patches, 15); sums over patches meet every published total."""
    split = np.array(patches.columns["split"].to_pylist())
    totals = _totals_per_split()
    weights = _weights(patches, rng)
    counts = np.zeros(weights.shape, np.int64)
    for column, name in enumerate(SPLITS):
        rows = rng.permutation(np.flatnonzero(split == name))
        for task in range(len(TASKS)):
            counts[rows, task] = _spread(weights[rows, task], int(totals[task, column]))
        _even_out(counts, rows)
    return counts


def _totals_per_split() -> NDArray[np.int64]:
    """Rows per task and split, int64 (15, 4): whole numbers that meet the totals of tasks and of splits."""
    tasks = np.array(list(task_totals().values()))
    types = [task.type for task in TASKS]
    bench = np.zeros(len(TASKS), np.int64)
    for name, total in BENCH_TYPES.items():
        of_type = np.flatnonzero([kind == name for kind in types])
        bench[of_type] = _spread(tasks[of_type].astype(float), total)
    left = tasks - bench
    others = np.array([SPLIT_ROWS[name] for name in SPLITS if name != "bench"])
    # Every task's total is spread over the splits; carrying the rounding along keeps both sums.
    running = np.floor(np.outer(np.cumsum(left), np.cumsum(others)) / others.sum()).astype(np.int64)
    running = np.pad(running, ((1, 0), (1, 0)))
    spread = np.diff(np.diff(running, axis=0), axis=1)
    return np.column_stack([spread, bench])  # SPLITS names bench last


def _weights(patches: Patches, rng: np.random.Generator) -> NDArray[np.float64]:
    """What share of a task's rows a patch draws, float64 (patches, 15), on any scale."""
    classes = np.array([len(numbers) for numbers in patches.classes], float)
    borders = (classes - 1) ** 1.1
    boxes = np.where(classes == 1, 0.35, (classes + 1) ** 0.5 * rng.lognormal(0, 0.2, len(classes)))
    rich = rng.random(len(classes)) < _RICH
    borders[rich], boxes[rich] = borders[rich] * 3 + 1, boxes[rich] * 6
    plain = np.ones(len(classes))
    of_category = {"adjacency": borders, "relative pos": borders, "point": boxes, "reference": boxes}
    weights = np.column_stack([of_category.get(task.category, plain) for task in TASKS])
    weights[rng.random(len(classes)) < _SPARSE] *= 0.05
    return weights


def _spread(weights: NDArray[np.float64], total: int) -> NDArray[np.int64]:
    """Whole numbers in proportion to the weights, each at most one beside its share, whose sum is `total`."""
    edges = np.floor(np.cumsum(weights) * (total / weights.sum()) + 1e-6).astype(np.int64)
    edges[-1] = total
    return np.asarray(np.diff(edges, prepend=0), np.int64)


def _even_out(counts: NDArray[np.int64], rows: NDArray[np.int64]) -> None:
    """Hand rows over within a split and task until every patch has one to `MOST` of them."""
    takers = iter(rows[np.argsort(counts[rows].sum(axis=1), kind="stable")])
    for giver in rows[counts[rows].sum(axis=1) > MOST]:
        while counts[giver].sum() > MOST:
            task = int(np.argmax(counts[giver]))
            counts[giver, task] -= 1
            counts[next(takers), task] += 1
    for taker in rows[counts[rows].sum(axis=1) == 0]:
        giver = rows[np.argmax(counts[rows].sum(axis=1))]
        task = int(np.argmax(counts[giver]))
        counts[giver, task] -= 1
        counts[taker, task] += 1
