"""Annotation rows at real places: a Parquet as BigEarthNet.txt has it, at 464,044 real patch positions.

Patches, places, splits and countries are real (official BigEarthNet v2 metadata); the three questions per patch are
not: they only give the catalogue types and categories to count.
"""

from pathlib import Path

import duckdb

PATCHES = 464_044  # patches of BigEarthNet.txt
_SQL = """
COPY (
    WITH patches AS (
        SELECT DISTINCT ON (patch_id) patch_id, official.s1_name, official.split, official.country,
            placed.latitude, placed.longitude, placed.season, placed.kg
        FROM read_parquet(?) official JOIN read_parquet(?) placed USING (patch_id)
        ORDER BY patch_id LIMIT {patches}
    ), questions(type, category) AS (VALUES ('binary', 'presence'), ('mcq', 'season'), ('captioning', 'None'))
    SELECT row_number() OVER (ORDER BY patch_id, type)::BIGINT AS "ID", s1_name, patch_id,
        'Is there any water in ' || patch_id || '?' AS input, 'Yes' AS output, type, category, split,
        latitude, longitude, country, season, kg AS climate_zone
    FROM patches, questions ORDER BY "ID"
) TO '{path}' (FORMAT parquet)
"""


def write_real_positions(metadata: Path, path: Path, patches: int = PATCHES) -> int:
    """Write the file from the two metadata tables in a folder and return its number of patches.

    Args:
        metadata: folder with official_metadata.parquet and all_patches_with_coords.parquet.
        path: of the Parquet to write.
        patches: how many, the first by name.
    """
    sources = [str(metadata / name) for name in ("official_metadata.parquet", "all_patches_with_coords.parquet")]
    with duckdb.connect(config={"threads": 2}) as connection:
        connection.execute("SET enable_progress_bar = false")
        connection.execute(_SQL.format(patches=int(patches), path=str(path).replace("'", "''")), sources)
        counted = connection.execute("SELECT count(DISTINCT patch_id) FROM read_parquet(?)", [str(path)]).fetchone()
    return int(counted[0]) if counted else 0
