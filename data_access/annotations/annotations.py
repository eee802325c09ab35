"""The annotations of BigEarthNet.txt, asked straight from the Parquet through DuckDB: nine million rows stay on disk.

The rows of a patch come from the file itself, value for value: the file is ordered by patch, so row-group statistics
leave one group of 78 to read. One row per patch, with its counts per task, is built once and kept.
"""

from collections.abc import Sequence
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from data_access.annotations.annotation_file import COLUMNS, AnnotationFile
from data_access.annotations.row_arrays import FOREIGN_TASK, NO_PATCH
from data_access.annotations.row_files import PREPARING
from data_access.annotations.row_store import RowStore
from data_access.annotations.task_sql import TASK_NUMBER
from data_access.background import MadeOnce
from data_access.kept_tables import hold_as_it_is, kept_table
from data_access.progress import activities
from data_access.tasks import TASK_COLUMNS, TASKS
from errors import PreparingError, SchemaError, SourceMissingError

TABLE_VERSION = 4  # part of the kept tables' folder: raise it when their columns change
MEMORY_LIMIT = "2GB"  # of DuckDB; building the tables of the published file takes about half
LONGEST_ID = 200  # characters; patch ids have 50
PATIENCE_S = 5.0  # of a search, from the beginning of the preparation: a few hundred thousand rows take a second

# The column says Fall where its own questions say Autumn; filters know one word.
_SEASON = "CASE WHEN lower(season) = 'autumn' THEN 'Fall' ELSE season END"
# One row that lacks a value, or lies off the globe, says nothing of its patch as long as another does.
_PATCHES_SQL = f"""
WITH numbered AS (SELECT *, {TASK_NUMBER} AS task FROM read_parquet(?) WHERE patch_id IS NOT NULL)
SELECT patch_id AS id, min(nullif(trim(s1_name), '')) AS s1_name, min(nullif(trim(split), '')) AS split,
    min(longitude) FILTER (abs(longitude) <= 180)::DOUBLE AS lon,
    min(latitude) FILTER (abs(latitude) <= 90)::DOUBLE AS lat,
    min(nullif(trim(country), '')) AS country, min(nullif(trim({_SEASON}), '')) AS season,
    min(nullif(trim(climate_zone), '')) AS climate_zone,
    count(*) AS n_annotations,
    {", ".join(f"count(*) FILTER (task = {number}) AS {column}" for number, column in enumerate(TASK_COLUMNS))}
FROM numbered GROUP BY patch_id ORDER BY patch_id
"""
_ROWS_SQL = f"""
SELECT {", ".join(f'"{column}"' for column in COLUMNS)} FROM read_parquet(?) WHERE patch_id = ? ORDER BY "ID"
"""


