"""Numbers to look at: what charts show of the rows that a filter leaves.

Each ignores its own restriction, as the counts beside filters do: what could be chosen instead stays visible.
"""

from data_access.annotations.charts.box_counts import CELLS, SIZE_EDGES, BoxHeat, box_heat, cell_of, centre_of, size_of
from data_access.annotations.charts.patch_counts import per_patch
from data_access.annotations.charts.task_counts import SPLITS, TaskCube, task_cube, tasks
from data_access.annotations.charts.word_counts import KINDS, GroupKind, WordCounts, word_counts, words
from data_access.annotations.charts.word_index import WordIndex
from data_access.annotations.charts.word_keeping import hidden_words, word_index_soon

__all__ = [
    "CELLS",
    "KINDS",
    "SIZE_EDGES",
    "SPLITS",
    "BoxHeat",
    "GroupKind",
    "TaskCube",
    "WordCounts",
    "WordIndex",
    "box_heat",
    "cell_of",
    "centre_of",
    "hidden_words",
    "per_patch",
    "size_of",
    "task_cube",
    "tasks",
    "word_counts",
    "word_index_soon",
    "words",
]
