"""The rows of one annotation file in the order of their IDs: as arrays, searchable, and each exactly as stored."""

from collections.abc import Sequence

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from data_access.annotations.annotation_file import COLUMNS, AnnotationFile
from data_access.annotations.annotation_texts import TASK_NUMBER
from data_access.annotations.reading_sql import ANSWER_SQL, BOX_SQL, PROBLEM_SQL
from data_access.annotations.row_arrays import ANSWER_CODES, FOREIGN_TASK, NO_ANSWER, NO_BOX, NO_PATCH, STEPS, RowArrays

_CHOSEN = ", ".join(f'"{column}"' for column in COLUMNS)
_ANSWER = " ".join(f"WHEN '{answer}' THEN {code}" for answer, code in ANSWER_CODES.items())
_SQL = f"""
SELECT {_CHOSEN}, coalesce({TASK_NUMBER}, {FOREIGN_TASK})::UTINYINT AS task_number,
    (CASE {ANSWER_SQL} {_ANSWER} ELSE {NO_ANSWER} END)::UTINYINT AS answer, {PROBLEM_SQL} IS NOT NULL AS malformed,
    coalesce(list_transform({BOX_SQL}, lambda edge: round(edge * {STEPS})::UTINYINT),
        [{NO_BOX}, {NO_BOX}, {NO_BOX}, {NO_BOX}]::UTINYINT[]) AS box
FROM read_parquet(?, file_row_number = true) ORDER BY "ID" NULLS LAST, file_row_number
"""


class RowStore:
    """Safe to use from many threads at once."""

    def __init__(self, file: AnnotationFile, patches: pa.Table) -> None:
        """Read the rows of a file, whose patches are those of the patch table."""
        with duckdb.connect() as connection:
            table = connection.sql(_SQL, params=[file.pattern]).to_arrow_table()
        numbers = pc.fill_null(pc.index_in(table["patch_id"], value_set=patches["id"].combine_chunks()), NO_PATCH)
        self._table = table.select(COLUMNS)
        self.ids = pc.fill_null(table["ID"].cast(pa.int64()), np.iinfo(np.int64).max).to_numpy()
        self.arrays = RowArrays(
            patch=numbers.to_numpy().astype(np.int32),
            task=table["task_number"].to_numpy(),
            answer=table["answer"].to_numpy(),
            box=table["box"].combine_chunks().flatten().to_numpy().reshape(-1, 4),
            malformed=table["malformed"].to_numpy(),
            patches=patches,
        )

    def search(self, terms: Sequence[str]) -> np.ndarray:
        """Which rows hold all terms in their input and output together, ignoring case, (n,) bool."""
        found: np.ndarray = np.ones(len(self.arrays), dtype=np.bool_)
        texts = [pc.utf8_lower(self._table[name]) for name in ("input", "output")]
        for term in terms:
            lowered = pc.utf8_lower(pa.scalar(term)).as_py()
            held = [pc.fill_null(pc.match_substring(text, lowered), fill_value=False).to_numpy() for text in texts]
            found &= held[0] | held[1]
        return found

    def take(self, numbers: np.ndarray) -> pa.Table:
        """The rows with these numbers, in the order asked for, with the thirteen columns as stored."""
        return self._table.take(pa.array(numbers))
