"""A synthetic BigEarthNet.txt of the published size, for benchmarks: 464,044 patches, about 9.55 million rows.

Columns, order, row groups, tasks and text lengths follow the published file; the words are generated and mean nothing.
"""

from pathlib import Path

import duckdb

from data_access.bigearthnet.classes import CLASSES

PATCHES = 464_044
ROW_GROUP = 122_880  # of the published file: 78 row groups
TILE_PATCHES = 91 * 91

# Mean annotations per patch and task, from the published totals of types and categories.
_TASK_WEIGHTS = (
    ("binary", "adjacency", 2),
    ("binary", "area", 2),
    ("binary", "count", 2),
    ("binary", "presence", 2),
    ("bounding box", "point", 2),
    ("bounding box", "reference", 2),
    ("captioning", "None", 1),
    ("mcq", "adjacency", 1),
    ("mcq", "area", 1),
    ("mcq", "climate zone", 1),
    ("mcq", "count", 1),
    ("mcq", "country", 1),
    ("mcq", "presence", 1),
    ("mcq", "relative pos", 0),
    ("mcq", "season", 1),
)

_PATCHES_SQL = """
CREATE TABLE patches AS
WITH numbered AS (
    SELECT i, i // {per_tile} AS tile, i % {per_tile} AS place FROM range({patches}) r(i)
), named AS (
    SELECT i, tile,
        format('S2A_MSIL2A_2017{{:02d}}{{:02d}}T101031_N9999_R022_T33U{{}}_{{:02d}}_{{:02d}}',
            1 + tile % 12, 1 + tile // 12, squares[1 + tile % 24], place // 91, place % 91) AS patch_id,
        format('S1B_IW_GRDH_1SDV_2017{{:02d}}{{:02d}}T165809_33U{{}}_{{}}_{{}}',
            1 + tile % 12, 1 + tile // 12, squares[1 + tile % 24], place // 91, place % 91) AS s1_name,
        36.96 + (place % 91) * 0.0108 + tile % 28 AS latitude, -8.99 + (place // 91) * 0.015 + tile % 39 AS longitude
    FROM numbered, (SELECT ['TP','TQ','TR','TS','TT','TU','UP','UQ','UR','US','UT','UU','VP','VQ','VR','VS','VT','VU',
        'WP','WQ','WR','WS','WT','WU'] AS squares)
)
SELECT *, ['train','validation','test','train'][1 + tile % 4] AS split,
    ['Austria','Finland','Portugal','Serbia','Ireland','Lithuania','Kosovo'][1 + tile % 7] AS country,
    ['Spring','Summer','Fall','Winter'][1 + tile % 4] AS season,
    ['Cold, no dry season, warm summer','Temperate, dry summer, hot summer','Cold, no dry season, cold summer',
     'Temperate, no dry season, warm summer'][1 + tile % 4] AS climate_zone
FROM named
"""

_ROWS_SQL = """
COPY (
    WITH tasks AS (SELECT unnest($tasks) AS task),
    expanded AS (
        SELECT patch_id, s1_name, split, latitude, longitude, country, season, climate_zone, task.type AS type,
            task.category AS category, copies.n AS copy, (hash(i, task.type, task.category, copies.n) >> 2)::BIGINT AS h
        FROM patches, tasks, range(4) copies(n)
        WHERE copies.n < task.n + (hash(i, task.category, task.type) % 25 = 0)::INT
    ),
    worded AS (
        SELECT *, $classes[1 + h % 19] AS first, $classes[1 + (h >> 8) % 19] AS second, $classes[1 + (h >> 16) % 19]
            AS third, (h >> 24) % 100 AS number, (h >> 32) % 100 AS other FROM expanded
    )
    SELECT (row_number() OVER (ORDER BY patch_id, type, category, copy))::BIGINT AS "ID", s1_name, patch_id,
        CASE type
            WHEN 'binary' THEN format('Is the total area of {{}} near {{}} between {{}}% and {{}}%, or adjacent to it?',
                lower(first), lower(second), number, other)
            WHEN 'mcq' THEN format('Which covers {{}}% of the image? a) {{}}, b) {{}}, c) {{}}, d) none of them',
                number, first, second, third)
            WHEN 'bounding box' THEN format('Output a box around the {{}} at <point>(0.{{}}, 0.{{}})</point>.',
                lower(first), number, other)
            ELSE 'Describe this satelltite image in one paragraph.' END AS input,
        CASE type
            WHEN 'binary' THEN ['yes', 'no'][1 + h % 2]
            WHEN 'mcq' THEN ['a', 'b', 'c', 'd'][1 + h % 4]
            WHEN 'bounding box' THEN format('[0.{{}} 0.{{}}, 0.9 1.0]', number, other)
            ELSE format('This image, taken during the {{}} in {{}}, shows a landscape in the "{{}}" climate zone. '
                || 'The largest areas are {{}} (~{{}},000 sqm), {{}} (~{{}},000 sqm) and {{}} in {{}} areas, one '
                || 'marginal. The {{}} borders the {{}} and is next to {{}}, which covers less than {{}}% of it. The '
                || 'varied landscape reflects a mix of artificial surfaces, agricultural areas and forest, and '
                || 'highlights the diversity of the region, with {{}} towards the edges and {{}} near the centre. In '
                || 'figures, there are about {{}} square metres of {{}}, {{}} of {{}} and {{}} of {{}}, in patches of '
                || 'which the smallest measures {{}} sqm; together they make the {{}} scene what it is in {{}}.',
                lower(season), country, climate_zone, lower(first), number, lower(second), other, lower(third),
                1 + h % 9, lower(first), lower(second), lower(third), number, lower(second), lower(first),
                h % 1440001, lower(third), (h >> 9) % 1440001, lower(second), (h >> 18) % 1440001, lower(first),
                (h >> 27) % 10007, lower(season), country) END AS output,
        type, category, split, latitude, longitude, country, season, climate_zone
    FROM worded ORDER BY patch_id, type, category, copy
) TO {path} (FORMAT parquet, ROW_GROUP_SIZE {row_group})
"""


def write_annotations(path: Path, patches: int = PATCHES) -> int:
    """Write the synthetic file and return its number of rows; the same file every time."""
    tasks = [{"type": kind, "category": category, "n": n} for kind, category, n in _TASK_WEIGHTS]
    with duckdb.connect(config={"threads": 2, "memory_limit": "6GB"}) as connection:
        connection.execute(_PATCHES_SQL.format(per_tile=TILE_PATCHES, patches=int(patches)))
        quoted = "'" + str(path).replace("'", "''") + "'"
        sql = _ROWS_SQL.format(path=quoted, row_group=ROW_GROUP)
        connection.execute(sql, {"tasks": tasks, "classes": list(CLASSES)})
        counted = connection.execute("SELECT num_rows FROM parquet_file_metadata(?)", [str(path)]).fetchone()
    return int(counted[0]) if counted else 0
