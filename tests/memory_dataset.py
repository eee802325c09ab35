"""A small data set held in memory, with true values: what API and pages are tested against beside the larger ones."""

from collections.abc import Mapping
from concurrent.futures import Future
from dataclasses import dataclass, field
from datetime import datetime
from typing import Generic, TypeVar

import numpy as np
import pyarrow as pa
import xarray as xr
from numpy.typing import NDArray

from data_access.annotations.checked import Annotation, checked
from data_access.dataset import (
    CollectionInfo,
    CollectionKind,
    Corners,
    Count,
    DatasetName,
    FacetValue,
    Licence,
    ModalitySummary,
    Neighbours,
    Provenance,
    SampleRecord,
)
from data_access.filter_mask import typed_columns
from data_access.sample_filter import SampleFilter
from errors import (
    ModalityMissingError,
    PatchworkError,
    ShardError,
    TooLargeError,
    UnknownDatasetError,
    UnknownSampleError,
)

Opened = TypeVar("Opened")

PIXELS = 24
PIXEL_M = 10.0
BANDS: dict[str, tuple[str, ...]] = {
    "S2L2A": ("B01", "B02", "B03", "B04", "B05", "B06", "B07", "B08", "B8A", "B09", "B11", "B12"),
    "S1RTC": ("vv", "vh"),
    "DEM": ("DEM",),
    "NDVI": ("NDVI",),
    "LULC": ("LULC",),
    "cloud_mask": ("cloud_mask",),
}
UNITS = {"S2L2A": "reflectance x 10000", "S1RTC": "dB", "DEM": "m", "NDVI": "1", "LULC": "class", "cloud_mask": "class"}
IDS = tuple(f"majortom_val_{number:07d}" for number in range(1, 9))
DAMAGED = IDS[-1]  # every modality of it is truncated
NOWHERE = IDS[-2]  # has neither CRS nor corners
PLACES = ((10.0, 50.0), (11.5, 48.2), (-3.7, 40.4), (24.9, 60.2), (179.9, -17.0), (-179.8, -16.5), (2.3, 48.8), (0, 0))
LICENCE = Licence("CC-BY-SA-4.0", "https://creativecommons.org/licenses/by-sa/4.0/", "Made here", "@misc{made}")
CORNERS: Corners = ((10.0, 50.0), (10.1, 50.0), (10.1, 49.9), (10.0, 49.9))


def values_of(sample_id: str, modality: str) -> NDArray[np.generic]:
    """The stored values of a modality, [band, y, x]."""
    rng = np.random.default_rng([IDS.index(sample_id), list(BANDS).index(modality)])
    shape = (len(BANDS[modality]), PIXELS, PIXELS)
    if modality in {"S2L2A", "DEM"}:
        return rng.integers(0, 6000, shape).astype(np.int16)
    if modality in {"LULC", "cloud_mask"}:
        return rng.integers(0, 7, shape).astype(np.uint8)
    low, high = (-30, 0) if modality == "S1RTC" else (-1, 1)
    return rng.uniform(low, high, shape).astype(np.float16)


