"""Places and seasons of the demo patches."""

from datetime import date

import pytest

from demo.bigearthnet.places import all_patches, season_of
from demo.bigearthnet.sites import SITES
from demo.bigearthnet.text.distractors import CLIMATE_ZONES, COUNTRIES

LAST_INDEX = 90  # last whole column or row of a tile


@pytest.mark.parametrize(
    ("day", "season"),
    [
        (date(2017, 6, 13), "Summer"),  # as in the published rows
        (date(2017, 8, 29), "Summer"),
        (date(2017, 9, 5), "Fall"),
        (date(2017, 11, 30), "Fall"),
        (date(2017, 12, 1), "Winter"),
        (date(2018, 1, 1), "Winter"),
        (date(2018, 3, 18), "Winter"),  # the published counts need it there
        (date(2018, 3, 26), "Spring"),
        (date(2018, 5, 29), "Spring"),
    ],
)
def test_seasons_have_the_borders_of_the_annotations(day: date, season: str) -> None:
    assert season_of(day) == season


def test_names_are_unique() -> None:
    patches = list(all_patches())
    assert len({patch.patch_id for patch in patches}) == len({patch.s1_name for patch in patches}) == len(patches)


def test_sites_fit_the_grid_and_the_vocabulary() -> None:
    for site in SITES:
        assert site.column + site.edge - 1 <= LAST_INDEX
        assert site.row + site.edge - 1 <= LAST_INDEX
        assert site.country in COUNTRIES
        assert site.climate_zone in CLIMATE_ZONES
    assert {site.country for site in SITES} == set(COUNTRIES)


def test_passes_lie_within_days_of_each_other() -> None:
    for site in SITES:
        for acquisition in site.acquisitions:
            assert abs((acquisition.time - acquisition.s1_time).total_seconds()) < 4 * 86400


def test_every_season_occurs() -> None:
    assert {patch.season for patch in all_patches()} == {"Spring", "Summer", "Fall", "Winter"}


def test_bench_patches_are_test_patches() -> None:
    patches = list(all_patches())
    assert {patch.split for patch in patches if patch.bench} == {"test"}
    assert {patch.text_split for patch in patches} == {"train", "validation", "test", "bench"}
