"""What each modality is called on a page: its name, and a few words for those who meet it first."""

from typing import NamedTuple


class ModalityName(NamedTuple):
    """Title and short description of a modality."""

    title: str
    about: str


_NAMES = {
    "S2L2A": ModalityName("S2 L2A", "surface reflectance"),
    "S2L1C": ModalityName("S2 L1C", "TOA reflectance"),
    "S2RGB": ModalityName("S2 RGB", "true colour"),
    "S1RTC": ModalityName("S1 RTC", "backscatter"),
    "S1GRD": ModalityName("S1 GRD", "backscatter"),
    "DEM": ModalityName("DEM", "elevation"),
    "NDVI": ModalityName("NDVI", "vegetation index"),
    "LULC": ModalityName("LULC", "land cover"),
    "coordinates": ModalityName("Coordinates", "longitude, latitude"),
    "cloud_mask": ModalityName("Cloud mask", ""),
    "S2": ModalityName("S2", "reflectance, 10 m grid"),
    "S2-10m": ModalityName("S2 10 m", "B02 B03 B04 B08"),
    "S2-20m": ModalityName("S2 20 m", "red edge and short-wave infrared"),
    "S2-60m": ModalityName("S2 60 m", "coastal and water vapour"),
    "S1": ModalityName("S1", "backscatter"),
    "reference_map": ModalityName("Reference map", "CORINE"),
}


def modality_name(modality: str) -> ModalityName:
    """Title and description; a modality unknown here goes by its own name."""
    return _NAMES.get(modality, ModalityName(modality, ""))


_UNITS = {"reflectance x 10000": "reflectance × 10,000", "brightness 0-255": "of 255", "index -1 to 1": "", "class": ""}


def unit_name(unit: str) -> str:
    """A unit as it stands behind a value; empty where the name of the modality says it."""
    return _UNITS.get(unit, unit)
