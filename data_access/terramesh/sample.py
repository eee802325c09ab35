"""One member of a shard, opened: a modality of a sample with its place, time, bands and pixels.

Accepts every form that the published description leaves open: centre, CRS and time as scalars or of length 1, with or
without `x` and `y`, `band`, `sample`; pixels with or without a time axis of length 1. Values come out as stored.
"""

import re
from functools import cached_property
from typing import BinaryIO

import numpy as np
import xarray as xr

from data_access.dataset import ModalityAttributes, OffsetState, Provenance
from data_access.geolocation import Geolocation
from data_access.opened_modality import opened_modality
from data_access.terramesh.geolocation import Placement, locate
from data_access.terramesh.modalities import CLOUD_MASK, Modality, registry_spelling
from data_access.terramesh.times import decode_time, iso
from data_access.terramesh.zarr_array import ArraySpec
from data_access.terramesh.zarr_group import ZarrGroup
from errors import PlaceError, SampleFormatError

_EPSG_TEXT = re.compile(r"(?:EPSG:)?(\d{4,6})", re.IGNORECASE)


class SampleFile:
    """One `{key}.zarr.zip`. Metadata is read when asked for, pixels when asked for; not for several threads at once.

    All methods and properties raise SampleFormatError where the bytes they need are damaged.
    """

    def __init__(self, file: BinaryIO, modality: Modality) -> None:
        """Open a member that carries `modality`; the cloud mask is carried by members of Sentinel-2."""
        self._group = ZarrGroup(file)
        self._modality = modality
        self._array = CLOUD_MASK if modality.name == CLOUD_MASK else "bands"

    def __contains__(self, array: str) -> bool:
        """Whether the member has an array of this name."""
        return array in self._group

    @cached_property
    def shape(self) -> tuple[int, int, int]:
        """Size in bands, rows (y) and columns (x), without reading pixels."""
        return _chip_shape(self._spec, self._array)

    @property
    def dtype(self) -> np.dtype:
        """Data type of the pixels, native byte order."""
        return self._spec.dtype.newbyteorder("=")

    @cached_property
    def bands(self) -> tuple[str, ...]:
        """Band names: those in the file, in the registry's spelling, or the registry's where the file has none."""
        count = self.shape[0]
        names = self._modality.bands
        if self._array == "bands" and "band" in self._group:
            names = self._band_names() or names
        if len(names) != count:
            raise SampleFormatError(
                f"The chip has {count} bands but {len(names)} names ({', '.join(names)[:80]}). Fetch its shard again."
            )
        return registry_spelling(names, self._modality)

    @cached_property
    def time(self) -> int | None:
        """Acquisition time in nanoseconds since 1970, UTC; None where the modality has none, as DEM."""
        if "time" not in self._group:
            return None
        return decode_time(self._group.read("time"), self._group.spec("time").attributes)

    @property
    def sample(self) -> str | None:
        """Name in the Major TOM grid or the location and season in SSL4EO-S12, where the file has one."""
        return self._optional_text("sample")

    @property
    def centre(self) -> tuple[float, float] | None:
        """Longitude and latitude of the centre as stored, NaN and all; None where the file has none."""
        if "center_lon" not in self._group or "center_lat" not in self._group:
            return None
        lon, lat = (_one(self._group.read(name)) for name in ("center_lon", "center_lat"))
        if not isinstance(lon, int | float | np.number) or not isinstance(lat, int | float | np.number):
            raise SampleFormatError(f"The centre ({lon!r}, {lat!r}) is not stored as numbers. Fetch its shard again.")
        return float(lon), float(lat)

    @property
    def epsg(self) -> int | None:
        """EPSG code of the CRS, stored as a number or as text; None where the file has none."""
        if "crs" not in self._group:
            return None
        return epsg_of(_one(self._group.read("crs")))

    @cached_property
    def geolocation(self) -> Geolocation | None:
        """Transform, CRS and corners; None where the file does not tell.

        Raises:
            PlaceError: it tells something that is no place.
        """
        placement = Placement(self._centres("x"), self._centres("y"), self.epsg, self.sample, self.centre)
        return locate(placement, self.shape[1:])

    def pixels(self) -> np.ndarray:
        """Values (band, y, x) exactly as stored, native byte order."""
        self.check()
        return self._group.read(self._array).reshape(self.shape)

    def cloud_mask(self) -> np.ndarray | None:
        """Classes of the cloud mask (y, x) uint8, where the member has one beside its bands."""
        if self._array == CLOUD_MASK or CLOUD_MASK not in self._group:
            return None
        self._check_mask()
        return self._group.read(CLOUD_MASK).reshape(self.shape[1:])

    def to_dataset(
        self, values: np.ndarray, *, sample_id: str, source: str, offset: OffsetState, provenance: Provenance
    ) -> xr.Dataset:
        """The opened modality as `data_access.dataset` describes it; its arrays are read-only.

        A place that is damaged costs the coordinates and corners, a damaged cloud mask the mask, never the pixels; both
        are named where they are asked for themselves.

        Args:
            values: what `pixels` returned.
            sample_id: key of the sample.
            source: majortom, ssl4eos12 or unknown.
            offset: state of the Sentinel-2 offset, told from the pixels.
            provenance: where the member lies.
        """
        try:
            place = self.geolocation
        except PlaceError:
            place = None
        attributes = ModalityAttributes(
            dataset="terramesh",
            sample_id=sample_id,
            modality=self._modality.name,
            unit=self._modality.unit,
            epsg=place.epsg if place else None,
            transform=place.transform if place else None,
            corners=place.corners if place else None,
            time=iso(self.time),
            source=source,
            offset_state=offset,
            nodata=None,
            provenance=provenance,
        )
        try:
            mask = self.cloud_mask()
        except SampleFormatError:
            mask = None
        return opened_modality(values, self.bands, attributes, mask)

    @cached_property
    def _spec(self) -> ArraySpec:
        return self._group.spec(self._array)

    def _check_mask(self) -> None:
        spec = self._group.spec(CLOUD_MASK)
        pixels = _chip_shape(self._group.spec("bands"), "bands")[1:] if "bands" in self._group else None
        if spec.dtype != np.uint8 or pixels not in (None, _chip_shape(spec, CLOUD_MASK)[1:]):
            raise SampleFormatError(
                f"The cloud mask is {spec.dtype} of shape {spec.shape}; the chip needs uint8 of {pixels or '(y, x)'}. "
                "Write it again so."
            )

    def check(self) -> None:
        """Refuse pixels of another dtype than the modality's, and a mask that does not fit its chip."""
        if self._array == CLOUD_MASK:
            self._check_mask()
        stored = self.dtype.name
        if stored not in self._modality.dtypes:
            raise SampleFormatError(
                f"The pixels of {self._modality.name} are {stored}; expected {' or '.join(self._modality.dtypes)}. "
                f"Write them again as {self._modality.dtypes[0]}."
            )

    def _centres(self, name: str) -> np.ndarray | None:
        """The `x` or `y` array in metres, where it is one of numbers."""
        if name not in self._group or self._group.spec(name).dtype.kind not in "iuf":
            return None
        return self._group.read(name).astype(np.float64).reshape(-1)

    def _optional_text(self, name: str) -> str | None:
        if name not in self._group:
            return None
        try:
            value = self._group.read(name)
        except SampleFormatError:  # pickled, as Python objects are: a name is not worth the sample
            return None
        return _text(value.reshape(-1)[0]) if value.size and value.dtype.kind in "OUS" else None

    def _band_names(self) -> tuple[str, ...]:
        """Names in the file; none where they are stored in a way that is not read."""
        try:
            return tuple(_text(value) for value in self._group.read("band").reshape(-1))
        except SampleFormatError:
            return ()


