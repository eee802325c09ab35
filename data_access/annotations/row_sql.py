"""The rows of an annotation file as one query, with what each says as small numbers."""

from data_access.annotations.annotation_file import COLUMNS
from data_access.annotations.reading_sql import ANSWER_SQL, BOX_SQL, PROBLEM_SQL
from data_access.annotations.row_arrays import FOREIGN_TASK, NO_ANSWER, NO_BOXES, STEPS
from data_access.annotations.row_filter import ANSWERS
from data_access.annotations.task_sql import TASK_NUMBER

# Four edges as one number, whose bytes they are, the first lowest.
_PACKED = " + ".join(f"round(box[{place + 1}] * {STEPS})::UBIGINT * {256**place}" for place in range(4))

# A list's place and a lambda instead of CASE: each names its expression once, and what stands in a query several times
# is worked out several times.
ROWS_SQL = f"""
SELECT {", ".join(f'"{column}"' for column in COLUMNS)}, file_row_number,
    coalesce({TASK_NUMBER}, {FOREIGN_TASK})::UTINYINT AS task,
    coalesce(list_position({list(ANSWERS)}, {ANSWER_SQL}), {NO_ANSWER})::UTINYINT AS answer,
    coalesce(list_transform([{BOX_SQL}], lambda box: ({_PACKED})::UINTEGER)[1], {NO_BOXES}) AS box,
    {PROBLEM_SQL} IS NOT NULL AS malformed
FROM read_parquet(?, file_row_number = true)
"""
BY_ID = ' ORDER BY "ID" NULLS LAST, file_row_number'
