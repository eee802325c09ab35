"""SQL and Python read every row alike."""

from collections.abc import Iterator
from itertools import product
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data_access.annotations.grammar import PROBLEMS
from data_access.annotations.reading import read_row
from data_access.annotations.reading_sql import ANSWER_SQL, BOX_SQL, OPTION_SQL, POINT_SQL, PROBLEM_SQL
from data_access.tasks import TASKS
from tests.data_access.annotations.test_reading import CHOICES, MALFORMED

SCHEMA = pa.schema([(name, pa.string()) for name in ("input", "output", "type", "category")])
QUERY = f"SELECT {ANSWER_SQL}, {BOX_SQL}, {PROBLEM_SQL}, {OPTION_SQL}, {POINT_SQL} FROM given_rows"
CODES = {sentence: code for code, sentence in PROBLEMS.items()} | {"": None}
Row = dict[str, str | None]


@pytest.fixture(scope="module")
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(config={"threads": 1}) as opened:
        yield opened


def in_sql(connection: duckdb.DuckDBPyConnection, rows: list[Row]) -> list[tuple[object, ...]]:
    connection.register("given_rows", pa.Table.from_pylist(rows, SCHEMA))
    return connection.execute(QUERY).fetchall()


def in_python(row: Row) -> tuple[object, ...]:
    reading = read_row(row)
    answer = {True: "yes", False: "no", None: reading.letter}[reading.yes]
    box = reading.box and [reading.box.left, reading.box.top, reading.box.right, reading.box.bottom]
    option = next((option.text for option in reading.options if option.letter == reading.letter), None)
    point = reading.point and [reading.point.x, reading.point.y]
    return answer, box, CODES[reading.problem], option, point


def test_every_question_with_every_answer_is_read_alike(connection: duckdb.DuckDBPyConnection) -> None:
    rows: list[Row] = [
        {"type": task.type, "category": task.category, "input": given, "output": output}
        for task, given, output in product(TASKS, WHOLE, WHOLE)
    ]
    assert in_sql(connection, rows) == [in_python(row) for row in rows]


def test_broken_rows_are_read_alike(connection: duckdb.DuckDBPyConnection) -> None:
    rows: list[Row] = [
        {"type": kind, "category": category, "input": given, "output": output}
        for _, kind, category, given, output in MALFORMED
    ]
    assert [found[2] for found in in_sql(connection, rows)] == [code for code, *_ in MALFORMED]
    assert in_sql(connection, rows) == [in_python(row) for row in rows]


FRAGMENTS = [
    *(" a) ", "a) ", ", b) ", ", c) ", ", d) ", ", e) ", "(a) ", ")", " ", "\n", "\u00a0", "Sea", "x, y", ""),
    *("<point>", "</point>", "<point>(0.5, 0.25)</point>", "(0.1, 1.0)", "<ref>", "</ref>", "<ref>sea</ref>", "<b>"),
    *("[0.1 0.2, 0.3 0.4]", "[0.5 0.0, 0.5 1]", "[", "]", "0.5", "1.0", "-0", "2", ",", "0.123456789012345678"),
    *("yes", "no", "NO", "a", "B", "c", "d", "\u212a", "\u0130", "'", "\x00", "\\"),
]
WHOLE = [
    *(CHOICES, "Which? a) Sea, b) Land (or b) shore), c) Air", "Is it? (a) b) c)", "a) 1, b) 2, c) 3, d)  4\n"),
    *("At <point>(0.5, 1.0)</point>", "At <point>( 0.5,1 )</point>", "The <ref>sea</ref>", "The <ref> sea</ref>"),
    *("[0.5 0.0, 0.5 1]", "[0.1 0.2, 0.3 0.4]", " [0.1  0.2 ,0.3 0.4]", "[0.3 0.2, 0.1 0.4]", "[0.1 0.2, 0.3 1.5]"),
    *("yes", "NO ", "a", "B", " c", "d", "e", ""),
]
texts = (
    st.sampled_from(WHOLE)
    | st.none()
    | st.lists(st.sampled_from(FRAGMENTS), max_size=8).map("".join)
    | st.text(max_size=12)
)
tasks = st.sampled_from([(task.type, task.category) for task in TASKS]) | st.tuples(
    st.sampled_from(["binary", "mcq", "bounding box", "captioning", "poem", None]),
    st.sampled_from(["area", "point", "None", "", None]),
)
rows_of_any_kind = st.lists(
    st.builds(
        lambda task, given, output: {"type": task[0], "category": task[1], "input": given, "output": output},
        tasks,
        texts,
        texts,
    ),
    min_size=1,
    max_size=60,
)


@settings(max_examples=30)
@given(rows=rows_of_any_kind)
def test_rows_of_any_kind_are_read_alike(connection: duckdb.DuckDBPyConnection, rows: list[Row]) -> None:
    for row, found in zip(rows, in_sql(connection, rows), strict=True):
        assert found == in_python(row), row


def rows_of(path: Path) -> list[Row]:
    rows: list[Row] = pq.read_table(path, columns=SCHEMA.names).to_pylist()
    return rows


@pytest.mark.real
def test_real_rows_are_read_alike(connection: duckdb.DuckDBPyConnection, real_data: Path) -> None:
    rows = rows_of(real_data / "bigearthnet_txt" / "bench_rows.parquet")
    assert in_sql(connection, rows) == [in_python(row) for row in rows]


def test_rows_of_the_demo_are_read_alike(connection: duckdb.DuckDBPyConnection, demo_collection: Path) -> None:
    rows = rows_of(demo_collection / "BigEarthNet.txt.parquet")
    assert in_sql(connection, rows) == [in_python(row) for row in rows]
