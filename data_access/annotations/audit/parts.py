"""What audits have found, kept in one folder per revision: a Parquet file for every few hundred patches.

A part appears whole or not at all and names the patches it holds, so an audit that was cancelled or killed goes on
where it stopped, and no patch is checked twice. In memory each row has its outcome and the number of its part.
"""

import logging
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from threading import Lock

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from data_access.annotations.audit.verdicts import CODES, NOT_CHECKED, ROW
from data_access.kept_tables import mark_used, replace_atomically
from errors import JobError

logger = logging.getLogger(__name__)

_PATCHES = b"patches"  # key of the numbers of a part's patches, int32, in the metadata of its schema
_NO_PART = 0
_PATTERN = "part-*.parquet"
MOST_IN_MEMORY = 256_000_000  # bytes of findings that can not be written: of about 60,000 patches


class AuditParts:
    """The parts of one revision; safe to use from many threads at once."""

    def __init__(self, folder: Path | None, rows: int, patches: int) -> None:
        """Take over what is kept.

        Args:
            folder: where parts are kept; None keeps them in memory.
            rows: number of annotations.
            patches: number of patches.
        """
        self._folder = folder
        self._lock = Lock()
        self.outcomes = np.full(rows, NOT_CHECKED, np.uint8)  # see `verdicts.CODES`
        self.done = np.zeros(patches, np.bool_)  # per patch: whether its rows were checked
        self._part_of = np.full(rows, _NO_PART, np.uint32)
        self._sources: list[tuple[Path | pa.Table, np.ndarray]] = []  # and numbers of its patches; part 1 first
        self._known: set[Path] = set()
        self._in_memory = 0  # bytes
        self.version = 0  # grows with everything that is found or lost
        self.reload()

    def reload(self) -> None:
        """Take over what another process has added."""
        for path in sorted(self._folder.glob(_PATTERN)) if self._folder else ():
            if path in self._known:
                continue
            try:
                kept = pq.read_table(path, columns=[ROW, "outcome"], page_checksum_verification=True)
                patches = np.frombuffer((kept.schema.metadata or {})[_PATCHES], np.int32)
                self._enter(path, kept, patches)
            except (pa.ArrowException, OSError, KeyError, ValueError, IndexError) as error:
                logger.warning("the part %s of an audit is broken, its patches are checked again: %s", path.name, error)
                with suppress(OSError):
                    path.unlink()
            else:
                mark_used(path)

    def add(self, table: pa.Table, patches: Sequence[int]) -> None:
        """Keep what was found for some patches, `verdicts.KEPT_SCHEMA`; in memory where it can not be written.

        Raises:
            JobError: it can not be written, and memory has enough of it.
        """
        numbers = np.asarray(patches, np.int32)
        marked = table.replace_schema_metadata({_PATCHES: numbers.tobytes()})
        source: Path | pa.Table = table
        if self._folder and len(numbers):
            path = self._folder / f"part-{numbers[0]:07d}-{numbers[-1]:07d}-{len(numbers)}.parquet"
            try:
                replace_atomically(path, lambda temporary: _write(marked, temporary))
                source = path
            except OSError as error:
                logger.warning("a part of an audit can not be kept: %s", error)
                if self._in_memory + table.nbytes > MOST_IN_MEMORY:
                    raise JobError(
                        f"Findings can not be written ({error.strerror}), and {MOST_IN_MEMORY // 10**6} MB of them are "
                        "in memory. Make room in the cache folder, or set PATCHWORK_CACHE_DIR to another."
                    ) from error
                self._in_memory += table.nbytes
        self._enter(source, table.select([ROW, "outcome"]), numbers)

    def take(self, places: np.ndarray) -> pa.Table | None:
        """What was found for rows, in their order: `verdicts.KEPT_SCHEMA`; None where nothing was.

        Rows of a part that has gone are left out, and count as not checked from then on.

        Args:
            places: of checked rows, ascending.
        """
        parts = self._part_of[places]
        found: list[pa.Table] = []
        for number in np.unique(parts[parts != _NO_PART]):
            table = self._read(int(number))
            if table is not None:
                wanted = np.isin(table[ROW].to_numpy(), places[parts == number], assume_unique=True)
                found.append(table.filter(pa.array(wanted)))
        return pa.concat_tables(found).unify_dictionaries().sort_by(ROW) if found else None

    def _enter(self, source: Path | pa.Table, kept: pa.Table, patches: np.ndarray) -> None:
        places = kept[ROW].to_numpy()
        codes = pc.index_in(kept["outcome"].cast(pa.string()), value_set=pa.array(list(CODES))).to_numpy() + 1
        with self._lock:
            self._sources.append((source, patches))
            self.outcomes[places] = codes.astype(np.uint8)
            self._part_of[places] = len(self._sources)
            self.done[patches] = True
            self.version += 1
            if isinstance(source, Path):
                self._known.add(source)

    def _read(self, number: int) -> pa.Table | None:
        source, patches = self._sources[number - 1]
        if isinstance(source, pa.Table):
            return source
        try:
            return pq.read_table(source, page_checksum_verification=True)
        except (pa.ArrowException, OSError) as error:
            logger.warning("the part %s of an audit has gone, its rows count as not checked: %s", source.name, error)
            with self._lock:
                self.outcomes[self._part_of == number] = NOT_CHECKED
                self.done[patches] = False
                self.version += 1
                self._known.discard(source)
            return None


def _write(table: pa.Table, path: Path) -> None:
    pq.write_table(table, path, compression="zstd", write_page_checksum=True)
