"""The same asked of DuckDB on the Parquet as it is: what somebody would write who has no Patchwork."""

from collections.abc import Mapping
from pathlib import Path

import duckdb

from benchmarks.annotation_lines import FIELDS, PAGE, Measured, Report, Wanted, ask, timed

_EDGE = r"regexp_extract_all(output, '[0-9.]+')"


class PlainDuckdb:
    """SQL on the file; two threads, as everybody here."""

    repeats = 3

    def __init__(self, path: Path) -> None:
        """Open the file as the view `rows`."""
        self._connection = duckdb.connect(config={"threads": 2, "memory_limit": "6GB"})
        self._connection.execute("SET enable_progress_bar = false")
        quoted = str(path).replace("'", "''")
        self._connection.execute(f"CREATE VIEW rows AS SELECT * FROM read_parquet('{quoted}')")

    def count(self, wanted: Wanted) -> tuple[int, int]:
        """See `Side`."""
        rows, patches = self._ask("SELECT count(*), count(DISTINCT patch_id) FROM rows", wanted)[0]
        return int(str(rows)), int(str(patches))

    def facets(self, wanted: Wanted) -> Mapping[str, Mapping[str, int]]:
        """See `Side`."""
        found = {}
        for name in FIELDS:
            others = Wanted("", wanted.bbox, wanted.terms) if name == "category" else wanted
            counted = self._ask(f"SELECT {name}, count(*) FROM rows", others, f"GROUP BY {name}")
            found[name] = {str(value): int(str(count)) for value, count in counted}
        return found

    def page(self, wanted: Wanted) -> list[int]:
        """See `Side`."""
        return [int(str(row[0])) for row in self._ask("SELECT * FROM rows", wanted, f'ORDER BY "ID" LIMIT {PAGE}')]

    def patch(self, patch_id: str) -> int:
        """See `Side`."""
        return len(self._connection.execute("SELECT * FROM rows WHERE patch_id = ?", [patch_id]).fetchall())

    def tasks(self, wanted: Wanted) -> int:
        """See `Side`."""
        answer = "CASE WHEN type IN ('binary', 'mcq') THEN output END"
        sql = f"SELECT type, category, split, {answer} AS answer, count(*) AS n FROM rows"
        return sum(int(str(row[-1])) for row in self._ask(sql, wanted, "GROUP BY ALL"))

    def boxes(self, wanted: Wanted) -> int:
        """See `Side`; boxes with the same corners come as one."""
        sql = f"SELECT {_EDGE} AS corners, count(*) FROM rows"
        found = self._ask(sql, wanted, "GROUP BY corners", "type = 'bounding box'")
        return sum(int(str(row[-1])) for row in found)

    def words(self, wanted: Wanted) -> int:
        """See `Side`; the words that 512 captions or more hold."""
        words = "unnest(list_distinct(regexp_extract_all(lower(output), '[a-z]+')))"
        captions = f"SELECT country, season, {words} AS word FROM rows"
        clauses, values = _where(wanted, "type = 'captioning'")
        sql = f"SELECT word, country, season, count(*) FROM ({captions} {clauses}) GROUP BY ALL HAVING count(*) > 512"
        self._connection.execute(sql, values).fetchall()
        return int(str(self._ask("SELECT count(*) FROM rows", wanted, "", "type = 'captioning'")[0][0]))

    def per_patch(self, wanted: Wanted) -> int:
        """See `Side`; of the matching rows, which place and patch leave all or none of."""
        counted = "SELECT patch_id, count(*) AS n FROM rows"
        clauses, values = _where(wanted)
        sql = f"SELECT n, count(*) FROM ({counted} {clauses} GROUP BY patch_id) GROUP BY n"
        return sum(int(row[1]) for row in self._connection.execute(sql, values).fetchall())

    def some_patches(self, count: int) -> list[str]:
        """Ids from all over the file."""
        ids = self._connection.execute("SELECT DISTINCT patch_id FROM rows ORDER BY 1").fetchall()
        return [str(row[0]) for row in ids[:: max(1, len(ids) // count)]]

    def _ask(self, sql: str, wanted: Wanted, end: str = "", also: str = "") -> list[tuple[object, ...]]:
        clauses, values = _where(wanted, also)
        return self._connection.execute(f"{sql} {clauses} {end}", values).fetchall()


def measure(path: Path, _tables: Path) -> Report:
    """Open the file, and answer everything."""
    took, side = timed(lambda: PlainDuckdb(path))
    if not isinstance(side, PlainDuckdb):
        raise TypeError("the side is no side")
    patches = side.some_patches(5)
    return {"first open": Measured([took]), "open later": Measured([took])} | ask(side, patches)


def _where(wanted: Wanted, also: str = "") -> tuple[str, list[object]]:
    clauses: list[str] = [also] if also else []
    values: list[object] = []
    if wanted.category:
        clauses.append("category = ?")
        values.append(wanted.category)
    if wanted.bbox:
        west, south, east, north = wanted.bbox
        clauses.append("longitude BETWEEN ? AND ? AND latitude BETWEEN ? AND ?")
        values += [west, east, south, north]
    for term in wanted.terms:
        clauses.append("(contains(lower(input), ?) OR contains(lower(output), ?))")
        values += [term, term]
    return ("WHERE " + " AND ".join(clauses) if clauses else ""), values
