"""The database of a worker: three tables over files that are opened before the lock falls, and nothing else.

The files are opened once, and DuckDB gets them as `/dev/fd/N`: no view, plan or message of it holds a path.
"""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import duckdb

from data_access.annotations.annotation_file import COLUMNS
from data_access.console.limits import Room
from data_access.console.readings import READINGS_SQL
from data_access.console.statements import Door
from data_access.sample_store import CLOUDS, MONTH

_STORE = "catalogue"
_HIDDEN = frozenset({MONTH, CLOUDS})
_WORDS = frozenset({"country", "season", "climate_zone", "split", "source"})  # kept as numbers of a fixed list
# Views of the database itself that are found without naming a schema.
_OWN_VIEWS = "SELECT lower(view_name) FROM duckdb_views() WHERE internal AND schema_name <> 'information_schema'"


@dataclass(frozen=True)
class Opened:
    """A locked database, and the door before it."""

    connection: duckdb.DuckDBPyConnection
    door: Door


def open_database(files: Mapping[str, str], room: Room) -> Opened:
    """Open the files and lock everything else away.

    Args:
        files: path of the annotation Parquet as `annotations`, of the catalogue as `catalogue`; either may be missing.
        room: memory and threads.

    Raises:
        OSError: a file can not be opened.
        duckdb.Error: a file is not what it should be.
    """
    connection = duckdb.connect(config=_configuration(room))
    tables: list[str] = []
    if path := files.get("annotations"):
        opened = _descriptor(path)
        connection.execute(f"SET allowed_paths = ['{opened}']")
        columns = ", ".join(f'"{name}"' for name in COLUMNS)
        connection.execute(f"CREATE VIEW annotations AS SELECT {columns} FROM read_parquet('{opened}')")
        connection.execute("CREATE VIEW all_data AS FROM annotations")
        connection.execute(f"CREATE VIEW readings AS {READINGS_SQL}")
        tables += ["annotations", "all_data", "readings"]
    if path := files.get("catalogue"):
        connection.execute(f"ATTACH '{_descriptor(path)}' AS {_STORE} (READ_ONLY)")
        described = connection.execute(f"SELECT * FROM {_STORE}.samples LIMIT 0").description or []
        names = [str(column[0]) for column in described]
        connection.execute(f"CREATE VIEW patches AS {_patches_sql(names)}")
        tables.append("patches")
    connection.execute("SET enable_external_access = false")
    connection.execute("SET lock_configuration = true")
    own = connection.execute(_OWN_VIEWS).fetchall()
    return Opened(connection, Door(frozenset(tables), frozenset(row[0] for row in own)))


def _configuration(room: Room) -> dict[str, str | bool | int | float | list[str]]:
    return {
        "memory_limit": f"{room.memory}B",
        "threads": room.threads,
        "temp_directory": "",  # nothing spills to disk: what needs more memory than its share ends
        "autoinstall_known_extensions": "false",
        "autoload_known_extensions": "false",
        "allow_community_extensions": "false",
        "allow_persistent_secrets": "false",
        "python_enable_replacements": "false",  # a table's name is never a variable of the worker
        "preserve_insertion_order": "true",
    }


def _descriptor(path: str) -> str:
    """The file under a name that tells nothing; it stays open as long as the process lives."""
    return f"/dev/fd/{os.open(path, os.O_RDONLY)}"


def _patches_sql(columns: Sequence[str]) -> str:
    """The catalogue as the console shows it: words as plain text, and nothing that only counts need."""
    shown = ", ".join(
        f'"{name}"::VARCHAR AS "{name}"' if name in _WORDS else f'"{name}"' for name in columns if name not in _HIDDEN
    )
    return f"SELECT {shown} FROM {_STORE}.samples"
