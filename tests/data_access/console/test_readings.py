"""The console's table of what rows say."""

import duckdb
import pyarrow as pa

from data_access.console.readings import READINGS_SQL
from tests.data_access.console.small_console import ROWS


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
