"""Tiles and views against brute force over the same positions; masks computed once; colour scales."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data_access import point_arrays, point_masks
from data_access.catalog import TableCatalog, build_catalog
from data_access.filter_mask import typed_columns
from data_access.point_arrays import MAX_ZOOM
from data_access.point_index import VIEW_COLUMNS, PointIndex
from data_access.point_masks import PointMasks
from data_access.sample_filter import SampleFilter
from errors import TooLargeError
from tests.data_access.sample_tables import plain_rows, random_table

WATER = [None, 0.0, 39.5, 40.0, float("nan"), 100.0, 12.25]  # percent, over and over
TABLE = random_table(4000, seed=3).append_column("lulc_water", pa.array((WATER * 572)[:4000], pa.float32()))
FILTERS = {
    "empty": SampleFilter(),
    "country": SampleFilter(country=("Austria",)),
    "all kinds": SampleFilter(
        type=("mcq",), cloud_max=55.0, time_from=date(2020, 1, 1), lasso=((-180, -80), (180, -80), (0, 89))
    ),
    "seam": SampleFilter(bbox=(170.0, -60.0, -170.0, 60.0)),
    "text": SampleFilter(text="s_001", season=("Fall",)),
    "water": SampleFilter(ranges=(("lulc_water", 40.0, None),), split=("val",)),
    "nothing": SampleFilter(source=("bigearthnet",)),
}


@pytest.fixture(scope="module")
def catalog() -> TableCatalog:
    return build_catalog(TABLE)


@pytest.fixture(scope="module", params=["in memory", "reopened", "in small blocks"])
def points(
    catalog: TableCatalog, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[PointIndex]:
    folder = tmp_path_factory.mktemp("points") / "points"
    with pytest.MonkeyPatch.context() as patch:
        if request.param == "in small blocks":
            for module in (point_arrays, point_masks):
                patch.setattr(module, "BLOCK", 128)
        if request.param != "in memory":
            PointIndex.open(catalog, folder)
        yield PointIndex.open(catalog, None if request.param == "in memory" else folder)


def plain_density(zoom: int, x: int, y: int, sample_filter: SampleFilter) -> np.ndarray:
    """Counts per cell from the textbook formula of web mercator, point by point."""
    counts = np.zeros((256, 256), dtype=np.int64)
    for row in plain_rows(TABLE, sample_filter):
        lon, lat = (
            float(str(row["lon"])),
            np.radians(np.clip(float(str(row["lat"])), -85.0511287798066, 85.0511287798066)),
        )
        if np.isfinite(lon):
            across = (lon + 180) / 360 * 2**zoom
            down = (1 - np.log(np.tan(lat) + 1 / np.cos(lat)) / np.pi) / 2 * 2**zoom
            across, down = (min(max(value, 0.0), 2**zoom * (1 - 1e-12)) for value in (across, down))
            if int(across) == x and int(down) == y:
                counts[int(down % 1 * 256), int(across % 1 * 256)] += 1
    return counts


@pytest.mark.parametrize("name", FILTERS)
@pytest.mark.parametrize(
    "tile", [(0, 0, 0), (1, 1, 0), (1, 0, 1), (3, 4, 2), (3, 7, 7), (4, 8, 5), (9, 270, 179), (14, 8659, 5729)]
)
def test_tile_equals_brute_force(points: PointIndex, name: str, tile: tuple[int, int, int]) -> None:
    expected = plain_density(*tile, FILTERS[name])

    found = points.density(*tile, FILTERS[name])

    if found is None:
        assert not expected.any()
    else:
        assert found.dtype == np.int64
        assert found.shape == (256, 256)
        np.testing.assert_array_equal(found, expected)


def test_the_tiles_of_a_zoom_hold_every_located_point_once(points: PointIndex) -> None:
    located = int(np.isfinite(TABLE["lon"].to_numpy()).sum())
    for zoom in (0, 2, 4, 5):
        tiles = [points.density(zoom, x, y, SampleFilter()) for x in range(2**zoom) for y in range(2**zoom)]
        assert sum(int(tile.sum()) for tile in tiles if tile is not None) == located
        assert points.scale(zoom) == max(int(tile.max()) for tile in tiles if tile is not None)


@pytest.mark.parametrize("tile", [(-1, 0, 0), (2, 4, 0), (2, 0, -1), (MAX_ZOOM + 1, 0, 0), (99, 0, 0)])
def test_tile_outside_the_pyramid_is_empty(points: PointIndex, tile: tuple[int, int, int]) -> None:
    assert points.density(*tile, SampleFilter()) is None


BOXES = [
    (-180.0, -90.0, 180.0, 90.0),
    (170.0, -60.0, -170.0, 60.0),
    (10.25, 47.5, 10.25, 47.5),
    (5.0, 40.0, 30.0, 50.0),
    (-180.0, 85.5, 180.0, 90.0),
    (0.1, 0.1, 0.2, 0.2),
    (20.0, -90.0, 19.999999999, 90.0),
]


@pytest.mark.parametrize("box", BOXES)
@pytest.mark.parametrize("name", ["empty", "country", "text"])
def test_view_equals_brute_force(points: PointIndex, name: str, box: tuple[float, float, float, float]) -> None:
    sample_filter = FILTERS[name].replace(bbox=box)
    expected = {row["id"]: row for row in plain_rows(TABLE, sample_filter)}

    found = points.in_view(sample_filter, limit=4000)

    assert tuple(found.column_names) == VIEW_COLUMNS
    rows = {row["id"]: row for row in found.to_pylist()}
    assert len(rows) == len(found)
    assert rows == {key: {name: row[name] for name in VIEW_COLUMNS} for key, row in expected.items()}


SOME_FILTERS = st.builds(
    SampleFilter,
    country=st.sampled_from([(), (), ("Austria", "Chile"), ("Nowhere",)]),
    season=st.sampled_from([(), (), ("unknown",), ("Fall", "Winter")]),
    time_from=st.sampled_from([None, None, date(2020, 6, 1)]),
    time_to=st.sampled_from([None, None, date(2021, 2, 1)]),
    cloud_max=st.sampled_from([None, None, 9.99, 10.0]),
    lasso=st.sampled_from([(), (), ((160, -70), (200, -70), (190, 80)), ((-5, 40), (20, 40), (20, 60), (-5, 60))]),
    bbox=st.one_of(
        st.none(),
        st.tuples(*[st.floats(-180, 180), st.floats(-90, 0)] * 2).map(
            lambda box: (box[0], box[1], box[2], box[3] + 90)
        ),
    ),
    ranges=st.sampled_from([(), (), (("lulc_water", 40.0, None),), (("relief", None, 1.0),)]),
)


@settings(max_examples=60)
@given(sample_filter=SOME_FILTERS, place=st.tuples(st.integers(0, 5), st.floats(0, 0.999), st.floats(0, 0.999)))
def test_any_tile_and_any_view_equal_brute_force(
    points: PointIndex, sample_filter: SampleFilter, place: tuple[int, float, float]
) -> None:
    zoom, across, down = place
    tile = (zoom, int(across * 2**zoom), int(down * 2**zoom))
    expected = plain_density(*tile, sample_filter)
    located = [row for row in plain_rows(TABLE, sample_filter) if np.isfinite(float(str(row["lon"])))]

    found = points.density(*tile, sample_filter)
    view = points.in_view(sample_filter, limit=len(located))

    np.testing.assert_array_equal(np.zeros((256, 256)) if found is None else found, expected)
    assert sorted(view["id"].to_pylist()) == [row["id"] for row in located]


def test_view_without_a_box_and_limits(points: PointIndex) -> None:
    matching = [row for row in plain_rows(TABLE, FILTERS["country"]) if np.isfinite(float(str(row["lon"])))]

    assert len(points.in_view(FILTERS["country"], limit=len(matching))) == len(matching)
    for sample_filter in (FILTERS["country"], SampleFilter(bbox=BOXES[0]), SampleFilter(bbox=BOXES[2])):
        with pytest.raises(TooLargeError, match="at most 10 are drawn"):
            points.in_view(sample_filter, limit=10)


def test_a_mask_is_computed_once_for_all_threads(catalog: TableCatalog, monkeypatch: pytest.MonkeyPatch) -> None:
    points = PointIndex(catalog)
    asked: list[SampleFilter] = []
    compute = PointMasks._blocks

    def counting(masks: PointMasks, sample_filter: SampleFilter) -> Iterator[np.ndarray]:
        asked.append(sample_filter)
        return compute(masks, sample_filter)

    monkeypatch.setattr(PointMasks, "_blocks", counting)
    with ThreadPoolExecutor(8) as pool:
        tiles = list(pool.map(lambda _: points.density(0, 0, 0, FILTERS["country"]), range(32)))

    assert len(asked) == 1
    assert len({int(tile.sum()) for tile in tiles if tile is not None}) == 1


def test_missing_columns_are_null_in_views() -> None:
    points = PointIndex(build_catalog(pa.table({"id": ["a"], "lon": [1.0], "lat": [2.0]})))

    assert points.in_view(SampleFilter(), limit=1)["country"].to_pylist() == [None]
    assert points.density(0, 0, 0, SampleFilter(type=("mcq",))) is None


def test_catalogue_without_any_position_has_no_tiles() -> None:
    points = PointIndex(
        build_catalog(
            pa.table({"id": ["a"], "lon": [None], "lat": [2.0]}).cast(
                pa.schema({"id": pa.string(), "lon": pa.float64(), "lat": pa.float64()})
            )
        )
    )

    assert points.density(0, 0, 0, SampleFilter()) is None
    assert points.scale(3) == points.scale(9) == 0
    assert len(points.in_view(SampleFilter(bbox=BOXES[0]), limit=1)) == 0


def test_mask_agrees_with_the_filter_on_the_whole_table(points: PointIndex) -> None:
    located = TABLE.filter(pa.array(np.isfinite(TABLE["lon"].to_numpy())))
    for name in ("country", "all kinds", "seam"):
        assert points.mask(FILTERS[name]).count == FILTERS[name].mask(typed_columns(located)).sum()
