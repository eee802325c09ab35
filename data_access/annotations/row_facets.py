"""How many annotations have each value of the lists that a page filters by, each ignoring its own restriction.

All conditions but those lists are met by one pass over the rows, which leaves a small cube: rows by kind of patch, task
and answer. Every choice in the lists is then a sum over the cube, so that ticking values never looks at a row.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from data_access.annotations.charts.counting import blocks
from data_access.annotations.charts.remembered import lasting, remembered
from data_access.annotations.row_filter import ANSWERS, RowFilter
from data_access.annotations.rows import AnnotationRows
from data_access.catalog import TableCatalog
from data_access.dataset import FacetValue
from data_access.sample_table import UNKNOWN
from data_access.tasks import TASKS, matching_tasks

PATCH_FIELDS = ("split", "country", "season", "climate_zone")
TASK_FIELDS = ("type", "category")
FACET_FIELDS = (*TASK_FIELDS, "answers", *PATCH_FIELDS)  # as a RowFilter names them
_TASKS, _ANSWERS = len(TASKS) + 1, len(ANSWERS) + 1  # one more for foreign tasks, one for no answer


@dataclass(frozen=True)
class PatchKinds:
    """Patches that no list of `PATCH_FIELDS` tells apart are of one kind.

    Attributes:
        of_patch: (patches + 1,) int32, the kind of each patch; the last one stands for rows that name no patch.
        values: per field the value of each kind; the last kind, of rows that name no patch, has none.
    """

    of_patch: np.ndarray
    values: dict[str, np.ndarray]

    def __len__(self) -> int:
        return len(self.values[PATCH_FIELDS[0]])


def row_facets(rows: AnnotationRows, catalog: TableCatalog, wanted: RowFilter) -> dict[str, list[FacetValue]]:
    """Count the annotations per value of every list.

    Args:
        rows: all annotations.
        catalog: their patches, whose columns the lists of `PATCH_FIELDS` filter.
        wanted: the filter.

    Returns:
        Per name of `FACET_FIELDS` its values, the most frequent first; values of no annotation are left out.

    Raises:
        FilterError: the text has too many words.
    """
    kinds = lasting(rows, "kinds of patches", lambda: _kinds(rows, catalog))
    left = wanted.without(*FACET_FIELDS)
    cube = remembered(rows, "facets", left, lambda: _cube(rows, kinds, left))
    return {field: _facet(cube, kinds, wanted.without(field), field) for field in FACET_FIELDS}


def _kinds(rows: AnnotationRows, catalog: TableCatalog) -> PatchKinds:
    ids = rows.arrays.patches["id"].combine_chunks()
    table = catalog.take(np.arange(catalog.total), ["id", *PATCH_FIELDS])
    places = pc.index_in(ids, value_set=table["id"].combine_chunks())
    code = np.zeros(len(ids), dtype=np.int64)
    names: dict[str, tuple[np.ndarray, int]] = {}  # the values of a field, and the step of its digit in the code
    step = 1
    for field in PATCH_FIELDS:
        column = table[field].take(places) if field in table.column_names else pa.nulls(len(ids), pa.string())
        encoded = pc.dictionary_encode(pc.fill_null(column.cast(pa.string()), UNKNOWN))
        encoded = encoded.combine_chunks() if isinstance(encoded, pa.ChunkedArray) else encoded
        code += np.asarray(encoded.indices).astype(np.int64) * step
        names[field] = (np.asarray(encoded.dictionary.to_pylist() or [UNKNOWN], dtype=object), step)
        step *= len(names[field][0])
    found, of_patch = np.unique(code, return_inverse=True)
    values = {
        field: np.array([*known[found // at % len(known)], None], dtype=object) for field, (known, at) in names.items()
    }
    return PatchKinds(np.append(of_patch, len(found)).astype(np.int32), values)


def _cube(rows: AnnotationRows, kinds: PatchKinds, left: RowFilter) -> np.ndarray:
    """Rows that a filter leaves, (kinds, tasks + 1, answers + 1) int64; the first answer stands for none."""
    arrays, selected = rows.arrays, rows.selected(left)
    size = len(kinds) * _TASKS * _ANSWERS
    counted: np.ndarray = np.zeros(size, dtype=np.int64)
    for part in blocks(len(selected)):
        chosen = selected[part]
        task = np.minimum(arrays.task[part][chosen], len(TASKS)).astype(np.int32)  # foreign ones are the last
        cells = kinds.of_patch[arrays.patch[part][chosen]] * _TASKS + task  # NO_PATCH is -1: the last kind
        counted += np.bincount(cells * _ANSWERS + arrays.answer[part][chosen], minlength=size)
    return counted.reshape(len(kinds), _TASKS, _ANSWERS)


def _facet(cube: np.ndarray, kinds: PatchKinds, left: RowFilter, field: str) -> list[FacetValue]:
    """One list, where `left` is the filter without its restriction."""
    of_kinds, of_tasks, of_answers = _of_kinds(kinds, left), _of_tasks(left), _of_answers(left)
    names: Iterable[str | None]
    if field == "answers":
        names, counts = (None, *ANSWERS), cube[of_kinds][:, of_tasks].sum(axis=(0, 1))
    elif field in TASK_FIELDS:
        names = (*(getattr(task, field) for task in TASKS), None)
        counts = cube[of_kinds][:, :, of_answers].sum(axis=(0, 2)) * of_tasks
    else:
        names, counts = kinds.values[field], cube[:, of_tasks][:, :, of_answers].sum(axis=(1, 2)) * of_kinds
    added: dict[str, int] = {}
    for name, count in zip(names, counts, strict=True):
        if name is not None and count:
            added[name] = added.get(name, 0) + int(count)
    return sorted((FacetValue(*each) for each in added.items()), key=lambda each: (-each.count, each.value))


def _of_kinds(kinds: PatchKinds, left: RowFilter) -> np.ndarray:
    found: np.ndarray = np.ones(len(kinds), dtype=np.bool_)
    for name in PATCH_FIELDS:
        if allowed := getattr(left.samples, name):
            found &= np.isin(kinds.values[name], list(allowed))
    return found


def _of_tasks(left: RowFilter) -> np.ndarray:
    samples = left.samples
    matching = matching_tasks(samples.type, samples.category)
    # Rows of foreign tasks are found where no task is asked for, and only there.
    return np.array([*(task in matching for task in TASKS), not (samples.type or samples.category)])


def _of_answers(left: RowFilter) -> np.ndarray:
    return np.array([not left.answers, *(not left.answers or answer in left.answers for answer in ANSWERS)])
