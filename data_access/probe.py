"""Whether a place that data are to come from can be read: what lies there, and one sample really opened.

A probe opens no collection and keeps nothing. It reads listings, the ends of tables, and one small member, so that it
takes seconds where building the tables of the full TerraMesh takes minutes.
"""

import io
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Literal, get_args

import pyarrow as pa
import pyarrow.parquet as pq

from data_access.annotations.annotation_file import COLUMNS, check_columns, open_annotation_file
from data_access.bigearthnet.modalities import Modality, modality_named
from data_access.bigearthnet.stores import open_images
from data_access.collections import TXT_FILE, TXT_REPOSITORY
from data_access.progress import Activity, activity
from data_access.remote.remote_file import RemoteFile
from data_access.remote.remote_root import parse_root
from data_access.remote.single_file import find_file
from data_access.settings import Settings
from data_access.terramesh.byte_range import Location, RangeFile, read_range, size_of
from data_access.terramesh.layout import Layout, Shard, open_root
from data_access.terramesh.member_scan import PLACE_ORDER
from data_access.terramesh.modalities import MODALITIES
from data_access.terramesh.sample import SampleFile
from data_access.terramesh.shard import MAX_MEMBER_BYTES, key_of
from data_access.terramesh.tar import TarEntry, walk
from errors import PatchworkError, SampleFormatError, SchemaError, SettingsError, ShardError, SourceMissingError

Source = Literal["terramesh", "bigearthnet_txt", "bigearthnet_images"]  # fields of `Settings`
SOURCES: tuple[Source, ...] = get_args(Source)
_SEARCHED = 20  # entries of a shard before the first sample; a README or hidden files of an archiver may come first
_ONE_OF_EACH_PRODUCT = ("S2-10m", "S1", "reference_map")  # of BigEarthNet
_FOOTER_AHEAD = 64 << 10  # bytes; a table's footer lies at its end and is read in one piece

Findings = Iterator[tuple[str, str]]  # what was found, and how it is called


@dataclass(frozen=True)
class Report:
    """What a probe found, up to where it failed."""

    source: Source
    findings: tuple[tuple[str, str], ...]  # name and value
    problem: PatchworkError | None
    seconds: float


def probe(source: Source, value: str, configuration: Settings) -> Report:
    """Look at what a setting names, or would name.

    Args:
        source: which setting.
        value: its value: a folder or file, and for TerraMesh also `hf` or an address. Only an operator may give it.
        configuration: where lists of imagery are kept.
    """
    look: dict[Source, Callable[[str, Settings, Activity], Findings]] = {
        "terramesh": _terramesh,
        "bigearthnet_txt": _annotations,
        "bigearthnet_images": _images,
    }
    began = time.monotonic()
    findings: list[tuple[str, str]] = []
    problem: PatchworkError | None = None
    with activity(f"Testing PATCHWORK_{source.upper()}") as work:  # one that finds a problem has not failed
        try:
            findings.extend(look[source](value.strip(), configuration, work))
        except PatchworkError as error:
            problem = error
        except OSError as error:
            problem = SourceMissingError(f"It can not be read: {error.strerror}. Check path, disk and permissions.")
    return Report(source, tuple(findings), problem, time.monotonic() - began)


def _terramesh(value: str, _configuration: Settings, work: Activity) -> Findings:
    work.tell(0, "Listing shards")
    layout = open_root(value)
    yield "Splits", ", ".join(layout.splits)
    yield "Modalities", ", ".join(layout.folders) or "none"
    yield "Shards", _shard_words(layout)
    for split, table in layout.metadata.items():
        work.tell(work.done + 1, f"Reading the end of {table.name}")
        metadata = parquet_footer(table)
        yield f"{split}: samples by the table", f"{metadata.num_rows:,}"
        yield f"{split}: columns", ", ".join(metadata.schema.to_arrow_schema().names)
    if not layout.metadata:
        yield "Metadata", "no {split}_metadata.parquet: the shards are scanned once"
    if layout.shards:
        shard = min(layout.shards, key=lambda each: PLACE_ORDER.index(each.modality))
        work.tell(work.done + 1, f"Opening a sample of {shard.relative}")
        yield "Sample opened", first_sample(shard)


