"""The tables of the console: how they are made, and what their columns hold."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from data_access.annotations.reading_sql import ANSWER_SQL, BOX_SQL, OPTION_SQL, PROBLEM_SQL
from data_access.sample_store import CLOUDS, MONTH

_POINT = r"<point>[ \t\r\n]*\([ \t\r\n]*([0-9.]+)[ \t\r\n]*,[ \t\r\n]*([0-9.]+)"

# How a row reads, one column per part. What a query does not name is not computed.
READINGS_SQL = f"""
WITH read AS (
    SELECT "ID", patch_id, type, category, split, ({ANSWER_SQL}) AS answer, ({OPTION_SQL}) AS option,
        ({BOX_SQL}) AS box, ({PROBLEM_SQL}) AS problem,
        CASE WHEN category = 'point' THEN input END AS pointing
    FROM annotations
)
SELECT "ID", patch_id, type, category, split, answer, option, box[1] AS x1, box[2] AS y1, box[3] AS x2, box[4] AS y2,
    try_cast(nullif(regexp_extract(pointing, '{_POINT}', 1), '') AS DOUBLE) AS point_x,
    try_cast(nullif(regexp_extract(pointing, '{_POINT}', 2), '') AS DOUBLE) AS point_y, problem
FROM read
"""
_HIDDEN = frozenset({MONTH, CLOUDS})


def patches_sql(columns: Sequence[str], relation: str) -> str:
    """The catalogue as the console shows it.

    Args:
        columns: those of the catalogue's table.
        relation: where they are read from.
    """
    words = {"country", "season", "climate_zone", "split", "source"} & set(columns)  # kept as numbers of a fixed list
    shown = ", ".join(
        f'"{name}"::VARCHAR AS "{name}"' if name in words else f'"{name}"' for name in columns if name not in _HIDDEN
    )
    return f"SELECT {shown} FROM {relation}"


@dataclass(frozen=True)
class Column:
    """One column, as the schema browser shows it."""

    name: str
    type: str
    example: str


@dataclass(frozen=True)
class Table:
    """One table, as the schema browser shows it."""

    name: str
    about: str
    columns: tuple[Column, ...]


ABOUT: Mapping[str, str] = MappingProxyType(
    {
        "annotations": "Every row of BigEarthNet.txt, the thirteen columns as stored. Also named all_data.",
        "patches": "One row per patch: place, time, split, and how many annotations of each task it has.",
        "readings": "Every row of BigEarthNet.txt as it reads: answer, chosen option, box, point, and what is wrong.",
    }
)
SCHEMA_SQL: Mapping[str, str] = MappingProxyType({name: f"FROM {name} LIMIT 1" for name in ABOUT})
