"""What `python -m batch` leaves behind: one Parquet part per set of shards of one name, and how the app reads it.

    {index}/offsets/{split}/{shard}.parquet      where each member lies
    {index}/statistics/{split}/{shard}.parquet   the measures of `data_access.measures`, and the offset state
    {index}/thumbnails/{split}/{shard}.parquet   pictures of 64 pixels
    {index}/progress.json                        how far the run is

A part appears whole or not at all. Its schema metadata says which shards it was made from, as they were then; a part
whose shards have changed since is stale: the app passes over it, and the next run makes it again. Rows are in id order.
"""

import hashlib
import json
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path, PurePosixPath
from typing import Literal

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from data_access.kept_tables import replace_atomically
from data_access.measures import MEASURE_COLUMNS
from data_access.remote.remote_file import RemoteFile
from data_access.terramesh.layout import Layout, Shard
from data_access.terramesh.modalities import FOLDERS

logger = logging.getLogger(__name__)

Kind = Literal["offsets", "statistics", "thumbnails"]
KINDS: tuple[Kind, ...] = ("offsets", "statistics", "thumbnails")
OFFSET_STATES = ("S2L2A", "S2L1C")  # modalities whose +1000 offset is told in `offset_state_{modality}`
TIMES = ("time", "s1_time")  # of Sentinel-2 and Sentinel-1, for samples whose metadata holds none

SCHEMAS: Mapping[Kind, pa.Schema] = {
    "offsets": pa.schema(
        [
            ("id", pa.string()),
            ("position", pa.int32()),  # rank of the id among those of its shards, from 0
            *(
                (f"{what}_{name}", pa.int64()) for name in FOLDERS for what in ("offset", "size")
            ),  # of the member's data
        ]
    ),
    "statistics": pa.schema(
        [
            ("id", pa.string()),
            *((name, pa.float32()) for name in MEASURE_COLUMNS),
            *((f"offset_state_{name}", pa.string()) for name in OFFSET_STATES),
            *((name, pa.timestamp("us")) for name in TIMES),  # UTC
        ]
    ),
    "thumbnails": pa.schema([("id", pa.string()), ("webp", pa.binary())]),
}

_FORMAT = 1  # raise it when the same shards give other parts
_LABEL = b"patchwork"
# One thumbnail costs the row group that it lies in: 128 of 2 kB. Tables that are read whole have large ones.
_ROW_GROUP: Mapping[Kind, int] = {"offsets": 1 << 17, "statistics": 1 << 17, "thumbnails": 128}
_SUFFIX = ".parquet"
_KEPT_FOOTERS = 256  # of some 20 kB each; a gallery walks through few parts at a time
_S2_WITH_BANDS = frozenset({"S2L2A", "S2L1C"})


@dataclass(frozen=True)
class Label:
    """What the metadata of a part says."""

    shards: Mapping[str, str]  # identity by modality
    problems: tuple[str, ...]  # what of the shards was damaged, in sentences


def index_folder(configured: Path | None, cache_dir: Path, layout: Layout) -> Path:
    """The folder of the parts of a root: the configured one, or one per revision in the cache."""
    return configured.expanduser() if configured else cache_dir / "index" / f"terramesh-{layout.revision}"


def part_path(index_dir: Path, kind: Kind, split: str, tar: str) -> Path:
    """Where the part of the shards `tar` of a split lies."""
    return index_dir / kind / split / f"{PurePosixPath(tar).stem}{_SUFFIX}"


def shards_read(kind: Kind, shards: Mapping[str, Shard]) -> dict[str, Shard]:
    """Those shards of one name, by modality, that a part of this kind is made from.

    Statistics need S2RGB only where nothing else tells of clouds and missing pixels; thumbnails read the smallest
    modality that shows true colour.
    """
    if kind == "offsets":
        return dict(shards)
    if kind == "thumbnails":
        chosen = next((name for name in ("S2RGB", "S2L2A") if name in shards), None)
        return {chosen: shards[chosen]} if chosen else {}
    unneeded = "S2RGB" if _S2_WITH_BANDS & shards.keys() else None
    return {name: shard for name, shard in shards.items() if name != unneeded}


def identities(kind: Kind, shards: Mapping[str, Shard]) -> dict[str, str]:
    """What the metadata of a part of this kind says of its shards: equal as long as their bytes are.

    The path of the root is left out, so that parts serve every machine that sees the same files.
    """
    return {name: _identity(shard) for name, shard in shards_read(kind, shards).items()}


def write_part(path: Path, kind: Kind, table: pa.Table, label: Label) -> None:
    """Write a part, whole or not at all; equal tables and labels give equal bytes.

    Raises:
        OSError: the folder can not be written or the disk is full.
    """
    text = json.dumps({"format": _FORMAT, "shards": dict(label.shards), "problems": label.problems}, sort_keys=True)
    labelled = table.cast(SCHEMAS[kind]).replace_schema_metadata({_LABEL: text})
    replace_atomically(
        path,
        lambda temporary: pq.write_table(
            labelled,
            temporary,
            row_group_size=_ROW_GROUP[kind],
            compression="none" if kind == "thumbnails" else "zstd",  # pictures are compressed already
            use_dictionary=False,
            write_page_checksum=True,
        ),
    )


def read_label(path: Path, kind: Kind) -> Label | None:
    """What a part says of itself; None where there is none, or it is broken or of another format."""
    try:
        schema = pq.read_schema(path)
    except FileNotFoundError:
        return None
    except (pa.ArrowException, OSError) as error:
        logger.warning("the batch part %s is broken and counts as missing: %s", path.name, error)
        return None
    return _label_of(schema, kind)


