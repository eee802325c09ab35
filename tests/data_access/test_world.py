"""The atlas laid flat: rings cut at the antimeridian and closed at the pole; the basemap file."""

import json
from pathlib import Path

import numpy as np
import pytest
import shapely

from data_access.settings import Settings, load_settings
from data_access.topojson import cut_at_the_seam, read_countries
from data_access.world import basemap_geojson
from errors import SourceMissingError

ATLAS = load_settings().world_atlas
needs_atlas = pytest.mark.skipif(not ATLAS.is_dir(), reason=f"no world-atlas package at {ATLAS.name}; run npm install")


def test_ring_over_the_seam_becomes_two_parts() -> None:
    ring = np.array([[170.0, 0.0], [-170.0, 0.0], [-170.0, 10.0], [170.0, 10.0], [170.0, 0.0]])

    area = cut_at_the_seam(ring)

    assert area.area == pytest.approx(200.0)
    assert area.bounds == (-180.0, 0.0, 180.0, 10.0)
    assert not area.intersects(shapely.Point(0.0, 5.0))
    assert all(area.intersects(shapely.Point(lon, 5.0)) for lon in (175.0, -175.0))


@pytest.mark.parametrize("turn", [1, -1])
def test_ring_around_the_pole_is_closed_along_it(turn: int) -> None:
    lon = np.arange(0, 361, 10)[::turn]
    ring = np.column_stack([(lon + 180) % 360 - 180, np.full(len(lon), -70.0)])

    area = cut_at_the_seam(ring)

    assert area.area == pytest.approx(360.0 * 20.0)
    assert area.intersects(shapely.Point(-179.5, -89.5))


@needs_atlas
@pytest.mark.parametrize("name", ["countries-110m.json", "countries-50m.json"])
def test_atlas_covers_the_land_once(name: str) -> None:
    countries = dict(read_countries(ATLAS / name))
    polygons = np.concatenate(list(countries.values()))

    assert shapely.is_valid(polygons).all()
    assert shapely.total_bounds(polygons).tolist() == pytest.approx([-180, -90, 180, 83.6], abs=0.1)
    for country, east, west, between in (("Russia", 179.0, -179.0, -100.0), ("Fiji", 178.0, -179.9, 0.0)):
        area = shapely.union_all(countries[country])
        assert shapely.bounds(area)[0] <= west
        assert shapely.bounds(area)[2] >= east
        assert not area.intersects(shapely.LineString([(between, -89), (between, 89)]))
    assert shapely.area(countries["Antarctica"]).sum() == pytest.approx(6040, rel=0.02)


@needs_atlas
def test_basemap_is_small_clipped_and_kept(tmp_path: Path) -> None:
    configuration = Settings.model_validate({"cache_dir": tmp_path})

    content = basemap_geojson(configuration)

    features = {
        each["properties"]["name"]: shapely.from_geojson(json.dumps(each)) for each in json.loads(content)["features"]
    }
    assert len(content) < 1_500_000
    assert {"Serbia", "Kosovo", "Western Sahara", "Russia", "Fiji", "Antarctica"} <= set(features)
    for name, area in features.items():
        west, south, east, north = area.bounds
        assert -180 <= west <= east <= 180, name
        assert -85.06 <= south <= north <= 85.06, name
    assert not features["Russia"].intersects(shapely.Point(-100.0, 66.0))
    kept = list(configuration.tables_dir.iterdir())
    assert [file.read_bytes() for file in kept] == [content]
    kept[0].write_bytes(content[:1000])
    assert basemap_geojson(configuration) == content
    assert kept[0].read_bytes() == content


@needs_atlas
def test_basemap_keeps_the_area_of_countries(tmp_path: Path) -> None:
    exact = {name: shapely.area(polygons).sum() for name, polygons in read_countries(ATLAS / "countries-50m.json")}
    for each in json.loads(basemap_geojson(Settings.model_validate({"cache_dir": tmp_path})))["features"]:
        name = each["properties"]["name"]
        if exact.get(name, 0) > 1 and name != "Antarctica":
            assert shapely.from_geojson(json.dumps(each)).area == pytest.approx(exact[name], rel=0.01), name


@pytest.mark.parametrize("content", [None, b"{}", b"not json", b'{"objects": 3, "arcs": []}'])
def test_missing_or_foreign_atlas_is_a_named_error(tmp_path: Path, content: bytes | None) -> None:
    if content is not None:
        (tmp_path / "countries-50m.json").write_bytes(content)
    with pytest.raises(SourceMissingError, match="PATCHWORK_WORLD_ATLAS"):
        basemap_geojson(Settings.model_validate({"cache_dir": tmp_path, "world_atlas": tmp_path}))
