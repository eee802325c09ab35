"""Groups that zarr itself wrote, in every form, hold the values that zarr reads; damage gives named errors."""

import io
import json
import warnings
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal

import numcodecs
import numpy as np
import pytest
import xarray as xr
import zarr
import zarr.codecs as v3
from zarr.errors import UnstableSpecificationWarning, ZarrUserWarning

from data_access.terramesh.zarr_array import MAX_ARRAY_BYTES, MAX_CHUNKS
from data_access.terramesh.zarr_group import ZarrGroup
from errors import PatchworkError, SampleFormatError
from tests.data_access.terramesh.writers import member_bytes, sample_arrays, v2_files, zip_bytes

VALUES = np.random.default_rng(0).integers(-500, 9000, (1, 3, 30, 26)).astype("<i2")

# What another writer may choose, as arguments of zarr's create_array.
V2_FORMS: dict[str, dict[str, Any]] = {
    "one chunk": {"chunks": VALUES.shape},
    "a chunk per band": {"chunks": (1, 1, 30, 26)},
    "edge chunks": {"chunks": (1, 2, 16, 16)},
    "chunks beyond the edge": {"chunks": (1, 8, 64, 64)},
    "order F": {"chunks": (1, 2, 16, 16), "order": "F"},
    "slashes": {"chunks": (1, 2, 16, 16), "chunk_key_encoding": {"name": "v2", "separator": "/"}},
    "no compressor": {"chunks": VALUES.shape, "compressors": None},
    "zstd": {"chunks": VALUES.shape, "compressors": numcodecs.Zstd(3)},
    "lz4": {"chunks": VALUES.shape, "compressors": numcodecs.LZ4()},
    "zlib": {"chunks": VALUES.shape, "compressors": numcodecs.Zlib()},
    "gzip": {"chunks": VALUES.shape, "compressors": numcodecs.GZip()},
    "blosc lz4 bits": {"chunks": VALUES.shape, "compressors": numcodecs.Blosc("lz4", shuffle=2)},
    "delta": {"chunks": VALUES.shape, "filters": [numcodecs.Delta("<i2")]},
    "shuffle": {"chunks": VALUES.shape, "filters": [numcodecs.Shuffle(2)], "compressors": numcodecs.Zlib()},
}
V3_FORMS: dict[str, dict[str, Any]] = {
    "default": {"chunks": (1, 2, 16, 16)},
    "big endian": {"chunks": VALUES.shape, "serializer": v3.BytesCodec(endian="big")},
    "blosc": {"chunks": VALUES.shape, "compressors": v3.BloscCodec(cname="zstd")},
    "gzip": {"chunks": VALUES.shape, "compressors": v3.GzipCodec()},
    "no compressor": {"chunks": VALUES.shape, "compressors": None},
    "checksum": {"chunks": VALUES.shape, "compressors": [v3.ZstdCodec(), v3.Crc32cCodec()]},
    "transposed": {"chunks": (1, 2, 16, 16), "filters": v3.TransposeCodec(order=(0, 3, 1, 2))},
    "dots": {"chunks": (1, 2, 16, 16), "chunk_key_encoding": {"name": "default", "separator": "."}},
    "v2 keys": {"chunks": (1, 2, 16, 16), "chunk_key_encoding": {"name": "v2", "separator": "."}},
}


def written(zarr_format: Literal[2, 3], fill: Callable[[zarr.Group], object], *, consolidated: bool = False) -> bytes:
    """A zip file of the group that `fill` makes."""
    store: dict[str, zarr.core.buffer.Buffer] = {}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UnstableSpecificationWarning)
        fill(zarr.create_group(zarr.storage.MemoryStore(store), zarr_format=zarr_format))
        if consolidated:
            warnings.simplefilter("ignore", ZarrUserWarning)
            zarr.consolidate_metadata(zarr.storage.MemoryStore(store), zarr_format=zarr_format)
    return zip_bytes({name: buffer.to_bytes() for name, buffer in store.items()})


def group(data: bytes) -> ZarrGroup:
    return ZarrGroup(io.BytesIO(data))


