"""The demo's BigEarthNet imagery, read back with lmdb and safetensors, against format, neighbours and itself."""

import json
import re
import struct
from pathlib import Path

import lmdb
import numpy as np
import pyarrow.parquet as pq
import pytest

from data_access.bigearthnet.classes import CLASSES, class_numbers
from data_access.bigearthnet.patch_grid import is_patch_id, is_s1_name
from demo.bigearthnet.imagery import photograph
from demo.bigearthnet.sites import SITES
from rendering.corine import CORINE_CODES
from tests.demo.bigearthnet.conftest import SEED, Collection

S2_BYTES, S1_BYTES = 160_832, 115_344  # of a published value
SHAPES = {
    120: ("B02", "B03", "B04", "B08"),
    60: ("B05", "B06", "B07", "B8A", "B11", "B12"),
    20: ("B01", "B09"),
}
COUNTRIES = [
    "Austria",
    "Belgium",
    "Finland",
    "Ireland",
    "Kosovo",
    "Lithuania",
    "Luxembourg",
    "Portugal",
    "Serbia",
    "Switzerland",
]


def patch_ids(collection: Collection) -> list[str]:
    return [row["patch_id"] for row in collection.metadata]


def clear(collection: Collection) -> list[str]:
    flags = ("contains_seasonal_snow", "contains_cloud_or_shadow")
    return [row["patch_id"] for row in collection.metadata if not any(row[flag] for flag in flags)]


def header(value: bytes) -> dict[str, tuple[str, tuple[int, ...]]]:
    """Names, dtypes and shapes that the safetensors header of a value lists."""
    (length,) = struct.unpack("<Q", value[:8])
    tensors = json.loads(value[8 : 8 + length])
    return {name: (tensor["dtype"], tuple(tensor["shape"])) for name, tensor in tensors.items()}


def test_there_are_enough_patches_everywhere(collection: Collection) -> None:
    assert len(collection.metadata) >= 200
    assert {row["country"] for row in collection.metadata} == set(COUNTRIES)
    assert {row["split"] for row in collection.metadata} == {"train", "validation", "test"}


def test_keys_are_the_patches_and_nothing_else(collection: Collection) -> None:
    keys = {bytes(key).decode() for key, _ in collection.values.cursor()}
    expected = {row["patch_id"] for row in collection.metadata} | {row["s1_name"] for row in collection.metadata}
    expected |= {f"{patch_id}_reference_map" for patch_id in patch_ids(collection)}
    assert keys == expected
    folder = {path.name for path in (collection.root / "bigearthnet_images").iterdir()}
    assert folder == {"data.mdb", "lock.mdb", "metadata.parquet"}
    assert {path.name for path in collection.root.iterdir()} == {"bigearthnet_images", "BigEarthNet.txt.parquet"}


def test_names_are_valid(collection: Collection) -> None:
    for row in collection.metadata:
        assert is_patch_id(row["patch_id"])
        assert re.fullmatch(r"S2[AB]_MSIL2A_\d{8}T\d{6}_N9999_R\d{3}_T\d\d[A-Z]{3}_\d\d_\d\d", row["patch_id"])
        assert is_s1_name(row["s1_name"])
        assert re.fullmatch(r"S1[AB]_IW_GRDH_1SDV_\d{8}T\d{6}_\d\d[A-Z]{3}_\d{1,2}_\d{1,2}", row["s1_name"])


def test_tensors_have_native_shapes_and_types(collection: Collection) -> None:
    for row in collection.metadata:
        optical, radar = collection.raw(row["patch_id"]), collection.raw(row["s1_name"])
        assert (len(optical), len(radar)) == (S2_BYTES, S1_BYTES)
        tensors = collection.tensors(row["patch_id"])
        shapes = {band: (size, size) for size, bands in SHAPES.items() for band in bands}
        assert {band: values.shape for band, values in tensors.items()} == shapes
        assert {values.dtype for values in tensors.values()} == {np.dtype("uint16")}
        assert min(values.min() for values in tensors.values()) > 0, "0 is nodata"
        assert np.median(tensors["B02"]) < 30_000
        backscatter = collection.tensors(row["s1_name"])
        assert set(backscatter) == {"VV", "VH"}
        for values in backscatter.values():
            assert (values.shape, values.dtype) == ((120, 120), np.dtype("float32"))
            assert np.isfinite(values).all()
            assert -45 < np.median(values) < 5
        codes = collection.tensors(f"{row['patch_id']}_reference_map")
        assert list(codes) == ["Data"]
        assert (codes["Data"].shape, codes["Data"].dtype) == ((120, 120), np.dtype("uint16"))
        assert set(np.unique(codes["Data"])) <= {style.id for style in CORINE_CODES.styles}


def test_labels_are_those_of_the_map(collection: Collection) -> None:
    seen = set()
    for row in collection.metadata:
        numbers = np.unique(class_numbers(collection.codes(row["patch_id"])))
        assert row["labels"] == sorted(CLASSES[number - 1] for number in numbers if number)
        seen.update(row["labels"])
    assert len(seen) >= 16, set(CLASSES) - seen


def test_reference_maps_are_generalised(collection: Collection) -> None:
    """Outlines of a CORINE map are short: few pixels have another class beside them."""
    edges = []
    for patch_id in clear(collection):
        codes = collection.codes(patch_id)
        edges.append((codes[:, 1:] != codes[:, :-1]).mean())
    assert np.mean(edges) < 0.04
    assert np.mean([edge > 0 for edge in edges]) > 0.7, "most patches hold more than one class"


