"""The table `readings`: what `annotations.reading_sql` says of every row."""

from data_access.annotations.reading_sql import ANSWER_SQL, BOX_SQL, OPTION_SQL, POINT_SQL, PROBLEM_SQL

READINGS_SQL = f"""
SELECT "ID", patch_id, type, category, split, answer, option, box[1] AS x1, box[2] AS y1, box[3] AS x2, box[4] AS y2,
    point[1] AS point_x, point[2] AS point_y, problem
FROM (
    SELECT "ID", patch_id, type, category, split, ({ANSWER_SQL}) AS answer, ({OPTION_SQL}) AS option,
        ({BOX_SQL}) AS box, ({POINT_SQL}) AS point, ({PROBLEM_SQL}) AS problem
    FROM annotations
)
"""
