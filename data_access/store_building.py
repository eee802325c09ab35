"""Writes the tables that `data_access.sample_store` reads: rows are staged as they come, then put in id order.

Everything happens inside one DuckDB connection with two databases attached: `staging`, which is thrown away afterwards,
and `store`. Rows pass through Python in batches, and sorting spills to disk, so memory stays bounded however many
there are.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from data_access.filter_sql import CATEGORICAL_COLUMNS
from data_access.progress import Activity, activity
from data_access.sample_store import (
    CLOUDS,
    DERIVED_FROM,
    FENCE,
    FORMAT,
    MONTH,
    TASK_SUMS,
    annotations_sql,
    has_task_sql,
)
from data_access.sample_table import UNKNOWN, conform
from data_access.shard_ranks import POSITION, SHARD_COLUMNS, SHARD_SAMPLES, ShardRanks
from data_access.tasks import TASK_COLUMNS, matching_tasks
from errors import SchemaError

BATCH_ROWS = 122_880  # as DuckDB groups them: a batch becomes one whole group
_SHOWN = 3  # how many examples a note names
_BIN_START = "10 * least(floor(cloud_cover / 10), 9)::INTEGER"  # 100 percent belongs to the last bin
_CLOUD_BIN = f"printf('%d-%d', {_BIN_START}, {_BIN_START} + 10)"
_DERIVED = {  # derived column: its expression
    MONTH: f"coalesce(strftime(\"time\", '%Y-%m'), '{UNKNOWN}')",
    CLOUDS: f"CASE WHEN cloud_cover BETWEEN 0 AND 100 THEN {_CLOUD_BIN} ELSE '{UNKNOWN}' END",
}


class Staging:
    """Where a data set puts its rows, in any order and in batches with the same columns."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        """Write to the database `staging` of a connection."""
        self._connection = connection
        self.rows = 0
        self.notes: list[str] = []  # sentences on what is partial, assumed or damaged; kept with the rows
        self.passing_notes: list[str] = []  # on what is missing on this machine: with any, the result is not kept

    def add(self, table: pa.Table) -> None:
        """Add rows of a sample table. Raises SchemaError (see `sample_table.conform`)."""
        incoming = conform(table)
        self._connection.register("incoming", incoming)
        if self._exists():
            self._connection.execute("INSERT INTO staging.rows BY NAME SELECT * FROM incoming")
        else:
            self._connection.execute("CREATE TABLE staging.rows AS SELECT * FROM incoming")
        self._connection.unregister("incoming")
        self.rows += len(table)

    def _exists(self) -> bool:
        found = self._connection.execute("SELECT 1 FROM duckdb_tables() WHERE database_name = 'staging'").fetchone()
        return found is not None


@dataclass(frozen=True)
class Recipe:
    """How the catalogue of one collection is made."""

    title: str  # of the data set, for progress
    fill: Callable[[Staging], None]  # stages all rows; may be asked again after a failure of the disk
    first_of_repeated: bool = False  # of rows with the same id the first staged counts; otherwise that is an error
    unplaced_apart: bool = False  # rows without a place on the globe are found by id alone


def write_store(connection: duckdb.DuckDBPyConnection, recipe: Recipe) -> Staging:
    """Make all tables of `store`; `staging` is empty before and of no use afterwards.

    Raises:
        SchemaError: the rows can not be read, or their ids are not unique.
        OSError, duckdb.Error: the disk is full or can not be written.
    """
    staging = Staging(connection)
    recipe.fill(staging)
    columns = _columns(connection)
    with activity(f"Building the catalogue of {recipe.title}", total=staging.rows, unit="samples") as progress:
        # No transaction around it: one of 9.2 M rows holds 2 GB of memory, and half a file is never opened.
        _create(connection, columns)
        _fill(connection, recipe, staging, progress)
        # Without it this connection sees none of the rows once they fill more than one group (DuckDB 2.0.0).
        connection.execute("CHECKPOINT store")
        progress.tell(staging.rows, "counting")
        _build_cubes(connection, columns)
    connection.execute(f"CREATE TABLE store.fences AS SELECT id FROM store.samples WHERE rowid % {FENCE} = 0")
    connection.execute("CREATE TABLE store.about (format VARCHAR, notes VARCHAR[])")
    connection.execute("INSERT INTO store.about VALUES (?, ?)", [FORMAT, staging.notes])
    connection.execute("CHECKPOINT store")  # a database in memory is compressed by it, one on disk complete
    return staging


def examples(names: Sequence[object], total: int | None = None) -> str:
    """The first few of some names, and how many more there are."""
    more = (len(names) if total is None else total) - _SHOWN
    return ", ".join(str(name)[:80] for name in names[:_SHOWN]) + (f" and {more} more" if more > 0 else "")


def _columns(connection: duckdb.DuckDBPyConnection) -> list[str]:
    return [str(column[0]) for column in connection.execute("SELECT * FROM staging.rows LIMIT 0").description or []]


def _create(connection: duckdb.DuckDBPyConnection, columns: Sequence[str]) -> None:
    """The empty tables. Enumerations group several times faster than strings, and know words that a filter lacks."""
    replaced, added = [], ""
    for name in CATEGORICAL_COLUMNS:
        if name in columns:
            connection.execute(
                f"CREATE TYPE store.words_{name} AS ENUM (SELECT DISTINCT {name} FROM staging.rows ORDER BY 1)"
            )
            replaced.append(f"CAST({name} AS store.words_{name}) AS {name}")
    for source, name in DERIVED_FROM.items():
        if source in columns:
            words = f"SELECT DISTINCT {_DERIVED[name]} FROM staging.rows ORDER BY 1"
            connection.execute(f"CREATE TYPE store.words_{name} AS ENUM ({words})")
            added += f", CAST({_DERIVED[name]} AS store.words_{name}) AS {name}"
    ranks = f", 0::INTEGER AS {POSITION}, 0::INTEGER AS {SHARD_SAMPLES}" if set(SHARD_COLUMNS) <= set(columns) else ""
    replace = f"REPLACE ({', '.join(replaced)})" if replaced else ""
    connection.execute(f"CREATE TABLE store.unplaced AS SELECT *{ranks} FROM staging.rows LIMIT 0")
    connection.execute(f"CREATE TABLE store.samples AS SELECT * {replace}{added} FROM store.unplaced LIMIT 0")


def _fill(connection: duckdb.DuckDBPyConnection, recipe: Recipe, staging: Staging, progress: Activity) -> None:
    """Copy the staged rows in id order, each id once."""
    ranks = _ranks(connection)
    repeated: dict[str, None] = {}
    unplaced: list[str] = []
    for incoming in _unique(_in_id_order(connection), repeated):
        if repeated and not recipe.first_of_repeated:
            raise SchemaError(
                f"Sample id {next(iter(repeated))!r} occurs twice; ids must be unique. Remove one of the two samples."
            )
        batch = incoming if ranks is None else ranks.add(incoming)
        if recipe.unplaced_apart:
            placed = _on_globe(batch)
            lost = batch.filter(pc.invert(placed))
            if len(lost):
                unplaced += lost["id"].to_pylist()
                _insert(connection, "unplaced", lost)
            batch = batch.filter(placed)
        _insert(connection, "samples", batch)
        progress.advance(len(incoming))
    for shard, samples in (ranks.corrections() if ranks else {}).items():
        for table in ("samples", "unplaced"):
            connection.execute(
                f"UPDATE store.{table} SET {SHARD_SAMPLES} = ? WHERE split || '/' || tar = ?", [samples, shard]
            )
    if repeated:
        staging.notes.append(
            f"{len(repeated)} sample names occur more than once ({examples(list(repeated))}); the first of each counts."
        )
    if unplaced:
        staging.notes.append(
            f"{len(unplaced)} samples have no usable coordinates (NaN, or outside the globe) and are not on the map: "
            f"{examples(unplaced)}. They open by their id."
        )


def _in_id_order(connection: duckdb.DuckDBPyConnection) -> Iterator[pa.Table]:
    with connection.cursor() as cursor:
        for batch in cursor.sql("SELECT * FROM staging.rows ORDER BY id, rowid").to_arrow_reader(BATCH_ROWS):
            yield pa.Table.from_batches([batch])


def _unique(batches: Iterator[pa.Table], repeated: dict[str, None]) -> Iterator[pa.Table]:
    """The rows whose id is not that of the row before; ids that occur again are added to `repeated`."""
    last = None
    for batch in batches:
        ids = batch["id"].combine_chunks()
        before = pa.concat_arrays([pa.array([last], pa.string()), ids[:-1]])
        again = pc.fill_null(pc.equal(ids, before), fill_value=False)
        last = ids[-1].as_py() if len(ids) else last
        if pc.any(again).as_py():
            repeated.update(dict.fromkeys(pc.unique(ids.filter(again)).to_pylist()))
            batch = batch.filter(pc.invert(again))  # noqa: PLW2901 - what is left of it
        yield batch


def _ranks(connection: duckdb.DuckDBPyConnection) -> ShardRanks | None:
    if not set(SHARD_COLUMNS) <= set(_columns(connection)):
        return None
    chosen = ", ".join(SHARD_COLUMNS)
    query = f"SELECT {chosen}, count(*) AS samples FROM staging.rows GROUP BY {chosen} ORDER BY {chosen}"
    return ShardRanks(connection.sql(query).to_arrow_table())


def _on_globe(samples: pa.Table) -> pa.ChunkedArray:
    """Whether each sample's centre is a place; NaN and null are none."""
    lon_fits, lat_fits = (
        pc.less_equal(pc.abs(samples[name]), limit) for name, limit in (("lon", 180.0), ("lat", 90.0))
    )
    return pc.fill_null(pc.and_(lon_fits, lat_fits), fill_value=False)


