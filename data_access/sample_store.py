"""One sample table inside DuckDB, opened for reading, with small cubes that answer facets without a scan.

The table `store.samples` keeps id order, so `rowid` is the row number. Beside it stand cubes: one row per combination
of categories, with the number of samples, of annotations, and of samples with an annotation of each type and category.
A filter of categories alone gives the same sums over a cube as over the table, from far fewer rows.
`data_access.store_building` writes all of it.
"""

import logging
import os
import secrets
import tempfile
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Lock

import duckdb

from data_access.kept_tables import Hold, hold
from data_access.tasks import TASKS
from errors import CatalogueDamagedError

logger = logging.getLogger(__name__)

TYPES = tuple(dict.fromkeys(task.type for task in TASKS))
CATEGORIES = tuple(dict.fromkeys(task.category for task in TASKS))
MONTH, CLOUDS = "patchwork_month", "patchwork_clouds"  # derived columns, never shown in rows
ROW = "patchwork_row"  # the row number, as queries name it
DERIVED_FROM = {"time": MONTH, "cloud_cover": CLOUDS}  # which column each is derived from
TASK_SUMS = {  # field and value: the cubes' column that counts the samples with such an annotation
    **{("type", value): f"with_type_{number}" for number, value in enumerate(TYPES)},
    **{("category", value): f"with_category_{number}" for number, value in enumerate(CATEGORIES)},
}

FORMAT = "3"  # raise it when older files can not be read any more
FENCE = 1024  # rows between two remembered ids: 9,000 strings for 9.2 M samples, and a lookup reads one vector
MEMORY_LIMIT = "256MB"  # of the database's pages; the system's own cache of the file holds the rest
_CHECKED_BYTES = 64_000_000  # files up to this size are read through when opened: a tenth of a second


