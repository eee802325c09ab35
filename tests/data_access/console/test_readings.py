"""The short way to read sound rows says what the long way says, whatever somebody writes into a row."""

import random
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest

from data_access.annotations.reading_sql import ANSWER_SQL, BOX_SQL, OPTION_SQL, PROBLEM_SQL
from data_access.console.readings import READINGS_SQL
from data_access.settings import load_settings
from data_access.tasks import TASKS
from tests.data_access.annotations.annotation_rows import row
from tests.data_access.console.small_console import CHOICES, ROWS

LONG_WAY = f"""
SELECT "ID", answer, option, box[1] AS x1, box[2] AS y1, box[3] AS x2, box[4] AS y2, problem
FROM (SELECT "ID", ({ANSWER_SQL}) AS answer, ({OPTION_SQL}) AS option, ({BOX_SQL}) AS box, ({PROBLEM_SQL}) AS problem
    FROM annotations)
"""
BOTH_WAYS = f'(SELECT * FROM ({LONG_WAY}) EXCEPT SELECT "ID", answer, option, x1, y1, x2, y2, problem FROM readings)'
INPUTS = (
    *("Is there any lake?", CHOICES, "a) One, b) Two, c) Three, d) Four", "At <point>(0.5, 0.25)</point>."),
    *("Show the <ref>lake, big</ref> here", "Which? a) A (b), b) B, c) C, d) D", "", " ", "a) , b) B, c) C, d) D"),
)
OUTPUTS = ("yes", "no", "a", "b", "c", "d", "[0.0 0.0, 1.0 1.0]", "[0.06 0.59, 0.51 1]", "A caption.", "", " yes ", "B")
PIECES = ("a) ", ", b) ", ", c) ", ")", "(", "<", ">", "</ref>", "0.5", "-", "1.5", " ", "\n", "\t", "\u00a0", ",", "]")
MUTATED = 6000


def mutated(rows: int) -> pa.Table:
    """Rows of all tasks, many of them with something put in, taken out or doubled."""
    chance = random.Random(4)  # noqa: S311 - no secret is made

    def changed(text: str) -> str | None:
        if chance.random() < 0.01:
            return None
        if chance.random() < 0.4:
            place = chance.randrange(len(text) + 1)
            text = text[:place] + chance.choice((*PIECES, "")) + text[place + chance.choice((0, 0, 1)) :]
        return text

    def one(number: int) -> dict[str, object]:
        task = chance.choice(TASKS)
        category: str | None = chance.choice((task.category, task.category, task.category, "None", None, "other"))
        texts = {"input": changed(chance.choice(INPUTS)), "output": changed(chance.choice(OUTPUTS))}
        return row(number, type=task.type, category=category, **texts)

    return pa.Table.from_pylist([one(number) for number in range(rows)])


def difference(annotations: object) -> list[tuple[object, ...]]:
    with duckdb.connect() as connection:
        connection.register("annotations", annotations)
        connection.execute(f"CREATE VIEW readings AS {READINGS_SQL}")
        return connection.execute(BOTH_WAYS).fetchall()


def test_both_ways_read_alike() -> None:
    assert difference(mutated(MUTATED)) == []


def test_parts_of_rows() -> None:
    with duckdb.connect() as connection:
        connection.register("annotations", pa.Table.from_pylist(ROWS))
        connection.execute(f"CREATE VIEW readings AS {READINGS_SQL}")
        found = connection.sql("SELECT answer, option, x1, y2, point_x, point_y, problem FROM readings").fetchall()
    assert found == [
        ("yes", None, None, None, None, None, None),
        ("no", None, None, None, None, None, None),
        (None, None, None, None, None, None, "answer"),
        ("b", "Transitional woodland, shrub", None, None, None, None, None),
        ("a", "Sea (salt)", None, None, None, None, None),
        (None, None, None, None, None, None, "options"),
        (None, None, 0.0, 0.95, 0.5, 0.25, None),
        (None, None, 0.06, 1.0, None, None, None),
        (None, None, None, None, None, None, "box order"),
        (None, None, None, None, None, None, None),
    ]


@pytest.mark.real
def test_both_ways_read_real_rows_alike(real_data: Path) -> None:
    path = real_data / "bigearthnet_txt" / "bench_rows.parquet"
    with duckdb.connect() as connection:
        assert difference(connection.read_parquet(str(path)).to_arrow_table()) == []


def test_both_ways_read_the_demo_alike(demo_collection: Path) -> None:
    assert load_settings().demo_dir == demo_collection
    with duckdb.connect() as connection:
        path = demo_collection / "BigEarthNet.txt.parquet"
        assert difference(connection.read_parquet(str(path)).to_arrow_table()) == []
