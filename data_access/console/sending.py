"""The rows of an answer as an Arrow stream, cut where the limits are, in types that every format can carry."""

from collections.abc import Callable
from typing import Literal

import duckdb
import pyarrow as pa

from data_access.console.limits import Limits

Cut = Literal["", "rows", "size"]
BATCH_ROWS = 2048  # DuckDB's own step: an interrupt is noticed, and the first rows are on their way, after each
_PLAIN = frozenset(
    {
        *("boolean", "tinyint", "smallint", "integer", "bigint", "utinyint", "usmallint", "uinteger", "ubigint"),
        *(
            "hugeint",
            "uhugeint",
            "float",
            "double",
            "decimal",
            "varchar",
            "date",
            "time",
            "timestamp",
            "timestamp_s",
            "timestamp_ms",
        ),
        *("timestamp_ns", "timestamp with time zone"),
    }
)
_NESTED = frozenset({"list", "array", "struct"})


class _Sink:
    """A file that hands on what is written."""

    def __init__(self, write: Callable[[bytes], None]) -> None:
        self._write = write
        self.closed = False

    def write(self, content: pa.Buffer) -> int:
        """Hand on some bytes."""
        self._write(bytes(content))
        return len(content)

    def flush(self) -> None:
        """Nothing is held back."""

    def close(self) -> None:
        """Nothing is left open."""
        self.closed = True


def send_rows(relation: duckdb.DuckDBPyRelation, limits: Limits, write: Callable[[bytes], None]) -> Cut:
    """Write the rows of a relation as one Arrow IPC stream, piece by piece.

    Args:
        relation: not yet computed.
        limits: where it is cut.
        write: takes the bytes.

    Returns:
        What it was cut by; empty where it is whole.

    Raises:
        duckdb.Error: the rows can not be computed.
    """
    batches = relation.project(_projection(relation)).to_arrow_reader(BATCH_ROWS)
    rows, size = 0, 0
    with pa.ipc.new_stream(_Sink(write), batches.schema) as writer:
        for batch in batches:
            fitting = batch.slice(0, limits.rows - rows)
            cut: Cut = "rows" if len(fitting) < len(batch) else ""
            small = _within(fitting, limits.size - size)
            if len(small) < len(fitting):
                cut = "size"
            writer.write_batch(small)
            rows, size = rows + len(small), size + small.nbytes
            if cut:
                return cut
    return ""


def _within(batch: pa.RecordBatch, size: int) -> pa.RecordBatch:
    """As many of the first rows as fit into so many bytes."""
    if batch.nbytes <= size:
        return batch
    low, high = 0, len(batch)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if batch.slice(0, middle).nbytes <= size else (low, middle - 1)
    return batch.slice(0, low)


def _projection(relation: duckdb.DuckDBPyRelation) -> str:
    """All columns by their places: each with a name of its own, and as text where Arrow or Parquet lack the type."""
    names: list[str] = []
    for name in relation.columns:
        shown, copies = name, 2
        while shown.lower() in {each.lower() for each in names}:
            shown, copies = f"{name} ({copies})", copies + 1
        names.append(shown)
    return ", ".join(
        f"#{place}{'' if _is_plain(kind) else '::VARCHAR'} AS {_quoted(name)}"
        for place, (name, kind) in enumerate(zip(names, relation.types, strict=True), start=1)
    )


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _is_plain(kind: duckdb.sqltypes.DuckDBPyType) -> bool:
    if kind.id in _NESTED:
        return all(_is_plain(child) for _, child in kind.children if isinstance(child, duckdb.sqltypes.DuckDBPyType))
    return kind.id in _PLAIN
