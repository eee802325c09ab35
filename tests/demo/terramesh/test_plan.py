"""The plan: real places on land, names that follow the grid, realistic times."""

import math
import re
from collections import Counter

import pytest
from pyproj import Transformer

from demo.terramesh.plan import SamplePlan, make_plan
from tests.demo.world import countries, country_at

PLANS = make_plan(1)
TEN_COUNTRIES = {
    "Austria", "Belgium", "Finland", "Ireland", "Kosovo", "Lithuania", "Luxembourg", "Portugal", "Serbia",
    "Switzerland",
}  # fmt: skip
CONTINENTS = {
    "Africa": {"Egypt", "Morocco", "Chad", "Niger", "Tanzania", "Uganda", "Namibia", "Botswana"},
    "Asia": {"India", "China", "Indonesia", "Nepal", "Japan", "Mongolia", "Kazakhstan"},
    "Europe": TEN_COUNTRIES | {"France", "Italy"},
    "North America": {"United States of America", "Canada", "Mexico"},
    "South America": {"Brazil", "Bolivia", "Argentina"},
    "Oceania": {"Australia", "New Zealand", "Papua New Guinea"},
}


def test_there_are_enough_samples_of_both_sources() -> None:
    count = Counter(plan.source for plan in PLANS)
    assert len(PLANS) >= 96
    assert count["majortom"] >= 60
    assert count["ssl4eos12"] >= 24


def test_keys_run_on_over_both_sources_and_shards_too() -> None:
    assert [int(plan.key[-7:]) for plan in PLANS] == list(range(1, len(PLANS) + 1))
    assert all(re.fullmatch(rf"{plan.source}_val_\d{{7}}", plan.key) for plan in PLANS)
    shards = list(dict.fromkeys(plan.shard for plan in PLANS))
    assert [int(name[-10:-4]) for name in shards] == list(range(1, len(shards) + 1))
    assert len(shards) >= 3
    assert all(plan.shard.startswith(f"{plan.source}_shard_") for plan in PLANS)


@pytest.mark.parametrize("plan", PLANS, ids=lambda plan: f"{plan.place.name} {plan.key[-2:]}")
def test_every_place_is_on_land_in_the_country_it_names(plan: SamplePlan) -> None:
    country = country_at(*plan.square.centre)
    assert country is not None
    named = plan.place.name.rpartition(", ")[2]
    spelled = {"DR Congo": "Dem. Rep. Congo", "The Gambia": "Gambia"}.get(named, named)
    if spelled in countries():
        assert country == spelled


def test_every_inhabited_continent_and_all_ten_countries_are_there() -> None:
    seen = {country_at(*plan.square.centre) for plan in PLANS}
    assert seen >= TEN_COUNTRIES
    for continent, members in CONTINENTS.items():
        assert len(seen & members) >= 2, continent
    of_each = Counter(country_at(*plan.square.centre) for plan in PLANS if plan.source == "majortom")
    assert all(of_each[country] >= 1 for country in TEN_COUNTRIES)


def _tile_of_name(name: str) -> tuple[float, float, int]:
    """Upper left corner and EPSG code by the published formula, written down a second time."""
    row, column, across, down = name.split("_")
    north = int(row[:-1]) * (1 if row[-1] == "U" else -1)
    east = int(column[:-1]) * (1 if column[-1] == "R" else -1)
    lat = north * 180 / 2004
    columns = math.ceil(2 * math.pi * 6378.137 * math.cos(math.radians(lat)) / 10)
    lon = east * 360 / columns
    epsg = (32600 if lat >= 0 else 32700) + int((lon + 180) // 6) + 1
    x, y = Transformer.from_crs(4326, epsg, always_xy=True).transform(lon, lat)
    return x - 340 + 2640 * int(across), y - 340 + 10680 - 2640 * int(down), epsg


@pytest.mark.parametrize("plan", [plan for plan in PLANS if plan.source == "majortom"], ids=lambda p: p.square.sample)
def test_major_tom_names_follow_the_grid(plan: SamplePlan) -> None:
    left, top, epsg = _tile_of_name(plan.square.sample)
    assert plan.square.left == pytest.approx(left, abs=1e-3)
    assert plan.square.top == pytest.approx(top, abs=1e-3)
    assert plan.square.epsg == epsg
    assert plan.square.x[1] - plan.square.x[0] == 10
    assert plan.square.y[0] - plan.square.y[263] == pytest.approx(2630)
    lon, lat = plan.square.centre
    # the tile of the cell that is nearest to the place: never further than half a tile and the gap beside it
    assert math.hypot((lon - plan.place.lon) * math.cos(math.radians(lat)), lat - plan.place.lat) * 111_320 < 2200


def test_ssl4eo_samples_are_one_place_in_four_seasons() -> None:
    by_place: dict[str, list[SamplePlan]] = {}
    for plan in PLANS:
        if plan.source == "ssl4eos12":
            by_place.setdefault(plan.square.sample[:7], []).append(plan)
    for location, plans in by_place.items():
        assert re.fullmatch(r"\d{7}", location)
        assert [plan.square.sample[-1] for plan in plans] == ["0", "1", "2", "3"]
        assert len({plan.scene_seed for plan in plans}) == len({plan.square.left for plan in plans}) == 1
        assert len({plan.sensor_seed for plan in plans}) == 4
        assert len({(plan.s2_time.month - 1) // 3 for plan in plans}) == 4


@pytest.mark.parametrize("plan", PLANS, ids=lambda plan: plan.key)
def test_times_are_those_of_the_satellites(plan: SamplePlan) -> None:
    local = (plan.s2_time.hour + plan.s2_time.minute / 60 + plan.place.lon / 15) % 24
    assert 9.8 < local < 11.2
    assert -6 <= (plan.s1_time - plan.s2_time).total_seconds() / 3600 <= 72
    assert 2017 <= plan.s2_time.year <= 2024
    radar = (plan.s1_time.hour + plan.s1_time.minute / 60 + plan.place.lon / 15) % 24
    assert min(abs(radar - 6), abs(radar - 18)) < 1
    assert not (plan.offset and plan.s2_time.year >= 2023)


def test_some_samples_carry_the_offset_whatever_the_seed() -> None:
    for seed in range(5):
        offsets = [plan.offset for plan in make_plan(seed)]
        assert 4 <= sum(offsets) <= 40


def test_the_plan_is_a_function_of_the_seed() -> None:
    assert make_plan(1) == PLANS
    assert make_plan(2) != PLANS
