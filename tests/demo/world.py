"""Natural Earth countries for the tests, decoded from TopoJSON here so that no code under test is its own oracle."""

import json
from functools import lru_cache
from pathlib import Path

import numpy as np
import pytest
import shapely

_FILE = Path(__file__).resolve().parents[2] / "node_modules" / "world-atlas" / "countries-50m.json"


@lru_cache(maxsize=1)
def countries() -> dict[str, shapely.Geometry]:
    """Outline of every country by name; skips where the package is not installed."""
    if not _FILE.exists():
        pytest.skip("world-atlas is not in node_modules; run make test, or npm install")
    topology = json.loads(_FILE.read_text(encoding="utf-8"))
    scale, shift = np.array(topology["transform"]["scale"]), np.array(topology["transform"]["translate"])
    arcs = [np.cumsum(arc, axis=0) * scale + shift for arc in topology["arcs"]]

    def ring(numbers: list[int]) -> np.ndarray:
        points = np.concatenate([arcs[n] if n >= 0 else arcs[~n][::-1] for n in numbers])
        if np.ptp(points[:, 0]) > 180:  # it crosses the antimeridian: unroll it to the east
            points = points + [360, 0] * (points[:, :1] < 0)
        return points

    def polygon(rings: list[list[int]]) -> shapely.Polygon:
        return shapely.Polygon(ring(rings[0]), [ring(hole) for hole in rings[1:]])

    outlines: dict[str, shapely.Geometry] = {}
    for entry in topology["objects"]["countries"]["geometries"]:
        parts = {"Polygon": [entry.get("arcs")], "MultiPolygon": entry.get("arcs")}.get(entry["type"], [])
        outlines[entry["properties"]["name"]] = shapely.MultiPolygon([polygon(part) for part in parts])
    return outlines


def country_at(lon: float, lat: float) -> str | None:
    """Name of the country that holds a place; None at sea."""
    points = shapely.points([lon, lon + 360], lat)
    return next((name for name, outline in countries().items() if shapely.covers(outline, points).any()), None)
