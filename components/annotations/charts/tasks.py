"""Tasks by split, and how even their answers are."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd

from components.annotations.charts.clicks import choose_answer, choose_task, has_task, leaves_answer, leaves_task
from components.annotations.charts.lanes import LINE, LONGEST, lanes
from components.annotations.charts.look import FIT_WIDTH, QUIET, SMALL, Spec, clickable, draw, tooltip
from components.annotations.charts.numbers import share, short
from components.annotations.conditions import TYPE_TITLES
from data_access.annotations.charts import SPLITS, TaskCube
from data_access.annotations.row_filter import ANSWERS, RowFilter
from data_access.tasks import NO_CATEGORY, TASKS

CHOICES = {"binary": ANSWERS[:2], "mcq": ANSWERS[2:]}  # answers that can be uneven
_ALL = "all"
_LANES = [_ALL, *SPLITS]
_SHORT = {"validation": "val"}
_TASKS_SPEC = lanes(
    [_SHORT.get(lane, lane) for lane in _LANES],
    ("type", "category", "split"),
    tooltip(
        task="Task", where="Split", count="Annotations", of_split="Share of the split", of_task="Share of the task"
    ),
)
BAR = 0.6  # of a line


def draw_tasks(cube: TaskCube, wanted: RowFilter) -> None:
    """Annotations per task and split: bars that filter by both."""
    data = pd.DataFrame(_task_rows(cube.by_split(wanted), wanted))
    alt = "Annotations per task, in all and per split, as bars with their numbers"
    draw(_TASKS_SPEC, data, key="charts_tasks", alt=alt, click=choose_task)


def _task_rows(counts: np.ndarray, wanted: RowFilter) -> Iterator[dict[str, Any]]:
    """A row per line and lane; each type's line stands above those of its categories.

    Args:
        counts: (tasks, splits) int64.
        wanted: the filter, for what is chosen.
    """
    table = np.column_stack([counts.sum(axis=1), counts])
    longest, totals = np.maximum(table.max(axis=0), 1), np.maximum(table.sum(axis=0), 1)
    for kind, title in TYPE_TITLES.items():
        lines = [number for number, task in enumerate(TASKS) if task.type == kind]
        whole = table[lines].sum(axis=0)
        parts = [(title + "/", "", whole)]
        if TASKS[lines[0]].category != NO_CATEGORY:
            parts += [(f"{kind}/{TASKS[line].category}", TASKS[line].category, table[line]) for line in lines]
        for line, category, row in parts:
            for lane, split in enumerate(("", *SPLITS)):
                count = int(row[lane])
                is_sum = not category and len(parts) > 1  # longer than all others would be: its number alone is shown
                yield {
                    "line": line,
                    "lane": lane,
                    "lane_end": lane + 0.97,
                    "tip": lane + (0 if is_sum else LONGEST * count / longest[lane]),
                    "said": short(count),
                    "type": kind,
                    "category": category,
                    "split": split,
                    "task": f"{title}, {category}" if category else title,
                    "where": split or "all splits",
                    "count": f"{count:,}",
                    "of_split": share(count, int(totals[lane])),
                    "of_task": share(count, int(row[0])),
                    "chosen": has_task(wanted, kind, category, split),
                    "dim": not leaves_task(wanted, kind, category, split),
                }


def draw_balance(cube: TaskCube, wanted: RowFilter) -> bool:
    """Shares of the answers of each task: segments that filter by answer and task. False where there is no answer."""
    counts = cube.by_answer(wanted)
    if not counts.any():
        return False
    data = pd.DataFrame(_balance_rows(counts, wanted))
    alt = "Shares of yes and no, and of a, b, c and d, per task, beside lines where they would be even"
    draw(_BALANCE_SPEC, data, key="charts_balance", alt=alt, click=choose_answer)
    return True


def _balance_rows(counts: np.ndarray, wanted: RowFilter) -> Iterator[dict[str, Any]]:
    """A row per segment, per line of balance, and per word above a type.

    Args:
        counts: (tasks, answers) int64.
        wanted: the filter, for what is chosen.
    """
    for kind, answers in CHOICES.items():
        even = 1 / len(answers)
        blank = {"type": kind, "category": "", "answer": ""}
        for place, answer in enumerate(answers):
            yield {**blank, "line": TYPE_TITLES[kind] + "/", "layer": "word", "start": place * even, "said": answer}
        for number, task in enumerate(TASKS):
            if task.type != kind:
                continue
            columns = counts[number, [ANSWERS.index(answer) for answer in answers]]
            total = int(columns.sum())
            line = f"{kind}/{task.category}"
            ends = np.concatenate([[0], np.cumsum(columns)]) / max(total, 1)
            for place, answer in enumerate(answers):
                yield {
                    "line": line,
                    "layer": "segment",
                    "start": ends[place],
                    "end": max(ends[place + 1] - 0.004, ends[place]),  # a gap between segments
                    "answer": answer,
                    "type": kind,
                    "category": task.category,
                    "task": f"{TYPE_TITLES[kind]}, {task.category}",
                    "count": f"{int(columns[place]):,}",
                    "share": share(int(columns[place]), total),
                    "even": share(1, len(answers)),
                    "dim": not leaves_answer(wanted, kind, task.category, answer),
                }
            for place in range(1, len(answers)):
                yield {**blank, "line": line, "layer": "even", "start": place * even}
            yield {**blank, "line": line, "layer": "off", "start": 1.0, "said": _furthest(columns, total)}


def _furthest(columns: np.ndarray, total: int) -> str:
    """How far the share furthest from even is off, in percentage points."""
    return f"±{100 * np.abs(columns / total - 1 / len(columns)).max():.1f}" if total else "none"


def _layer(name: str, mark: Spec, encoding: Spec) -> Spec:
    return {"transform": [{"filter": f"datum.layer == '{name}'"}], "mark": mark, "encoding": encoding}


_START: Spec = {
    "field": "start",
    "type": "quantitative",
    "scale": {"domain": [0, 1.22], "nice": False},
    "axis": {
        "orient": "top",
        "values": [0, 0.25, 0.5, 0.75, 1],
        "format": ".0%",
        "title": None,
        "grid": False,
        "labelFlush": True,
    },
}
# Layers that show different rows would else each add the lines that they meet.
_LINES = [
    line
    for kind in CHOICES
    for line in (TYPE_TITLES[kind] + "/", *(f"{kind}/{task.category}" for task in TASKS if task.type == kind))
]
_LINE = {**_TASKS_SPEC["encoding"]["y"], "scale": {"domain": _LINES}}
_SEGMENT_COLOUR: Spec = {
    "field": "answer",
    "type": "nominal",
    "scale": {"domain": list(ANSWERS), "range": ["primary", "yellow", "primary", "primary", "primary", "primary"]},
    "legend": None,
}
_SEGMENT_OPACITY: Spec = {
    "condition": [
        {"test": "datum.dim", "value": 0.18},
        {"test": "datum.answer == 'b'", "value": 0.72},
        {"test": "datum.answer == 'c'", "value": 0.5},
        {"test": "datum.answer == 'd'", "value": 0.32},
    ],
    "value": 0.95,
}
_TEXT: Spec = {"type": "text", "align": "left", "fontSize": SMALL}
_BALANCE_SPEC: Spec = {
    "height": {"step": LINE},
    "autosize": FIT_WIDTH,
    "encoding": {"y": _LINE},
    "layer": [
        {
            "params": clickable("type", "category", "answer"),
            **_layer(
                "segment",
                {"type": "bar", "height": {"band": BAR}, "cursor": "pointer"},
                {
                    "x": _START,
                    "x2": {"field": "end"},
                    "color": _SEGMENT_COLOUR,
                    "opacity": _SEGMENT_OPACITY,
                    "tooltip": tooltip(
                        task="Task", answer="Answer", count="Annotations", share="Share", even="If they were even"
                    ),
                },
            ),
        },
        _layer("even", {"type": "tick", "thickness": 2, "size": LINE}, {"x": _START, "color": QUIET}),
        _layer("word", {**_TEXT, "fontWeight": 600}, {"x": _START, "text": {"field": "said"}, "color": QUIET}),
        _layer("off", {**_TEXT, "dx": 6}, {"x": _START, "text": {"field": "said"}, "color": QUIET}),
    ],
}
