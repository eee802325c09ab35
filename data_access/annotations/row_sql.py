"""The rows of an annotation file as one query, with what each says as small numbers.

`reading_sql` tells answers, boxes and problems of any row, at some microseconds each. Nearly all rows are written in
the plain way, which a few comparisons and one regular expression recognise; only the others are read in full. Whatever
counts as plain here must be answered alike there: a test holds the two together.
"""

from data_access.annotations.annotation_file import COLUMNS
from data_access.annotations.reading_sql import ANSWER_SQL, BOX_SQL, PROBLEM_SQL
from data_access.annotations.row_arrays import ANSWER_CODES, FOREIGN_TASK, NO_ANSWER, NO_BOXES, STEPS
from data_access.annotations.task_sql import TASK_NUMBER

_EDGE = r"(0\.[0-9]{1,2}|1\.0|0|1)"
_PLAIN_BOX = rf"\[{_EDGE} {_EDGE}, {_EDGE} {_EDGE}\]"
_PLAIN_POINT = r"[^<]*<point>\((?:0\.[0-9]{1,2}|1\.0|0|1), (?:0\.[0-9]{1,2}|1\.0|0|1)\)</point>[^<]*"
_PLAIN_REFERENCE = r"[^<]*<ref>[^<> \t\r\n][^<>]*</ref>[^<]*"
_PLAIN_OPTION = r"[^) \t\r\n][^)]*"
_PLAIN_OPTIONS = (
    rf"[^)]* a\) {_PLAIN_OPTION}, b\) {_PLAIN_OPTION}, c\) {_PLAIN_OPTION}, d\) {_PLAIN_OPTION}"  # nothing else closes
)
_FIRST_VISIBLE = "'!'"  # the first character after the blanks: a text from here on is not empty

_ANSWER_CASES = " ".join(f"WHEN '{answer}' THEN {code}" for answer, code in ANSWER_CODES.items())
_EDGES = ("x1", "y1", "x2", "y2")


def _packed(edges: tuple[str, ...]) -> str:
    """Four edges as one number, whose bytes they are, the first lowest."""
    parts = (f"round({edge} * {STEPS})::UBIGINT * {256**place}" for place, edge in enumerate(edges))
    return f"({' + '.join(parts)})::UINTEGER"


_READ_BOX = _packed(tuple(f"({BOX_SQL})[{number}]" for number in (1, 2, 3, 4)))
_PLAIN_EDGES = ", ".join(f"try_cast(corners.{edge} AS DOUBLE) AS {edge}" for edge in _EDGES)

ROWS_SQL = f"""
WITH stored AS (
    SELECT {", ".join(f'"{column}"' for column in COLUMNS)}, file_row_number, ({TASK_NUMBER})::UTINYINT AS task
    FROM read_parquet(?, file_row_number = true)
), matched AS (
    SELECT *,
        CASE WHEN task IS NOT NULL AND type = 'bounding box'
            THEN regexp_extract(output, '^{_PLAIN_BOX}$', {list(_EDGES)}) END AS corners,
        CASE
            WHEN task IS NULL OR coalesce(input, '') < {_FIRST_VISIBLE} THEN false
            WHEN type = 'binary' THEN output IN ('yes', 'no')
            WHEN type = 'mcq' THEN output IN ('a', 'b', 'c', 'd') AND regexp_full_match(input, '{_PLAIN_OPTIONS}')
            WHEN type = 'captioning' THEN output >= {_FIRST_VISIBLE}
            WHEN category = 'point' THEN regexp_full_match(input, '{_PLAIN_POINT}')
            ELSE regexp_full_match(input, '{_PLAIN_REFERENCE}')
        END AS plain
    FROM stored
), edged AS (
    SELECT * EXCLUDE (corners), {_PLAIN_EDGES} FROM matched
), boxed AS (
    SELECT *, coalesce(x1 <= x2 AND y1 <= y2, false) AS is_box FROM edged
)
SELECT * EXCLUDE (task, plain, is_box, x1, y1, x2, y2), coalesce(task, {FOREIGN_TASK}) AS task,
    (CASE
        WHEN plain AND type IN ('binary', 'mcq') THEN CASE output {_ANSWER_CASES} END
        WHEN task IS NULL OR type IN ('captioning', 'bounding box') THEN {NO_ANSWER}
        ELSE CASE {ANSWER_SQL} {_ANSWER_CASES} ELSE {NO_ANSWER} END
    END)::UTINYINT AS answer,
    CASE WHEN is_box THEN {_packed(_EDGES)} WHEN task IS NULL OR type <> 'bounding box' THEN {NO_BOXES}
        ELSE coalesce({_READ_BOX}, {NO_BOXES}) END AS box,
    CASE WHEN task IS NULL THEN true WHEN plain AND (type <> 'bounding box' OR is_box) THEN false
        ELSE {PROBLEM_SQL} IS NOT NULL END AS malformed
FROM boxed
"""
BY_ID = ' ORDER BY "ID" NULLS LAST, file_row_number'
