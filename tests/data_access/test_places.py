"""Countries, climate zones and seasons of known places; the raster against polygons; what happens without files."""

from datetime import datetime
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from data_access.climate import ZONES, ClimateGrid, grid_folder
from data_access.countries import Countries
from data_access.country_names import full_name
from data_access.places import Places, enrich, places_of, season
from data_access.settings import load_settings
from data_access.topojson import read_countries

ATLAS = load_settings().world_atlas
needs_atlas = pytest.mark.skipif(not ATLAS.is_dir(), reason=f"no world-atlas package at {ATLAS.name}; run npm install")

KNOWN = {  # longitude, latitude, country, climate zone of Beck et al.
    "Vienna": (16.37, 48.21, "Austria", None),
    "Brussels": (4.35, 50.85, "Belgium", None),
    "Tampere": (23.76, 61.5, "Finland", "Dfc"),
    "Cork": (-8.47, 51.9, "Ireland", "Cfb"),
    "Pristina": (21.17, 42.67, "Kosovo", None),
    "Vilnius": (25.28, 54.69, "Lithuania", "Dfb"),
    "Luxembourg": (6.13, 49.61, "Luxembourg", "Cfb"),
    "Evora": (-7.9, 38.57, "Portugal", "Csa"),
    "Belgrade": (20.46, 44.8, "Serbia", None),
    "Bern": (7.45, 46.95, "Switzerland", None),
    "Manaus": (-60.0, -3.1, "Brazil", "Af"),
    "Cairo": (31.2, 30.05, "Egypt", "BWh"),
    "Kinshasa": (15.3, -4.35, "Democratic Republic of the Congo", "Aw"),
    "Chukotka, west of the seam": (-175.0, 66.6, "Russia", "ET"),
    "Vanua Levu": (179.3, -16.6, "Fiji", None),
    "South Pole": (0.0, -90.0, "Antarctica", "EF"),
    "one kilometre off Cascais": (-9.435, 38.683, "Portugal", "Csa"),
    "middle of the Atlantic": (-30.0, 30.0, "unknown", "unknown"),
    "North Pole": (0.0, 90.0, "unknown", "unknown"),
    "not a place": (float("nan"), 10.0, "unknown", "unknown"),
    "beyond the globe": (10.0, 1e308, "unknown", "unknown"),
}
LON = np.array([place[0] for place in KNOWN.values()])
LAT = np.array([place[1] for place in KNOWN.values()])


@needs_atlas
def test_countries_of_known_places() -> None:
    found = dict(zip(KNOWN, places_of(ATLAS).country(LON, LAT).to_pylist(), strict=True))

    assert found == {name: place[2] for name, place in KNOWN.items()}


def test_climate_zones_of_known_places() -> None:
    found = places_of(ATLAS).climate_zone(LON, LAT).to_pylist()

    for name, zone in zip(KNOWN, found, strict=True):
        code = KNOWN[name][3]
        assert code is None or zone == ZONES.get(code, code), name


def test_all_thirty_classes_have_words_of_their_own() -> None:
    assert len(ZONES) == len(set(ZONES.values())) == 30
    assert ZONES["Dfb"] == "Cold, no dry season, warm summer"


def test_climate_looks_a_few_cells_around_a_coast_and_no_further() -> None:
    folder = grid_folder()
    assert folder is not None
    grid = ClimateGrid(folder)
    west_of_portugal = np.array([-9.55, -9.6, -9.9, -12.0])

    assert (grid.zones(west_of_portugal, np.full(4, 38.78)) >= 0).tolist() == [True, True, False, False]


@needs_atlas
def test_raster_and_polygons_agree_everywhere() -> None:
    random = np.random.default_rng(5)
    lon = np.concatenate([random.uniform(-180, 180, 20_000), random.uniform(-10, 30, 20_000), [-180.0, 180.0, 0.0]])
    lat = np.concatenate([random.uniform(-90, 90, 20_000), random.uniform(35, 70, 20_000), [66.0, 66.0, -90.0]])
    countries = Countries(read_countries(ATLAS / "countries-50m.json"))

    np.testing.assert_array_equal(countries.find(lon, lat), countries._exact(lon, lat))


