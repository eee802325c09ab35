"""The contract every data set fulfils, whatever its files look like.

Pages, API and batch work against `Dataset` alone; `terramesh/dataset.py` and `bigearthnet/dataset.py` implement it.

An opened modality travels as an `xarray.Dataset`:

- `bands`: (band, y, x), values and dtype exactly as stored, native byte order;
- `cloud_mask`: (y, x) uint8, only where the file has one;
- coordinates `band` (names), `y` and `x` (pixel centres, metres in the CRS);
- attributes named in `ModalityAttributes`.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Literal, Protocol, TypedDict, runtime_checkable

import numpy as np
import pyarrow as pa
import xarray as xr

from data_access.sample_filter import SampleFilter

DatasetName = Literal["terramesh", "bigearthnet"]
CollectionKind = Literal["demo", "local", "hf", "https"]
FAR_KINDS: tuple[CollectionKind, ...] = ("hf", "https")  # collections of which every picture is a transfer
OffsetState = Literal["present", "absent", "unknown"]
MAX_ID_LENGTH = 128  # BigEarthNet patch ids have 56 characters, grid cells fewer
# Letters, digits, "-" and "_": no id of either data set has more, and nothing in it can mean a path or another host.
ID_PATTERN = rf"^[A-Za-z0-9][A-Za-z0-9_-]{{0,{MAX_ID_LENGTH - 1}}}$"
Corners = tuple[tuple[float, float], tuple[float, float], tuple[float, float], tuple[float, float]]
Transform = tuple[float, float, float, float, float, float]  # affine, in rasterio order: a, b, c, d, e, f


class Provenance(TypedDict):
    """Where the bytes of one modality of one sample were read."""

    shard: str  # path below the collection root, or file name
    member: str  # tar member, LMDB key, or GeoTIFF name
    byte_offset: int | None  # first byte of the member's data in the shard; None where the store hides it
    byte_length: int | None


class ModalityAttributes(TypedDict):
    """Attributes of an opened modality (`xarray.Dataset.attrs`)."""

    dataset: str
    sample_id: str
    modality: str
    unit: str  # such as "reflectance x 10000", "dB", "m", "class"
    epsg: int | None
    transform: Transform | None  # metres in the CRS
    corners: Corners | None  # lon, lat of the outer edges: upper left, upper right, lower right, lower left
    time: str | None  # ISO 8601, UTC
    source: str  # majortom, ssl4eos12 or bigearthnet
    offset_state: OffsetState  # of the Sentinel-2 +1000; "unknown" where it can not be told
    nodata: float | None
    provenance: Provenance


@dataclass(frozen=True)
class Licence:
    """What a user must keep with any copy of the data."""

    name: str  # SPDX id
    url: str
    credit: str
    citation: str  # BibTeX


def licence_of_kind(real: Licence, kind: CollectionKind) -> Licence:
    """The licence of a collection: a demo's credit says first that nothing of the real data set is in it."""
    if kind != "demo":
        return real
    notice = "Synthetic demo data computed by Patchwork; no sample of the real data set is in it. Of the real one: "
    return replace(real, credit=notice + real.credit)


@dataclass(frozen=True)
class CollectionInfo:
    """One opened collection, as health, pages and exports describe it."""

    dataset: DatasetName
    kind: CollectionKind
    title: str
    root: str  # shown to the operator's users: a folder name, never a full path
    revision: str  # changes whenever the bytes behind it change; part of every immutable URL and ETag
    licence: Licence
    synthetic: bool
    notes: tuple[str, ...] = ()  # what is partial or missing, in sentences


@dataclass(frozen=True)
class ModalitySummary:
    """One modality of one sample, without its pixels."""

    name: str
    bands: tuple[str, ...]
    shape: tuple[int, int, int]  # band, y, x
    dtype: str
    unit: str
    time: str | None
    offset_state: OffsetState
    provenance: Provenance


@dataclass(frozen=True)
class SampleRecord:
    """Everything known of one sample but its pixels."""

    id: str
    dataset: DatasetName
    lon: float
    lat: float
    properties: dict[str, object]  # the catalogue row: country, season, climate_zone, split, source, time, ...
    epsg: int | None
    corners: Corners | None
    size_m: float | None  # edge length
    s1_s2_gap_hours: float | None
    modalities: tuple[ModalitySummary, ...]
    problems: tuple[str, ...] = field(default=())  # modalities that could not be read, and why


