"""What filters and charts need of every annotation, one number per row, in the order of the IDs."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from data_access.annotations.row_filter import ANSWERS

NO_PATCH = -1  # of a row that names no patch
FOREIGN_TASK = 255  # of a row whose type and category are none of the fifteen tasks
NO_ANSWER = 0  # of a row that is no question, or whose answer can not be read
ANSWER_CODES = {answer: code for code, answer in enumerate(ANSWERS, start=1)}
NO_BOX = 255  # all four numbers of a row without a box
NO_BOXES = 0xFFFFFFFF  # the same as one number
BLOCK = 1 << 18  # rows that are worked on while they are in the processor's cache; a multiple of 64, as masks need it
STEPS = 100  # of a box's coordinates between 0 and 1: the published file writes hundredths


@dataclass(frozen=True)
class RowArrays:
    """The rows as arrays of the same length, memory-mapped where they are kept; never to be written to."""

    patch: np.ndarray  # (n,) int32: number of the patch in `patches`, or NO_PATCH
    task: np.ndarray  # (n,) uint8: number of the task in `tasks.TASKS`, or FOREIGN_TASK
    answer: np.ndarray  # (n,) uint8: see ANSWER_CODES, or NO_ANSWER
    box: np.ndarray  # (n, 4) uint8: left, top, right, bottom in hundredths of the edge, or NO_BOX
    malformed: np.ndarray  # (n,) bool: whether the row can not be read as its task demands
    patches: pa.Table  # one row per patch, by id: id, split, country, season, climate_zone, n_annotations, ...

    def __len__(self) -> int:
        return len(self.patch)
