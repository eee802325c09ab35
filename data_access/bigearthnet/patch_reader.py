"""Opens one modality of one patch as an xarray Dataset with its place, time and provenance."""

from datetime import datetime

import numpy as np
import xarray as xr

from data_access.bigearthnet.imagery import BandInfo, ImageStore, StoredBands
from data_access.bigearthnet.modalities import Modality
from data_access.bigearthnet.patch_grid import PATCH_SIZE_M, place_of, time_of
from data_access.bigearthnet.patch_lookup import Patch
from data_access.bigearthnet.patch_table import SOURCE
from data_access.dataset import ModalityAttributes, ModalitySummary
from data_access.geolocation import Geolocation, corners_of
from data_access.opened_modality import opened_modality
from errors import ModalityMissingError, PlaceError, SampleFormatError

RESAMPLING = "bands of 20 m and 60 m brought to the 10 m grid, nearest neighbour: for pictures, not for measuring"
_AGREES_M = 1.0  # a file whose corner is farther from where its name says is worth a word


class PatchReader:
    """Reads patches from one image store; safe to use from many threads at once."""

    def __init__(self, store: ImageStore) -> None:
        """Read from `store`."""
        self._store = store

    def read(self, patch: Patch, modality: Modality) -> xr.Dataset:
        """Open a modality; its arrays are read-only (see `data_access.dataset`).

        Raises:
            ModalityMissingError: the patch does not have it.
            SampleFormatError, ShardError: its bytes are damaged.
        """
        name, stored = self._stored(patch, modality, pixels=True)
        shape = _shape(stored, modality)
        values = np.stack([_nearest(pixels, shape) if modality.resampled else pixels for pixels in stored.pixels])
        finest = _finest(stored)
        place = _place(name, finest)
        attributes = ModalityAttributes(
            dataset="bigearthnet",
            sample_id=patch.id,
            modality=modality.name,
            unit=modality.unit,
            epsg=place.epsg if place else None,
            transform=place.transform if place else None,
            corners=place.corners if place else None,
            time=_iso(_time(name, modality)),
            source=SOURCE,
            offset_state=modality.offset_state,
            nodata=modality.nodata if finest.nodata is None else finest.nodata,
            provenance=stored.provenance,
        )
        opened = opened_modality(values, [band.name for band in stored.bands], attributes)
        return opened.assign_attrs(resampling=RESAMPLING) if modality.resampled else opened

    def pixels(self, patch: Patch, modality: Modality) -> tuple[np.ndarray, ...]:
        """The bands as stored, (y, x) each, without place and time: thousands are read so. Raises as `read` does."""
        return self._stored(patch, modality, pixels=True)[1].pixels

    def summary(self, patch: Patch, modality: Modality) -> ModalitySummary:
        """What `read` would give, without reading pixels. Raises what `read` raises."""
        name, stored = self._stored(patch, modality, pixels=False)
        return ModalitySummary(
            name=modality.name,
            bands=tuple(band.name for band in stored.bands),
            shape=(len(stored.bands), *_shape(stored, modality)),
            dtype=stored.bands[0].dtype.name,
            unit=modality.unit,
            time=_iso(_time(name, modality)),
            offset_state=modality.offset_state,
            provenance=stored.provenance,
        )

    def misplaced(self, patch: Patch, modality: Modality) -> str | None:
        """A sentence where a file's own georeference disagrees with its name; None where they agree or it has none."""
        name, stored = self._stored(patch, modality, pixels=False)
        finest, named = _finest(stored), place_of(name)
        if finest.transform is None or finest.epsg is None or named is None:
            return None
        distance = float(np.hypot(finest.transform[2] - named.ulx, finest.transform[5] - named.uly))
        if finest.epsg == named.epsg and distance <= _AGREES_M:
            return None
        return (
            f"{modality.name} says EPSG:{finest.epsg} and an upper left corner {distance:,.0f} m from where the name "
            f"{name} puts it (EPSG:{named.epsg}); the file's own place is used."
        )

    def _stored(self, patch: Patch, modality: Modality, *, pixels: bool) -> tuple[str, StoredBands]:
        name = patch.stored_name(modality)
        stored = self._store.bands(modality.product, name, modality.bands, pixels=pixels) if name else None
        if name is None or stored is None or not stored.bands:
            raise ModalityMissingError(
                f"{patch.id} has no {modality.name} in {self._store.root.name!r}: choose another modality."
            )
        _check_dtypes(stored, modality)
        return name, stored


def _check_dtypes(stored: StoredBands, modality: Modality) -> None:
    first = stored.bands[0].dtype
    for band in stored.bands:
        if band.dtype.str.lstrip("<>=|") not in modality.dtypes or band.dtype != first:
            raise SampleFormatError(
                f"Band {band.name} of {stored.provenance['member']} is {band.dtype.name}; {modality.product} bands are "
                f"all {' or '.join(sorted(np.dtype(kind).name for kind in modality.dtypes))}. Convert the patch again."
            )


def _finest(stored: StoredBands) -> BandInfo:
    return max(stored.bands, key=lambda band: band.shape[0] * band.shape[1])


def _shape(stored: StoredBands, modality: Modality) -> tuple[int, int]:
    """Size of the opened modality in pixels (y, x)."""
    shapes = {band.shape for band in stored.bands}
    if len(shapes) > 1 and not modality.resampled:
        raise SampleFormatError(
            f"The bands of {stored.provenance['member']} have {len(shapes)} sizes ({sorted(shapes)}); the bands of "
            f"{modality.name} share one. Convert the patch again."
        )
    return _finest(stored).shape


def _nearest(values: np.ndarray, shape: tuple[int, int]) -> np.ndarray:
    """The stored pixel under the centre of each new pixel."""
    rows, columns = ((2 * np.arange(new) + 1) * old // (2 * new) for new, old in zip(shape, values.shape, strict=True))
    return values[np.ix_(rows, columns)]


def _place(name: str, finest: BandInfo) -> Geolocation | None:
    """The file's own georeference, else what the name says."""
    if finest.epsg is not None and finest.transform is not None:
        try:
            corners = corners_of(finest.transform, finest.epsg, finest.shape)
            return Geolocation(finest.epsg, finest.transform, corners)
        except PlaceError:  # `misplaced` tells; the name still knows
            pass
    named = place_of(name)
    if named is None:
        return None
    return Geolocation(named.epsg, named.transform(PATCH_SIZE_M / finest.shape[1]), named.corners())


def _time(name: str, modality: Modality) -> datetime | None:
    """When the picture was taken; reference maps show the year 2018, not a moment."""
    return None if modality.product == "reference_map" else time_of(name)


def _iso(time: datetime | None) -> str | None:
    return f"{time.isoformat()}Z" if time else None
