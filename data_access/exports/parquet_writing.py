"""A Parquet file that is sent while it is written: row group by row group, each bounded in memory."""

import io
from collections.abc import Generator, Iterable, Iterator, Mapping
from itertools import islice

import pyarrow as pa
import pyarrow.parquet as pq

MEDIA_TYPE = "application/vnd.apache.parquet"
ROW_GROUP = 122_880  # rows, as DuckDB writes them: of samples about 10 MB in memory, of annotations 60


class _Drain(io.RawIOBase):
    """A file that is only written; what was written is taken away piece by piece."""

    def __init__(self) -> None:
        super().__init__()
        self._parts: list[bytes] = []
        self._length = 0

    def writable(self) -> bool:
        return True

    def write(self, data: bytes) -> int:  # type: ignore[override]  # pyarrow hands over bytes
        self._parts.append(bytes(data))
        self._length += len(data)
        return len(data)

    def tell(self) -> int:
        return self._length

    def take(self) -> bytes:
        """All that was written since the last time."""
        parts, self._parts = self._parts, []
        return b"".join(parts)


def parquet_pieces(groups: Iterator[pa.Table], about: Mapping[str, str]) -> Generator[bytes]:
    """The file, one row group at a time.

    Args:
        groups: as `row_groups` makes them, all with one schema.
        about: metadata of the schema; what the tables' own schema says there is left out.
    """
    drain = _Drain()
    # Popped from lists: nothing holds a group while its bytes are on their way, which may take the client minutes.
    waiting = [next(groups).replace_schema_metadata(about)]
    with pq.ParquetWriter(drain, waiting[0].schema, compression="zstd") as writer:
        while waiting:
            writer.write_table(waiting.pop(), row_group_size=ROW_GROUP)
            yield drain.take()
            waiting += [group.replace_schema_metadata(about) for group in islice(groups, 1)]
    yield drain.take()


def row_groups(tables: Iterable[pa.Table]) -> Generator[pa.Table]:
    """Rows in groups of `ROW_GROUP`, the last one smaller; at least one, so that no rows are a file with columns."""
    waiting: list[pa.Table] = []
    rows, none_yet = 0, True
    for table in tables:
        waiting.append(table)
        rows += table.num_rows
        while rows >= ROW_GROUP:
            whole = pa.concat_tables(waiting)
            ready, waiting = [whole.slice(0, ROW_GROUP)], [whole.slice(ROW_GROUP)]
            rows, none_yet = rows - ROW_GROUP, False
            del whole  # as above
            yield ready.pop()
    if rows or none_yet:
        yield pa.concat_tables(waiting)
