"""The rows of one annotation file in the order of their IDs: as arrays, searchable, and each exactly as stored."""

import logging
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from data_access.annotations.annotation_file import COLUMNS, AnnotationFile
from data_access.annotations.row_arrays import BLOCK, RowArrays
from data_access.annotations.row_files import RowFiles, kept_rows
from data_access.annotations.row_writer import KIND_COLUMNS, NO_ID, RECORD_COLUMNS
from data_access.annotations.spools import table_of
from data_access.annotations.text_index import TextIndex
from data_access.bit_mask import BitMask
from data_access.kept_arrays import Arrays
from data_access.memory_cache import OnceCache
from errors import CatalogueDamagedError, FilterError

logger = logging.getLogger(__name__)

_TOUCHED_BY_PAGES = ("text", "ends", "capitals", "records", "record", "kind", "input", "output")
_TOUCHED_BY_FILTERS = ("patch", "task", "answer", "box", "malformed")
_THREADS = 2  # of a search, between texts and rows: the arrays are read faster than memory gives them to more
MOST_WORDS = 16  # every one is looked for in every text
_CACHE_BYTES = 32_000_000  # of searches: 17 over 9.55 M rows


class RowStore:
    """Safe to use from many threads at once."""

    def __init__(self, file: AnnotationFile, patches: pa.Table, folder: Path) -> None:
        """Open what is kept in `folder`, or build it.

        Args:
            file: the annotations.
            patches: one row per patch, by id.
            folder: named after the file's revision.

        Raises:
            OSError: nothing can be written anywhere.
            duckdb.Error: the file's rows are damaged.
        """
        self._patches = patches
        self._files: RowFiles = kept_rows(folder, file, patches["id"].combine_chunks())
        self._schema = _schema(file)
        self._texts = TextIndex(self._array, self._files.arrays.rest)
        self._searches: OnceCache[tuple[str, ...], BitMask] = OnceCache(_CACHE_BYTES, lambda mask: mask.nbytes)

    @property
    def arrays(self) -> RowArrays:
        """What filters and charts need of every row. Raises CatalogueDamagedError."""
        return RowArrays(
            patch=self._array("patch"),
            task=self._array("task"),
            answer=self._array("answer"),
            box=self._array("box").view(np.uint8).reshape(-1, 4),
            malformed=self._array("malformed"),
            patches=self._patches,
        )

    @property
    def kept(self) -> Arrays:
        """The rows' own files, to which others may add what they compute from them."""
        return self._files.arrays

    @property
    def ids(self) -> np.ndarray:
        """The IDs, (n,) int64, ascending; NO_ID for rows without one. Raises CatalogueDamagedError."""
        return self._array("id")

    def search(self, terms: Sequence[str]) -> BitMask:
        """Which rows hold all terms in their input and output together, ignoring case; the latest answers are kept.

        Raises:
            FilterError: more than `MOST_WORDS` terms.
            CatalogueDamagedError: a kept file is damaged.
        """
        if len(terms) > MOST_WORDS:
            raise FilterError(f"The text has {len(terms)} words: search for at most {MOST_WORDS} at once.")
        chosen = tuple(sorted(set(terms)))
        return self._searches.get(chosen, lambda: self._searched(chosen))

    def take(self, numbers: np.ndarray) -> pa.Table:
        """The rows with these numbers, in the order asked for, with the thirteen columns as stored.

        Raises:
            CatalogueDamagedError: a kept file is damaged.
        """
        columns: dict[str, pa.Array | pa.ChunkedArray] = {}
        ids = self.ids[numbers]
        columns["ID"] = pa.array(ids, mask=ids == NO_ID)
        for table, codes, names in (("records", "record", RECORD_COLUMNS), ("kinds", "kind", KIND_COLUMNS)):
            taken = table_of(self._array(table)).take(pa.array(self._array(codes)[numbers]))
            columns |= {name: taken[name] for name in names}
        for name in ("input", "output"):
            columns[name] = self._texts.originals(self._array(name)[numbers])
        table = pa.table({name: columns[name] for name in COLUMNS}).cast(self._schema, safe=False)
        self.rest(*_TOUCHED_BY_PAGES)
        return table

    def rest(self, *names: str) -> None:
        """Say that arrays are not needed for a while, those of `arrays` unless named: nobody counts them as ours then.

        The system keeps them at hand; the next look costs a millisecond.
        """
        for name in names or _TOUCHED_BY_FILTERS:
            self._files.arrays.rest(name)

    def _searched(self, terms: tuple[str, ...]) -> BitMask:
        inputs, outputs = self._array("input"), self._array("output")
        # The last one is for rows without a text.
        holding = [np.append(held, False) for held in self._texts.holding(terms)] if terms else []

        def held_by(start: int) -> np.ndarray:
            part = slice(start, min(start + BLOCK, len(inputs)))
            found = np.ones(part.stop - part.start, dtype=np.bool_)
            for held in holding:
                found &= held[inputs[part]] | held[outputs[part]]
            return found

        with ThreadPoolExecutor(_THREADS) as pool:
            mask = BitMask(pool.map(held_by, range(0, max(len(inputs), 1), BLOCK)))
        self.rest("input", "output")
        return mask

    def _array(self, name: str) -> np.ndarray:
        found = self._files.arrays.get(name)
        if found is None:
            logger.error("%s of the kept rows %s is damaged", name, self._files.folder.name)
            self._files.forget()
            raise CatalogueDamagedError(
                "The rows of the annotations that are kept in the cache are damaged and were removed. "
                "Start the app again: they are built anew."
            )
        return found


def _schema(file: AnnotationFile) -> pa.Schema:
    """The thirteen columns with the types that they have in the file, and whether they may hold nulls there."""
    stored = pq.read_schema(file.path)
    return pa.schema([stored.field(name).remove_metadata() for name in COLUMNS])
