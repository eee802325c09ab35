"""One modality of one sample as TerraMind takes it: bands in its order, offset removed, gaps filled."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import distance_transform_edt

from data_access.dataset import Dataset, DatasetName
from errors import GenerationRequestError, ModalityMissingError, SampleFormatError
from generation.modalities import CLASSES, COORDINATES, MODALITIES

OFFSET = 1000.0  # of Sentinel-2's newer processing; TerraMind was trained on values without it
NODATA_REFLECTANCE = 0.0  # as Sentinel-2's products mark pixels outside the orbit
LOWEST_LAND_M = -500.0  # the shore of the Dead Sea is at -430; what is lower is a mark for no value, such as -32768
NO_CLASS = 0  # of LULC: a class that TerraMind knows, but not one to be judged by
MOSTLY_MISSING = 0.5  # share of pixels beyond which neighbours tell nothing, and the modality's mean is put in

# Where TerraMind's modalities are found in each data set.
STORED_AS: Mapping[DatasetName, Mapping[str, str]] = MappingProxyType(
    {
        "terramesh": MappingProxyType({name: name for name in MODALITIES if name != COORDINATES}),
        # On the 10 m grid; Sentinel-1 of BigEarthNet is made of GRD products.
        "bigearthnet": MappingProxyType({"S2L2A": "S2", "S1GRD": "S1"}),
    }
)
# Sentinel-2 reflectance, to which the offset was added.
REFLECTANCES = ("S2L2A", "S2L1C")


@dataclass(frozen=True, eq=False)
class Values:
    """What a sample has of one modality."""

    array: NDArray[Any]  # float32 (band, y, x), finite; LULC uint8
    valid: NDArray[np.bool_]  # (y, x): False where nothing was measured
    notes: tuple[str, ...]  # what was done to it


def available_inputs(dataset: Dataset, sample_id: str) -> tuple[str, ...]:
    """What TerraMind can take of a sample, in display order; its place is always there.

    Raises UnknownSampleError.
    """
    there = set(dataset.available(sample_id))
    stored = STORED_AS[dataset.info.dataset]
    return tuple(name for name in MODALITIES if name == COORDINATES or stored.get(name) in there)


def place_of_sample(dataset: Dataset, sample_id: str) -> NDArray[np.float32]:
    """Longitude and latitude of a sample's centre, float32 (2,).

    Raises:
        UnknownSampleError: no such sample.
        GenerationRequestError: the catalogue knows no place of it.
    """
    row = dataset.catalog.row(sample_id)
    place = np.array([row.get("lon"), row.get("lat")], np.float32)
    if not np.isfinite(place).all():
        raise GenerationRequestError(f"inputs names {COORDINATES}, and {sample_id} has no known place. Drop it.")
    return place


def values_of(dataset: Dataset, sample_id: str, name: str) -> Values:
    """Read one modality of a sample.

    Args:
        dataset: that has it.
        sample_id: of the sample.
        name: of a modality that is an image, in TerraMind's sense.

    Raises:
        UnknownSampleError: no such sample.
        ModalityMissingError: the data set or the sample does not have it.
        ShardError, SampleFormatError: its bytes are damaged, or bands are missing.
    """
    stored = STORED_AS[dataset.info.dataset].get(name)
    if stored is None:
        known = ", ".join(STORED_AS[dataset.info.dataset])
        raise ModalityMissingError(f"{dataset.info.title} has no {name}. Of TerraMind's inputs it has {known}.")
    opened = dataset.read(sample_id, stored)
    values = _in_order(name, opened["bands"].values, [str(band) for band in opened["band"].values])
    valid = _measured(name, values, opened.attrs["nodata"])
    if name == "LULC":
        unknown = np.count_nonzero(~np.isfinite(values).all(axis=0))
        told = f"{unknown:,} of {valid.size:,} pixels of LULC have no value; they were given class {NO_CLASS}, no data."
        return Values(_classes(values), valid, (told,) if unknown else ())
    notes = []
    if name in REFLECTANCES and opened.attrs["offset_state"] == "present":
        values = values - OFFSET
        notes.append(f"{name} carried the +1000 of newer Sentinel-2 processing; it was subtracted.")
    elif name in REFLECTANCES and opened.attrs["offset_state"] == "unknown":
        notes.append(
            f"Whether {name} carries the +1000 of newer Sentinel-2 processing is unknown; it was left as it is."
        )
    if not valid.all():
        values = _filled(name, values, valid)
        notes.append(_told_of_gaps(name, valid))
    return Values(values, valid, tuple(notes))


def _in_order(name: str, values: NDArray[Any], bands: list[str]) -> NDArray[np.float32]:
    """The bands that TerraMind wants, in its order, float32; names are compared without regard to case."""
    wanted = MODALITIES[name].bands
    found = {band.casefold(): number for number, band in enumerate(bands)}
    missing = [band for band in wanted if band.casefold() not in found]
    if len(missing) == len(wanted) == len(bands):  # colours by the names of their bands, a single band by any
        return values.astype(np.float32)
    if missing:
        raise SampleFormatError(f"{name} lacks {', '.join(missing)}, which TerraMind needs. Leave {name} out.")
    return values[[found[band.casefold()] for band in wanted]].astype(np.float32)


def _measured(name: str, values: NDArray[np.float32], nodata: float | None) -> NDArray[np.bool_]:
    """Where every band has a value (y, x)."""
    valid = np.asarray(np.isfinite(values).all(axis=0))
    if name == "LULC":
        return np.asarray(valid & (values[0] != NO_CLASS))
    if name == "DEM":
        valid = valid & np.asarray(values[0] > LOWEST_LAND_M)
    mark = NODATA_REFLECTANCE if nodata is None and name in REFLECTANCES else nodata
    if mark is not None and np.isfinite(mark):
        valid = valid & ~np.asarray((values == mark).all(axis=0))  # a single dark band may be 0 and right
    return valid


def _classes(values: NDArray[np.float32]) -> NDArray[np.uint8]:
    """Land cover as class numbers; TerraMind takes whatever else for a class that is not there, and fails late."""
    whole = np.nan_to_num(values, nan=NO_CLASS)
    if (whole != np.rint(whole)).any() or whole.min() < 0 or whole.max() >= CLASSES:
        raise SampleFormatError(
            f"LULC holds {whole.min():g} to {whole.max():g}, and TerraMind knows the classes 0 to {CLASSES - 1}."
        )
    return whole.astype(np.uint8)


def _filled(name: str, values: NDArray[np.float32], valid: NDArray[np.bool_]) -> NDArray[np.float32]:
    """Gaps take the value of the nearest measured pixel, or the mean TerraMind was trained with where most is gap."""
    if 1 - valid.mean() > MOSTLY_MISSING:
        means = np.array(MODALITIES[name].mean, np.float32)[:, np.newaxis, np.newaxis]
        return np.where(valid, values, means)
    rows, columns = distance_transform_edt(~valid, return_distances=False, return_indices=True)
    return np.ascontiguousarray(values[:, rows, columns])


def _told_of_gaps(name: str, valid: NDArray[np.bool_]) -> str:
    missing = np.count_nonzero(~valid)
    how = "TerraMind's mean" if missing > MOSTLY_MISSING * valid.size else "their nearest neighbour's value"
    return f"{missing:,} of {valid.size:,} pixels of {name} have no value; they were given {how}."
