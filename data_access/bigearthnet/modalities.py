"""What a BigEarthNet patch can be opened as: names, bands in order, units."""

from dataclasses import dataclass
from typing import Literal

from data_access.dataset import OffsetState
from errors import ModalityMissingError

Product = Literal["S2", "S1", "reference_map"]  # what is stored under one name of its own
PRODUCTS: tuple[Product, ...] = ("S2", "S1", "reference_map")
MAP_TENSOR = "Data"  # tensor name of a reference map in the LMDB
MAP_SUFFIX = "_reference_map"  # of LMDB keys and file names


@dataclass(frozen=True)
class Modality:
    """One way to open a patch."""

    name: str
    product: Product
    bands: tuple[str, ...]
    unit: str
    dtypes: frozenset[str]  # NumPy kinds and sizes that can be this product; anything else is not it
    nodata: float | None
    resampled: bool = False  # whether bands of several sizes are brought to the finest one, nearest neighbour
    offset_state: OffsetState = "absent"  # the +1000 of newer processing baselines is in none of the patches


_REFLECTANCE = "reflectance x 10000"
_S2_DTYPES = frozenset({"u2", "i2"})
_BANDS_10M = ("B02", "B03", "B04", "B08")
_BANDS_20M = ("B05", "B06", "B07", "B8A", "B11", "B12")
_BANDS_60M = ("B01", "B09")
S2_BANDS = ("B01", "B02", "B03", "B04", "B05", "B06", "B07", "B08", "B8A", "B09", "B11", "B12")
S1_BANDS = ("VV", "VH")

MODALITIES: tuple[Modality, ...] = (
    Modality("S2", "S2", S2_BANDS, _REFLECTANCE, _S2_DTYPES, 0.0, resampled=True),
    Modality("S2-10m", "S2", _BANDS_10M, _REFLECTANCE, _S2_DTYPES, 0.0),
    Modality("S2-20m", "S2", _BANDS_20M, _REFLECTANCE, _S2_DTYPES, 0.0),
    Modality("S2-60m", "S2", _BANDS_60M, _REFLECTANCE, _S2_DTYPES, 0.0),
    Modality("S1", "S1", S1_BANDS, "dB", frozenset({"f2", "f4", "f8"}), None),
    Modality("reference_map", "reference_map", ("reference_map",), "class", frozenset({"u2", "i2", "u4", "i4"}), 0.0),
)
MODALITY_NAMES: tuple[str, ...] = tuple(modality.name for modality in MODALITIES)
STACKED_S2 = "S2"  # a picture of twelve bands on one grid: made by resampling, so no file stores its values
S2_PARTS: tuple[str, ...] = ("S2-10m", "S2-20m", "S2-60m")  # what it is put together from, as stored
_BY_NAME = {modality.name: modality for modality in MODALITIES}


def modality_named(name: str) -> Modality:
    """The modality of that name. Raises ModalityMissingError for any other name."""
    try:
        return _BY_NAME[name]
    except KeyError:
        known = ", ".join(MODALITY_NAMES)
        raise ModalityMissingError(f"BigEarthNet has no modality {name[:40]!r}: choose one of {known}.") from None
