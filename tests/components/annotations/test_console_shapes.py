"""Which chart and which map fit an answer, and where a problem is pointed at."""

import numpy as np
import pyarrow as pa
import pytest

from components.annotations.console.chart import ChartChoice, chart_columns, usual_chart
from components.annotations.console.map import places_of
from components.annotations.console.result import pointed
from data_access.bigearthnet.patch_grid import place_of
from tests.data_access.annotations.annotation_rows import PATCH

TYPES = ["mcq", "binary", "binary"]
CATEGORIES = ["area", "area", "count"]


@pytest.mark.parametrize(
    ("columns", "usual"),
    [
        ({"season": ["Fall", "Winter"], "n": [1, 2]}, ChartChoice("season", ("n",), None, "bars")),
        (
            {"type": TYPES, "category": CATEGORIES, "n": [1, 2, 3]},
            ChartChoice("category", ("n",), "type", "bars"),
        ),
        ({"from": [0, 10], "n": [1, 2]}, ChartChoice("from", ("n",), None, "bars")),
        (
            {"month": pa.array([0, 31], pa.date32()), "n": [1, 2], "m": [2, 3]},
            ChartChoice("month", ("n",), None, "lines"),
        ),
        ({"season": ["Fall"], "n": [1]}, None),
        ({"season": ["Fall", "Winter"]}, None),
        ({"ID": [1, 2], "lon": [3.0, 4.0]}, None),
        ({"box": [[1.0], [2.0]], "n": [1, 2]}, None),
        ({}, None),
    ],
)
def test_the_usual_chart(columns: dict[str, object], usual: ChartChoice | None) -> None:
    table = pa.table(columns)
    assert usual_chart(table) == usual
    spread, measured = chart_columns(table)
    assert usual is None or (usual.x in spread and set(usual.y) <= set(measured))


def test_places_come_from_coordinates_or_from_the_name_of_a_patch() -> None:
    found = places_of(pa.table({"Longitude": [1.5, None], "latitude": [2, 3]}))
    assert found is not None
    np.testing.assert_array_equal(found.lon, [1.5, np.nan])
    np.testing.assert_array_equal(found.lat, [2.0, 3.0])
    named = places_of(pa.table({"id": [PATCH, None, "nowhere"]}))
    place = place_of(PATCH)
    assert named is not None
    assert place is not None
    assert (named.lon[0], named.lat[0]) == place.centre()
    assert np.isnan(named.lon[1:]).all()


@pytest.mark.parametrize(
    "columns", [{"lon": ["east"], "lat": [1.0]}, {"lon": [1.0]}, {"id": [7]}, {"id": ["no patch"]}, {}]
)
def test_other_answers_have_no_places(columns: dict[str, list[object]]) -> None:
    assert places_of(pa.table(columns)) is None


def test_a_problem_is_pointed_at() -> None:
    assert pointed("SELECT 1\nFROM secrets", 14) == "LINE 2: FROM secrets\n             ^"
    assert pointed("", 0) == "LINE 1: \n        ^"