@pytest.mark.parametrize("consolidated", [True, False])
@pytest.mark.parametrize("form", V2_FORMS)
def test_version_2_as_zarr_writes_it(form: str, consolidated: bool) -> None:
    def fill(target: zarr.Group) -> None:
        array = target.create_array("bands", shape=VALUES.shape, dtype="<i2", **V2_FORMS[form])
        array[:] = VALUES

    read = group(written(2, fill, consolidated=consolidated)).read("bands")
    np.testing.assert_array_equal(read, VALUES)
    assert read.dtype == np.int16
    assert read.flags.c_contiguous


@pytest.mark.parametrize("consolidated", [True, False])
@pytest.mark.parametrize("form", V3_FORMS)
def test_version_3_as_zarr_writes_it(form: str, consolidated: bool) -> None:
    def fill(target: zarr.Group) -> None:
        array = target.create_array("bands", shape=VALUES.shape, dtype="int16", **V3_FORMS[form])
        array[:] = VALUES

    data = written(3, fill, consolidated=consolidated)
    np.testing.assert_array_equal(group(data).read("bands"), VALUES)


@pytest.mark.parametrize("zarr_format", [2, 3])
@pytest.mark.parametrize(
    "values",
    [
        np.array(["B01", "B8A"]),
        np.array("433D_629L_3_1"),
        np.array([1.5, np.nan, np.inf]),
        np.array(7, "int64"),
        np.array([3.5], "float16"),
        np.array([True, False]),
        np.array(["2020-05-03T02:07:17"], "datetime64[ns]"),
        np.array([-1, 2**62], "int64"),
        np.array([0, 255], "uint8"),
    ],
    ids=str,
)
def test_small_arrays_of_every_kind(zarr_format: Literal[2, 3], values: np.ndarray) -> None:
    def fill(target: zarr.Group) -> None:
        target.create_array("a", shape=values.shape, dtype=values.dtype, chunks=values.shape)[...] = values

    read = group(written(zarr_format, fill)).read("a")
    np.testing.assert_array_equal(read, values)
    assert read.dtype == values.dtype


@pytest.mark.parametrize("zarr_format", [2, 3])
def test_text_of_any_length(zarr_format: Literal[2, 3]) -> None:
    words = np.array(["B01", "", "größer als gedacht"], dtype=object)

    def fill(target: zarr.Group) -> None:
        target.create_array("a", shape=(3,), dtype=str, chunks=(2,))[:] = words

    assert list(group(written(zarr_format, fill)).read("a")) == list(words)


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("point", [0x110000, 0xFFFFFFFF, 0xD800, 0xDFFF])
def test_text_that_is_no_unicode_is_refused(order: str, point: int) -> None:
    files = v2_files({"a": np.array(["B01"], f"{order}U3")}, compressor=None)
    files["a/0"] = np.array([66, point, 49], f"{order}u4").tobytes()
    with pytest.raises(SampleFormatError, match="no character"):
        group(zip_bytes(files)).read("a")
    files["a/0"] = np.array([66, 0x10FFFF, 0], f"{order}u4").tobytes()
    assert group(zip_bytes(files)).read("a").tolist() == ["B\U0010ffff"]


@pytest.mark.parametrize("dtype", [">i2", ">f4", "<f2", ">f8"])
def test_byte_order_becomes_native(dtype: str) -> None:
    values = np.arange(6, dtype=dtype)
    read = group(zip_bytes(v2_files({"a": values}))).read("a")
    np.testing.assert_array_equal(read, values)
    assert read.dtype.isnative


@pytest.mark.parametrize(("fill_value", "dtype"), [(-7, "<i2"), (float("nan"), "<f4"), (None, "<i2")])
def test_missing_chunks_hold_the_fill_value(fill_value: float | None, dtype: str) -> None:
    def fill(target: zarr.Group) -> None:
        array = target.create_array("a", shape=(10, 10), chunks=(4, 4), dtype=dtype, fill_value=fill_value)
        array[4:8, 4:8] = 3

    data = written(2, fill)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert "a/0.0" not in archive.namelist()
    expected = np.full((10, 10), fill_value or 0, dtype)
    expected[4:8, 4:8] = 3
    np.testing.assert_array_equal(group(data).read("a"), expected)


