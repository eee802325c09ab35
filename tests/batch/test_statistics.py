"""Statistics of shards: real samples beside their GeoTIFFs, and what is missing or damaged."""

from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
import rasterio
from hypothesis import given, settings
from hypothesis import strategies as st

from batch.parts import shard_sets
from batch.problems import Problems
from batch.statistics import statistics_table
from data_access.measures import MEASURE_COLUMNS
from data_access.terramesh.batch_parts import SCHEMAS
from data_access.terramesh.layout import discover
from tests.data_access.terramesh.writers import SIZE, member_bytes, write_root, write_shard

KEYS = ("majortom_val_0000001", "majortom_val_0000002")
TAR = "majortom_shard_000001.tar"
NAMES = ("38D_378R_2_3", "433D_629L_3_1", "637U_59R_1_3")  # of the real samples, in the order of their keys
LULC = ("water", "trees", "flooded_vegetation", "crops", "built", "bare", "snow_ice", "clouds", "rangeland")


def statistics_of(root: Path) -> tuple[pa.Table, Problems]:
    problems = Problems()
    (only,) = shard_sets(discover(root), "statistics")
    return statistics_table(only.shards, problems), problems


def geotiff(real_data: Path, modality: str, name: str) -> np.ndarray:
    with rasterio.open(real_data / "terramesh_geotiff" / modality / f"{name}.tif") as tiff:
        return np.asarray(tiff.read())


@pytest.mark.real
def test_real_samples_equal_their_geotiffs(real_data: Path) -> None:
    table, problems = statistics_of(real_data / "terramesh")
    assert problems.told() == ()
    assert len(table) == len(NAMES)
    for row, name in zip(table.to_pylist(), NAMES, strict=True):
        lulc = geotiff(real_data, "LULC", name)
        for number, word in enumerate(LULC, start=1):
            assert row[f"lulc_{word}"] == pytest.approx(100 * np.mean(lulc[lulc > 0] == number), abs=1e-4)
        ndvi, heights = geotiff(real_data, "NDVI", name), geotiff(real_data, "DEM", name)
        power = np.power(10, geotiff(real_data, "S1RTC", name) / 10)
        assert row["ndvi_mean"] == pytest.approx(ndvi.mean(), abs=1e-6)
        assert row["ndvi_std"] == pytest.approx(ndvi.std(), abs=1e-6)
        assert row["elevation_mean"] == pytest.approx(heights.mean(), rel=1e-6)
        assert row["relief"] == np.ptp(heights)
        assert row["vv_mean"] == pytest.approx(10 * np.log10(power[0].mean()), abs=1e-5)
        assert row["vh_mean"] == pytest.approx(10 * np.log10(power[1].mean()), abs=1e-5)
        assert row["nodata"] == 100 * np.mean((geotiff(real_data, "S2L2A", name) == 0).all(axis=0))
        assert row["mask_cloud"] == 0  # these samples' masks are all zero
    assert table["offset_state_S2L1C"].to_pylist() == ["absent", "present", "absent"]
    assert table["offset_state_S2L2A"].to_pylist() == ["absent", "present", "absent"]


def test_every_measure_of_a_whole_sample_is_told(tmp_path: Path) -> None:
    table, problems = statistics_of(write_root(tmp_path, {TAR: KEYS}))
    assert table.schema.equals(SCHEMAS["statistics"])
    assert table["id"].to_pylist() == list(KEYS)
    assert problems.told() == ()
    assert all(table[name].null_count == 0 for name in (*MEASURE_COLUMNS, "offset_state_S2L2A", "time", "s1_time"))


def test_a_modality_that_is_not_there_is_null(tmp_path: Path) -> None:
    write_shard(tmp_path, "val", "LULC", TAR, {KEYS[0]: member_bytes("LULC")})
    write_shard(tmp_path, "val", "DEM", TAR, {KEYS[1]: member_bytes("DEM")})
    first, second = statistics_of(tmp_path)[0].to_pylist()
    assert first["lulc_water"] is not None
    assert first["relief"] is None
    assert second["lulc_water"] is None
    assert second["relief"] is not None
    assert {first["nodata"], first["offset_state_S2L2A"], second["vv_mean"]} == {None}


