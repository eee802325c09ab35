"""Samples told by the shards themselves, for roots without a metadata table: place and times of every member.

Of each sample one small member is opened for its place and one of Sentinel-1 for its time; of both only the metadata is
read, not the pixels. The result is kept per shard, so an interrupted scan goes on where it stopped.
"""

import io
import json
import logging
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import pyarrow as pa

from data_access.geolocation import to_degrees
from data_access.kept_tables import kept_table
from data_access.terramesh.byte_range import RangeFile, read_range
from data_access.terramesh.layout import Shard
from data_access.terramesh.member_index import MemberIndex, digest
from data_access.terramesh.metadata_table import SAMPLE_SCHEMA
from data_access.terramesh.modalities import MODALITIES, source_of
from data_access.terramesh.sample import SampleFile
from data_access.terramesh.shard import Member
from errors import PatchworkError, PlaceError, SampleFormatError

logger = logging.getLogger(__name__)

# Small members first; LULC and NDVI carry the time of Sentinel-2, DEM none.
PLACE_ORDER = ("LULC", "NDVI", "S2RGB", "S2L1C", "S2L2A", "DEM", "S1RTC", "S1GRD")
S1_ORDER = ("S1RTC", "S1GRD")
_READ_AHEAD = 16 << 10  # bytes; directory and coordinates lie together at the end of a member
_FORMAT = "2"  # raise it when older files can not be read any more
_NS_PER_US = 1000


@dataclass
class _Findings:
    """What a scan has found so far."""

    rows: list[dict[str, object]] = field(default_factory=list)
    damaged: list[str] = field(default_factory=list)

    def notes(self, name: str) -> list[str]:
        if not self.damaged:
            return []
        return [f"{name}: {len(self.damaged)} member(s) can not be read (such as {self.damaged[0]})"]


def scan_shards(shards: Iterable[Shard], index: MemberIndex, folder: Path) -> tuple[pa.Table, tuple[str, ...]]:
    """The samples in shards of one name, from one split.

    Args:
        shards: the shard of each modality.
        index: where members are looked up.
        folder: where the result is kept.

    Returns:
        A table of `SAMPLE_SCHEMA`, one row per sample that any of the shards has, and sentences on what is damaged.
    """
    by_modality = {shard.modality: shard for shard in shards}
    identity = digest(_FORMAT, *(shard.identity for shard in by_modality.values()))
    build = partial(_scan, by_modality, index)
    table = kept_table(folder / f"{identity}.parquet", build)
    if not table.schema.equals(SAMPLE_SCHEMA):
        table = build()
    return table, tuple(json.loads((table.schema.metadata or {}).get(b"notes", b"[]")))


def open_member(shard: Shard, member: Member, modality: str) -> SampleFile:
    """A member for its metadata: only the ranges asked for are read. Raises PatchworkError where it is damaged."""
    source = RangeFile(partial(read_range, shard.location), member.data_offset, member.size)
    return SampleFile(io.BufferedReader(source, _READ_AHEAD), MODALITIES[modality])


def _scan(by_modality: Mapping[str, Shard], index: MemberIndex) -> pa.Table:
    name = next(iter(by_modality.values())).name
    logger.info("scanning %s for places and times; this is done once", name)
    findings = _Findings()
    listed = {modality: index.members(shard) for modality, shard in by_modality.items()}
    for key in sorted({key for members in listed.values() for key in members}):
        found = {
            modality: (by_modality[modality], member)
            for modality, members in listed.items()
            if (member := members.find(key)) is not None
        }
        findings.rows.append(_row(key, found, findings.damaged))
    table = pa.Table.from_pylist(findings.rows, schema=SAMPLE_SCHEMA)
    return table.replace_schema_metadata({"notes": json.dumps(findings.notes(name))})


def _row(key: str, found: Mapping[str, tuple[Shard, Member]], damaged: list[str]) -> dict[str, object]:
    """One row of the sample table; what can not be read stays null, a place that is unknown NaN."""
    shard = next(iter(found.values()))[0]
    row: dict[str, object] = {
        "id": key,
        "split": shard.split,
        "source": source_of(key, shard.name),
        "lon": math.nan,
        "lat": math.nan,
        "tar": shard.name,
        "available": True,
    }
    for modality in PLACE_ORDER:
        if modality in found and _add_place(row, modality, *found[modality], damaged):
            break
    for modality in S1_ORDER:
        if modality in found:
            _add_s1_time(row, modality, *found[modality], damaged)
    return row


def _add_place(row: dict[str, object], modality: str, shard: Shard, member: Member, damaged: list[str]) -> bool:
    """Fill place, name and time from one member; whether that worked."""
    try:
        file = open_member(shard, member, modality)
        centre = file.centre or _middle(file)
        has_s2_time = modality not in (*S1_ORDER, "DEM")
        row |= {
            "sample": file.sample,
            "epsg": file.epsg,
            "time": _time_of(file, f"{member.key} in {shard.relative}", damaged) if has_s2_time else None,
            "lon": centre[0],
            "lat": centre[1],
        }
    except PatchworkError as error:  # whatever is wrong with one member, the others are listed
        damaged.append(f"{member.key} in {shard.relative}: {error.message}")
        return False
    return True


def _add_s1_time(row: dict[str, object], modality: str, shard: Shard, member: Member, damaged: list[str]) -> None:
    try:
        row["s1_time"] = _microseconds(open_member(shard, member, modality).time)
    except PatchworkError as error:
        damaged.append(f"{member.key} in {shard.relative}: {error.message}")


def _middle(file: SampleFile) -> tuple[float, float]:
    """Longitude and latitude of the centre by pixel centres or name, for members that do not store it; NaN if none."""
    try:
        place = file.geolocation
    except PlaceError:
        place = None
    if place is None:
        return math.nan, math.nan
    a, _, left, _, e, top = place.transform
    _, height, width = file.shape
    lon, lat = to_degrees(place.epsg).transform(left + a * width / 2, top + e * height / 2)
    return float(lon), float(lat)


def _time_of(file: SampleFile, where: str, damaged: list[str]) -> int | None:
    """The time in microseconds; one that can not be read costs the time, not the place."""
    try:
        return _microseconds(file.time)
    except SampleFormatError as error:
        damaged.append(f"{where}: {error.message}")
        return None


def _microseconds(moment: int | None) -> int | None:
    return None if moment is None else moment // _NS_PER_US