def _insert(connection: duckdb.DuckDBPyConnection, table: str, rows: pa.Table) -> None:
    connection.register("incoming", rows)
    added = "".join(
        f", {_DERIVED[name]} AS {name}" for source, name in DERIVED_FROM.items() if source in rows.column_names
    )
    connection.execute(f"INSERT INTO store.{table} BY NAME SELECT *{added if table == 'samples' else ''} FROM incoming")
    connection.unregister("incoming")


def _build_cubes(connection: duckdb.DuckDBPyConnection, columns: Sequence[str]) -> None:
    keys = [name for name in CATEGORICAL_COLUMNS if name in columns]
    tasks = [name for name in TASK_COLUMNS if name in columns]
    sums = ["count(*) AS samples", f"sum({annotations_sql(tasks)}) AS annotations"]
    for (field, value), column in TASK_SUMS.items() if tasks else ():
        fitting = matching_tasks(types=(value,)) if field == "type" else matching_tasks(categories=(value,))
        present = [task.column for task in fitting if task.column in tasks]
        sums.append(f"count(*) FILTER ({has_task_sql(present)}) AS {column}")
    derived = [name for source, name in DERIVED_FROM.items() if source in columns]
    for name, extra in [("cube", []), *((f"cube_{column}", [column]) for column in derived)]:
        chosen = ", ".join([*keys, *extra, *sums])
        connection.execute(f"CREATE TABLE store.{name} AS SELECT {chosen} FROM store.samples GROUP BY ALL")