def is_current(path: Path, kind: Kind, shards: Mapping[str, Shard]) -> bool:
    """Whether a part is there and was made from these shards as they are now."""
    label = read_label(path, kind)
    return label is not None and _fits(label, kind, shards)


def offsets(index_dir: Path, split: str, tar: str, shards: Mapping[str, Shard] | None = None) -> pa.Table | None:
    """Columns of `SCHEMAS["offsets"]` for the shards of one name; None where no part tells.

    With shards, by modality, a part that was made from others counts as missing.
    """
    path = part_path(index_dir, "offsets", split, tar)
    if not path.is_file() or (shards is not None and not is_current(path, "offsets", shards)):
        return None
    try:
        table = pq.read_table(path, page_checksum_verification=True)
    except (pa.ArrowException, OSError) as error:
        logger.warning("the batch part %s is broken and counts as missing: %s", path.name, error)
        return None
    return table if _label_of(table.schema, "offsets") else None


def statistics_paths(index_dir: Path, layout: Layout | None = None) -> tuple[Path, ...]:
    """The parts with statistics, in order; with a layout, those that were made from its shards as they are now."""
    folder = index_dir / "statistics"
    if layout is None:
        return tuple(sorted(path for path in folder.glob(f"*/*{_SUFFIX}") if not path.name.startswith(".")))
    sets = ((split, tar) for split in layout.splits for tar in sorted(layout.names(split)))
    paths = ((part_path(index_dir, "statistics", split, tar), shards_of(layout, split, tar)) for split, tar in sets)
    return tuple(path for path, shards in paths if path.is_file() and is_current(path, "statistics", shards))


def digest(index_dir: Path) -> str:
    """Changes whenever a part with statistics comes, goes or is made again: for names of what is built from them."""
    told = hashlib.sha256(str(_FORMAT).encode())
    for path in statistics_paths(index_dir):
        status = path.stat()
        told.update(f"{path.parent.name}/{path.name}\0{status.st_size}\0{status.st_mtime_ns}\n".encode())
    return told.hexdigest()[:16]


def thumbnail(index_dir: Path, split: str, tar: str, sample_id: str, layout: Layout | None = None) -> bytes | None:
    """The 64-pixel WebP of a sample; None where no part has it. Reads one row group."""
    path = part_path(index_dir, "thumbnails", split, tar)
    try:
        status = path.stat()
        footer = _footer(path, status.st_mtime_ns, status.st_size)
        if footer is None or (layout and not _fits(footer.label, "thumbnails", shards_of(layout, split, tar))):
            return None
        group = int(np.searchsorted(footer.last_ids, sample_id))
        if group == len(footer.last_ids):
            return None
        file = pq.ParquetFile(path, metadata=footer.metadata, page_checksum_verification=True)
        with file:
            table = file.read_row_group(group, use_threads=False)
    except FileNotFoundError:
        return None
    except (pa.ArrowException, OSError) as error:
        logger.warning("the batch part %s is broken and counts as missing: %s", path.name, error)
        return None
    row = table["id"].index(sample_id).as_py()
    picture: bytes | None = None if row < 0 else table["webp"][row].as_py()
    return picture


def shards_of(layout: Layout, split: str, tar: str) -> dict[str, Shard]:
    """The shards of one name by modality, in display order."""
    return {name: shard for name in layout.folders if (shard := layout.of(split, name).get(tar))}


@dataclass(frozen=True)
class _Footer:
    metadata: pq.FileMetaData
    last_ids: np.ndarray  # text, of each row group
    label: Label


@lru_cache(maxsize=_KEPT_FOOTERS)
def _footer(path: Path, _modified_ns: int, _size: int) -> _Footer | None:
    metadata = pq.read_metadata(path)
    label = _label_of(metadata.schema.to_arrow_schema(), "thumbnails")
    if label is None:
        return None
    groups = range(metadata.num_row_groups)
    last_ids = np.array([metadata.row_group(each).column(0).statistics.max for each in groups], np.str_)
    return _Footer(metadata, last_ids, label)


def _label_of(schema: pa.Schema, kind: Kind) -> Label | None:
    """The label in a schema; None where the schema is not that of a part of this kind."""
    try:
        told = json.loads((schema.metadata or {})[_LABEL])
    except (KeyError, ValueError):
        return None
    if told.get("format") != _FORMAT or not schema.equals(SCHEMAS[kind]):
        return None
    return Label(told["shards"], _sentences(told["problems"]))


def _sentences(problems: Sequence[str]) -> tuple[str, ...]:
    return tuple(str(problem) for problem in problems)


def _fits(label: Label, kind: Kind, shards: Mapping[str, Shard]) -> bool:
    """Whether a part was made from these shards, as far as is known of them."""
    read = shards_read(kind, shards)
    return label.shards.keys() == read.keys() and all(_is_same(label.shards[name], read[name]) for name in read)


def _is_same(told: str, shard: Shard) -> bool:
    """Whether a label tells of this shard. Of large roots without a listing only the path is known at first."""
    if isinstance(shard.location, RemoteFile) and not shard.location.is_settled:
        return told.startswith(f"{shard.relative} ")
    return told == _identity(shard)


def _identity(shard: Shard) -> str:
    version = shard.location.etag if isinstance(shard.location, RemoteFile) else shard.modified_ns
    return f"{shard.relative} {shard.size} {version}"
