"""Query parameters to filters and back; hostile values end as FilterError or as harmless bound values."""

from datetime import date
from urllib.parse import parse_qs

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from data_access.filter_query import MAX_VALUES
from data_access.measures import MEASURE_COLUMNS
from data_access.sample_filter import SampleFilter
from errors import FilterError

WORD = st.text(st.characters(exclude_categories=["Cc", "Cs"]), max_size=100).map(str.strip).filter(bool)
LONGITUDE, LATITUDE = st.floats(-180, 180), st.floats(-90, 90)
LOW, HIGH = st.none() | st.floats(-1e308, 0), st.none() | st.floats(0, 1e308)
RANGE = st.tuples(st.sampled_from(MEASURE_COLUMNS), LOW, HIGH)
VALID = st.builds(
    SampleFilter,
    country=st.lists(WORD, max_size=3).map(tuple),
    season=st.lists(st.sampled_from(["Spring", "Summer", "Fall", "Winter", "unknown"])).map(tuple),
    climate_zone=st.lists(WORD, max_size=2).map(tuple),
    type=st.lists(st.sampled_from(["binary", "mcq", "bounding box", "captioning"])).map(tuple),
    category=st.lists(st.sampled_from(["None", "climate zone", "relative pos", "area"])).map(tuple),
    text=st.lists(WORD, max_size=2).map(" ".join).filter(lambda text: len(text) <= 200),
    bbox=st.one_of(st.none(), st.tuples(LONGITUDE, st.floats(-90, 0), LONGITUDE, st.floats(0, 90))),
    lasso=st.one_of(st.just(()), st.lists(st.tuples(LONGITUDE, LATITUDE), min_size=3, max_size=20).map(tuple)),
    time_from=st.one_of(st.none(), st.dates(max_value=date(2020, 1, 1))),
    time_to=st.one_of(st.none(), st.dates(min_value=date(2020, 1, 1))),
    cloud_max=st.one_of(st.none(), st.floats(0, 100)),
    ranges=st.lists(RANGE, max_size=3).map(tuple),
)
ATTACKS = (
    "'; DROP TABLE samples; --",
    "' OR '1'='1",
    '" OR 1=1 --',
    "x') UNION SELECT * FROM read_text('errors.py') --",
    "?",
    "$1",
    "%",
    "\\'",
    "{}",
    "ATTACH 'other.db'",
)


@given(VALID)
def test_query_round_trip(sample_filter: SampleFilter) -> None:
    text = sample_filter.query_string()

    assert SampleFilter.from_query(parse_qs(text, keep_blank_values=True)) == sample_filter
    assert sample_filter.is_empty == (text == "")


@given(
    st.dictionaries(
        st.sampled_from(["bbox", "lasso", "time_from", "cloud_max", "season", "text", "vv_mean_min"]),
        st.lists(st.text()),
    )
)
def test_any_text_is_a_filter_or_a_named_error(query: dict[str, list[str]]) -> None:
    try:
        sample_filter = SampleFilter.from_query(query)
    except FilterError:
        pass
    else:
        assert SampleFilter.from_query(parse_qs(sample_filter.query_string())) == sample_filter


@pytest.mark.parametrize(
    ("key", "values", "reason"),
    [
        ("season", ["Sommer"], "Use one of: Spring"),
        ("split", ["x" * 90], "not one of its values"),
        ("country", ["A\0ustria"], "control character"),
        ("country", ["\ud800"], "control character"),
        ("country", ["A" * 101], "101 characters"),
        ("country", ["A"] * (MAX_VALUES + 1), "Choose fewer"),
        ("text", ["a" * 201], "201 characters"),
        ("text", ["a", "b"], "one value"),
        ("bbox", ["1,2,3"], "needs four"),
        ("bbox", ["1,50,3,40"], "upside down"),
        ("bbox", ["1,nan,3,40"], "finite number"),
        ("bbox", ["1,2,3,1e308"], "poles"),
        ("bbox", ["1,2,3000,4"], "longitude"),
        ("bbox", ["1," * 20_000], "characters"),
        ("lasso", ["0 0,1 1"], "2 vertices"),
        ("lasso", [",".join(["0 0"] * 201)], "201 vertices"),
        ("lasso", ["0 0,1 1,2"], "two numbers"),
        ("lasso", ["0 0,1 1,2 inf"], "finite"),
        ("time_from", ["2020-13-01"], "YYYY-MM-DD"),
        ("time_to", ["20200101"], "YYYY-MM-DD"),
        ("cloud_max", ["101"], "percentage"),
        ("cloud_max", ["-1"], "percentage"),
        ("lulc_water_min", ["nan"], "finite number"),
        ("lulc_water_max", ["inf"], "finite number"),
        ("ndvi_mean_max", ["lots"], "finite number"),
        ("relief_min", ["1", "2"], "one value"),
    ],
)
def test_bad_value_names_reason_and_cure(key: str, values: list[str], reason: str) -> None:
    with pytest.raises(FilterError, match=reason) as caught:
        SampleFilter.from_query({key: values})
    assert caught.value.message.startswith(key)