def test_without_other_sentinel_2_the_rgb_tells_of_missing_pixels(tmp_path: Path) -> None:
    rgb = np.full((1, 3, SIZE, SIZE), 9, np.uint8)
    rgb[..., : SIZE // 2, :] = 0
    write_shard(tmp_path, "val", "S2RGB", TAR, {KEYS[0]: member_bytes("S2RGB", bands=rgb)})
    assert statistics_of(tmp_path)[0]["nodata"].to_pylist() == [50.0]


def test_l2a_that_shows_no_dark_pixel_is_told_by_its_l1c(tmp_path: Path) -> None:
    bright = {name: np.full((1, count, SIZE, SIZE), 2000, np.int16) for name, count in (("S2L2A", 12), ("S2L1C", 13))}
    l2a = member_bytes("S2L2A", bands=bright["S2L2A"])
    write_shard(tmp_path, "val", "S2L2A", TAR, dict.fromkeys(KEYS, l2a))
    write_shard(tmp_path, "val", "S2L1C", TAR, {KEYS[0]: member_bytes("S2L1C", bands=bright["S2L1C"])})
    table, _ = statistics_of(tmp_path)
    assert table["offset_state_S2L2A"].to_pylist() == ["present", "unknown"]
    assert table["offset_state_S2L1C"].to_pylist() == ["present", None]


def test_a_damaged_member_costs_what_it_would_have_told(tmp_path: Path) -> None:
    root = write_root(tmp_path, {TAR: KEYS})
    members = {KEYS[0]: b"no zip file", KEYS[1]: member_bytes("NDVI")}
    write_shard(root, "val", "NDVI", TAR, members)
    table, problems = statistics_of(root)
    assert [value is None for value in table["ndvi_mean"].to_pylist()] == [True, False]
    assert table["relief"].null_count == 0
    (told,) = problems.told()
    assert told.startswith(f"{KEYS[0]} in val/NDVI/{TAR}: ")


def test_a_truncated_shard_costs_the_samples_behind_the_cut(tmp_path: Path) -> None:
    root = write_root(tmp_path, {TAR: KEYS})
    path = root / "val" / "DEM" / TAR
    path.write_bytes(path.read_bytes()[: len(member_bytes("DEM")) + 2048])
    table, problems = statistics_of(root)
    assert [value is None for value in table["relief"].to_pylist()] == [False, True]
    assert table["lulc_water"].null_count == 0
    (told,) = problems.told()
    assert f"val/DEM/{TAR} is damaged" in told


def test_of_two_members_with_one_key_the_last_counts(tmp_path: Path) -> None:
    flat, steep = (np.full((1, 1, SIZE, SIZE), 7, np.int16) for _ in range(2))
    steep[..., 0] = 107
    tars = [write_shard(tmp_path, "val", "DEM", TAR, {KEYS[0]: member_bytes("DEM", bands=b)}) for b in (flat,)]
    once = tars[0].read_bytes()
    again = write_shard(tmp_path, "val", "DEM", TAR, {KEYS[0]: member_bytes("DEM", bands=steep)}).read_bytes()
    end = once.rstrip(b"\0")
    tars[0].write_bytes(once[: -(-len(end) // 512) * 512] + again)
    assert statistics_of(tmp_path)[0]["relief"].to_pylist() == [100.0]


@pytest.fixture(scope="module")
def small_root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_root(tmp_path_factory.mktemp("small"), {TAR: KEYS})


@given(
    modality=st.sampled_from(["S2L2A", "S1RTC", "LULC", "DEM"]),
    flips=st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.integers(1, 255)), min_size=1, max_size=40),
    kept=st.floats(0.3, 1.5),
)
@settings(max_examples=150)
def test_no_damage_ends_the_work(small_root: Path, modality: str, flips: list[tuple[float, int]], kept: float) -> None:
    path = small_root / "val" / modality / TAR
    whole = path.read_bytes()
    damaged = bytearray(whole)
    for place, change in flips:
        damaged[int(place * len(damaged))] ^= change
    try:
        path.write_bytes(damaged[: int(kept * len(damaged))])
        table, _ = statistics_of(small_root)
    finally:
        path.write_bytes(whole)
    assert set(KEYS) <= set(table["id"].to_pylist())
    assert table.schema.equals(SCHEMAS["statistics"])
