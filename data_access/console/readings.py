"""The table `readings`: `annotations.reading_sql` over all rows, with a short way for rows that are plainly sound.

The expressions there read every row that anybody might write, with a dozen patterns for each. Nearly all rows look as
the data set writes them, which two patterns tell; only the rest goes the long way. A test holds both ways equal.
"""

from data_access.annotations.grammar import SPACES
from data_access.annotations.reading_sql import ANSWER_SQL, BOX_SQL, OPTION_SQL, PROBLEM_SQL
from data_access.tasks import NO_CATEGORY, TASKS

_SPACE = r"[ \t\r\n]"
_OPTION = r"[^)]*[^) \t\r\n][^)]*"  # an option's text: not blank, and no bracket, so that only markers have one
_CHOICES = rf"(?:[^)]*{_SPACE})?a\) {_OPTION}, b\) {_OPTION}, c\) {_OPTION}, d\) {_OPTION}"
_UNIT = r"(?:[01]|0\.[0-9]{1,17}|1\.0)"  # a number from 0 to 1 as Python writes it
_BOX = rf"\[{_UNIT} {_UNIT}, {_UNIT} {_UNIT}\]"
_POINT = rf"[^<>]*<point>\({_UNIT}, {_UNIT}\)</point>[^<>]*"
_REFERENCE = r"[^<>]*<ref>[^<> \t\r\n][^<>]*</ref>[^<>]*"
_BEGINS = "ascii({}) > 32"  # the first character is no blank, and there is one
_POINT_PARTS = rf"<point>{_SPACE}*\({_SPACE}*([0-9.]+){_SPACE}*,{_SPACE}*([0-9.]+)"


def _categories(kind: str) -> str:
    return ", ".join(f"'{task.category}'" for task in TASKS if task.type == kind)


_CORNERS = "try_cast(string_split(replace(output[2:-2], ',', ''), ' ') AS DOUBLE[])"
_IN_ORDER = "(corners[1] <= corners[3] AND corners[2] <= corners[4])"
_IS_PLAIN = f"""coalesce(CASE type
    WHEN 'binary' THEN category IN ({_categories("binary")}) AND output IN ('yes', 'no') AND {_BEGINS.format("input")}
    WHEN 'mcq' THEN category IN ({_categories("mcq")}) AND output IN ('a', 'b', 'c', 'd')
        AND regexp_full_match(input, '{_CHOICES}')
    WHEN 'captioning' THEN coalesce(category, '{NO_CATEGORY}') = '{NO_CATEGORY}'
        AND {_BEGINS.format("input")} AND {_BEGINS.format("output")}
    WHEN 'bounding box' THEN CASE category WHEN 'point' THEN regexp_full_match(input, '{_POINT}')
        WHEN 'reference' THEN regexp_full_match(input, '{_REFERENCE}') ELSE false END
        AND regexp_full_match(output, '{_BOX}') AND {_IN_ORDER}
END, false)"""
# Behind the marker of each option begins the next piece; all but the last end with the marker of their successor.
_PIECES = "string_split(input, ') ')"
_BLANKS = " || ".join(f"chr({ord(each)})" for each in SPACES)
_CHOSEN = f"""trim(CASE output WHEN 'a' THEN left({_PIECES}[2], -3) WHEN 'b' THEN left({_PIECES}[3], -3)
    WHEN 'c' THEN left({_PIECES}[4], -3) ELSE {_PIECES}[5] END, {_BLANKS})"""

READINGS_SQL = f"""
WITH cut AS (SELECT *, CASE WHEN type = 'bounding box' THEN {_CORNERS} END AS corners FROM annotations),
seen AS (SELECT *, {_IS_PLAIN} AS is_plain FROM cut),
read AS (
    SELECT "ID", patch_id, type, category, split,
        CASE WHEN is_plain THEN CASE WHEN type IN ('binary', 'mcq') THEN output END ELSE ({ANSWER_SQL}) END AS answer,
        CASE WHEN NOT is_plain THEN ({OPTION_SQL}) WHEN type = 'mcq' THEN {_CHOSEN} END AS option,
        CASE WHEN NOT is_plain THEN ({BOX_SQL}) ELSE corners END AS box,
        CASE WHEN NOT is_plain THEN ({PROBLEM_SQL}) END AS problem,
        CASE WHEN category = 'point' THEN input END AS pointing
    FROM seen
)
SELECT "ID", patch_id, type, category, split, answer, option, box[1] AS x1, box[2] AS y1, box[3] AS x2, box[4] AS y2,
    try_cast(nullif(regexp_extract(pointing, '{_POINT_PARTS}', 1), '') AS DOUBLE) AS point_x,
    try_cast(nullif(regexp_extract(pointing, '{_POINT_PARTS}', 2), '') AS DOUBLE) AS point_y, problem
FROM read
"""
