"""What a run leaves when it ends: tables of samples, metrics and problems, and the store's metadata and coordinates.

Made from the parts alone, so that a run which was stopped, killed and gone on with leaves the same bytes as one that
nothing happened to: no date and no duration is in them.
"""

import io
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq

from batch.generate_arrays import band_names, coordinate_array, output_arrays
from batch.generate_job import Job, Sample, read_part
from batch.generate_rows import METRICS
from batch.zarr_store import ZarrArray, write_array, write_metadata
from data_access.dataset import CollectionInfo
from data_access.kept_tables import replace_atomically
from errors import JobError
from generation.prepared import Window
from generation.provenance import JSON, provenance
from generation.request import Request

PROVENANCE = "provenance.json"
SAMPLES = pa.schema(
    [
        pa.field("id", pa.string(), nullable=False),
        ("lon", pa.float64()),
        ("lat", pa.float64()),
        pa.field("made", pa.bool_(), nullable=False),
        *((name, pa.int32()) for name in ("left", "top", "width", "height")),
        ("notes", pa.string()),
    ]
)
PROBLEMS = pa.schema([pa.field(name, pa.string(), nullable=False) for name in ("id", "code", "message")])
_TRANSFORM = 6  # numbers of an affine transform


@dataclass(frozen=True)
class _Result:
    """The run as provenance wants to know it; which crop each sample had stands in the table of samples."""

    dataset: str
    revision: str
    request: Request
    model_revision: str
    facts: Mapping[str, Any]
    sample: str | None = None
    window: Window | None = None
    given: tuple[float, float] | None = None
    notes: tuple[str, ...] = ()
    made_at: str = ""


def finish(job: Job, samples: Sequence[Sample], info: CollectionInfo) -> tuple[str, ...]:
    """Write tables, coordinates and metadata of all samples that are done; returns a sentence for each that failed.

    Raises:
        JobError: parts were made by different weights or software, or nothing can be written.
    """
    parts = [read_part(job.part(each.id)) for each in samples]
    told = _provenance(job, parts, info)
    try:
        _write_tables(job, samples, parts, told)
        _write_store(job, samples, parts, told)
        text = json.dumps(told, indent=2)
        replace_atomically(job.out / PROVENANCE, lambda temporary: temporary.write_text(text, encoding="utf-8"))
    except OSError as error:
        raise JobError(
            f"{job.out.name!r} can not be written ({error.strerror}). Free space, then run again."
        ) from error
    return tuple(
        f"{sample.id}: {part['problem']['message']}"
        for sample, part in zip(samples, parts, strict=True)
        if part and part["problem"]
    )


def _provenance(job: Job, parts: Sequence[dict[str, Any] | None], info: CollectionInfo) -> dict[str, JSON]:
    made = [part for part in parts if part and not part["problem"]]
    known: dict[str, Any] = {"model_revision": "", "facts": {}}
    for part in made:
        mine = {name: part[name] for name in known}
        if part is made[0]:
            known = mine
        elif mine != known:
            raise JobError(
                f"{job.out.name!r} mixes results of {json.dumps(known)} and of {json.dumps(mine)}: weights, "
                "software or device changed between two runs. Use what the first one had, or another --out."
            )
    facts = {name: value for name, value in known["facts"].items() if value}
    result = _Result(job.dataset, job.revision, job.request, known["model_revision"], facts)
    return provenance(result, info=info)


def _write_tables(
    job: Job, samples: Sequence[Sample], parts: Sequence[dict[str, Any] | None], told: Mapping[str, JSON]
) -> None:
    rows, metrics, problems = [], [], []
    for sample, part in zip(samples, parts, strict=True):
        made = part is not None and part["problem"] is None
        window, notes = (part["window"], " ".join(part["notes"])) if part and made else ({}, None)
        place = {"lon": _number(sample.lon), "lat": _number(sample.lat)}
        rows.append({"id": sample.id, "made": made, **place, **window, "notes": notes})
        metrics += [{"id": sample.id, **row} for row in (part["metrics"] if part else ())]
        problems += [{"id": sample.id, **part["problem"]}] if part and part["problem"] else []
    about = {"patchwork_provenance": json.dumps(told)}
    for name, found, schema in (
        ("samples", rows, SAMPLES),
        ("metrics", metrics, METRICS),
        ("problems", problems, PROBLEMS),
    ):
        table = pa.Table.from_pylist(found, schema=schema).replace_schema_metadata(about)
        _replace(job.out / f"{name}.parquet", table, pq.write_table)
        _replace(job.out / f"{name}.csv", table.replace_schema_metadata(None), pyarrow.csv.write_csv)


def _replace(path: Path, table: pa.Table, write: Any) -> None:  # noqa: ANN401 - pyarrow's writers have no stubs
    buffer = io.BytesIO()
    write(table, buffer)
    replace_atomically(path, lambda temporary: temporary.write_bytes(buffer.getvalue()))


def _write_store(
    job: Job, samples: Sequence[Sample], parts: Sequence[dict[str, Any] | None], told: Mapping[str, JSON]
) -> None:
    made = [part if part and not part["problem"] else None for part in parts]
    windows = [(part["window"]["left"], part["window"]["top"]) if part else (0, 0) for part in made]
    transforms = [part["transform"] if part and part["transform"] else [math.nan] * _TRANSFORM for part in made]
    values: dict[str, tuple[np.ndarray, tuple[str, ...], str]] = {
        "sample": (np.array([each.id for each in samples]), ("sample",), ""),
        "seed": (np.array(job.request.seeds, np.int64), ("seed",), ""),
        "lon": (np.array([each.lon for each in samples], np.float64), ("sample",), "degrees_east"),
        "lat": (np.array([each.lat for each in samples], np.float64), ("sample",), "degrees_north"),
        "made": (np.array([part is not None for part in made]), ("sample",), ""),
        "crop": (np.array(windows, np.int32), ("sample", "left_top"), "pixels"),
        "epsg": (np.array([part["epsg"] or 0 if part else 0 for part in made], np.int32), ("sample",), ""),
        "transform": (np.array(transforms, np.float64), ("sample", "a_to_f"), "metres"),
        **{name: (names, (name,), "") for name, names in band_names(job).items()},
    }
    arrays: list[ZarrArray] = [*output_arrays(job, len(samples)).values()]
    for name, (array, dims, unit) in values.items():
        arrays.append(coordinate_array(name, array, dims, unit))
        write_array(job.store, arrays[-1], array)
    write_metadata(job.store, arrays, {"title": told["notice"], **told})


def _number(value: float) -> float | None:
    return None if math.isnan(value) else value
