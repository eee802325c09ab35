"""Which statements the console answers: one that reads, from its own tables, with functions that touch nothing else.

DuckDB parses the query and serialises what it understood; that tree is walked, and only what is known to be harmless
may stand in it. The text itself is never searched. Behind this stands the lock of the database (see `database`): it is
the wall, this is the door that gives names and reasons, and hides what the lock leaves readable, such as settings.
"""

import difflib
import json
from collections.abc import Iterator
from typing import Any

import duckdb

TABLE_FUNCTIONS = frozenset({"range", "generate_series", "unnest", "repeat", "json_each", "json_tree"})
# Scalar functions that tell of the machine or the process, write, or only wait.
_CLOSED_FUNCTIONS = frozenset(
    {"current_setting", "getvariable", "getenv", "write_log", "sleep_ms", "pg_sleep", "nextval", "setval", "currval"}
)
_NODES = frozenset({"SELECT_NODE", "SET_OPERATION_NODE", "RECURSIVE_CTE_NODE", "CTE_NODE"})
_RELATIONS = frozenset(
    {"BASE_TABLE", "SUBQUERY", "JOIN", "TABLE_FUNCTION", "EMPTY", "EXPRESSION_LIST", "PIVOT", "SHOW_REF", "EMPTY_FROM"}
)
_SHOWN = frozenset({"tables", '"tables"'})  # of SHOW without a table
_NOWHERE = 2**64 - 1  # DuckDB's way to say that a part has no place in the text
_READS = "The console answers one statement that reads: SELECT, WITH, FROM, VALUES, DESCRIBE, SHOW, SUMMARIZE, EXPLAIN."

Tree = dict[str, Any]