def _shard_words(layout: Layout) -> str:
    known = sum(shard.size or 0 for shard in layout.shards)
    return f"{len(layout.shards):,}" + (f" of together {known / 1e9:,.1f} GB" if known >= 1e7 else "")


def parquet_footer(location: Location) -> pq.FileMetaData:
    """Footer of a Parquet file, local or remote.

    Raises:
        SchemaError: it is no whole Parquet file.
        SourceMissingError, RemoteError: it can not be read.
    """
    file = io.BufferedReader(RangeFile(partial(read_range, location), 0, size_of(location)), _FOOTER_AHEAD)
    try:
        return pq.read_metadata(file)
    except (pa.ArrowException, ValueError, OSError) as error:
        raise SchemaError(f"{location.name} is no whole Parquet file ({error}). Fetch it again.") from error


def first_sample(shard: Shard) -> str:
    """Open the first sample of a shard and say what it is.

    Raises:
        ShardError: the shard begins with no sample.
        SampleFormatError: the sample does not decode.
        SourceMissingError, RemoteError: it can not be read.
    """
    size = size_of(shard.location) if shard.size is None else shard.size
    problems: list[str] = []
    read = partial(read_range, shard.location)
    for _, entry in zip(range(_SEARCHED), walk(read, size, problems), strict=False):
        key = key_of(entry)
        if key and entry.data_offset + entry.size <= size:
            return f"{key} {shard.modality}: {_decoded(entry, shard, read)}"
    damage = problems[0] if problems else "it begins with other files"
    raise ShardError(f"{shard.relative} holds no sample where one is expected: {damage}. Fetch it again.")


def _decoded(entry: TarEntry, shard: Shard, read: Callable[[int, int], bytes]) -> str:
    if entry.size > MAX_MEMBER_BYTES:
        raise SampleFormatError(
            f"{entry.name[-80:]!r} in {shard.relative} has {entry.size} bytes, too many for a chip."
        )
    member = io.BytesIO(read(entry.data_offset, entry.size))
    pixels = SampleFile(member, MODALITIES[shard.modality]).pixels()
    return f"{' × '.join(map(str, pixels.shape))} {pixels.dtype}, {entry.size:,} bytes"


def _annotations(value: str, _configuration: Settings, work: Activity) -> Findings:
    work.tell(0, "Reading the end of the file")
    remote = find_file(value, repository=TXT_REPOSITORY, name=TXT_FILE)
    location: Location = remote or open_annotation_file(Path(value).expanduser()).path
    metadata = parquet_footer(location)
    yield "Annotations", f"{metadata.num_rows:,}"
    check_columns(location.name, metadata.schema.to_arrow_schema())
    yield "Columns", f"all {len(COLUMNS)} are there"
    if isinstance(location, RemoteFile):
        yield "Size", f"{size_of(location) / 1e6:,.0f} MB, downloaded once at the next start"
        return
    work.tell(1, "Reading a row")
    yield "Row opened", _first_row(location)


def _first_row(path: Path) -> str:
    try:
        with pq.ParquetFile(path) as parquet:
            row = next(parquet.iter_batches(1, columns=["patch_id", "type"])).to_pylist()[0]
    except (pa.ArrowException, OSError, StopIteration, IndexError) as error:
        raise SampleFormatError(f"{path.name!r} has no row that can be read: download it again.") from error
    return f"{row['patch_id']}, {row['type']}"


def _images(value: str, configuration: Settings, work: Activity) -> Findings:
    work.tell(0, "Listing patches")
    if parse_root(value) is not None:
        raise SettingsError(f"{value[:80]!r} is no folder. Imagery is read from an LMDB or GeoTIFFs on this machine.")
    store = open_images(Path(value).expanduser(), configuration.tables_dir)
    yield "Form", type(store).__name__.removesuffix("Store")
    for note in store.notes:
        yield "Note", note
    opened: tuple[str, Modality] | None = None
    for modality in map(modality_named, _ONE_OF_EACH_PRODUCT):
        names = store.names(modality.product)
        yield modality.product, f"{len(names):,} patches"
        if len(names) and opened is None:
            opened = str(names[0].as_py()), modality
    if opened:
        name, modality = opened
        work.tell(1, f"Opening {name}")
        found = store.bands(modality.product, name, modality.bands, pixels=True)
        yield "Patch opened", f"{name}: {', '.join(band.name for band in found.bands)}"