@pytest.mark.real
@needs_atlas
def test_countries_of_real_patches(real_data: Path) -> None:
    """BigEarthNet names the country of the whole scene, so patches at sea and beyond a border differ."""
    patches = (
        pq.read_table(
            real_data / "bigearthnet_v2" / "all_patches_with_coords.parquet",
            columns=["country", "longitude", "latitude"],
        )
        .slice(0, 400_000)
        .take(np.arange(0, 400_000, 20))
    )
    found = np.array(
        places_of(ATLAS).country(patches["longitude"].to_numpy(), patches["latitude"].to_numpy()).to_pylist()
    )
    official = np.array(patches["country"].to_pylist())
    on_land = (found != "unknown") & (found != "Åland")

    assert np.mean(found[on_land] == official[on_land]) > 0.97
    assert np.mean(found == official) > 0.85


@pytest.mark.parametrize(
    ("short", "full"),
    [
        ("W. Sahara", "Western Sahara"),
        ("Dem. Rep. Congo", "Democratic Republic of the Congo"),
        ("S. Sudan", "South Sudan"),
        ("Br. Indian Ocean Ter.", "British Indian Ocean Territory"),
        ("St. Kitts and Nevis", "Saint Kitts and Nevis"),
        ("Serbia", "Serbia"),
    ],
)
def test_shortened_names_in_full(short: str, full: str) -> None:
    assert full_name(short) == full


@needs_atlas
def test_no_name_of_the_atlas_stays_shortened() -> None:
    names = [full_name(name) for name, _ in read_countries(ATLAS / "countries-50m.json")]

    assert [name for name in names if "." in name] == []
    assert len(set(names)) == len(names)


@pytest.mark.parametrize(
    ("day", "north", "south"),
    [
        ("2020-02-29", "Winter", "Summer"),
        ("2020-03-01", "Spring", "Fall"),
        ("2020-05-31", "Spring", "Fall"),
        ("2020-06-01", "Summer", "Winter"),
        ("2020-11-30", "Fall", "Spring"),
        ("2020-12-01", "Winter", "Summer"),
        ("1969-12-31", "Winter", "Summer"),
    ],
)
def test_seasons_turn_with_the_hemisphere(day: str, north: str, south: str) -> None:
    time = np.array([day, day, day, "NaT", day], dtype="datetime64[us]")
    lat = np.array([50.0, -50.0, 0.0, 50.0, np.nan])

    assert season(time, lat).to_pylist() == [north, south, north, "unknown", "unknown"]


@needs_atlas
def test_enrich_fills_only_what_is_missing() -> None:
    table = pa.table(
        {
            "id": ["a", "b"],
            "lon": [16.37, 16.37],
            "lat": [48.21, 48.21],
            "country": ["Atlantis", None],
            "time": pa.array([datetime(2020, 7, 1), None], pa.timestamp("ns")),  # noqa: DTZ001
        }
    )

    found = enrich(table, places_of(ATLAS))

    assert found["country"].to_pylist() == ["Atlantis", "Austria"]
    assert found["season"].to_pylist() == ["Summer", "unknown"]
    assert found["climate_zone"].to_pylist() == ["Temperate, no dry season, warm summer"] * 2
    assert enrich(found, places_of(ATLAS)).equals(found)
    assert enrich(found.slice(0, 0)).num_rows == 0


@needs_atlas
def test_what_was_forgotten_is_read_again() -> None:
    table = pa.table({"lon": [16.37], "lat": [48.21]})
    places = Places(ATLAS, grid_folder())
    before = enrich(table, places)
    places.forget()

    assert enrich(table, places).equals(before)
    assert before["country"].to_pylist() == ["Austria"]


def test_a_table_without_rows_gets_its_columns_without_an_atlas(tmp_path: Path) -> None:
    places = Places(tmp_path / "nowhere", None)
    found = enrich(pa.table({"id": pa.array([], pa.string()), "lon": np.zeros(0), "lat": np.zeros(0)}), places)

    assert set(found.column_names) == {"id", "lon", "lat", "country", "climate_zone", "season"}


def test_without_files_everything_is_unknown_and_said_so(tmp_path: Path) -> None:
    (tmp_path / "countries-50m.json").write_text('{"type": "Topology"}')
    places = Places(tmp_path, tmp_path)

    assert set(places.country(LON, LAT).to_pylist()) == {"unknown"}
    assert set(places.climate_zone(LON, LAT).to_pylist()) == {"unknown"}
    assert [note.split(":")[0] for note in places.notes] == ["Countries are unknown", "Climate zones are unknown"]
    assert Places(tmp_path, None).climate_zone(LON[:1], LAT[:1]).to_pylist() == ["unknown"]