class Annotations:
    """One annotation file with its kept tables; safe to use from many threads at once."""

    def __init__(self, file: AnnotationFile, tables_dir: Path) -> None:
        """Build what is not kept yet below `tables_dir`.

        Raises:
            SampleFormatError: the file's bytes are damaged.
        """
        self.file = file
        self._hold = hold_as_it_is(file.path)  # rows are read from it at every request, and it may be a download
        self._folder = folder = tables_dir / f"bigearthnet-txt-{file.revision}-{TABLE_VERSION}"
        self._connection = duckdb.connect(
            config={
                "memory_limit": MEMORY_LIMIT,
                "preserve_insertion_order": "false",  # rows are sorted where order matters; this saves memory
                "autoinstall_known_extensions": "false",
                "autoload_known_extensions": "false",
            }
        )
        self._rows = MadeOnce("patchwork-annotation-rows", self._open_rows)
        self._kept = folder / "patches.parquet"
        patches = self.patches()
        self._ids = patches["id"].combine_chunks()  # the rest is soon part of the catalogue
        self.notes = _notes(file, patches)

    def patches(self) -> pa.Table:
        """One row per patch, sorted by id, from the kept table.

        Returns:
            Columns id, s1_name, split, country, season, climate_zone (string), lon, lat (float64 degrees, null where
            none is on the globe), n_annotations and a count per task (the smallest unsigned integers that hold them).

        Raises:
            SampleFormatError: the annotation file's bytes are damaged.
        """
        return kept_table(self._kept, self._build_patches)

    def of(self, patch_id: str) -> list[dict[str, object]]:
        """The annotations of one patch in the order of their IDs, each with the thirteen columns as stored.

        A patch without annotations gives an empty list.

        Raises:
            SampleFormatError: the file's bytes are damaged where the rows lie.
        """
        if len(patch_id) > LONGEST_ID or "\x00" in patch_id:
            return []
        try:
            rows = self._connection.cursor().execute(_ROWS_SQL, [self.file.pattern, patch_id]).fetchall()
        except duckdb.Error as error:
            raise self.file.damaged() from error
        return [dict(zip(COLUMNS, row, strict=True)) for row in rows]

    def search(self, words: Sequence[str]) -> pa.Table:
        """Annotations whose input and output together hold all `words`, ignoring case, counted per patch and task.

        Returns:
            Columns id, type, category (dictionaries of strings) and annotations (int64); one row per patch and task
            with a match, in any order. Rows of other than the fifteen tasks are not searched.

        Raises:
            FilterError: too many words.
            PreparingError: the rows are still being prepared, which takes minutes for millions of them.
            SampleFormatError: the file's bytes are damaged.
            SourceMissingError, CatalogueDamagedError: see `rows`, `RowStore.search`.
        """
        prepared = self._rows.soon(PATIENCE_S)
        if not prepared.done():
            raise _preparing()
        store = prepared.result()
        arrays = store.arrays
        rows = store.search(words).places(0, len(arrays))
        patches, tasks = arrays.patch[rows], arrays.task[rows]
        known = (patches != NO_PATCH) & (tasks != FOREIGN_TASK)
        counts = np.bincount(patches[known].astype(np.int64) * len(TASKS) + tasks[known])
        cells = np.flatnonzero(counts)
        found, of_task = (
            pa.array((cells // len(TASKS)).astype(np.int32)),
            pa.array((cells % len(TASKS)).astype(np.int8)),
        )
        return pa.table(
            {
                # Dictionaries that stay the same from search to search: nobody hashes millions of ids.
                "id": pa.DictionaryArray.from_arrays(found, self._ids),
                "type": pa.DictionaryArray.from_arrays(of_task, [task.type for task in TASKS]),
                "category": pa.DictionaryArray.from_arrays(of_task, [task.category for task in TASKS]),
                "annotations": counts[cells],
            }
        )

    def rows(self) -> RowStore:
        """The rows in the order of their IDs; waits for what is not kept yet to be built, with progress.

        Raises:
            SampleFormatError: the annotation file's bytes are damaged.
            SchemaError: an ID is larger than any integer with a sign.
            SourceMissingError: what is built can be written nowhere.
        """
        return self._rows.begin().result()

    def _open_rows(self) -> RowStore:
        try:
            return RowStore(self.file, self.patches(), self._folder / "rows")
        except duckdb.Error as error:
            raise self.file.damaged() from error
        except pa.ArrowInvalid as error:
            raise SchemaError(
                f"Column 'ID' of {self.file.path.name!r} holds numbers beyond 2**63 - 1: number its rows anew."
            ) from error
        except OSError as error:
            raise SourceMissingError(
                f"The annotations can not be prepared for searches ({error.strerror or 'no reason given'}): "
                "make room in the cache folder, or in the folder for temporary files."
            ) from error

    def _build_patches(self) -> pa.Table:
        try:
            table = self._connection.cursor().sql(_PATCHES_SQL, params=[self.file.pattern]).to_arrow_table()
        except duckdb.Error as error:
            raise self.file.damaged() from error
        for index, name in enumerate(table.column_names):
            if name.startswith("n_"):
                largest = pc.max(table[name]).as_py() or 0
                narrow = next(kind for kind in (pa.uint8(), pa.uint16(), pa.uint32()) if largest < 2**kind.bit_width)
                table = table.set_column(index, name, table[name].cast(narrow))
        return table


def _preparing() -> PreparingError:
    fractions = [each.fraction for each in activities() if each.title == PREPARING and each.status == "running"]
    far = next((f" ({fraction:.0%} done)" for fraction in fractions if fraction is not None), "")
    return PreparingError(
        f"The annotations are being prepared for searches{far}, which takes minutes the first time. "
        "Ask again then; everything but words in them can be asked for now."
    )


def _notes(file: AnnotationFile, patches: pa.Table) -> tuple[str, ...]:
    """Sentences on rows that no page counts."""
    of_patches = int(pc.sum(patches["n_annotations"]).as_py() or 0)
    of_tasks = sum(int(pc.sum(patches[column]).as_py() or 0) for column in TASK_COLUMNS)
    lost, foreign = file.rows - of_patches, of_patches - of_tasks
    notes = []
    if lost:
        notes.append(f"{_counted(lost)} without a patch: found among all rows, by no condition on patches.")
    if foreign:
        notes.append(f"{_counted(foreign)} of none of the {len(TASKS)} known tasks: found among what can not be read.")
    return tuple(notes)


def _counted(annotations: int) -> str:
    return "1 annotation" if annotations == 1 else f"{annotations:,} annotations"
