"""The SQL and the mask of a filter choose the same rows, whatever table and filter."""

from datetime import date, datetime

import duckdb
import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data_access.filter_mask import typed_columns
from data_access.lasso import _GRID, edges_of, lasso_mask, lasso_sql
from data_access.measures import MeasureRange, known
from data_access.sample_filter import SampleFilter

WORDS = ("Austria", "Fall", "O'Brien", "Ærø ÅÆ", "unknown", "")
LONGITUDES = st.one_of(st.floats(-180, 180), st.sampled_from([-180.0, 180.0, 0.0, 10.0, float("nan")]), st.none())
LATITUDES = st.one_of(st.floats(-90, 90), st.sampled_from([-90.0, 90.0, 0.0, 10.0, float("nan")]), st.none())
SHARES = st.sampled_from([0.0, 0.1, 40.0, float(np.float32(0.1)), float("nan"), float("inf"), float("-inf")])
ROW = st.fixed_dictionaries(
    {
        "id": st.text(st.characters(codec="utf-8", exclude_categories=["Cs"], exclude_characters="\0"), max_size=8),
        "sample": st.one_of(st.none(), st.sampled_from(["609U_541L_3_0", "38d_378r", "ÅB"])),
        "lon": LONGITUDES,
        "lat": LATITUDES,
        "country": st.one_of(st.none(), st.sampled_from(WORDS)),
        "season": st.one_of(st.none(), st.sampled_from(WORDS)),
        "time": st.one_of(st.none(), st.datetimes(datetime(1970, 1, 1), datetime(2100, 1, 1))),  # noqa: DTZ001
        "cloud_cover": st.one_of(st.none(), st.floats(0, 100), st.just(float("nan"))),
        "n_mcq_area": st.one_of(st.none(), st.integers(0, 2)),
        "n_binary_area": st.integers(0, 1),
        "lulc_water": st.one_of(st.none(), st.floats(0, 100, width=32), SHARES),
        "ndvi_mean": st.one_of(st.none(), st.floats(width=32), SHARES),
    }
)
TYPES = {
    "id": pa.string(),
    "sample": pa.string(),
    "lon": pa.float64(),
    "lat": pa.float64(),
    "country": pa.string(),
    "season": pa.string(),
    "time": pa.timestamp("us"),
    "cloud_cover": pa.float64(),
    "n_mcq_area": pa.int32(),
    "n_binary_area": pa.int32(),
    "lulc_water": pa.float32(),
    "ndvi_mean": pa.float32(),
}
FINITE = st.floats(-90, 90, allow_nan=False)
BOUND = st.one_of(st.none(), st.floats(allow_nan=False, allow_infinity=False), st.sampled_from([0.0, 0.1, 40.0]))
RANGES = st.lists(
    st.tuples(st.sampled_from(["lulc_water", "lulc_water", "ndvi_mean", "relief"]), BOUND, BOUND), max_size=2
)
FILTERS = st.builds(
    SampleFilter,
    country=st.lists(st.sampled_from(WORDS), max_size=2).map(tuple),
    season=st.lists(st.sampled_from(WORDS), max_size=1).map(tuple),
    source=st.sampled_from([(), (), (), ("majortom",)]),  # a column that no table here has
    type=st.sampled_from([(), ("mcq",), ("binary", "mcq"), ("captioning",)]),
    category=st.sampled_from([(), ("area",), ("count",)]),
    text=st.sampled_from(["", "", "å", "541l 3", "38D"]),
    bbox=st.one_of(
        st.none(), st.tuples(st.floats(-180, 180), st.just(-90.0), st.floats(-180, 180), st.sampled_from([0.0, 90.0]))
    ),
    lasso=st.one_of(st.just(()), st.lists(st.tuples(st.floats(-200, 200), FINITE), min_size=3, max_size=12).map(tuple)),
    time_from=st.one_of(st.none(), st.dates(date(1970, 1, 1), date(2100, 1, 1))),
    time_to=st.one_of(st.none(), st.dates(date(1970, 1, 1)), st.just(date.max)),
    cloud_max=st.one_of(st.none(), st.floats(0, 100)),
    ranges=st.one_of(st.just(()), RANGES.map(tuple)),
)


def sql_rows(table: pa.Table, sample_filter: SampleFilter) -> list[bool]:
    """Which rows of a table the SQL of a filter chooses."""
    condition, bound = sample_filter.where(table.column_names)
    with duckdb.connect() as connection:
        connection.register("samples", table)
        answer = connection.execute(f"SELECT coalesce({condition}, FALSE) FROM samples", bound).fetchall()
    return [bool(row[0]) for row in answer]


@settings(max_examples=300, deadline=None)
@given(rows=st.lists(ROW, min_size=1, max_size=12), sample_filter=FILTERS)
def test_sql_and_mask_choose_the_same_rows(rows: list[dict[str, object]], sample_filter: SampleFilter) -> None:
    table = pa.Table.from_pylist(rows, schema=pa.schema(list(TYPES.items())))

    assert sql_rows(table, sample_filter) == sample_filter.mask(typed_columns(table)).tolist()


