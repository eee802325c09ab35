"""The filter panel's vocabulary: changes from the browser, chips, months, order."""

from datetime import date

import pytest

from components.filters.facet_list import apply_change, month_counts
from components.filters.measures import choices
from components.filters.vocabulary import FIELDS, TITLES, active_conditions, ordered, taken_away
from data_access.dataset import FacetValue
from data_access.measures import MEASURES
from data_access.sample_filter import SampleFilter
from errors import FilterError

FULL = SampleFilter(
    country=("Chile", "Peru"), season=("Fall",), text="forest", time_from=date(2019, 1, 1), time_to=date(2019, 3, 31),
    cloud_max=20.0, bbox=(0.0, 0.0, 1.0, 1.0), lasso=((0.0, 0.0), (1.0, 0.0), (1.0, 1.0)),
    ranges=(("lulc_water", 40.0, None), ("mask_cloud", None, 5.0), ("ndvi_mean", -0.25, 0.5)),
)  # fmt: skip


def test_taking_every_chip_away_leaves_no_condition() -> None:
    left = FULL
    for condition in active_conditions(FULL):
        left = apply_change(left, {"field": condition.field, "remove": condition.value})
    assert left.is_empty


def test_a_chip_takes_one_value_and_leaves_the_others() -> None:
    assert taken_away(FULL, "country", "Chile") == FULL.replace(country=("Peru",))


def test_changes_of_the_browser() -> None:
    empty = SampleFilter()
    assert apply_change(empty, {"field": "season", "values": ["Winter"]}) == SampleFilter(season=("Winter",))
    ranged = apply_change(empty, {"field": "time", "from": "2019-01-01", "to": "2019-12-31"})
    assert (ranged.time_from, ranged.time_to) == (date(2019, 1, 1), date(2019, 12, 31))
    assert apply_change(ranged, {"field": "time", "from": "", "to": ""}).is_empty
    assert apply_change(FULL, {"field": "all"}).is_empty
    wet = apply_change(FULL, {"field": "range", "name": "lulc_water", "low": None, "high": 80})
    assert wet.ranges == (("lulc_water", None, 80.0), *FULL.ranges[1:])
    assert (
        apply_change(wet, {"field": "range", "name": "lulc_water", "low": None, "high": None}).ranges == FULL.ranges[1:]
    )


def test_ranges_read_like_sentences() -> None:
    texts = {condition.field: condition.text for condition in active_conditions(FULL)}
    assert texts["lulc_water"] == "Water (land cover) \u2265 40\u00a0%"
    assert texts["mask_cloud"] == "Cloud, thin and thick (mask) \u2264 5\u00a0%"
    assert texts["ndvi_mean"] == "NDVI, mean -0.25 to 0.5"
    assert {measure.name for measure in MEASURES} <= set(TITLES)
    assert [each[0] for _, group in choices() for each in group] == [measure.name for measure in MEASURES]


@pytest.mark.parametrize(
    "change",
    [
        {"field": "season", "values": ["Monsoon"]},
        {"field": "time", "from": "yesterday", "to": ""},
        {"field": "time", "from": "2020-01-01", "to": "2019-01-01"},
        {"field": "__class__", "values": ["x"]},
        {"field": "lasso", "values": ["x"]},
        {"field": "range", "name": "lulc_lava", "low": 1, "high": None},
        {"field": "range", "name": "lulc_water", "low": "<b>", "high": None},
        {"field": "range", "name": "lulc_water", "low": 9, "high": 8},
        {"field": "range"},
        {},
    ],
)
def test_changes_that_mean_nothing_are_refused(change: dict[str, object]) -> None:
    with pytest.raises(FilterError):
        apply_change(FULL, change)


def test_a_chip_of_no_condition_changes_nothing() -> None:
    assert apply_change(FULL, {"field": "split", "remove": "train"}) == FULL


def test_months_have_no_gaps() -> None:
    counts = [FacetValue("2018-11", 3), FacetValue("2019-02", 1), FacetValue("unknown", 9)]
    assert month_counts(counts) == {"first": "2018-11", "counts": [3, 0, 0, 1]}
    assert month_counts([FacetValue("unknown", 9)]) == {"first": "", "counts": []}


def test_seasons_keep_their_order_and_countries_go_by_count() -> None:
    season = next(field for field in FIELDS if field.name == "season")
    values = [FacetValue("Winter", 9), FacetValue("unknown", 99), FacetValue("Spring", 1)]
    assert [value.value for value in ordered(season, values)] == ["Spring", "Winter", "unknown"]
    country = next(field for field in FIELDS if field.name == "country")
    values = [FacetValue("Peru", 1), FacetValue("Chile", 5), FacetValue("Angola", 1)]
    assert [value.value for value in ordered(country, values)] == ["Chile", "Angola", "Peru"]
