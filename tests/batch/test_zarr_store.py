"""A store is what zarr and xarray read, and equal values are equal bytes."""

from pathlib import Path

import numpy as np
import pytest
import xarray as xr
import zarr
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from batch.zarr_store import ZarrArray, write_array, write_chunk, write_metadata

DIMS = ("sample", "band", "y", "x")


def image_array(count: int = 5, chunk: int = 1, dtype: str = "<f4", fill: float = np.nan) -> ZarrArray:
    return ZarrArray("S1RTC", (count, 2, 8, 8), (chunk, 2, 8, 8), dtype, DIMS, fill, {"unit": "dB"})


def files_of(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_zarr_and_xarray_read_what_was_written(tmp_path: Path) -> None:
    values = np.random.default_rng(0).normal(size=(5, 2, 8, 8)).astype(np.float32)
    array, names = image_array(), np.array(["a", "bb", "ccc", "d", "eeeee"])
    labels = ZarrArray("sample", (5,), (5,), names.dtype.str, ("sample",), None)
    for place in (0, 1, 2, 4):  # one sample failed
        write_chunk(tmp_path, array, place, values[place : place + 1])
    write_array(tmp_path, labels, names)
    write_metadata(tmp_path, [array, labels], {"notice": "not real"})
    group = zarr.open_group(tmp_path, mode="r")
    read = group["S1RTC"]
    assert isinstance(read, zarr.Array)
    assert np.array_equal(np.asarray(read[4]), values[4])
    assert np.isnan(np.asarray(read[3])).all()
    with xr.open_zarr(tmp_path, consolidated=True) as opened:
        assert opened["S1RTC"].dims == DIMS
        assert opened["sample"].values.tolist() == names.tolist()
        assert opened["S1RTC"].attrs["unit"] == "dB"
        assert opened.attrs["notice"] == "not real"
        assert np.array_equal(opened["S1RTC"].sel(sample="bb").values, values[1])


@given(
    values=arrays(np.uint8, st.tuples(st.integers(1, 5), st.just(2), st.just(8), st.just(8))), chunk=st.integers(1, 5)
)
def test_any_number_of_rows_in_chunks_comes_back(
    values: np.ndarray, chunk: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    store = tmp_path_factory.mktemp("store")
    array = image_array(len(values), chunk, "|u1", 0)
    write_metadata(store, [array], {})
    write_array(store, array, values)
    read = zarr.open_group(store, mode="r")["S1RTC"]
    assert isinstance(read, zarr.Array)
    assert np.array_equal(np.asarray(read[:]), values)


def test_equal_values_are_equal_bytes(tmp_path: Path) -> None:
    values = np.random.default_rng(0).normal(size=(2, 12, 224, 224)).astype(np.float32)  # large enough for threads
    array = ZarrArray("S2L2A", values.shape, (1, *values.shape[1:]), "<f4", DIMS, np.nan)
    for name in ("one", "two"):
        write_array(tmp_path / name, array, values)
        write_metadata(tmp_path / name, [array], {"b": 1, "a": 2})
    assert files_of(tmp_path / "one") == files_of(tmp_path / "two")


def test_values_of_another_shape_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="S1RTC takes chunks of"):
        write_chunk(tmp_path, image_array(), 0, np.zeros((1, 2, 8, 9), np.float32))
    assert not files_of(tmp_path)