@dataclass
class MemoryDataset:
    """`dataset.Dataset`, `Catalog` and `Points` at once, over eight samples."""

    name: DatasetName = "terramesh"
    revision: str = "r1"
    reads: list[tuple[str, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.table = pa.table(
            {
                "id": IDS,
                "lon": [lon for lon, _ in PLACES],
                "lat": [lat for _, lat in PLACES],
                "country": ["Germany", "Germany", "Spain", "Finland", "Fiji", "Fiji", "France", None],
                "season": ["Spring", "Summer", "Fall", "Winter"] * 2,
                "split": ["val"] * 8,
                "source": ["majortom"] * 8,
                "time": pa.array([datetime(2020, 1 + n, 3) for n in range(8)], pa.timestamp("us")),  # noqa: DTZ001
                "cloud_cover": pa.array([0.0, 10.0, float("nan"), None, 55.5, 80.0, 99.0, 100.0], pa.float32()),
            }
        )

    @property
    def info(self) -> CollectionInfo:
        return CollectionInfo(self.name, "demo", "Memory", "memory", self.revision, LICENCE, synthetic=True)

    @property
    def modalities(self) -> tuple[str, ...]:
        return tuple(BANDS)

    @property
    def catalog(self) -> "MemoryDataset":
        return self

    @property
    def points(self) -> "MemoryDataset":
        return self

    @property
    def column_names(self) -> tuple[str, ...]:
        return tuple(self.table.column_names)

    def _matching(self, wanted: SampleFilter) -> pa.Table:
        return self.table.filter(pa.array(wanted.mask(typed_columns(self.table))))

    def count(self, wanted: SampleFilter) -> Count:
        matched = self._matching(wanted).num_rows
        return Count(len(IDS), matched, matched * 2 if self.name == "bigearthnet" else None)

    def facets(self, wanted: SampleFilter) -> dict[str, list[FacetValue]]:
        countries = self._matching(wanted.without("country")).column("country").value_counts().to_pylist()
        return {"country": [FacetValue(item["values"] or "unknown", item["counts"]) for item in countries]}

    def rows(self, wanted: SampleFilter, *, limit: int, after: str | None = None) -> pa.Table:
        table = self._matching(wanted)
        wanted_ids = [after is None or each > after for each in table["id"].to_pylist()]
        return table.filter(pa.array(wanted_ids, pa.bool_())).slice(0, limit)

    def row(self, sample_id: str) -> dict[str, object]:
        if sample_id not in IDS:
            raise UnknownSampleError(f"No sample {sample_id}.")
        row: dict[str, object] = self.table.slice(IDS.index(sample_id), 1).to_pylist()[0]
        return row

    def neighbours(self, wanted: SampleFilter, sample_id: str) -> Neighbours:
        matched = self._matching(wanted)["id"].to_pylist()
        position = matched.index(sample_id) + 1 if sample_id in matched else None
        return Neighbours(None, None, position, len(matched))

    def density(self, zoom: int, x: int, y: int, wanted: SampleFilter) -> NDArray[np.int64] | None:
        counts = np.zeros((256, 256), np.int64)
        counts[100, 40] = self.count(wanted).matched
        return counts if counts.any() and (zoom, x, y) == (0, 0, 0) else None

    def scale(self, zoom: int) -> float:  # noqa: ARG002 - the contract's signature
        return 8.0

    def in_view(self, wanted: SampleFilter, *, limit: int) -> pa.Table:
        table = self._matching(wanted).select(["id", "lon", "lat", "country", "season", "split", "source"])
        if table.num_rows > limit:
            raise TooLargeError(f"{table.num_rows} samples match; at most {limit} are sent.")
        return table

    def read(self, sample_id: str, modality: str) -> xr.Dataset:
        self.reads.append((sample_id, modality))
        self.row(sample_id)
        if modality not in BANDS:
            raise ModalityMissingError(f"{sample_id} has no {modality}.")
        if sample_id == DAMAGED:
            raise ShardError("val/S2L2A/shard.tar ends at byte 512; the shard is truncated. Download it again.")
        placed = sample_id != NOWHERE
        return xr.Dataset(
            {"bands": (("band", "y", "x"), values_of(sample_id, modality))},
            coords={"band": list(BANDS[modality])},
            attrs={
                "dataset": self.name,
                "sample_id": sample_id,
                "modality": modality,
                "unit": UNITS[modality],
                "epsg": 32632 if placed else None,
                "transform": (PIXEL_M, 0.0, 500000.0, 0.0, -PIXEL_M, 5500000.0) if placed else None,
                "corners": CORNERS if placed else None,
                "time": None if modality == "DEM" else "2020-01-03T10:11:12Z",
                "source": "majortom",
                "offset_state": "unknown",
                "nodata": None,
                "provenance": self._provenance(sample_id),
            },
        )

    def describe(self, sample_id: str) -> SampleRecord:
        row = self.row(sample_id)
        damaged = sample_id == DAMAGED
        summaries = tuple(
            ModalitySummary(
                name,
                bands,
                (len(bands), PIXELS, PIXELS),
                "int16",
                UNITS[name],
                None,
                "unknown",
                self._provenance(sample_id),
            )
            for name, bands in BANDS.items()
        )
        return SampleRecord(
            id=sample_id,
            dataset=self.name,
            lon=float(str(row["lon"])),
            lat=float(str(row["lat"])),
            properties=row,
            epsg=32632,
            corners=self.corners(sample_id),
            size_m=PIXELS * PIXEL_M,
            s1_s2_gap_hours=float("nan"),
            modalities=() if damaged else summaries,
            problems=("S2L2A: the shard is truncated",) if damaged else (),
        )

    def available(self, sample_id: str) -> tuple[str, ...]:
        self.row(sample_id)
        return self.modalities

    def corners(self, sample_id: str) -> Corners | None:
        return CORNERS if sample_id in IDS and sample_id not in {NOWHERE, DAMAGED} else None

    def _provenance(self, sample_id: str) -> Provenance:
        return {"shard": "memory", "member": f"{sample_id}.zarr.zip", "byte_offset": 512, "byte_length": 1000}


class MemoryPatches(MemoryDataset):
    """The same with annotations, as BigEarthNet has them."""

    def annotations(self, sample_id: str) -> list[dict[str, object]]:
        self.row(sample_id)
        return [{"ID": 1, "input": "<script>alert(1)</script>", "output": "Yes", "latitude": float("nan")}]

    def read_annotations(self, sample_id: str) -> tuple[Annotation, ...]:
        return checked(self.annotations(sample_id), None)


@dataclass
class MemoryCollections(Generic[Opened]):
    """`data_access.collections.Collections` over data sets in memory, or the errors they could not be opened for."""

    datasets: Mapping[str, Opened | PatchworkError]

    @property
    def problems(self) -> dict[str, PatchworkError]:
        return {name: each for name, each in self.datasets.items() if isinstance(each, PatchworkError)}

    def opening(self, name: str) -> "Future[Opened | PatchworkError]":
        if name not in self.datasets:
            raise UnknownDatasetError(f"{name} is no data set.")
        future: Future[Opened | PatchworkError] = Future()
        future.set_result(self.datasets[name])
        return future

    def get(self, name: str) -> Opened:
        found = self.opening(name).result()
        if isinstance(found, PatchworkError):
            raise found
        return found

    def kind(self, name: str) -> CollectionKind:
        self.get(name)
        return "demo"