class Refusal(Exception):  # noqa: N818 - no error: the answer to a query that is not answered
    """Why a query is not answered; `position` counts bytes of UTF-8, as the database does."""

    def __init__(self, message: str, position: int | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.position = position


class Door:
    """Checks queries before they are run."""

    def __init__(self, tables: frozenset[str], taken: frozenset[str]) -> None:
        """Let these tables be read.

        Args:
            tables: names in lower case.
            taken: names of the database's own views, in lower case: no query may call anything so, lest it be mistaken.
        """
        self._tables = tables
        self._taken = taken - tables

    def check(self, connection: duckdb.DuckDBPyConnection, query: str) -> None:
        """Let the query pass.

        Raises:
            Refusal: it is not answered here.
            duckdb.Error: it can not be parsed.
        """
        if "\0" in query:
            raise Refusal("The query holds a zero byte, which SQL has no use for. Take it out.")
        statements = connection.extract_statements(query)
        if not statements:
            raise Refusal("There is no query yet. Write one, or choose a saved one.")
        if len(statements) > 1:
            raise Refusal(f"These are {len(statements)} statements. {_READS}", len(statements[0].query.encode()))
        kind = statements[0].type
        if kind == duckdb.StatementType.EXPLAIN:
            query, kind = _explained(connection, query)
        if kind == duckdb.StatementType.MULTI:
            raise Refusal("PIVOT needs its columns named here: PIVOT ... ON season IN ('Summer', 'Winter') USING ...")
        if kind != duckdb.StatementType.SELECT:
            raise Refusal(f"{kind.name} is not answered. {_READS}", 0)
        self._walk(_tree(connection, query))

    def _walk(self, tree: Tree) -> None:
        defined = {str(name).lower() for name in _defined(tree)}
        if claimed := sorted(defined & (self._taken | self._tables)):
            raise Refusal(f"{claimed[0]!r} is the name of a table. Call what WITH defines by another name.")
        for part in _parts(tree):
            if "cte_map" in part and part.get("type") not in _NODES:
                raise Refusal(f"A part of the query would change something. {_READS}")
            if "sample" in part and "alias" in part:
                self._check_relation(part, defined)
            if part.get("class") == "FUNCTION" and str(part.get("function_name")).lower() in _CLOSED_FUNCTIONS:
                raise Refusal(f"The function {part['function_name']!r} is not open to the console.", _place(part))

    def _check_relation(self, part: Tree, defined: set[str]) -> None:
        kind = part.get("type")
        if kind not in _RELATIONS:
            raise Refusal(f"The console does not read from {kind}.", _place(part))
        if kind == "TABLE_FUNCTION":
            name = str(part["function"].get("function_name"))
            if name.lower() not in TABLE_FUNCTIONS:
                raise Refusal(
                    f"{name!r} is not open to the console: it reads {self._names()}, no files, no settings and no "
                    f"network. Of functions that make rows it has {', '.join(sorted(TABLE_FUNCTIONS))}.",
                    _place(part),
                )
        if kind == "SHOW_REF" and not part.get("query") and str(part.get("table_name")).lower() not in _SHOWN:
            raise Refusal("SHOW TABLES is answered, and DESCRIBE or SUMMARIZE of a table.", _place(part))
        if kind == "BASE_TABLE":
            self._check_name(part, defined)

    def _check_name(self, part: Tree, defined: set[str]) -> None:
        name = str(part.get("table_name"))
        if part.get("schema_name") or part.get("catalog_name"):
            raise Refusal(f"Name the table alone, without a schema: {self._names()}.", _place(part))
        if name.lower() in self._tables or name.lower() in defined:
            return
        near = difflib.get_close_matches(name.lower(), sorted(self._tables | defined), 1)
        hint = f" Did you mean {near[0]}?" if near else ""
        raise Refusal(f"There is no table {name[:80]!r}. The console reads {self._names()}.{hint}", _place(part))

    def _names(self) -> str:
        return ", ".join(sorted(self._tables))


def _explained(connection: duckdb.DuckDBPyConnection, query: str) -> tuple[str, duckdb.StatementType]:
    """What EXPLAIN or EXPLAIN ANALYZE explains, and its kind."""
    raw = query.encode()  # the tokens are counted in bytes
    starts = [start for start, kind in duckdb.tokenize(query) if kind != duckdb.token_type.comment]
    words = [raw[start:end].split()[0].lower() for start, end in zip(starts, [*starts[1:3], len(raw)], strict=False)]
    begin = 2 if words[1:2] == [b"analyze"] else 1
    # Blanks in its place keep every position what it is in the whole query.
    rest = " " * starts[begin] + raw[starts[begin] :].decode() if len(starts) > begin else ""
    try:
        statements = connection.extract_statements(rest)
    except duckdb.Error as error:
        raise Refusal("EXPLAIN and EXPLAIN ANALYZE take a query and no options here.", 0) from error
    if len(statements) != 1:
        raise Refusal("EXPLAIN needs one query behind it.", 0)
    return rest, statements[0].type


def _tree(connection: duckdb.DuckDBPyConnection, query: str) -> Tree:
    """What DuckDB understood."""
    found = connection.execute("SELECT json_serialize_sql(?::VARCHAR)", [query]).fetchall()
    try:
        tree = json.loads(found[0][0])
    except RecursionError as error:
        raise Refusal("The query is nested too deeply. Use WITH for its inner parts.") from error
    if tree.get("error") or len(tree.get("statements", ())) != 1:
        raise Refusal(f"This statement can not be checked, so it is not answered. {_READS}")
    return dict(tree)


def _parts(tree: Tree) -> Iterator[Tree]:
    """Every object of a tree; without recursion, so that its depth does not matter."""
    left: list[object] = [tree]
    while left:
        each = left.pop()
        if isinstance(each, dict):
            yield each
            left += each.values()
        elif isinstance(each, list):
            left += each


def _defined(tree: Tree) -> Iterator[object]:
    """Names that the query gives to its own parts by WITH."""
    for part in _parts(tree):
        if "cte_name" in part:
            yield part["cte_name"]
        mapped = part.get("cte_map")
        yield from (each["key"] for each in (mapped["map"] if isinstance(mapped, dict) else ()))


def _place(part: Tree) -> int | None:
    place = part.get("query_location")
    return place if isinstance(place, int) and place != _NOWHERE else None
