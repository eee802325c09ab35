"""What the tables of the console are about: columns, types and an example of each, for whoever writes a query."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from data_access.console.console import Console

ABOUT: Mapping[str, str] = MappingProxyType(
    {
        "annotations": "Every row of BigEarthNet.txt, the thirteen columns as stored. Also named all_data.",
        "readings": "Every row as it reads: its answer, the option chosen, box and point, or why it can not be read.",
        "patches": "Every patch: place, time, split, and how many annotations of each task it has.",
    }
)


@dataclass(frozen=True)
class Column:
    """One column, as the schema browser shows it."""

    name: str
    type: str  # as DuckDB calls it
    example: str  # of the table's first row


@dataclass(frozen=True)
class Table:
    """One table, as the schema browser shows it."""

    name: str
    about: str
    columns: tuple[Column, ...]


def read_tables(console: Console) -> tuple[Table, ...]:
    """The tables of a console with their columns.

    Raises:
        PatchworkError: as `Console.run`.
    """
    there = set(console.run("SHOW TABLES").table["name"].to_pylist())
    return tuple(_table(console, name) for name in ABOUT if name in there)


def _table(console: Console, name: str) -> Table:
    described = console.run(f"DESCRIBE {name}").table
    first: dict[str, object] = next(iter(console.run(f"FROM {name} LIMIT 1").table.to_pylist()), {})
    columns = zip(described["column_name"].to_pylist(), described["column_type"].to_pylist(), strict=True)
    return Table(
        name,
        ABOUT[name],
        tuple(
            Column(column, kind, "" if (value := first.get(column)) is None else str(value)) for column, kind in columns
        ),
    )