class SampleStore:
    """The opened table; `cursor` gives every request a connection of its own."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, path: Path | None = None) -> None:
        """Read from a connection that has the database attached as `store`; `open_store` is the usual way.

        Args:
            connection: nothing can be configured through it any more from now on.
            path: the file behind it, where it is a kept one.
        """
        self._lock = Lock()
        self._connection = connection
        self._path = path
        self._hold: Hold | None = hold(path) if path else None  # keeps the file from being pruned while it is in use
        self._connection.execute("SET enable_external_access = false")
        self._connection.execute("SET lock_configuration = true")
        about = connection.execute("SELECT format, notes FROM store.about").fetchone() or ("", [])
        self.format, self.notes = str(about[0]), tuple(str(note) for note in about[1])
        described = connection.execute("SELECT * FROM store.samples LIMIT 0").description or []
        names = [str(column[0]) for column in described]
        self.column_names: tuple[str, ...] = tuple(name for name in names if name not in DERIVED_FROM.values())
        self.total = self._number("SELECT count(*) FROM store.samples")
        self.unplaced = self._number("SELECT count(*) FROM store.unplaced")
        fences = connection.execute("SELECT id FROM store.fences ORDER BY rowid").fetchall()
        self._fences: list[str] = [row[0] for row in fences]

    @property
    def path(self) -> Path | None:
        """The file behind it; None where it is kept in memory or has gone."""
        return self._path if self._path and self._path.is_file() else None

    @contextmanager
    def cursor(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """A connection for one request, independent of all others.

        Raises:
            CatalogueDamagedError: the file can not be read any more; it is removed, so that it is built again.
        """
        with self._lock:
            cursor = self._connection.cursor()
        try:
            yield cursor
        except duckdb.Error as error:
            if self._path is None or not _is_damage(error):
                raise
            logger.exception("the catalogue %s is damaged", self._path.name)
            with suppress(OSError):
                self._path.unlink()
            raise CatalogueDamagedError(
                f"The catalogue kept in the cache ({self._path.name}) is damaged and was removed. "
                "Start the app again: it is built anew."
            ) from error
        finally:
            cursor.close()

    def lookup(self, sample_id: str) -> tuple[str, list[object]]:
        """A condition that finds the row of an id, or none, by reading one vector; and the values to bind."""
        start = self._fence_before(sample_id)
        return "rowid >= ? AND rowid < ? AND id = ?", [start, start + FENCE, sample_id]

    def first_row_after(self, sample_id: str) -> int:
        """The number of the first row whose id is greater, whether or not the id is there."""
        start = self._fence_before(sample_id)
        with self.cursor() as cursor:
            found = cursor.execute(
                "SELECT count(*) FROM store.samples WHERE rowid >= ? AND rowid < ? AND id <= ?",
                [start, start + FENCE, sample_id],
            ).fetchone()
        return start + int(found[0] if found else 0)

    def row_number(self, sample_id: str) -> int | None:
        """The number of the row with this id; None where there is none."""
        condition, bound = self.lookup(sample_id)
        with self.cursor() as cursor:
            found = cursor.execute(f"SELECT rowid FROM store.samples WHERE {condition}", bound).fetchone()
        return None if found is None else int(found[0])

    def cube_of(self, column: str) -> str:
        """The smallest relation that counts samples by this column."""
        return f"store.cube_{column}" if column in self.derived else "store.cube"

    @property
    def derived(self) -> tuple[str, ...]:
        """Columns derived for facets."""
        return tuple(name for source, name in DERIVED_FROM.items() if source in self.column_names)

    def present(self, names: Sequence[str]) -> list[str]:
        """Those of the names that are columns."""
        return [name for name in names if name in self.column_names]

    def _fence_before(self, sample_id: str) -> int:
        return max(bisect_right(self._fences, sample_id) - 1, 0) * FENCE

    def _number(self, query: str) -> int:
        found = self._connection.execute(query).fetchone()
        return int(found[0]) if found else 0


def open_store(path: Path) -> SampleStore | None:
    """The store in a file; None where there is none, or it is broken or of another version (it is then removed)."""
    if not path.is_file():
        return None
    spill = Path(tempfile.gettempdir()) / f"patchwork-{os.getpid()}-{secrets.token_hex(4)}"  # made if ever needed
    config: dict[str, str | bool | int | float | list[str]] = {
        "memory_limit": MEMORY_LIMIT,
        "temp_directory": str(spill),
        "allocator_background_threads": "true",  # gives freed memory back
    }
    connection = duckdb.connect(config=config)
    try:
        # Attached, not connected to: the process may open the same file again, with any configuration.
        connection.execute(f"ATTACH {quoted(path)} AS store (READ_ONLY)")
        if path.stat().st_size <= _CHECKED_BYTES:
            _read_through(connection)
        store = SampleStore(connection, path)
        if store.format == FORMAT:
            return store
        reason = "it is of another version"
    except (duckdb.Error, OSError) as error:
        reason = str(error).partition("\n")[0][:200]
    connection.close()
    logger.warning("the catalogue %s can not be used and is built again: %s", path.name, reason)
    with suppress(OSError):  # a read-only cache keeps the broken file; it is a miss either way
        path.unlink()
    return None


def _read_through(connection: duckdb.DuckDBPyConnection) -> None:
    """Read every value, and so the checksum of every block. Raises duckdb.Error where one is wrong."""
    tables = connection.execute("SELECT table_name FROM duckdb_tables() WHERE database_name = 'store'").fetchall()
    for (table,) in tables:
        connection.execute(f"SELECT bit_xor(hash(t)) FROM store.{table} t").fetchall()


def _is_damage(error: duckdb.Error) -> bool:
    """Whether an error tells of bytes that are not those written: a wrong checksum of a block, or its consequences."""
    if isinstance(error, duckdb.FatalException | duckdb.InternalException | duckdb.SerializationException):
        return True
    return "Corrupt database file" in str(error)


def quoted(path: Path) -> str:
    """A path as a string of SQL."""
    return "'" + str(path).replace("'", "''") + "'"


def annotations_sql(tasks: Sequence[str]) -> str:
    """The annotations of one sample in these task columns."""
    return " + ".join(f"CAST({column} AS BIGINT)" for column in tasks) or "0"


def has_task_sql(tasks: Sequence[str]) -> str:
    """Whether a sample has an annotation in any of these task columns."""
    return " OR ".join(f"{column} > 0" for column in tasks) or "FALSE"
