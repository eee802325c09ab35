"""The safetensors parser, held against the safetensors library and against damaged bytes."""

import json
from contextlib import suppress

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from safetensors.numpy import load, save

from data_access.bigearthnet.safetensors_bytes import EDGE_CAP, HEADER_CAP, parse_tensors
from errors import SampleFormatError

DTYPES = st.sampled_from(
    [np.uint8, np.int8, np.uint16, np.int16, np.uint32, np.int32, np.float16, np.float32, np.float64]
)
TENSORS = st.dictionaries(
    st.text(min_size=1, max_size=8).filter(lambda name: name != "__metadata__"),
    DTYPES.flatmap(lambda dtype: hnp.arrays(dtype, hnp.array_shapes(min_dims=2, max_dims=2, max_side=5))),
    max_size=5,
)


def packed(header: object, data: bytes = b"") -> bytes:
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    return len(text).to_bytes(8, "little") + text + data


def entry(dtype: str = "U16", shape: object = (1, 2), offsets: object = (0, 4)) -> dict[str, object]:
    return {"B01": {"dtype": dtype, "shape": shape, "data_offsets": offsets}}


@given(TENSORS)
def test_tensors_equal_those_of_the_library(tensors: dict[str, np.ndarray]) -> None:
    value = save(tensors)
    expected = load(value)
    found = parse_tensors(value)
    assert set(found) == set(expected)
    for name, tensor in found.items():
        for source in (value, memoryview(value)):
            pixels = tensor.read(source)
            assert pixels.dtype == expected[name].dtype
            assert pixels.tobytes() == expected[name].tobytes()
            assert pixels.flags.owndata
            assert pixels.dtype.isnative


def test_metadata_is_no_tensor() -> None:
    value = save({"VV": np.zeros((2, 2), np.float32)}, metadata={"made": "by a test"})
    assert set(parse_tensors(value)) == {"VV"}


def test_tensors_that_nobody_asks_for_may_be_of_any_kind() -> None:
    wanted = np.arange(6, dtype=np.float32).reshape(2, 3)
    others = {"cube": np.zeros((2, 3, 4), np.int64), "flag": np.zeros(3, bool)}
    value = save({"VV": wanted, **others})
    assert parse_tensors(value, ["VV", "VH"])["VV"].read(value).tolist() == wanted.tolist()
    with pytest.raises(SampleFormatError, match=r"BOOL|I64"):
        parse_tensors(value)
    with pytest.raises(SampleFormatError, match="the value is cut"):
        parse_tensors(value[:-1], ["VV"])


def test_an_axis_of_one_band_is_dropped() -> None:
    value = save({"VV": np.ones((1, 2, 3), np.float32)})
    assert parse_tensors(value)["VV"].shape == (2, 3)


@pytest.mark.parametrize(
    "value",
    [
        b"",
        b"\x00" * 7,
        b"\xff" * 8,
        b"\xff" * 100,
        (HEADER_CAP + 1).to_bytes(8, "little") + b" " * (HEADER_CAP + 1),
        packed(b"not json"),
        packed(b"[" * 60_000),
        packed(b"\xff\xfe"),
        packed(b"9" * 10_000),
        packed([1, 2]),
        packed({"B01": 3}),
        packed({f"B{n}": {} for n in range(80)}),
        packed(entry(), b"\x00" * 3),
        packed(entry(), b"\x00" * 5),
        packed(entry("BF16"), b"\x00" * 4),
        packed(entry("F8_E4M3", (2, 2)), b"\x00" * 4),
        packed(entry(shape=(1,)), b"\x00" * 4),
        packed(entry(shape=(2.0, 1)), b"\x00" * 4),
        packed(entry(shape=(True, 2)), b"\x00" * 4),
        packed(entry(shape=(-1, -2)), b"\x00" * 4),
        packed(entry(shape=(0, 2), offsets=(0, 0))),
        packed(entry(shape=(EDGE_CAP + 1, 1), offsets=(0, 2 * EDGE_CAP + 2)), b"\x00" * (2 * EDGE_CAP + 2)),
        packed(entry(shape=(2**31, 2**31), offsets=(0, 2**63))),
        packed(entry(offsets=(4, 0)), b"\x00" * 4),
        packed(entry(offsets=(2, 6)), b"\x00" * 6),
        packed({**entry(), "B02": entry()["B01"]}, b"\x00" * 4),
    ],
)
def test_lying_headers_are_refused(value: bytes) -> None:
    with pytest.raises(SampleFormatError):
        parse_tensors(value)


@given(st.binary(max_size=300))
def test_any_bytes_give_tensors_or_a_named_error(value: bytes) -> None:
    with suppress(SampleFormatError):
        parse_tensors(value)


@given(st.data())
def test_damaged_patches_give_pixels_or_a_named_error(data: st.DataObject) -> None:
    value = bytearray(save({"VV": np.ones((6, 6), np.float32), "VH": np.zeros((6, 6), np.float32)}))
    for _ in range(data.draw(st.integers(1, 4))):
        value[data.draw(st.integers(0, len(value) - 1))] ^= data.draw(st.integers(1, 255))
    cut = bytes(value[: data.draw(st.integers(0, len(value)))])
    with suppress(SampleFormatError):
        for tensor in parse_tensors(cut).values():
            assert tensor.read(cut).shape == tensor.shape
