"""What the batch index measured, beside the samples that it measured: columns joined batch by batch, shard by shard."""

import logging
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path, PurePosixPath

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from data_access.measures import MEASURE_COLUMNS
from data_access.terramesh.batch_parts import TIMES, is_current, part_path, shards_of, statistics_paths
from data_access.terramesh.layout import Layout

logger = logging.getLogger(__name__)

_KEPT_PARTS = 64  # of a megabyte each; metadata tables list one shard after the other
_NO_TIME = np.datetime64("NaT", "us")


@dataclass(frozen=True)
class _Part:
    """The statistics of the shards of one name."""

    ids: pa.Array
    measures: np.ndarray  # (measure, sample) float32, NaN where unknown
    times: np.ndarray  # (time, sample) datetime64[us], NaT where unknown


class PartsJoin:
    """Adds the measures to batches of samples, where any part of the index has measures."""

    def __init__(self, folder: Path | None, layout: Layout) -> None:
        """Look for parts that were made from the layout's shards as they are now; None means that there is no index."""
        self._folder = folder
        self._layout = layout
        paths = statistics_paths(folder, layout) if folder else ()
        self._paths = {(path.parent.name, path.stem): path for path in paths}
        self._part = lru_cache(maxsize=_KEPT_PARTS)(_read)
        self._covered = 0

    def join(self, samples: pa.Table) -> pa.Table:
        """The samples with a float32 column per measure, null where unknown; unchanged where there are no parts.

        A time that is missing is taken from the part as well, so that the season is known where metadata holds none.
        """
        if not self._paths:
            return samples
        values = np.full((len(MEASURE_COLUMNS), len(samples)), np.nan, np.float32)
        times = np.full((len(TIMES), len(samples)), _NO_TIME)
        for (split, tar), rows in _by_shard(samples):
            path = self._paths.get((split, PurePosixPath(tar).stem))
            part = self._part(path) if path else None
            if part is None:
                continue
            places = pc.fill_null(pc.index_in(samples["id"].take(pa.array(rows)), value_set=part.ids), -1).to_numpy()
            found = places >= 0
            values[:, rows[found]] = part.measures[:, places[found]]
            times[:, rows[found]] = part.times[:, places[found]]
            self._covered += int(found.sum())
        for name, column in zip(MEASURE_COLUMNS, values, strict=True):
            samples = samples.append_column(name, pa.array(column, mask=np.isnan(column)))
        for name, moments in zip(TIMES, times, strict=True):
            known = pc.coalesce(samples[name], pa.array(moments))
            samples = samples.set_column(samples.column_names.index(name), name, known)
        return samples

    def notes(self, listed: Mapping[tuple[str, str], int], samples: int) -> Iterator[str]:
        """Sentences on how partial the measures are, and the metadata tables.

        Args:
            listed: samples that the metadata tables list, by split and shard.
            samples: all of them.
        """
        if self._paths and self._covered < samples:
            yield f"Statistics cover {self._covered:,} of {samples:,} samples; the others match no condition on them."
        partial = {shard: held for shard, count in listed.items() if (held := self._held(*shard)) > count}
        if partial:
            (split, tar), held = next(iter(partial.items()))
            yield (
                f"{len(partial)} shards hold samples that the metadata does not list, such as {tar} of {split}: "
                f"{held} instead of {listed[split, tar]}. Those can not be found here."
            )

    def _held(self, split: str, tar: str) -> int:
        """How many samples the shards of a name hold by the index; 0 where it does not tell."""
        path = part_path(self._folder, "offsets", split, tar) if self._folder else None
        if path is None or not path.is_file():
            return 0
        if not is_current(path, "offsets", shards_of(self._layout, split, tar)):
            return 0
        return int(pq.read_metadata(path).num_rows)


def _by_shard(samples: pa.Table) -> Iterator[tuple[tuple[str, str], np.ndarray]]:
    """Split and shard, and the numbers of their rows."""
    names = pc.binary_join_element_wise(samples["split"], samples["tar"], "/")
    encoded = pc.dictionary_encode(pc.fill_null(names, "/")).combine_chunks()
    if isinstance(encoded, pa.ChunkedArray):  # of no rows
        return
    codes = np.asarray(encoded.indices)
    for code, name in enumerate(encoded.dictionary.to_pylist()):
        split, _, tar = name.partition("/")
        yield (split, tar), np.flatnonzero(codes == code)


def _read(path: Path) -> _Part | None:
    """A part in memory; None where it is broken."""
    try:
        table = pq.read_table(path, columns=["id", *MEASURE_COLUMNS, *TIMES], page_checksum_verification=True)
    except (pa.ArrowException, OSError) as error:
        logger.warning("the batch part %s is broken and counts as missing: %s", path.name, error)
        return None
    measures = np.asarray([table[name].to_numpy() for name in MEASURE_COLUMNS], dtype=np.float32)
    times = np.asarray([table[name].to_numpy() for name in TIMES], dtype="datetime64[us]")
    return _Part(table["id"].combine_chunks(), measures, times)
