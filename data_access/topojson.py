"""TopoJSON to shapely: arcs shared by neighbours are decoded once and joined into polygons that fit a flat map.

The atlas has no seam: its rings run over the antimeridian and around the pole as they do on the globe. Drawn flat, such
a ring smears across the whole map. Here each ring is first unrolled (longitudes go on past 180), closed along the pole
where it runs around one, and then cut at the seam.
"""

import json
from functools import reduce
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from shapely import affinity
from shapely.geometry.base import BaseGeometry

_WORLD = shapely.box(-180, -90, 180, 90)
_SHORTEST_RING = 4  # points, the first repeated as the last; islets of the atlas have shrunk to fewer
_TURNS = (-360.0, 0.0, 360.0)  # how far a part of an unrolled ring may lie from where it belongs


def read_countries(path: Path) -> list[tuple[str, np.ndarray]]:
    """Names and valid polygons (an object array each) of the layer `countries`, longitudes -180 to 180.

    Raises:
        OSError: the file can not be read.
        ValueError, KeyError: it is not the TopoJSON that world-atlas publishes.
    """
    topology = json.loads(path.read_bytes())
    arcs = _decode_arcs(topology)
    countries = []
    for geometry in topology["objects"]["countries"]["geometries"]:
        parts = {"Polygon": lambda rings: [rings], "MultiPolygon": list}[geometry["type"]](geometry["arcs"])
        polygons = _polygons([_polygon(rings, arcs) for rings in parts])
        countries.append((str(geometry["properties"]["name"]), polygons))
    return countries


def _decode_arcs(topology: dict[str, Any]) -> list[np.ndarray]:
    scale, translate = (np.array(topology["transform"][name]) for name in ("scale", "translate"))
    return [np.cumsum(np.array(arc), axis=0) * scale + translate for arc in topology["arcs"]]


def _polygon(rings: list[list[int]], arcs: list[np.ndarray]) -> BaseGeometry:
    shell, *holes = [_ring(indexes, arcs) for indexes in rings]
    if len(shell) >= _SHORTEST_RING and np.ptp(shell[:, 0]) < 180:
        plain = shapely.Polygon(shell, [hole for hole in holes if len(hole) >= _SHORTEST_RING])
        if shapely.is_valid(plain):
            return plain
    # Even-odd rather than shell minus holes: the atlas gives Antarctica's hole at the pole before its coast.
    return reduce(shapely.symmetric_difference, (cut_at_the_seam(ring) for ring in (shell, *holes)))


def _polygons(geometries: list[BaseGeometry]) -> np.ndarray:
    """All polygons among the geometries; lines and points left by repairs have no area."""
    parts = shapely.get_parts(shapely.get_parts(geometries))  # twice: a repair may nest a multipolygon
    areal = (shapely.get_type_id(parts) == shapely.GeometryType.POLYGON) & ~shapely.is_empty(parts)
    return np.asarray(parts[areal])


def _ring(indexes: list[int], arcs: list[np.ndarray]) -> np.ndarray:
    """One closed line, (n, 2); a negative index means the arc of its complement, backwards."""
    parts = [arcs[index] if index >= 0 else arcs[~index][::-1] for index in indexes]
    return np.concatenate([parts[0], *(part[1:] for part in parts[1:])])


def cut_at_the_seam(ring: np.ndarray) -> BaseGeometry:
    """The area within a closed ring of the globe, (n, 2) degrees, as a valid flat geometry from -180 to 180."""
    if len(ring) < _SHORTEST_RING:
        return shapely.Polygon()
    lon = np.degrees(np.unwrap(np.radians(ring[:, 0])))
    unrolled = np.column_stack([lon, ring[:, 1]])
    if abs(lon[-1] - lon[0]) > 180:  # it went once around the globe, so it encloses a pole
        pole = np.copysign(90.0, ring[:, 1].mean())
        unrolled = np.concatenate([unrolled, [[lon[-1], pole], [lon[0], pole]]])
    area = shapely.make_valid(shapely.Polygon(unrolled))
    west, _, east, _ = shapely.bounds(area)
    if west >= -180 and east <= 180:
        return area
    return shapely.union_all([shapely.intersection(affinity.translate(area, turn), _WORLD) for turn in _TURNS])
