"""Image stores, held against the safetensors library and rasterio on real and on synthetic files."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import lmdb
import numpy as np
import pytest
import rasterio
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from safetensors.numpy import load, save

from data_access.bigearthnet.geotiff_store import GeotiffStore
from data_access.bigearthnet.lmdb_store import LmdbStore
from data_access.bigearthnet.modalities import PRODUCTS, S1_BANDS, S2_BANDS, Product
from data_access.bigearthnet.stores import open_images
from errors import SampleFormatError, ShardError, SourceMissingError, UnknownSampleError
from tests.data_access.bigearthnet.image_files import (
    FOREIGN_S1,
    PATCH,
    S1,
    SECOND,
    map_codes,
    s1_bands,
    s2_bands,
    write_geotiff,
    write_lmdb,
)

BANDS: dict[Product, tuple[str, ...]] = {"S2": S2_BANDS, "S1": S1_BANDS, "reference_map": ("reference_map",)}


@pytest.fixture
def tables(tmp_path: Path) -> Path:
    return tmp_path / "tables"


def small_lmdb(folder: Path) -> Path:
    values = {PATCH: s2_bands(1), SECOND: s2_bands(2), S1: s1_bands(), f"{PATCH}_reference_map": {"Data": map_codes()}}
    return write_lmdb(folder, values)


def small_tree(root: Path) -> Path:
    """S2 of one patch, S1 of another, a map of each of the two published forms."""
    for band, values in s2_bands().items():
        write_geotiff(root / "BigEarthNet-S2" / PATCH[:-6] / PATCH / f"{PATCH}_{band}.tif", values, PATCH)
    for band, values in s1_bands().items():
        write_geotiff(root / "s1" / S1[:-12] / S1 / f"{S1}_{band}.tif", values, S1)
    write_geotiff(root / "maps" / PATCH[:-6] / f"{PATCH}_reference_map.tif", map_codes(1), PATCH)
    write_geotiff(root / "maps" / SECOND[:-6] / SECOND / f"{SECOND}_reference_map.tif", map_codes(2), SECOND)
    return root


@pytest.mark.real
def test_all_real_lmdb_patches_equal_the_library(real_data: Path, tables: Path) -> None:
    folder = real_data / "bigearthnet_v2" / "BigEarthNet-V2-LMDB"
    store = open_images(folder, tables)
    assert [len(store.names(product)) for product in PRODUCTS] == [24, 24, 0]
    with lmdb.open(str(folder), readonly=True, lock=False) as environment, environment.begin() as transaction:
        truth = {key.decode(): value for key, value in transaction.cursor()}
    products: tuple[Product, ...] = ("S2", "S1")
    names = [(product, name) for product in products for name in store.names(product).to_pylist()]
    for product, name in names:
        stored = store.bands(product, name, BANDS[product], pixels=True)
        expected = load(truth.pop(name))
        assert tuple(band.name for band in stored.bands) == BANDS[product]
        for band, pixels in zip(stored.bands, stored.pixels, strict=True):
            np.testing.assert_array_equal(pixels, expected[band.name])
            assert (pixels.dtype, pixels.shape) == (band.dtype, band.shape)
    assert not truth


@pytest.mark.real
@pytest.mark.parametrize(
    "root", ["geotiff", "geotiff/BigEarthNet-S2", "geotiff/BigEarthNet-S1", "geotiff/Reference_Maps"]
)
def test_real_trees_equal_rasterio(real_data: Path, tables: Path, root: str) -> None:
    folder = real_data / "bigearthnet_v2" / root
    store = open_images(folder, tables)
    files = {file.stem: file for file in folder.rglob("*.tif")}
    seen = set()
    for product in PRODUCTS:
        for name in store.names(product).to_pylist():
            stored = store.bands(product, name, BANDS[product], pixels=True)
            for band, pixels in zip(stored.bands, stored.pixels, strict=True):
                stem = f"{name}_{band.name}"
                seen.add(stem)
                with rasterio.open(files[stem]) as raster:
                    np.testing.assert_array_equal(pixels, raster.read(1))
                    assert band.transform == tuple(raster.transform)[:6]
                    assert band.epsg == raster.crs.to_epsg()
                    assert band.nodata == raster.nodata
    assert seen == set(files)


def test_lmdb_products_are_told_by_their_keys(tmp_path: Path, tables: Path) -> None:
    folder = write_lmdb(small_lmdb(tmp_path / "lmdb"), {"README": b"hello", "\x00\x01": b""})
    store = open_images(folder, tables)
    assert [store.names(product).to_pylist() for product in PRODUCTS] == [[PATCH, SECOND], [S1], [PATCH]]
    assert len(store.notes) == 1
    assert store.notes[0].startswith("2 keys")
    stored = store.bands("reference_map", PATCH, ("reference_map",), pixels=True)
    np.testing.assert_array_equal(stored.pixels[0], map_codes())
    assert stored.provenance["member"] == f"{PATCH}_reference_map"
    start, length = stored.provenance["byte_offset"], stored.provenance["byte_length"]
    assert start is not None
    assert length is not None
    assert (folder / "data.mdb").read_bytes()[start : start + length] == save({"Data": map_codes()})


def test_lmdb_bands_are_addressed_by_name(tmp_path: Path, tables: Path) -> None:
    shuffled = dict(reversed(s2_bands().items()))
    del shuffled["B08"]
    store = open_images(write_lmdb(tmp_path / "lmdb", {PATCH: shuffled}), tables)
    stored = store.bands("S2", PATCH, ("B08", "B04", "B02"), pixels=True)
    assert [band.name for band in stored.bands] == ["B04", "B02"]
    np.testing.assert_array_equal(stored.pixels[1], s2_bands()["B02"])
    assert store.bands("S2", PATCH, ("B04",), pixels=False).pixels == ()


def test_an_lmdb_opens_by_its_file_and_twice(tmp_path: Path, tables: Path) -> None:
    folder = small_lmdb(tmp_path / "lmdb")
    first, second = open_images(folder, tables), open_images(folder / "data.mdb", tables)
    assert first.revision == second.revision
    assert first.root == second.root


def test_the_folder_around_an_lmdb_will_do(tmp_path: Path, tables: Path) -> None:
    small_lmdb(tmp_path / "around" / "lmdb")
    assert len(open_images(tmp_path / "around", tables).names("S2")) == 2
    small_lmdb(tmp_path / "around" / "another")
    with pytest.raises(SourceMissingError):
        open_images(tmp_path / "around", tables)


def test_an_lmdb_written_anew_has_another_revision(tmp_path: Path, tables: Path) -> None:
    store = open_images(small_lmdb(tmp_path / "lmdb"), tables)
    before = store.revision
    write_lmdb(tmp_path / "lmdb", {FOREIGN_S1: s1_bands()})
    store = open_images(tmp_path / "lmdb", tables)
    assert store.revision != before
    assert len(store.names("S1")) == 2


def test_unknown_keys_are_named(tmp_path: Path, tables: Path) -> None:
    store = open_images(small_lmdb(tmp_path / "lmdb"), tables)
    for name in (FOREIGN_S1, "", "../x", "a" * 600, "\ud800", "nul\x00"):
        with pytest.raises(UnknownSampleError):
            store.bands("S1", name, S1_BANDS, pixels=True)


@pytest.mark.parametrize("size", [0, 10, 5_000, 20_000])
def test_a_cut_lmdb_is_named(tmp_path: Path, tables: Path, size: int) -> None:
    content = (small_lmdb(tmp_path / "whole") / "data.mdb").read_bytes()
    (tmp_path / "cut").mkdir()
    (tmp_path / "cut" / "data.mdb").write_bytes(content[:size])
    with pytest.raises(ShardError, match=r"data\.mdb"):
        open_images(tmp_path / "cut", tables)


def test_an_lmdb_of_something_else_is_named(tmp_path: Path, tables: Path) -> None:
    with pytest.raises(SourceMissingError, match="rico-hdl"):
        open_images(write_lmdb(tmp_path / "lmdb", {"cat": b"meow"}), tables)


def test_damaged_values_cost_their_patch_only(tmp_path: Path, tables: Path) -> None:
    whole = save(s2_bands())
    store = open_images(write_lmdb(tmp_path / "lmdb", {PATCH: whole[:-1], SECOND: whole}), tables)
    with pytest.raises(SampleFormatError, match=PATCH):
        store.bands("S2", PATCH, S2_BANDS, pixels=True)
    assert len(store.bands("S2", SECOND, S2_BANDS, pixels=True).pixels) == 12


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(0, 999), st.integers(1, 255))
def test_damaged_pages_give_named_errors(tmp_path: Path, index: int, mask: int) -> None:
    source = tmp_path / "whole" / "data.mdb"
    if not source.exists():
        small_lmdb(source.parent)
    content = bytearray(source.read_bytes())
    content[index * (4096 * 4) // 1000] ^= mask  # meta pages and the first pages of the tree
    (tmp_path / "bad.mdb").write_bytes(content)
    with suppress(ShardError, SourceMissingError, SampleFormatError, UnknownSampleError):
        store = LmdbStore(tmp_path / "bad.mdb", tmp_path / "tables")
        for name in store.names("S2").to_pylist():
            store.bands("S2", name, S2_BANDS, pixels=True)


def test_threads_share_one_store(tmp_path: Path, tables: Path) -> None:
    store = open_images(small_lmdb(tmp_path / "lmdb"), tables)
    with ThreadPoolExecutor(8) as pool:
        names = [PATCH, SECOND] * 50
        read = list(pool.map(lambda name: store.bands("S2", name, ("B02",), pixels=True).pixels[0], names))
    for name, pixels in zip(names, read, strict=True):
        np.testing.assert_array_equal(pixels, s2_bands(1 if name == PATCH else 2)["B02"])


def test_nothing_is_written_beside_an_lmdb(tmp_path: Path, tables: Path) -> None:
    folder = small_lmdb(tmp_path / "lmdb")
    (folder / "lock.mdb").unlink()
    before = (folder / "data.mdb").read_bytes()
    open_images(folder, tables).bands("S2", PATCH, S2_BANDS, pixels=True)
    assert [file.name for file in folder.iterdir()] == ["data.mdb"]
    assert (folder / "data.mdb").read_bytes() == before


def test_trees_are_found_whatever_they_are_called(tmp_path: Path, tables: Path) -> None:
    store = open_images(small_tree(tmp_path / "trees"), tables)
    assert [store.names(product).to_pylist() for product in PRODUCTS] == [[PATCH], [S1], [PATCH, SECOND]]
    for name, seed in ((PATCH, 1), (SECOND, 2)):
        stored = store.bands("reference_map", name, ("reference_map",), pixels=True)
        np.testing.assert_array_equal(stored.pixels[0], map_codes(seed))
    stored = store.bands("S1", S1, S1_BANDS, pixels=True)
    assert stored.provenance["member"] == f"{S1}_{{VV,VH}}.tif"
    assert stored.provenance["shard"] == f"s1/{S1[:-12]}/{S1}"


@pytest.mark.parametrize("tree", ["BigEarthNet-S2", "s1", "maps", f"maps/{PATCH[:-6]}"])
def test_one_tree_alone_opens(tmp_path: Path, tables: Path, tree: str) -> None:
    store = open_images(small_tree(tmp_path / "trees") / tree, tables)
    assert sum(len(store.names(product)) > 0 for product in PRODUCTS) == 1


def test_a_patch_that_comes_changes_the_revision(tmp_path: Path, tables: Path) -> None:
    root = small_tree(tmp_path / "trees")
    before = open_images(root, tables)
    assert open_images(root, tables).revision == before.revision
    write_geotiff(root / "s1" / "acquisition" / FOREIGN_S1 / f"{FOREIGN_S1}_VV.tif", s1_bands()["VV"], FOREIGN_S1)
    after = open_images(root, tables)
    assert after.revision != before.revision
    assert after.names("S1").to_pylist() == [FOREIGN_S1, S1]


def test_a_file_written_anew_changes_the_revision_of_a_small_tree(tmp_path: Path, tables: Path) -> None:
    root = small_tree(tmp_path / "trees")
    before = open_images(root, tables).revision
    file = root / "s1" / S1[:-12] / S1 / f"{S1}_VV.tif"
    file.write_bytes(file.read_bytes() + b"\x00")
    assert open_images(root, tables).revision != before


def test_patch_folders_without_images_are_named(tmp_path: Path, tables: Path) -> None:
    root = small_tree(tmp_path / "trees")
    (root / "BigEarthNet-S2" / "tile" / SECOND).mkdir(parents=True)
    store = open_images(root, tables)
    assert store.names("S2").to_pylist() == [PATCH]
    assert "1 patch folders" in store.notes[0]


@pytest.mark.parametrize("content", [b"", b"II*\x00", b"MM\x00*" + b"\xff" * 60, b"<VRTDataset/>", b"text"])
def test_foreign_bytes_in_a_tif_are_named(tmp_path: Path, tables: Path, content: bytes) -> None:
    root = small_tree(tmp_path / "trees")
    (root / "s1" / S1[:-12] / S1 / f"{S1}_VV.tif").write_bytes(content)
    store = open_images(root, tables)
    with pytest.raises(SampleFormatError, match="VV"):
        store.bands("S1", S1, S1_BANDS, pixels=True)
    assert len(store.bands("S2", PATCH, S2_BANDS, pixels=True).pixels) == 12


def test_a_huge_raster_is_refused_before_it_is_read(tmp_path: Path, tables: Path) -> None:
    path = tmp_path / "trees" / "t" / PATCH / f"{PATCH}_B02.tif"
    path.parent.mkdir(parents=True)
    profile = {"driver": "GTiff", "height": 60_000, "width": 60_000, "count": 1, "dtype": "uint16", "sparse_ok": True}
    with rasterio.open(path, "w", tiled=True, compress="deflate", **profile):
        pass
    store = open_images(tmp_path / "trees", tables)
    with pytest.raises(SampleFormatError, match="60000"):
        store.bands("S2", PATCH, ("B02",), pixels=True)


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(0, 511), st.integers(1, 255), st.booleans())
def test_damaged_tifs_give_named_errors(tmp_path: Path, index: int, mask: int, cut: bool) -> None:
    path = tmp_path / "trees" / "t" / PATCH / f"{PATCH}_B01.tif"
    if not path.exists():
        write_geotiff(path, s2_bands()["B01"], PATCH)
        (tmp_path / "whole").write_bytes(path.read_bytes())
    content = bytearray((tmp_path / "whole").read_bytes())
    content[index % len(content)] ^= mask
    path.write_bytes(content[:index] if cut else content)
    store = GeotiffStore(tmp_path / "trees", tmp_path / "tables")
    with suppress(SampleFormatError):
        store.bands("S2", PATCH, ("B01",), pixels=True)


def test_absent_and_empty_folders_are_named(tmp_path: Path, tables: Path) -> None:
    for path in (tmp_path / "nowhere", tmp_path):
        with pytest.raises(SourceMissingError, match="PATCHWORK_BIGEARTHNET_IMAGES"):
            open_images(path, tables)
