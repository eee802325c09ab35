"""The countries of the world as one GeoJSON file for the map, cut at the antimeridian and the mercator limit."""

import hashlib
import json
import logging
from contextlib import suppress

import numpy as np
import shapely

from data_access.country_names import full_name
from data_access.kept_tables import replace_atomically
from data_access.morton import MAX_LATITUDE
from data_access.settings import Settings, settings
from data_access.topojson import read_countries
from errors import SourceMissingError

logger = logging.getLogger(__name__)

_ATLAS_FILE = "countries-50m.json"  # sharp enough to zoom 8, and small enough to send whole
_DECIMALS = 3  # of a degree: 100 m, an eighth of the atlas's own precision
_TOLERANCE = 0.02  # degrees: a corner goes if its triangle is smaller than a square of this side
_VERSION = 1  # raise it when the file is made differently
_FRAME = shapely.box(-180, -MAX_LATITUDE, 180, MAX_LATITUDE)


def basemap_geojson(configuration: Settings | None = None) -> bytes:
    """A GeoJSON FeatureCollection of countries with the property `name`, about a megabyte; kept in the cache folder.

    Args:
        configuration: where the atlas and the cache are; by default the settings of this process.

    Raises:
        SourceMissingError: there is no atlas, or it can not be read.
    """
    chosen = configuration or settings()
    atlas = chosen.world_atlas / _ATLAS_FILE
    try:
        digest = hashlib.sha256(atlas.read_bytes()).hexdigest()[:12]
        path = chosen.tables_dir / f"basemap-{_VERSION}-{digest}.geojson"
        with suppress(OSError, ValueError):  # not kept yet, or broken: it is made again
            kept = path.read_bytes()
            json.loads(kept)
            return kept
        made = _features(read_countries(atlas))
    except (OSError, ValueError, KeyError, TypeError, IndexError) as error:
        raise SourceMissingError(
            f"The map has no countries: {_ATLAS_FILE} of the package world-atlas can not be read ({error}). "
            "Run `make app`, or set PATCHWORK_WORLD_ATLAS to the folder of the package."
        ) from error
    try:
        replace_atomically(path, lambda temporary: temporary.write_bytes(made))
    except OSError as error:
        logger.warning("the basemap can not be kept: %s", error)
    return made


def _features(countries: list[tuple[str, np.ndarray]]) -> bytes:
    names = [full_name(name) for name, _ in countries]
    polygons = np.concatenate([parts for _, parts in countries])
    # Drops the same corners on both sides of a border, so that neighbours still meet.
    simple = shapely.coverage_simplify(polygons, _TOLERANCE)
    ends = np.cumsum([len(parts) for _, parts in countries])[:-1]
    features = []
    for name, parts in zip(names, np.split(simple, ends), strict=True):
        clipped = shapely.get_parts(shapely.intersection(parts, _FRAME))
        rings = [coordinates for polygon in clipped if (coordinates := _coordinates(polygon))]
        if rings:
            geometry = {"type": "MultiPolygon", "coordinates": rings}
            features.append({"type": "Feature", "properties": {"name": name}, "geometry": geometry})
    return json.dumps({"type": "FeatureCollection", "features": features}, separators=(",", ":")).encode()


def _coordinates(polygon: shapely.Polygon) -> list[list[list[float]]]:
    """Rounded rings without repeated points; none where rounding leaves no shell."""
    rings = [_rounded(shapely.get_coordinates(ring)) for ring in shapely.get_rings(polygon)]
    return [ring for ring in rings if len(ring) >= 4] if rings and len(rings[0]) >= 4 else []


def _rounded(corners: np.ndarray) -> list[list[float]]:
    rounded = np.round(corners, _DECIMALS)
    moved = np.any(np.diff(rounded, axis=0) != 0, axis=1)
    found: list[list[float]] = rounded[np.concatenate([[True], moved])].tolist()
    return found