def epsg_of(value: object) -> int | None:
    """The EPSG code in 32632, 32632.0, "32632" or "EPSG:32632"; None in anything else."""
    if isinstance(value, str | bytes):
        match = _EPSG_TEXT.fullmatch(_text(value).strip())
        return int(match[1]) if match else None
    if isinstance(value, int | float | np.number) and np.isfinite(value) and 1000 <= value < 1_000_000:
        return int(value)
    return None


def _chip_shape(spec: ArraySpec, array: str) -> tuple[int, int, int]:
    """Bands, rows and columns of an array that may have a time axis of length 1, and of a mask without a band axis."""
    shape, axes = spec.shape, spec.dimensions
    wanted = ("y", "x") if array == CLOUD_MASK else ("band", "y", "x")
    leading = 2 if array == CLOUD_MASK else 1  # time, and for a mask a channel, as the dataset's loader hands it out
    while 0 < len(shape) - len(wanted) <= leading and shape[0] == 1:
        shape, axes = shape[1:], None if axes is None else axes[1:]
    # Axes under other names (lat, lon) are taken by position; the right names in another order are another layout.
    transposed = axes is not None and axes != wanted and set(axes) == set(wanted)
    if len(shape) != len(wanted) or 0 in shape or transposed:
        raise SampleFormatError(
            f"{array!r} has shape {spec.shape} and axes {spec.dimensions}; expected (1, {', '.join(wanted)})."
        )
    bands = shape[0] if len(wanted) == 3 else 1
    return bands, shape[-2], shape[-1]


def _one(values: np.ndarray) -> object:
    """The value of a scalar or of an array of length 1."""
    if values.size != 1:
        raise SampleFormatError(f"A coordinate has {values.size} values where a sample has one. Fetch its shard again.")
    value: object = values.reshape(-1)[0]
    return value


def _text(value: object) -> str:
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)
