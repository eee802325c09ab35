"""Every modality of one sample on one sheet, as PNG, with times, place, licence and credit."""

import numpy as np
import xarray as xr

from api.pictures import Look, draw
from api.reading import opened
from data_access.bigearthnet.modalities import S2_PARTS, STACKED_S2
from data_access.dataset import Dataset
from data_access.memory_cache import OnceCache
from errors import BusyError, PatchworkError, RemoteError
from rendering import default_preset, presets_of
from rendering.encoding import encode
from rendering.sheet import Tile, sheet

_MINUTES = 16  # characters of an ISO time without its seconds


def sample_sheet(arrays: OnceCache[str, xr.Dataset], dataset: Dataset, sample_id: str) -> bytes:
    """Draw it, with the pictures that the Compare page begins with.

    A modality that is damaged leaves an empty frame that says so.

    Raises:
        UnknownSampleError: no such sample.
        RemoteError, BusyError: something could not be read now; a sheet without it would be kept.
    """
    available = dataset.available(sample_id)
    shown = [name for name in available if name not in S2_PARTS or STACKED_S2 not in available]
    row = dataset.catalog.row(sample_id)
    info = dataset.info
    place = [
        str(row[key]) for key in ("country", "season", "climate_zone") if row.get(key) not in (None, "", "unknown")
    ]
    synthetic = ["synthetic demo data"] if info.synthetic else []
    tiles = [_tile(arrays, dataset, sample_id, name) for name in shown]
    about = " \u00b7 ".join([*synthetic, *place, *_degrees(row)])
    terms = f"{info.licence.name}. {info.licence.credit} {info.licence.url}"
    return encode(sheet(tiles, heading=sample_id, about=about, terms=terms), "png")


def _tile(arrays: OnceCache[str, xr.Dataset], dataset: Dataset, sample_id: str, modality: str) -> Tile:
    try:
        source = opened(arrays, dataset, sample_id, modality)
        picture = draw(source, Look(preset=_alone(modality)))
    except (RemoteError, BusyError):
        raise
    except PatchworkError as error:
        return Tile(modality, (f"not readable: {error.code}",), None)
    time = source.attrs["time"]
    taken = (f"{time[:_MINUTES].replace('T', ' ')} UTC",) if time else ()
    return Tile(modality, (picture.legend.title, *taken), picture.rgba, picture.legend.kind)


def _alone(modality: str) -> str | None:
    """The preset to draw with: the default, unless that is made to lie over another picture."""
    names = [preset.name for preset in presets_of(modality) if preset.kind != "overlay" and not preset.is_free]
    default = default_preset(modality)
    return default.name if default.kind != "overlay" or not names else names[0]


def _degrees(row: dict[str, object]) -> list[str]:
    lon, lat = row.get("lon"), row.get("lat")
    if not isinstance(lon, float) or not isinstance(lat, float) or not np.isfinite(lon + lat):
        return []
    return [f"{abs(lat):.4f}\u00b0 {'NS'[lat < 0]} {abs(lon):.4f}\u00b0 {'EW'[lon < 0]}"]