def east_neighbours(collection: Collection) -> list[tuple[str, str]]:
    ids = set(patch_ids(collection))
    pairs = []
    for patch_id in sorted(ids):
        stem, column, row = patch_id.rsplit("_", 2)
        east = f"{stem}_{int(column) + 1:02d}_{row}"
        if east in ids:
            pairs.append((patch_id, east))
    return pairs


def test_neighbours_continue_each_other(collection: Collection) -> None:
    pairs = east_neighbours(collection)
    assert len(pairs) > 100
    s1_name = {row["patch_id"]: row["s1_name"] for row in collection.metadata}
    for band in ("B03", "B8A"):
        inner, outer = [], []
        for west, east in pairs:
            one, other = (collection.tensors(name)[band].astype(float) for name in (west, east))
            inner.append(np.abs(one[:, -1] - one[:, -2]).mean())
            outer.append(np.abs(one[:, -1] - other[:, 0]).mean())
        assert np.mean(outer) < 1.15 * np.mean(inner)
    same = [(collection.codes(west)[:, -1] == collection.codes(east)[:, 0]).mean() for west, east in pairs]
    assert np.mean(same) > 0.93
    correlations = []
    for west, east in pairs:
        one, other = (collection.tensors(s1_name[name])["VH"] for name in (west, east))
        correlations.append(np.corrcoef(one[:, -1], other[:, 0])[0, 1])
    assert np.nanmean(correlations) > 0.2


def test_picture_radar_and_map_agree(collection: Collection) -> None:
    """Water is dark in the near infrared and in VH, forest is green in summer, on the mapped areas."""
    s1_name = {row["patch_id"]: row["s1_name"] for row in collection.metadata}
    infrared: dict[str, list[float]] = {"water": [], "land": []}
    backscatter: dict[str, list[float]] = {"water": [], "land": []}
    greenness: list[float] = []
    for patch_id in clear(collection):
        numbers = class_numbers(collection.codes(patch_id))
        optical, radar = collection.tensors(patch_id), collection.tensors(s1_name[patch_id])
        water = np.isin(numbers, [CLASSES.index(name) + 1 for name in ("Inland waters", "Marine waters")])
        for name, mask in (("water", water), ("land", ~water & (numbers > 0))):
            if mask.sum() > 500:
                infrared[name].append(float(np.median(optical["B08"][mask])))
                backscatter[name].append(float(np.median(radar["VH"][mask])))
        forest = np.isin(
            numbers, [CLASSES.index(name) + 1 for name in CLASSES if "forest" in name and "Agro" not in name]
        )
        if forest.sum() > 500 and patch_id[15:17] in ("06", "07", "08"):
            red, near = optical["B04"].astype(float), optical["B08"].astype(float)
            greenness.append(float(np.median(((near - red) / (near + red))[forest])))
    assert np.median(infrared["water"]) < 0.4 * np.median(infrared["land"])
    assert np.median(backscatter["water"]) < np.median(backscatter["land"]) - 4
    assert np.median(greenness) > 0.6


def test_two_dates_show_the_same_ground(collection: Collection) -> None:
    dates: dict[str, list[str]] = {}
    for patch_id in patch_ids(collection):
        dates.setdefault(patch_id.split("_T")[1], []).append(patch_id)
    repeated = [ids for ids in dates.values() if len(ids) > 1]
    assert repeated
    for ids in repeated:
        first, second = ids[:2]
        assert np.array_equal(collection.codes(first), collection.codes(second))
        assert not np.array_equal(collection.tensors(first)["B03"], collection.tensors(second)["B03"])


def test_equal_seeds_give_equal_bytes(collection: Collection) -> None:
    site = min(SITES, key=lambda site: (site.edge, len(site.acquisitions)))
    again = photograph(site, SEED)
    for key, value in again.values.items():
        assert collection.raw(key) == value
    other = photograph(site, SEED + 1)
    assert set(other.values) == set(again.values)
    assert all(other.values[key] != value for key, value in again.values.items() if "reference" not in key)


@pytest.mark.real
def test_values_are_laid_out_like_published_ones(collection: Collection, real_data: Path) -> None:
    folder = str(real_data / "bigearthnet_v2" / "BigEarthNet-V2-LMDB")
    with lmdb.open(folder, readonly=True, lock=False) as environment, environment.begin() as values:
        real = {bytes(key).decode(): bytes(value) for key, value in values.cursor()}
    mine = collection.metadata[0]
    for key, prefix in ((mine["patch_id"], "S2"), (mine["s1_name"], "S1")):
        theirs = next(value for name, value in real.items() if name.startswith(prefix))
        ours = collection.raw(key)
        assert len(ours) == len(theirs)
        assert header(ours) == header(theirs)


@pytest.mark.real
def test_cells_passes_and_countries_are_real(collection: Collection, real_data: Path) -> None:
    columns = ["patch_id", "country"]
    table = pq.read_table(real_data / "bigearthnet_v2" / "official_metadata.parquet", columns=columns)
    countries = dict(zip(*(table.column(name).to_pylist() for name in columns), strict=True))
    for row in collection.metadata:
        assert countries.get(row["patch_id"], row["country"]) == row["country"]
    assert sum(patch_id in countries for patch_id in patch_ids(collection)) > 0.9 * len(collection.metadata)
