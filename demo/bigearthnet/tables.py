"""The two Parquet files of the collection: metadata of the imagery, and BigEarthNet.txt with its thirteen columns."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from demo.bigearthnet.imagery import PatchRow
from demo.bigearthnet.mistakes import plant, record_text
from demo.bigearthnet.places import Patch
from demo.bigearthnet.text.annotate import annotations_of

ROW_GROUP = 122_880  # rows per group, as in the published file
MISTAKES = "patchwork_demo_mistakes"  # key of the record of planted mistakes in the Parquet file
_STRING = pa.string()
METADATA_SCHEMA = pa.schema(
    [
        ("patch_id", _STRING),
        ("labels", pa.list_(_STRING)),
        ("split", _STRING),
        ("country", _STRING),
        ("s1_name", _STRING),
        ("s2v1_name", _STRING),
        ("contains_seasonal_snow", pa.bool_()),
        ("contains_cloud_or_shadow", pa.bool_()),
    ]
)
TEXT_SCHEMA = pa.schema(
    [
        ("ID", pa.int64()),
        ("s1_name", _STRING),
        ("patch_id", _STRING),
        ("input", _STRING),
        ("output", _STRING),
        ("type", _STRING),
        ("category", _STRING),
        ("split", _STRING),
        ("latitude", pa.float64()),
        ("longitude", pa.float64()),
        ("country", _STRING),
        ("season", _STRING),
        ("climate_zone", _STRING),
    ]
)


def metadata_table(rows: Iterable[PatchRow]) -> pa.Table:
    """Metadata of patches, in the order of their ids."""
    ordered = sorted(rows, key=lambda row: row.patch_id)
    return pa.Table.from_pylist([vars(row) for row in ordered], METADATA_SCHEMA)


def is_annotated(row: PatchRow | Mapping[str, object]) -> bool:
    """Whether texts exist for a patch: like the published ones, only where neither cloud nor seasonal snow is seen."""
    flags = row if isinstance(row, Mapping) else vars(row)
    return not (flags["contains_seasonal_snow"] or flags["contains_cloud_or_shadow"])


def text_table(patches: Sequence[Patch], maps: Mapping[str, NDArray[np.uint16]], seed: int) -> pa.Table:
    """All annotations, numbered from 1 in the order of patch id, type and category, with a few planted mistakes.

    The table's metadata hold a record of the mistakes under `MISTAKES`.

    Args:
        patches: the annotated patches.
        maps: reference map per patch id, uint16 (120, 120).
        seed: seed of the collection.
    """
    rows: list[dict[str, object]] = []
    for patch in sorted(patches, key=lambda patch: patch.patch_id):
        longitude, latitude = patch.place.centre()
        first = len(rows) + 1
        rows.extend(
            {
                "ID": number,
                "s1_name": patch.s1_name,
                "patch_id": patch.patch_id,
                "input": annotation.input,
                "output": annotation.output,
                "type": annotation.type,
                "category": annotation.category,
                "split": patch.text_split,
                "latitude": latitude,
                "longitude": longitude,
                "country": patch.site.country,
                "season": patch.season,
                "climate_zone": patch.site.climate_zone,
            }
            for number, annotation in enumerate(annotations_of(patch, maps[patch.patch_id], seed), start=first)
        )
    planted, record = plant(rows)
    return pa.Table.from_pylist(planted, TEXT_SCHEMA).replace_schema_metadata({MISTAKES: record_text(record)})


def write_table(table: pa.Table, path: Path, note: Mapping[str, str]) -> None:
    """Write a Parquet file whole or not at all, with `note` among its key-value metadata."""
    known = dict(table.schema.metadata or {})
    marked = table.replace_schema_metadata({**known, **{key.encode(): value.encode() for key, value in note.items()}})
    partial = path.with_name(f".{path.name}.partial")
    pq.write_table(marked, partial, row_group_size=ROW_GROUP)
    partial.replace(path)


def note_of(path: Path, key: str) -> str | None:
    """The note written under `key`; None where the file does not exist, can not be read or has no such note."""
    try:
        metadata = pq.read_schema(path).metadata or {}
    except (OSError, pa.ArrowInvalid):
        return None
    value = metadata.get(key.encode())
    return None if value is None else value.decode()
