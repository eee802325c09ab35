"""An answer of the console taken along: as Parquet, CSV or JSON, with licence and credit of the data."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

import pyarrow as pa
import pyarrow.compute as pc

from data_access.console.console import Answer
from data_access.dataset import CollectionInfo
from data_access.exports.selection import now

_DIGEST_BYTES = 4  # of a file's name: two queries of one afternoon will not meet


@dataclass(frozen=True)
class TakenAnswer:
    """What one query gave, as `exports` take rows."""

    info: CollectionInfo
    query: str
    answer: Answer

    @property
    def about(self) -> dict[str, str]:
        """What the file says of itself; `cut` tells whether rows are missing behind the last one."""
        licence = self.info.licence
        return {
            "title": self.info.title,
            "licence": licence.name,
            "licence_url": licence.url,
            "credit": licence.credit,
            "citation": licence.citation,
            "query": self.query,
            "cut": cut_text(self.answer),
            "revision": self.info.revision,
            "created": now().isoformat(),
        }

    def tables(self) -> Iterator[pa.Table]:
        """The rows in types that CSV writes, in one piece."""
        table = tidy(self.answer.table)
        columns = [column.cast(pa.string()) if pa.types.is_date32(column.type) else column for column in table.columns]
        yield pa.table(columns, names=table.column_names)


def file_name(info: CollectionInfo, query: str, ending: str) -> str:
    """What the file of a query's answer is called."""
    digest = hashlib.blake2b(query.encode("utf-8", "surrogatepass"), digest_size=_DIGEST_BYTES).hexdigest()
    return f"{info.dataset}-query-{digest}.{ending}"


def cut_text(answer: Answer) -> str:
    """What to say of rows that are missing; empty where none are."""
    rows = f"{len(answer.table):,} rows"
    if answer.cut == "rows":
        return f"Cut at {rows}: more is not sent at once."
    if answer.cut == "size":
        return f"Cut at {rows}: {answer.limits.size >> 20} MB are sent at most."
    return ""


def tidy(table: pa.Table) -> pa.Table:
    """The same rows in the types of CSV, JSON and pages.

    Whole numbers of many digits, such as every sum, become int64 where they fit, other decimals float64; times of day
    become text; dates and times without end have no value there.
    """
    return pa.table([_tidy(column) for column in table.columns], names=table.column_names)


def _tidy(column: pa.ChunkedArray) -> pa.ChunkedArray:
    kind = column.type
    if pa.types.is_decimal(kind):
        return _number(column)
    if pa.types.is_time(kind):
        return column.cast(pa.string())
    if pa.types.is_date32(kind) or pa.types.is_timestamp(kind):
        return _within_years(column)
    return column


def _number(column: pa.ChunkedArray) -> pa.ChunkedArray:
    if column.type.scale == 0:
        try:
            return column.cast(pa.int64())
        except pa.ArrowInvalid:
            pass  # larger than that: a float keeps what a reader looks at
    return column.cast(pa.float64())


def _within_years(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Dates and times of the years that Python and ISO 8601 know."""
    whole = pa.int32() if pa.types.is_date32(column.type) else pa.int64()
    numbers = column.cast(whole)
    first, last = (_as_number(column.type, edge) for edge in (datetime(1, 1, 2), datetime(9999, 12, 30)))  # noqa: DTZ001
    fits = pc.and_(pc.greater_equal(numbers, first), pc.less_equal(numbers, last))
    return pc.if_else(fits, column, None)


def _as_number(kind: pa.DataType, edge: datetime) -> int:
    days = (edge.date() - date(1970, 1, 1)).days
    if pa.types.is_date32(kind):
        return days
    scaled = days * 86_400 * {"s": 1, "ms": 10**3, "us": 10**6, "ns": 10**9}[kind.unit]
    return max(min(scaled, 2**63 - 1), -(2**63))
