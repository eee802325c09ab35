"""A BigEarthNet.txt of the published size for benchmarks: 9,553,962 rows on 464,044 real patches.

    python -m benchmarks.annotation_rows FILE

Exact, as published: the thirteen columns, their order and types; rows per type, category and split, and the bench
split's rows per type; patches per country, season and split; yes and no, a, b, c and d over all rows; one to 67
annotations per patch with a median of 21; IDs from 1 in the order of patch, type and category; row groups of 122,880.
Real: ids, places, countries, splits and classes of the patches, and what questions say of these. Drawn: the words
(our own, in the published grammar), areas, counts, directions, boxes, and which patches and rows the counts fall on.

Made are 2,753,316 distinct inputs, 1,254,339 distinct outputs (392,712 captions) and 5,539,546 distinct pairs of both;
captions have 702 characters at the median, 1,781 at the 99th percentile. 433 MB, where the published file has 467.
"""

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from random import Random

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from benchmarks.annotation_captions import caption
from benchmarks.annotation_counts import counts_per_patch
from benchmarks.annotation_frames import WORDS
from benchmarks.annotation_patches import Patches, real_patches
from benchmarks.annotation_questions import BINARY, MCQ, Scene, at_point, at_reference, box
from data_access.annotations.annotation_file import COLUMNS
from data_access.tasks import TASKS, Task

YES_NO = {"yes": 1_769_711, "no": 1_855_449}
LETTERS = {"a": 816_500, "b": 813_695, "c": 814_341, "d": 814_648}
ROW_GROUP = 122_880  # of the published file: 78 row groups
REAL_DATA = Path(os.environ.get("PATCHWORK_REAL_DATA", Path(__file__).parents[2] / "shared" / "data" / "real"))
_BATCH = 6_000  # patches written at once, about one row group
_SEED = 7
_ALL = frozenset(range(len(WORDS)))


_SCHEMA = pa.schema(
    [
        pa.field(
            name,
            pa.int64() if name == "ID" else pa.float64() if name in {"latitude", "longitude"} else pa.string(),
            nullable=False,
        )
        for name in COLUMNS
    ]
)


class Quota:
    """Deals out answers in random order until each was given exactly as often as it should be."""

    def __init__(self, counts: dict[str, int], rng: Random) -> None:
        """Start with how often each answer shall come."""
        self._left = dict(counts)
        self._rng = rng

    def next(self) -> str:
        """The next answer."""
        place = int(self._rng.random() * sum(self._left.values()))
        for answer, left in self._left.items():
            place -= left
            if place < 0:
                self._left[answer] -= 1
                return answer
        raise ValueError("all answers are given")


class RowWriter:
    """Writes the texts of one patch after the other, and keeps the answers in balance."""

    def __init__(self, rng: Random) -> None:
        """Draw everything from `rng`."""
        self._rng = rng
        self._yes_no, self._letters = Quota(YES_NO, rng), Quota(LETTERS, rng)

    def rows(self, scene: Scene, counts: list[int]) -> Iterator[tuple[str, str]]:
        """Input and output of every row of a patch, in the order of the tasks.

        Args:
            scene: what the texts may know.
            counts: rows of each of the fifteen tasks.
        """
        for task, count in zip(TASKS, counts, strict=True):
            for _ in range(count):
                yield self._row(task, scene)

    def _row(self, task: Task, scene: Scene) -> tuple[str, str]:
        if task.type == "binary":
            answer = self._yes_no.next()
            return BINARY[task.category](self._rng, scene, answer == "yes"), answer
        if task.type == "mcq":
            answer = self._letters.next()
            return MCQ[task.category](self._rng, scene, "abcd".index(answer)), answer
        if task.type == "captioning":
            return caption(self._rng, scene)
        written, corners = box(self._rng, scene)
        if task.category == "point":
            return at_point(self._rng, corners), written
        return at_reference(self._rng, scene), written


def write_annotations(path: Path, metadata: Path = REAL_DATA / "bigearthnet_v2") -> int:
    """Write the file and return its number of rows; the same file every time.

    Args:
        path: of the Parquet to write; appears when it is whole.
        metadata: folder with official_metadata.parquet and all_patches_with_coords.parquet.
    """
    rows = path.with_name(f"{path.name}.part")
    with pq.ParquetWriter(rows, _SCHEMA, compression="snappy") as writer:
        held: list[pa.Table] = []
        for table in _tables(metadata):
            held.append(table)
            while sum(part.num_rows for part in held) >= ROW_GROUP:
                whole = pa.concat_tables(held)
                writer.write_table(whole.slice(0, ROW_GROUP), row_group_size=ROW_GROUP)
                held = [whole.slice(ROW_GROUP)]
        writer.write_table(pa.concat_tables(held))
    rows.replace(path)
    return int(pq.read_metadata(path).num_rows)


def _tables(metadata: Path) -> Iterator[pa.Table]:
    """All rows in the order of their IDs, some thousand patches at a time."""
    patches = real_patches(metadata, _SEED)
    counts = counts_per_patch(patches, np.random.default_rng(_SEED))
    rng = Random(_SEED)  # noqa: S311 - synthetic rows need no secrets
    writer = RowWriter(rng)
    first = 1
    for start in range(0, len(patches), _BATCH):
        place = slice(start, start + _BATCH)
        texts = [
            text
            for scene, numbers in zip(_scenes(patches, place), counts[place].tolist(), strict=True)
            for text in writer.rows(scene, numbers)
        ]
        yield _table(patches.columns.slice(start, _BATCH), counts[place], texts, first)
        first += len(texts)


def _scenes(patches: Patches, place: slice) -> Iterator[Scene]:
    columns = patches.columns.slice(place.start, place.stop - place.start)
    named = zip(*(columns[name].to_pylist() for name in ("country", "season", "climate_zone")), strict=True)
    for numbers, (country, season, climate_zone) in zip(patches.classes[place], named, strict=True):
        present = tuple(number - 1 for number in numbers)
        yield Scene(present, tuple(sorted(_ALL - set(present))), country, season, climate_zone)


def _table(patches: pa.Table, counts: NDArray[np.int64], texts: list[tuple[str, str]], first: int) -> pa.Table:
    """Put texts, given in the order of patch and task, beside the columns of their patches and tasks."""
    patch = np.repeat(np.arange(len(counts)), counts.sum(axis=1))
    task = np.repeat(np.tile(np.arange(len(TASKS)), len(counts)), counts.ravel())
    of_patch = patches.take(pa.array(patch))
    columns = {name: of_patch[name] for name in of_patch.column_names} | {
        "ID": pa.array(np.arange(first, first + len(patch))),
        "input": pa.array([question for question, _ in texts]),
        "output": pa.array([answer for _, answer in texts]),
        "type": pa.array([known.type for known in TASKS]).take(pa.array(task)),
        "category": pa.array([known.category for known in TASKS]).take(pa.array(task)),
    }
    return pa.table([columns[name] for name in COLUMNS], schema=_SCHEMA)


def main() -> None:
    """Write the file and say how large it is."""
    path = Path(sys.argv[1])
    rows = write_annotations(path)
    print(f"{rows:,} rows, {path.stat().st_size / 1e6:,.0f} MB")


if __name__ == "__main__":
    main()