@pytest.mark.parametrize("field", ["country", "time_from", "cloud_max", "bbox", "lasso", "type", "text", "ranges"])
def test_field_without_its_column_matches_nothing(field: str) -> None:
    value = {
        "country": ("Austria",),
        "time_from": date(2020, 1, 1),
        "cloud_max": 100.0,
        "bbox": (-180.0, -90.0, 180.0, 90.0),
        "lasso": ((-180.0, -90.0), (180.0, -90.0), (0.0, 90.0)),
        "type": ("mcq",),
        "text": "a",
        "ranges": (known("lulc_water"),),
    }[field]
    sample_filter = SampleFilter().replace(**{field: value})
    table = pa.table({"season": ["Fall", "Winter"]})

    assert sql_rows(table, sample_filter) == [False, False]
    assert not sample_filter.mask(typed_columns(table)).any()


@settings(max_examples=100, deadline=None)
@given(rows=st.lists(ROW, min_size=1, max_size=6), ranges=RANGES.map(tuple))
def test_ranges_alone_choose_the_same_rows(rows: list[dict[str, object]], ranges: tuple[MeasureRange, ...]) -> None:
    table = pa.Table.from_pylist(rows, schema=pa.schema(list(TYPES.items())))
    wanted = SampleFilter(ranges=ranges)

    assert sql_rows(table, wanted) == wanted.mask(typed_columns(table)).tolist()


def test_only_known_values_inside_both_ends_match() -> None:
    values = [None, float("nan"), 39.9, 40.0, 60.0, 60.1]
    table = pa.table({"lulc_water": pa.array(values, pa.float32())})
    expected = {(40.0, 60.0): [3, 4], (40.0, None): [3, 4, 5], (None, 60.0): [2, 3, 4]}
    for (low, high), rows in expected.items():
        wanted = SampleFilter().with_range("lulc_water", low, high)
        assert np.flatnonzero(wanted.mask(typed_columns(table))).tolist() == rows
        assert np.flatnonzero(sql_rows(table, wanted)).tolist() == rows
    assert sum(sql_rows(table, SampleFilter(ranges=(known("lulc_water"),)))) == 4


def test_empty_filter_matches_all() -> None:
    table = pa.table({"lon": [1.0, None], "lat": [2.0, float("nan")]})

    assert sql_rows(table, SampleFilter()) == [True, True]
    assert SampleFilter().mask(typed_columns(table)).all()


STAR = (
    (0.0, 40.0),
    (20.0, -40.0),
    (-35.0, 15.0),
    (35.0, 15.0),
    (-20.0, -40.0),
)  # crosses itself: even-odd leaves a hole


def test_large_lasso_equals_plain_ray_casting_and_sql() -> None:
    random = np.random.default_rng(7)
    lon, lat = random.uniform(-40, 40, 2 * _GRID * _GRID), random.uniform(-45, 45, 2 * _GRID * _GRID)
    crossings = np.zeros(len(lon), dtype=int)
    for low, high, edge_lon, edge_lat, slope in edges_of(STAR):
        crossings += (lat >= low) & (lat < high) & (lon < edge_lon + (lat - edge_lat) * slope)

    found = lasso_mask(STAR, lon, lat)

    np.testing.assert_array_equal(found, crossings % 2 == 1)
    assert found.tolist() == sql_rows(pa.table({"lon": lon, "lat": lat}), SampleFilter(lasso=STAR))
    assert not lasso_mask(STAR, np.zeros(1), np.zeros(1))[0]


def test_lasso_across_the_antimeridian_finds_both_sides() -> None:
    square = ((170.0, -10.0), (190.0, -10.0), (190.0, 10.0), (170.0, 10.0))
    lon = np.array([175.0, -175.0, 165.0, -165.0, 0.0])

    assert lasso_mask(square, lon, np.zeros(5)).tolist() == [True, True, False, False, False]
    assert lasso_sql(((0.0, 1.0), (5.0, 1.0), (9.0, 1.0))) == ("FALSE", [])


WHOLE_DEGREES = [(float(lon), float(lat)) for lon in range(-180, 181, 20) for lat in range(-90, 91, 10)]
CORNERS = st.tuples(st.sampled_from(range(-180, 181, 20)), st.sampled_from(range(-90, 91, 10)))


@settings(max_examples=60)
@given(lasso=st.lists(CORNERS, min_size=3, max_size=6).map(tuple), corners=st.tuples(CORNERS, CORNERS))
def test_points_on_edges_and_corners_are_decided_alike(
    lasso: tuple[tuple[int, int], ...], corners: tuple[tuple[int, int], tuple[int, int]]
) -> None:
    (west, south), (east, north) = corners
    lon, lat = (np.array(values) for values in zip(*WHOLE_DEGREES, strict=True))
    table = pa.table({"lon": lon, "lat": lat})
    boxed = SampleFilter(bbox=(west, min(south, north), east, max(south, north)))
    across = (lon >= west) & (lon <= east) if west <= east else (lon >= west) | (lon <= east)

    expected = across & (lat >= min(south, north)) & (lat <= max(south, north))

    assert sql_rows(table, boxed) == boxed.mask(typed_columns(table)).tolist() == expected.tolist()
    drawn = SampleFilter(lasso=lasso)
    assert sql_rows(table, drawn) == drawn.mask(typed_columns(table)).tolist()


def test_both_days_of_a_period_belong_to_it() -> None:
    times = ["2020-02-29T23:59", "2020-03-01T00:00", "2020-03-02T23:59:59.999999", "2020-03-03T00:00"]
    table = pa.table({"time": pa.array(np.array(times, dtype="datetime64[us]"))})
    period = SampleFilter(time_from=date(2020, 3, 1), time_to=date(2020, 3, 2))

    assert sql_rows(table, period) == period.mask(typed_columns(table)).tolist() == [False, True, True, False]
