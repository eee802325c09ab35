"""Search in the texts of all annotations.

A search looks at every text, so the texts are kept once more in a form made for that: lower case, input and output
together, packed with LZ4, each beside the numbers of its patch and task. Where that table can not be kept or breaks,
the annotation file itself is searched, which takes about twice as long.
"""

import logging
from collections.abc import Sequence
from contextlib import suppress
from glob import escape
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from data_access.annotations.annotation_file import AnnotationFile
from data_access.kept_tables import mark_used, replace_atomically
from data_access.tasks import NO_CATEGORY, TASKS
from errors import FilterError

logger = logging.getLogger(__name__)

MOST_WORDS = 16  # every word is looked for in every text
ROW_GROUP = 122_880  # DuckDB's own unit of parallel work
# The number of a row's task in TASKS; null for a row of another task. Writers that read "None" as nothing store null.
_CATEGORY = f"coalesce(category, '{NO_CATEGORY}')"
TASK_NUMBER = (
    "CASE "
    + " ".join(
        f"WHEN type = '{task.type}' AND {_CATEGORY} = '{task.category}' THEN {n}" for n, task in enumerate(TASKS)
    )
    + " END"
)
_TEXTS = f"""
SELECT number::INTEGER AS patch, ({TASK_NUMBER})::UTINYINT AS task,
    concat_ws(chr(10), lower(input), lower(output)) AS text
FROM read_parquet(?) JOIN patch_numbers ON patch_id = patch_numbers.id WHERE ({TASK_NUMBER}) IS NOT NULL
"""


class AnnotationTexts:
    """The texts of one annotation file; safe to use from many threads at once."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, file: AnnotationFile, ids: pa.Array, path: Path) -> None:
        """Use the table kept at `path`, or make it.

        Args:
            connection: a DuckDB connection that may read files.
            file: the annotations.
            ids: the patch ids; search answers with their numbers.
            path: where the table is or will be.

        Raises:
            SampleFormatError: the annotation file's bytes are damaged.
        """
        self._connection = connection
        self._file = file
        self._path = path
        self._ids = ids
        if _is_whole(path):
            mark_used(path)
        else:
            self._keep()

    def search(self, words: Sequence[str]) -> pa.Table:
        """Count the texts that hold all `words`, ignoring case.

        Returns:
            Columns patch (int32, number of the patch), task (uint8, number of the task), annotations (int64).

        Raises:
            FilterError: more than `MOST_WORDS` words.
            SampleFormatError: the annotation file's bytes are damaged.
        """
        if len(words) > MOST_WORDS:
            raise FilterError(f"The text has {len(words)} words: search for at most {MOST_WORDS} at once.")
        if self._path.is_file():
            try:
                with self._connection.cursor() as cursor:
                    return _count(cursor, "SELECT * FROM read_parquet(?)", escape(str(self._path)), words)
            except duckdb.Error as error:
                logger.warning(
                    "the kept texts %s are broken, the annotation file is searched: %s", self._path.name, error
                )
                with suppress(OSError):
                    self._path.unlink()
        try:
            with self._numbered() as cursor:
                return _count(cursor, _TEXTS, self._file.pattern, words)
        except duckdb.Error as error:
            raise self._file.damaged() from error

    def _keep(self) -> None:
        try:
            replace_atomically(self._path, self._write)
        except (OSError, duckdb.Error) as error:  # a full disk, or damaged texts, which a search will name
            logger.warning("the texts can not be kept, searches read the annotation file: %s", error)

    def _write(self, path: Path) -> None:
        options = f"FORMAT parquet, COMPRESSION lz4, ROW_GROUP_SIZE {ROW_GROUP}"
        with self._numbered() as cursor:
            cursor.execute(f"COPY ({_TEXTS}) TO ? ({options})", [self._file.pattern, str(path)])

    def _numbered(self) -> duckdb.DuckDBPyConnection:
        """A cursor of its own that knows the patches' numbers; close it to forget them."""
        cursor = self._connection.cursor()
        cursor.register(
            "patch_numbers", pa.table({"id": self._ids, "number": pa.array(range(len(self._ids)), pa.int32())})
        )
        return cursor


def _count(cursor: duckdb.DuckDBPyConnection, texts: str, pattern: str, words: Sequence[str]) -> pa.Table:
    wanted = sorted(set(words), key=len, reverse=True)  # the longest is the rarest, and fails first
    held = " AND ".join("contains(text, lower(?))" for _ in wanted) or "TRUE"
    sql = f"SELECT patch, task, count(*) AS annotations FROM ({texts}) WHERE {held} GROUP BY patch, task"
    return cursor.sql(sql, params=[pattern, *wanted]).to_arrow_table()


def _is_whole(path: Path) -> bool:
    if not path.is_file():
        return False
    try:
        with pq.ParquetFile(path) as parquet:
            return bool(parquet.schema_arrow.names == ["patch", "task", "text"])
    except (pa.ArrowException, OSError):
        return False
