"""Arrays that come in pieces: written to disk as they come, and made kept arrays once their length is known."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
import pyarrow as pa

from data_access.kept_arrays import array_file, write_array

_BLOCK_BYTES = 1 << 22


class Spools:
    """Named arrays of one folder that grow at their ends."""

    def __init__(self, folder: Path, dtypes: dict[str, np.dtype[Any]]) -> None:
        """Begin an empty array of each name.

        Raises:
            OSError: the folder can not be written.
        """
        self._folder = folder
        self._dtypes = dtypes
        self._lengths = dict.fromkeys(dtypes, 0)
        self._files: dict[str, BinaryIO] = {name: self._path(name).open("wb") for name in dtypes}

    def add(self, name: str, values: np.ndarray) -> None:
        """Append to an array. Raises OSError where the disk is full."""
        self._files[name].write(np.ascontiguousarray(values, self._dtypes[name]).view(np.uint8).data)
        self._lengths[name] += len(values)

    def finish(self) -> None:
        """Make kept arrays of all. Raises OSError where the disk is full."""
        for name, file in self._files.items():
            file.close()
            write_array(array_file(self._folder, name), self._lengths[name], self._blocks(name))
            self._path(name).unlink()

    def close(self) -> None:
        """Let go of the files, whether or not they were finished."""
        for file in self._files.values():
            file.close()

    def _blocks(self, name: str) -> Iterator[np.ndarray]:
        dtype, left = self._dtypes[name], self._lengths[name]
        with self._path(name).open("rb") as file:
            while True:
                block = np.fromfile(file, dtype, min(left, _BLOCK_BYTES // dtype.itemsize))
                left -= len(block)
                yield block
                if not left:
                    return

    def _path(self, name: str) -> Path:
        return self._folder / f"{name}.spool"


def write_table(folder: Path, name: str, table: pa.Table) -> None:
    """Keep a small table as an array of bytes, under the same checksum as all arrays. Raises OSError."""
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table.combine_chunks())
    content = np.frombuffer(sink.getvalue(), np.uint8)
    write_array(array_file(folder, name), len(content), [content])


def table_of(content: np.ndarray) -> pa.Table:
    """The table that `write_table` kept; its columns are views of the bytes."""
    with pa.ipc.open_stream(pa.py_buffer(content)) as reader:
        return reader.read_all()