@dataclass(frozen=True)
class Count:
    """How many samples a filter leaves."""

    total: int
    matched: int
    annotations: int | None = None  # matching annotation rows; None for data sets without text


@dataclass(frozen=True)
class FacetValue:
    """One value of a filter and how many samples would match with it."""

    value: str
    count: int


@dataclass(frozen=True)
class Neighbours:
    """The place of one sample in a filtered, ordered selection."""

    previous: str | None
    next: str | None
    position: int | None  # 1-based; None where the filter excludes the sample
    matched: int


class Catalog(Protocol):
    """Queries over the sample table of one data set. Rows are ordered by id."""

    @property
    def column_names(self) -> tuple[str, ...]:
        """Columns of `rows`; a filter field whose column is not there matches nothing."""

    def count(self, sample_filter: SampleFilter) -> Count:
        """Count the samples (and annotation rows) that match."""

    def facets(self, sample_filter: SampleFilter) -> dict[str, list[FacetValue]]:
        """Count per value of every filter field, each ignoring its own restriction."""

    def rows(self, sample_filter: SampleFilter, *, limit: int, after: str | None = None) -> pa.Table:
        """Matching rows in id order, from the first id greater than `after`."""

    def row(self, sample_id: str) -> dict[str, object]:
        """The row of one sample. Raises UnknownSampleError."""

    def neighbours(self, sample_filter: SampleFilter, sample_id: str) -> Neighbours:
        """Previous and next sample of the selection."""


class Points(Protocol):
    """Positions of all samples, ready for tiles and in-view queries."""

    def density(self, zoom: int, x: int, y: int, sample_filter: SampleFilter) -> np.ndarray | None:
        """Counts per cell of a web-mercator tile, (256, 256) int64, row 0 north; None where it is empty."""

    def in_view(self, sample_filter: SampleFilter, *, limit: int) -> pa.Table:
        """Columns id, lon, lat, country, season, split, source of the matching samples inside `sample_filter.bbox`.

        Raises TooLargeError where more than `limit` match.
        """

    def scale(self, zoom: int) -> float:
        """Largest count of any cell at this zoom without a filter: one colour scale for all tiles, so no seams."""


class Dataset(Protocol):
    """One data set of one collection, opened."""

    @property
    def info(self) -> CollectionInfo:
        """Title, revision, licence, notes."""

    @property
    def modalities(self) -> tuple[str, ...]:
        """Names accepted by `read`, in display order; a sample may have fewer."""

    @property
    def catalog(self) -> Catalog:
        """The sample table."""

    @property
    def points(self) -> Points:
        """The point index."""

    def read(self, sample_id: str, modality: str) -> xr.Dataset:
        """Open one modality of one sample (see the module docstring).

        Raises:
            UnknownSampleError: no such sample.
            ModalityMissingError: no such modality, or the sample does not have it.
            ShardError, SampleFormatError: its bytes are damaged.
        """

    def describe(self, sample_id: str) -> SampleRecord:
        """Everything but the pixels. A modality that can not be read is named in `problems`, the rest is given."""

    def available(self, sample_id: str) -> tuple[str, ...]:
        """Modalities that the sample has, in display order, told without opening any: one may prove damaged.

        Raises UnknownSampleError.
        """

    def corners(self, sample_id: str) -> Corners | None:
        """The four true corners, without decoding pixels; None where the files do not tell."""


@runtime_checkable
class HasThumbnails(Protocol):
    """What a data set with pictures made beforehand offers beside `Dataset`."""

    def thumbnail(self, sample_id: str) -> bytes | None:
        """A small true-colour WebP of one sample, None where none was made. Raises UnknownSampleError."""


@runtime_checkable
class Prefetches(Protocol):
    """What a data set that may be far away offers beside `Dataset`."""

    def prefetch(self, sample_ids: Sequence[str], modalities: Sequence[str], *, owner: str) -> None:
        """Fetch samples that are probably opened next, in the background and after all that anybody waits for.

        Replaces what the same owner asked before; asking for nothing cancels it. Failures are logged, not raised, and
        where the files are near nothing is done.

        Args:
            sample_ids: the likeliest first.
            modalities: that a reader would open.
            owner: whoever moves through the samples, such as a session.
        """


@runtime_checkable
class HasAnnotations(Protocol):
    """What a data set with text offers beside `Dataset`."""

    def annotations(self, sample_id: str) -> list[dict[str, object]]:
        """All annotations of one patch in the order of their ID, every column as stored. Raises UnknownSampleError."""
