"""One sample table inside DuckDB: loaded, compressed, with small cubes that answer facets without a scan.

The table `store.samples` keeps id order, so `rowid` is the row number. Beside it stand cubes: one row per combination
of categories, with the number of samples, of annotations, and of samples with an annotation of each type and category.
A filter of categories alone gives the same sums over a cube as over the table, from far fewer rows.
"""

from bisect import bisect_right
from collections.abc import Sequence
from threading import Lock

import duckdb
import pyarrow as pa

from data_access.filter_sql import CATEGORICAL_COLUMNS
from data_access.sample_table import UNKNOWN
from data_access.tasks import TASK_COLUMNS, TASKS, matching_tasks

TYPES = tuple(dict.fromkeys(task.type for task in TASKS))
CATEGORIES = tuple(dict.fromkeys(task.category for task in TASKS))
MONTH, CLOUDS = "patchwork_month", "patchwork_clouds"  # derived columns, never shown in rows
ROW = "patchwork_row"  # the row number, as queries name it

TASK_SUMS = {  # field and value: the cubes' column that counts the samples with such an annotation
    **{("type", value): f"with_type_{number}" for number, value in enumerate(TYPES)},
    **{("category", value): f"with_category_{number}" for number, value in enumerate(CATEGORIES)},
}
_FENCE = 1024  # rows between two remembered ids: 9,000 strings for 9.2 M samples, and a lookup reads one vector
_BIN_START = "10 * least(floor(cloud_cover / 10), 9)::INTEGER"  # 100 percent belongs to the last bin
_CLOUD_BIN = f"printf('%d-%d', {_BIN_START}, {_BIN_START} + 10)"
_DERIVED = {  # source column: derived column and its expression
    "time": (MONTH, f"coalesce(strftime(\"time\", '%Y-%m'), '{UNKNOWN}')"),
    "cloud_cover": (CLOUDS, f"CASE WHEN cloud_cover BETWEEN 0 AND 100 THEN {_CLOUD_BIN} ELSE '{UNKNOWN}' END"),
}


class SampleStore:
    """The loaded table; `cursor` gives every request a connection of its own."""

    def __init__(self, table: pa.Table) -> None:
        """Load a table made by `sample_table.normalise`."""
        self._lock = Lock()
        # Background threads give freed memory back: without them loading 9.2 M rows leaves 650 MB unused but resident.
        settings: dict[str, str | bool | int | float | list[str]] = {
            "enable_external_access": "false",
            "allocator_background_threads": "true",
        }
        self._connection = duckdb.connect(config=settings)
        self._connection.execute("ATTACH ':memory:' AS store (COMPRESS)")
        self.column_names: tuple[str, ...] = tuple(table.column_names)
        self.total: int = table.num_rows
        self._fences: list[str] = (
            table.column("id").take(pa.array(range(0, self.total, _FENCE), pa.int64())).to_pylist()
        )
        self._load(table)
        self._build_cubes()
        self._connection.execute("CHECKPOINT store")  # an in-memory table is compressed by its checkpoint
        self._connection.execute("SET lock_configuration = true")

    def cursor(self) -> duckdb.DuckDBPyConnection:
        """A connection for one request, independent of all others; close it after use."""
        with self._lock:
            return self._connection.cursor()

    def first_row_after(self, sample_id: str) -> int:
        """The number of the first row whose id is greater, whether or not the id is there."""
        start = max(bisect_right(self._fences, sample_id) - 1, 0) * _FENCE
        with self.cursor() as cursor:
            found = cursor.execute(
                "SELECT count(*) FROM store.samples WHERE rowid >= ? AND rowid < ? AND id <= ?",
                [start, start + _FENCE, sample_id],
            ).fetchone()
        return start + int(found[0] if found else 0)

    def row_number(self, sample_id: str) -> int | None:
        """The number of the row with this id; None where there is none."""
        start = max(bisect_right(self._fences, sample_id) - 1, 0) * _FENCE
        with self.cursor() as cursor:
            found = cursor.execute(
                "SELECT rowid FROM store.samples WHERE rowid >= ? AND rowid < ? AND id = ?",
                [start, start + _FENCE, sample_id],
            ).fetchone()
        return None if found is None else int(found[0])

    def cube_of(self, column: str) -> str:
        """The smallest relation that counts samples by this column."""
        return f"store.cube_{column}" if column in self.derived else "store.cube"

    @property
    def derived(self) -> tuple[str, ...]:
        """Columns derived for facets."""
        return tuple(name for source, (name, _) in _DERIVED.items() if source in self.column_names)

    def present(self, names: Sequence[str]) -> list[str]:
        """Those of the names that are columns."""
        return [name for name in names if name in self.column_names]

    def _load(self, table: pa.Table) -> None:
        replaced = []
        self._connection.register("incoming", table)
        for name in self.present(CATEGORICAL_COLUMNS):
            # Enumerations group several times faster than strings; comparing one with a word it lacks is no error.
            self._enumerate(name, f"SELECT DISTINCT {name} FROM incoming")
            replaced.append(f"CAST({name} AS store.words_{name}) AS {name}")
        added = ""
        for source, (name, expression) in _DERIVED.items():
            if source in self.column_names:
                self._enumerate(name, f"SELECT DISTINCT {expression} FROM incoming")
                added += f", CAST({expression} AS store.words_{name}) AS {name}"
        replace = f"REPLACE ({', '.join(replaced)})" if replaced else ""
        self._connection.execute(f"CREATE TABLE store.samples AS SELECT * {replace}{added} FROM incoming")
        self._connection.unregister("incoming")

    def _enumerate(self, name: str, words: str) -> None:
        self._connection.execute(f"CREATE TYPE store.words_{name} AS ENUM ({words} ORDER BY 1)")

    def _build_cubes(self) -> None:
        keys = self.present(CATEGORICAL_COLUMNS)
        tasks = self.present(TASK_COLUMNS)
        sums = ["count(*) AS samples", f"sum({annotations_sql(tasks)}) AS annotations"]
        for (field, value), column in TASK_SUMS.items() if tasks else ():
            fitting = matching_tasks(types=(value,)) if field == "type" else matching_tasks(categories=(value,))
            sums.append(
                f"count(*) FILTER ({has_task_sql(self.present([task.column for task in fitting]))}) AS {column}"
            )
        for name, extra in [("cube", []), *((f"cube_{column}", [column]) for column in self.derived)]:
            columns = ", ".join([*keys, *extra, *sums])
            self._connection.execute(f"CREATE TABLE store.{name} AS SELECT {columns} FROM store.samples GROUP BY ALL")


def annotations_sql(tasks: Sequence[str]) -> str:
    """The annotations of one sample in these task columns."""
    return " + ".join(f"CAST({column} AS BIGINT)" for column in tasks) or "0"


def has_task_sql(tasks: Sequence[str]) -> str:
    """Whether a sample has an annotation in any of these task columns."""
    return " OR ".join(f"{column} > 0" for column in tasks) or "FALSE"
