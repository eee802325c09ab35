"""What is known of one sample without its pixels: its modalities, and where it lies."""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from data_access.dataset import Corners, ModalitySummary, SampleRecord
from data_access.geolocation import Geolocation
from data_access.terramesh.geolocation import Placement, locate
from data_access.terramesh.grid import TILE_M, utm_epsg
from data_access.terramesh.member_scan import PLACE_ORDER
from data_access.terramesh.modalities import PIXEL_M
from data_access.terramesh.reader import SampleReader
from errors import ModalityMissingError, PatchworkError, PlaceError, RemoteError, SampleFormatError, ShardError

Row = Callable[[str], Mapping[str, object]]  # a sample's row in the catalogue; raises UnknownSampleError

_S2_TIME_ORDER = ("S2L2A", "S2L1C", "S2RGB", "NDVI", "LULC")
_S1_TIME_ORDER = ("S1RTC", "S1GRD")
_TILE_PIXELS = int(TILE_M / PIXEL_M)  # of every published sample


class SampleDescriber:
    """Describes samples; safe to use from many threads at once."""

    def __init__(self, reader: SampleReader, row: Row, modalities: Sequence[str]) -> None:
        """Describe these modalities by what `reader` reads and the catalogue's rows tell."""
        self._reader = reader
        self._row = row
        self._modalities = tuple(modalities)

    def record(self, sample_id: str) -> SampleRecord:
        """Everything but the pixels; see `TerraMesh.describe`. Raises UnknownSampleError."""
        properties = dict(self._row(sample_id))
        problems: list[str] = []
        modalities = tuple(self._summaries(sample_id, problems))
        place: Geolocation | None = None
        try:
            place = self.place(sample_id, tuple(each.name for each in modalities))
        except PatchworkError as error:
            problems.append(error.message)
        lon, lat = (_number(properties.get(name)) for name in ("lon", "lat"))
        if place and not math.isfinite(lon + lat):
            lon, lat = (sum(values) / len(values) for values in zip(*place.corners, strict=True))
        width = next((each.shape[2] for each in modalities), None)
        return SampleRecord(
            id=sample_id,
            dataset="terramesh",
            lon=lon,
            lat=lat,
            properties=properties,
            epsg=place.epsg if place else None,
            corners=place.corners if place else None,
            size_m=abs(place.transform[0]) * width if place and width else None,
            s1_s2_gap_hours=_gap_hours(modalities),
            modalities=modalities,
            problems=tuple(problems),
        )

    def stated_corners(self, sample_id: str) -> Corners | None:
        """The corners by the catalogue alone, for samples whose files are far; None where it does not tell."""
        row = self._row(sample_id)
        lon, lat = (_number(row.get(name)) for name in ("lon", "lat"))
        centre = (lon, lat) if math.isfinite(lon + lat) else None
        sample, epsg = row.get("sample"), row.get("epsg")
        zone = epsg if isinstance(epsg, int) else None
        placement = Placement(
            x=None,
            y=None,
            epsg=utm_epsg(*centre) if zone is None and centre else zone,
            sample=sample if isinstance(sample, str) else None,
            centre=centre,
        )
        try:
            place = locate(placement, (_TILE_PIXELS, _TILE_PIXELS))
        except PlaceError:
            return None  # the files may tell better
        return place.corners if place else None

    def place(self, sample_id: str, modalities: Sequence[str]) -> Geolocation | None:
        """Where the first of the modalities that tells says that the sample lies, small members first.

        Raises:
            PlaceError, SampleFormatError, ShardError, RemoteError: why none could tell.
        """
        failure: PatchworkError | None = None
        for name in sorted(modalities, key=_smallest_first):
            try:
                place = self._reader.geolocation(sample_id, name)
            except ModalityMissingError:
                continue
            except (PlaceError, SampleFormatError, ShardError, RemoteError) as error:
                failure = failure or error
                continue
            if place:
                return place
        if failure:
            raise failure
        return None

    def _summaries(self, sample_id: str, problems: list[str]) -> Iterator[ModalitySummary]:
        """The modalities that the sample has, all asked for at once; those that can not be read go to `problems`."""
        with ThreadPoolExecutor(len(self._modalities) or 1, "patchwork-describe") as threads:
            for found in threads.map(lambda name: self._attempt(sample_id, name), self._modalities):
                if isinstance(found, ModalitySummary):
                    yield found
                elif found:
                    problems.append(found)

    def _attempt(self, sample_id: str, modality: str) -> ModalitySummary | str | None:
        """A summary, or why there is none; None where the sample does not have the modality."""
        try:
            return self._reader.summary(sample_id, modality)
        except ModalityMissingError:
            return None  # a sample has one kind of Sentinel-1, and a root may have some shards only
        except PatchworkError as error:
            return error.message


def _smallest_first(modality: str) -> int:
    return PLACE_ORDER.index(modality) if modality in PLACE_ORDER else len(PLACE_ORDER)


def _number(value: object) -> float:
    return float(value) if isinstance(value, int | float) else math.nan


def _gap_hours(modalities: Sequence[ModalitySummary]) -> float | None:
    """Hours from Sentinel-2 to Sentinel-1, negative where Sentinel-1 came first."""
    times = {each.name: np.datetime64(each.time.removesuffix("Z")) for each in modalities if each.time}
    s1 = next((times[name] for name in _S1_TIME_ORDER if name in times), None)
    s2 = next((times[name] for name in _S2_TIME_ORDER if name in times), None)
    return None if s1 is None or s2 is None else float((s1 - s2) / np.timedelta64(1, "h"))
