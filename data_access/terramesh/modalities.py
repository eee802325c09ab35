"""The modalities of TerraMesh and the names of its samples.

Facts from the dataset's card and from real samples: band order, dtypes, units, and that samples of Major TOM come with
S1RTC while those of SSL4EO-S12 come with S1GRD, never with both.
"""

import re
from dataclasses import dataclass
from types import MappingProxyType

from errors import ModalityMissingError

PIXEL_M = 10.0  # every modality lies on the same 10 m grid
MEMBER_SUFFIX = ".zarr.zip"
CLOUD_MASK = "cloud_mask"
# A key becomes part of URLs and file names, so it has no dot, slash or blank, and an end.
KEY_PATTERN = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,127}")
SPLITS = ("train", "val", "test")

_L1C_BANDS = ("B01", "B02", "B03", "B04", "B05", "B06", "B07", "B08", "B8A", "B09", "B10", "B11", "B12")


@dataclass(frozen=True)
class Modality:
    """One modality as the format describes it."""

    name: str
    bands: tuple[str, ...]
    dtypes: tuple[str, ...]  # the published one first, then those that hold the same values without loss
    unit: str


# In display order.
MODALITIES = MappingProxyType(
    {
        modality.name: modality
        for modality in (
            Modality(
                "S2L2A", tuple(band for band in _L1C_BANDS if band != "B10"), ("int16", "uint16"), "reflectance x 10000"
            ),
            Modality("S2L1C", _L1C_BANDS, ("int16", "uint16"), "reflectance x 10000"),
            Modality("S2RGB", ("R", "G", "B"), ("uint8",), "brightness 0-255"),
            Modality("S1RTC", ("vv", "vh"), ("float16", "float32"), "dB"),
            Modality("S1GRD", ("vv", "vh"), ("float16", "float32"), "dB"),
            Modality("DEM", ("DEM",), ("int16", "float32"), "m"),
            Modality("NDVI", ("NDVI",), ("float16", "float32"), "index -1 to 1"),
            Modality("LULC", ("LULC",), ("uint8",), "class"),
            Modality(CLOUD_MASK, (CLOUD_MASK,), ("uint8",), "class"),
        )
    }
)
FOLDERS = tuple(name for name in MODALITIES if name != CLOUD_MASK)  # the mask lies inside the S2 members
CLOUD_MASK_CARRIERS = ("S2L2A", "S2L1C", "S2RGB")  # the first that has one counts
S1_OF_SOURCE = MappingProxyType({"majortom": "S1RTC", "ssl4eos12": "S1GRD"})


def modality_named(name: str) -> Modality:
    """The modality with this name. Raises ModalityMissingError for any other word."""
    try:
        return MODALITIES[name]
    except KeyError:
        raise ModalityMissingError(
            f"{name[:40]!r} is not a modality of TerraMesh. Choose one of {', '.join(MODALITIES)}."
        ) from None


def source_of(key: str, shard: str) -> str | None:
    """Where a sample comes from, told by its key or else by its shard's name; None where neither tells."""
    for name in (key, shard):
        prefix = name.partition("_")[0]
        if prefix in S1_OF_SOURCE:
            return prefix
    return None


def excludes(source: str | None, modality: str) -> bool:
    """Whether samples of this source never have the modality: each source has one kind of Sentinel-1."""
    has = S1_OF_SOURCE.get(source or "")
    return has is not None and modality in S1_OF_SOURCE.values() and modality != has


def registry_spelling(bands: tuple[str, ...], modality: Modality) -> tuple[str, ...]:
    """Band names as the registry writes them where only case or a zero differ (B1, b01), so that presets find them.

    Plain numbers in place of names count the bands, which then are the registry's in its order.
    """
    if all(band.isdecimal() for band in bands) and len(bands) == len(modality.bands):
        return modality.bands
    known = {band.casefold(): band for band in modality.bands}
    known |= {band.casefold().replace("b0", "b"): band for band in modality.bands}
    return tuple(known.get(band.casefold(), band) for band in bands)
