"""Annotations per task, split and answer."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from data_access.annotations.charts.counting import blocks, count_selected
from data_access.annotations.charts.remembered import kept, remembered
from data_access.annotations.row_arrays import FOREIGN_TASK
from data_access.annotations.row_filter import ANSWERS, RowFilter
from data_access.annotations.rows import AnnotationRows
from data_access.tasks import TASKS

SPLITS = ("train", "validation", "test", "bench")
# One split more for all that is none of them, one answer more for none.
_SHAPE = (len(TASKS), len(SPLITS) + 1, len(ANSWERS) + 1)
OWN = ("type", "category", "split", "answers")  # what the charts of tasks and answers filter by


@dataclass(frozen=True)
class TaskCube:
    """Annotations whatever their task, split and answer are; each chart adds the restrictions that are not its own.

    Attributes:
        counts: (tasks, splits, 1 + answers) int64; the first of the answers stands for none.
    """

    counts: np.ndarray

    def by_split(self, wanted: RowFilter) -> np.ndarray:
        """Annotations with the wanted answers per task and split, (tasks, splits) int64."""
        answers = [1 + ANSWERS.index(answer) for answer in wanted.answers] or slice(None)
        return np.asarray(self.counts[:, :, answers].sum(axis=2))

    def by_answer(self, wanted: RowFilter) -> np.ndarray:
        """Annotations of the wanted splits per task and answer, (tasks, answers) int64."""
        asked = wanted.samples.split
        splits = [place for place, split in enumerate(SPLITS) if not asked or split in asked]
        return np.asarray(self.counts[:, splits, 1:].sum(axis=1))


def task_cube(rows: AnnotationRows, wanted: RowFilter) -> TaskCube:
    """Count the rows that a filter leaves, `OWN` restrictions aside.

    Rows of foreign tasks, of other splits and without a patch are in no chart; the notes on the files count them.

    Raises:
        FilterError: the text has too many words.
    """
    left = wanted.without(*OWN)
    return remembered(rows, "tasks", left, lambda: TaskCube(_count(rows, left)))


def tasks(rows: AnnotationRows, wanted: RowFilter) -> pa.Table:
    """The same as a table.

    Returns:
        Columns type, category, split, answer (string, empty for none), annotations (int64); no row counts nothing.
    """
    counts = task_cube(rows, wanted).counts
    places = np.nonzero(counts)
    answers = ("", *ANSWERS)
    return pa.table(
        {
            "type": [TASKS[task].type for task in places[0]],
            "category": [TASKS[task].category for task in places[0]],
            "split": [SPLITS[split] for split in places[1]],
            "answer": [answers[answer] for answer in places[2]],
            "annotations": counts[places],
        }
    )


def _count(rows: AnnotationRows, left: RowFilter) -> np.ndarray:
    cells = kept(rows, "task_cells", lambda: _cells(rows))
    counted = count_selected(cells, rows.selected(left), 1 + int(np.prod(_SHAPE)))[1:]
    return counted.reshape(_SHAPE)[:, :-1]


def _cells(rows: AnnotationRows) -> np.ndarray:
    """The place of each row in the cube, counted from 1, (rows,) uint16; 0 for rows of foreign tasks."""
    arrays = rows.arrays
    split = _splits(arrays.patches)
    cells: np.ndarray = np.empty(len(arrays), dtype=np.uint16)
    for part in blocks(len(arrays)):
        task = arrays.task[part].astype(np.uint16)
        place = task * np.uint16(_SHAPE[1]) + split[arrays.patch[part]]  # NO_PATCH is -1: the last one
        place = place * np.uint16(_SHAPE[2]) + arrays.answer[part] + np.uint16(1)
        cells[part] = np.where(task == FOREIGN_TASK, np.uint16(0), place)
    return cells


def _splits(patches: pa.Table) -> np.ndarray:
    """The place of each patch's split in SPLITS, or behind its end, (patches + 1,) uint8."""
    found = pc.index_in(patches["split"].cast(pa.string()), value_set=pa.array(SPLITS))
    places = np.asarray(pc.fill_null(found, len(SPLITS))).astype(np.uint8)
    return np.append(places, np.uint8(len(SPLITS)))
