"""The statistics of all samples in the shards of one name: each shard is read once, from its beginning to its end."""

import io
from collections.abc import Callable, Mapping
from functools import partial

import pyarrow as pa

from batch.problems import Problems
from batch.sample_measures import (
    LULC_NODATA,
    MASK_NODATA,
    backscatter,
    class_shares,
    missing_optical,
    terrain,
    vegetation,
)
from batch.shard_pass import each_member
from data_access.terramesh.batch_parts import SCHEMAS
from data_access.terramesh.layout import Shard
from data_access.terramesh.modalities import CLOUD_MASK, MODALITIES
from data_access.terramesh.offsets import offset_of_l1c, offset_of_l2a
from data_access.terramesh.sample import SampleFile
from errors import PatchworkError, SampleFormatError

Row = dict[str, float | str]
_TIME_OF = {"S1RTC": "s1_time", "S1GRD": "s1_time", "DEM": None}  # all others were made from Sentinel-2
_NS_PER_US = 1000
_L1C_STATE, _L2A_STATE = "offset_state_S2L1C", "offset_state_S2L2A"


def statistics_table(shards: Mapping[str, Shard], problems: Problems) -> pa.Table:
    """Columns of `batch_parts.SCHEMAS["statistics"]`, one row per sample that any of the shards has, in id order.

    Args:
        shards: by modality, in display order: of two that tell the same, the first counts.
        problems: gathers what is damaged; it costs what would have been told by it.

    Raises:
        SourceMissingError, RemoteError: a shard can not be reached.
    """
    rows: dict[str, Row] = {}
    for modality, shard in shards.items():
        for key, told in _measured(shard, modality, problems).items():
            rows[key] = told | rows.get(key, {})
    for row in rows.values():
        if row.get(_L2A_STATE) == "unknown":  # only L1C can tell; see `data_access.terramesh.offsets`
            row[_L2A_STATE] = row.get(_L1C_STATE, "unknown")
    return pa.Table.from_pylist([{"id": key, **rows[key]} for key in sorted(rows)], schema=SCHEMAS["statistics"])


def measure(file: SampleFile, modality: str, problem: Callable[[str], None] = lambda _: None) -> Row:
    """What one member tells: its measures, the state of its offset, its time in microseconds since 1970.

    Args:
        file: the opened member.
        modality: which it is.
        problem: told about a time or a cloud mask that is damaged; the bands count nevertheless.

    Raises:
        SampleFormatError: its pixels are damaged.
    """
    return {**_moment(file, modality, problem), **_contents(file, modality, problem)}


def _moment(file: SampleFile, modality: str, problem: Callable[[str], None]) -> Row:
    name = _TIME_OF.get(modality, "time")
    try:
        moment = file.time if name else None
    except SampleFormatError as error:
        problem(error.message)
        return {}
    return {name: moment // _NS_PER_US} if name and moment is not None else {}


def _contents(file: SampleFile, modality: str, problem: Callable[[str], None]) -> Row:
    pixels = file.pixels()
    match modality:
        case "LULC":
            return {**class_shares(pixels, "LULC", LULC_NODATA)}
        case "DEM":
            return {**terrain(pixels)}
        case "NDVI":
            return {**vegetation(pixels)}
        case "S1RTC" | "S1GRD":
            return {**backscatter(pixels, file.bands)}
    row: Row = {**missing_optical(pixels)}
    if modality == "S2L1C":
        row[_L1C_STATE] = offset_of_l1c(pixels, file.bands)
    elif modality == "S2L2A":
        row[_L2A_STATE] = offset_of_l2a(pixels, lambda: "unknown")
    try:
        mask = file.cloud_mask()
    except SampleFormatError as error:
        problem(error.message)
        mask = None
    return row if mask is None else {**row, **class_shares(mask, CLOUD_MASK, MASK_NODATA)}


def _measured(shard: Shard, modality: str, problems: Problems) -> dict[str, Row]:
    """What the members of one shard tell, by key."""
    found: dict[str, Row] = {}

    def visit(key: str, data: bytes) -> None:
        found.setdefault(key, {})
        try:
            file = SampleFile(io.BytesIO(data), MODALITIES[modality])
            found[key] = measure(file, modality, partial(problems.add, key, shard))
        except PatchworkError as error:  # one damaged member costs what it would have told
            problems.add(key, shard, error.message)

    each_member(shard, visit, problems.sentences)
    return found