def test_times_in_the_wrong_order_are_refused() -> None:
    with pytest.raises(FilterError, match="swap"):
        SampleFilter.from_query({"time_from": ["2021-01-01"], "time_to": ["2020-01-01"]})


def test_ends_of_a_range_in_the_wrong_order_are_refused() -> None:
    with pytest.raises(FilterError, match=r"lulc_water_min 41 is above lulc_water_max 40.*swap"):
        SampleFilter.from_query({"lulc_water_min": ["41"], "lulc_water_max": ["40"]})


def test_other_spellings_unknown_keys_and_empty_values() -> None:
    read = SampleFilter.from_query(
        {"season": ["autumn", "Fall"], "category": ["captioning"], "page": ["3"], "country": [""], "type": "mcq"}
    )

    assert read == SampleFilter(season=("Fall",), category=("None",), type=("mcq",))


@pytest.mark.parametrize(
    ("given_box", "expected"),
    [
        ("170,-10,190,10", (170.0, -10.0, -170.0, 10.0)),
        ("-250,-80,250,80", (-180.0, -80.0, 180.0, 80.0)),
        ("170,-10,-170,10", (170.0, -10.0, -170.0, 10.0)),
    ],
)
def test_views_beyond_the_world_are_turned_back(given_box: str, expected: tuple[float, ...]) -> None:
    assert SampleFilter.from_query({"bbox": [given_box]}).bbox == expected


def test_equal_conditions_make_equal_filters() -> None:
    assert SampleFilter(country=("B", "A", "A")) == SampleFilter(country=("A", "B"))
    assert SampleFilter(country=("A",), cloud_max=0.0).without("country") == SampleFilter(cloud_max=0.0)
    assert SampleFilter(cloud_max=0.0).restricted == {"cloud_max"}


def test_ranges_are_equal_in_any_order_and_go_one_by_one() -> None:
    wet, clear = ("lulc_water", 40.0, None), ("mask_cloud", None, 5.0)
    both = SampleFilter(ranges=(clear, wet, ("relief", None, None)))

    assert both == SampleFilter(ranges=(wet, clear))
    assert both.to_query() == [("lulc_water_min", "40.0"), ("mask_cloud_max", "5.0")]
    assert both.restricted == {"lulc_water", "mask_cloud"}
    assert both.without("mask_cloud") == SampleFilter(ranges=(wet,)) != both
    assert both.without("ranges").is_empty
    assert both.with_range("lulc_water", None, None).with_range("mask_cloud", 1, None).ranges == (
        ("mask_cloud", 1.0, None),
    )
    assert SampleFilter(ranges=(("relief", -0.0, None),)).query_string() == "relief_min=0.0"


@pytest.mark.parametrize("name", ["country", "lulc_lava", "lulc_water; DROP TABLE samples", ""])
def test_a_range_of_no_measure_never_becomes_a_filter(name: str) -> None:
    with pytest.raises(KeyError, match="not measures"):
        SampleFilter(ranges=((name, 0.0, 1.0),))
    assert SampleFilter.from_query({f"{name}_min": ["1"]}).is_empty


@pytest.mark.parametrize("attack", ATTACKS)
def test_injection_stays_a_value(attack: str) -> None:
    sample_filter = SampleFilter(country=(attack,), climate_zone=(attack,), text=attack)
    condition, bound = sample_filter.where(("id", "country", "climate_zone"))

    assert attack not in condition or attack == "?"
    with duckdb.connect() as connection:
        connection.execute("CREATE TABLE samples AS SELECT 'a' AS id, 'Austria' AS country, 'x' AS climate_zone")
        assert connection.execute(f"SELECT count(*) FROM samples WHERE {condition}", bound).fetchall() == [(0,)]
        connection.execute("INSERT INTO samples VALUES ($1, $1, $1)", [attack])
        assert connection.execute(f"SELECT count(*) FROM samples WHERE {condition}", bound).fetchall() == [(1,)]


def test_column_names_of_a_table_never_reach_the_sql() -> None:
    condition, _ = SampleFilter(country=("A",)).where(("country; DROP TABLE samples",))

    assert condition == "(FALSE)"