@pytest.mark.parametrize("zarr_format", [2, 3])
def test_groups_that_xarray_writes(zarr_format: Literal[2, 3], tmp_path: Path) -> None:
    dataset = xr.Dataset(
        {"bands": (("time", "band", "y", "x"), VALUES), "crs": ("time", [32632])},
        {
            "band": ["B02", "B03", "B04"],
            "time": np.array(["2020-05-03T02:07:17"], "datetime64[ns]"),
            "y": np.arange(30.0),
            "x": np.arange(26.0),
            "sample": "0194630_1",
        },
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        dataset.to_zarr(tmp_path / "a.zarr", zarr_format=zarr_format)
    files = {each.relative_to(tmp_path / "a.zarr").as_posix(): each for each in tmp_path.rglob("*") if each.is_file()}
    opened = group(zip_bytes({name: path.read_bytes() for name, path in files.items()}, zipfile.ZIP_DEFLATED))
    np.testing.assert_array_equal(opened.read("bands"), VALUES)
    assert list(opened.read("band")) == ["B02", "B03", "B04"]
    assert opened.read("sample").item() == "0194630_1"
    assert opened.spec("bands").dimensions == ("time", "band", "y", "x")
    assert "since" in str(opened.spec("time").attributes["units"])


@pytest.mark.parametrize("root", ["", "majortom_val_0000001.zarr/", "a/b/"])
@pytest.mark.parametrize("consolidated", [True, False])
def test_group_may_lie_in_a_folder(root: str, consolidated: bool) -> None:
    data = zip_bytes(v2_files({"bands": VALUES}, root=root, consolidated=consolidated))
    opened = group(data)
    assert "bands" in opened
    assert "band" not in opened
    np.testing.assert_array_equal(opened.read("bands"), VALUES)


def test_group_without_a_group_file_is_found_by_its_bands() -> None:
    files = v2_files({"bands": VALUES}, consolidated=False, root="in/")
    del files["in/.zgroup"]
    np.testing.assert_array_equal(group(zip_bytes(files)).read("bands"), VALUES)


def test_zip_without_a_group_is_named() -> None:
    with pytest.raises(SampleFormatError, match="no Zarr group"):
        group(zip_bytes({"readme.txt": b"nothing here"}))


def test_missing_array_is_named() -> None:
    with pytest.raises(SampleFormatError, match="no array 'bands'"):
        group(zip_bytes(v2_files({"band": np.array(["a"])}))).read("bands")


def changed(**changes: object) -> bytes:
    """A group whose `bands/.zarray` says something else."""
    files = v2_files({"bands": VALUES}, consolidated=False)
    files["bands/.zarray"] = json.dumps(json.loads(files["bands/.zarray"]) | changes).encode()
    return zip_bytes(files)


@pytest.mark.parametrize(
    "changes",
    [
        {"shape": [1, 3, 30_000, 26_000], "chunks": [1, 3, 30_000, 26_000]},
        {"shape": [10**18, 10**18], "chunks": [1, 1]},
        {"shape": [1, 3, 30, 26], "chunks": [1, 3, 30_000, 26_000]},
        {"chunks": [1, 3, 30]},
        {"chunks": [1, 3, 0, 26]},
        {"chunks": [1, 3, -30, 26]},
        {"shape": [1, 3, 30, 26.5]},
        {"shape": None},
        {"shape": "large"},
        {"shape": [True, 3, 30, 26]},
        {"dtype": "|O"},
        {"dtype": [["a", "<i2"]]},
        {"dtype": "<i16"},
        {"dtype": "<V1000000"},
        {"dtype": "<U9999"},
        {"dtype": 7},
        {"order": "K"},
        {"dimension_separator": "../"},
        {"fill_value": "red"},
        {"fill_value": 10**30, "dtype": "<i2"},
        {"fill_value": [1, 2]},
        {"compressor": {"id": "pickle"}},
        {"compressor": {"id": "lzma"}},
        {"compressor": "zstd"},
        {"compressor": {}},
        {"filters": [{"id": "pickle"}]},
        {"filters": [{"id": "delta", "dtype": "|O"}]},
        {"filters": {"id": "delta"}},
        {"filters": [{"id": "shuffle"}] * 40},
        {"filters": [{"id": "zstd"}]},
    ],
    ids=str,
)
def test_lying_metadata_gives_a_named_error(changes: dict[str, object]) -> None:
    with pytest.raises(SampleFormatError, match="Array 'bands'"):
        group(changed(**changes)).read("bands")


def test_caps_are_wide_enough_for_large_chips_and_no_wider() -> None:
    assert MAX_ARRAY_BYTES > 13 * 1068 * 1068 * 4  # a whole Major TOM cell in float32
    with pytest.raises(SampleFormatError, match="chunks are more than a chip can have"):
        group(changed(chunks=[1, 1, 1, 1], shape=[1, 3, 60, 60], dtype="<i2")).read("bands")
    assert MAX_CHUNKS < 3 * 60 * 60


@pytest.mark.parametrize(
    "document", [b"", b"[]", b"{", b"7", b'{"a": 1e999999}', b"\xff\xfe", b'{"a":' * 90 + b"1" + b"}" * 90]
)
def test_documents_that_are_no_metadata_give_a_named_error(document: bytes) -> None:
    files = v2_files({"bands": VALUES}, consolidated=False)
    with pytest.raises(SampleFormatError):
        group(zip_bytes({**files, "bands/.zarray": document})).read("bands")
    with pytest.raises(SampleFormatError):
        group(zip_bytes({**files, ".zmetadata": document + b" " * (2 << 20)})).read("bands")


def test_deep_nesting_is_refused_without_recursion() -> None:
    files = v2_files({"bands": VALUES}, consolidated=False)
    with pytest.raises(SampleFormatError, match="nested deeper"):
        group(zip_bytes({**files, ".zmetadata": b'{"a":' + b"[" * 200_000})).read("bands")


def test_sharded_arrays_are_refused_by_name() -> None:
    def fill(target: zarr.Group) -> None:
        target.create_array("bands", shape=VALUES.shape, dtype="int16", chunks=(1, 1, 15, 13), shards=VALUES.shape)

    with pytest.raises(SampleFormatError, match="sharded arrays in a chip are not read"):
        group(written(3, fill)).read("bands")


@pytest.mark.parametrize("in_metadata", [True, False])
def test_thousands_of_flips_give_values_or_a_named_error(in_metadata: bool) -> None:
    """Flips under a right checksum: what no zip reader notices."""
    arrays = sample_arrays("S2L2A", size=8)
    sound = v2_files(arrays)
    names = [name for name in sound if name.rpartition("/")[2].startswith(".") == in_metadata]
    chance = np.random.default_rng(0)
    for _ in range(500):
        files = dict(sound)
        name = names[chance.integers(len(names))]
        data = bytearray(files[name])
        for _ in range(chance.choice([1, 2, 8])):
            data[chance.integers(len(data))] ^= 1 << int(chance.integers(8))
        files[name] = bytes(data)
        try:
            opened = group(zip_bytes(files))
            for array in arrays:
                opened.read(array)
        except PatchworkError:
            continue


def test_thousands_of_cuts_and_flips_of_a_member_give_values_or_a_named_error() -> None:
    sound = member_bytes("S2L2A", size=8)
    chance = np.random.default_rng(0)
    errors = 0
    for _ in range(1500):
        data = bytearray(sound)
        for _ in range(chance.choice([1, 2, 20])):
            data[chance.integers(len(data))] ^= 1 << int(chance.integers(8))
        cut = data[: chance.integers(len(data))] if chance.random() < 0.2 else data
        try:
            group(bytes(cut)).read("bands")
        except PatchworkError:
            errors += 1
    assert errors > 700
