"""Bands as STAC 1.1 describes them, with the names and wavelengths of its EO extension."""

from typing import NamedTuple

from data_access.dataset import ModalitySummary


class _Optical(NamedTuple):
    common_name: str
    wavelength_nm: float  # centre, ESA Sentinel-2 User Handbook, 2015


_OPTICAL = {
    "B01": _Optical("coastal", 443),
    "B02": _Optical("blue", 490),
    "B03": _Optical("green", 560),
    "B04": _Optical("red", 665),
    "B05": _Optical("rededge071", 705),
    "B06": _Optical("rededge075", 740),
    "B07": _Optical("rededge078", 783),
    "B08": _Optical("nir", 842),
    "B8A": _Optical("nir08", 865),
    "B09": _Optical("nir09", 945),
    "B10": _Optical("cirrus", 1375),
    "B11": _Optical("swir16", 1610),
    "B12": _Optical("swir22", 2190),
    "R": _Optical("red", 665),
    "G": _Optical("green", 560),
    "B": _Optical("blue", 490),
}
_NM_PER_UM = 1000
RADAR = frozenset({"S1RTC", "S1GRD", "S1"})
POLARISATIONS = ("VV", "VH")


def bands_of(summary: ModalitySummary) -> list[dict[str, object]]:
    """One entry per band, in the order of the array."""
    return [_band(name, summary) for name in summary.bands]


def _band(name: str, summary: ModalitySummary) -> dict[str, object]:
    known = _OPTICAL.get(name) if summary.name.startswith("S2") else None
    if known is None:
        return {"name": name}
    return {
        "name": name,
        "eo:common_name": known.common_name,
        "eo:center_wavelength": known.wavelength_nm / _NM_PER_UM,
    }
