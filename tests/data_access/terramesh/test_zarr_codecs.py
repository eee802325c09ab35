"""Chunks of every allowed codec decode as numcodecs encodes them; nothing decodes to another size than promised."""

import struct
from contextlib import suppress

import numcodecs
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numcodecs.abc import Codec

from data_access.terramesh.zarr_codecs import Stage, decode_chunk, decode_strings, stage_of
from data_access.terramesh.zarr_compressors import MAX_TEXT_BYTES
from errors import PatchworkError, SampleFormatError

VALUES = (np.arange(3000, dtype="<i2") // 3).reshape(30, 100)
RAW = VALUES.tobytes()
COMPRESSORS: dict[str, Codec] = {
    **{
        f"blosc-{name}-{shuffle}": numcodecs.Blosc(name, shuffle=shuffle)
        for name in ("zstd", "lz4", "lz4hc", "zlib", "blosclz")
        for shuffle in (0, 1, 2)
    },
    "zstd": numcodecs.Zstd(),
    "lz4": numcodecs.LZ4(),
    "zlib": numcodecs.Zlib(),
    "gzip": numcodecs.GZip(),
}
FILTERS: dict[str, Codec] = {
    "delta": numcodecs.Delta("<i2"),
    "delta-packed": numcodecs.Delta("<i2", "<i4"),
    "fixedscaleoffset": numcodecs.FixedScaleOffset(0, 1, "<i2", "<u2"),
    "shuffle": numcodecs.Shuffle(2),
    "crc32": numcodecs.CRC32(),
    "crc32-end": numcodecs.CRC32(location="end"),
    "adler32": numcodecs.Adler32(),
    "crc32c": numcodecs.CRC32C(),
    "fletcher32": numcodecs.Fletcher32(),
}


def stage(codec: Codec) -> Stage:
    configuration = codec.get_config()
    return stage_of(configuration["id"], configuration)


@pytest.mark.parametrize("name", COMPRESSORS)
def test_compressors_are_undone(name: str) -> None:
    codec = COMPRESSORS[name]
    assert decode_chunk(bytes(codec.encode(RAW)), (stage(codec),), len(RAW)) == RAW


@pytest.mark.parametrize("name", FILTERS)
def test_filters_are_undone_under_a_compressor(name: str) -> None:
    codecs = (FILTERS[name], COMPRESSORS["blosc-zstd-1"])
    data: object = VALUES
    for codec in codecs:
        data = codec.encode(data)
    stages = tuple(stage(codec) for codec in codecs)
    assert decode_chunk(bytes(np.asarray(data)), stages, len(RAW)) == RAW


def test_rounded_bits_need_no_undoing() -> None:
    codec = numcodecs.BitRound(5)
    encoded = codec.encode(np.linspace(0, 1, 100, dtype="f4"))
    assert decode_chunk(encoded.tobytes(), (stage(codec),), 400) == encoded.tobytes()


@pytest.mark.parametrize("name", ["pickle", "json2", "vlen-array", "lzma", "bz2", "base64", "nonsense", ""])
def test_other_codecs_are_refused(name: str) -> None:
    with pytest.raises(SampleFormatError, match="is not read; allowed are adler32, bitround, blosc"):
        stage_of(name, {})


@pytest.mark.parametrize("name", COMPRESSORS)
@pytest.mark.parametrize("difference", [-100, -1, 1, 100_000_000])
def test_any_other_size_than_promised_is_refused(name: str, difference: int) -> None:
    codec = COMPRESSORS[name]
    with pytest.raises(SampleFormatError, match=r"A chunk (is damaged|has 6000 bytes)"):
        decode_chunk(bytes(codec.encode(RAW)), (stage(codec),), len(RAW) + difference)


def test_lying_blosc_headers_are_refused_before_decoding() -> None:
    data = bytearray(COMPRESSORS["blosc-zstd-1"].encode(RAW))
    struct.pack_into("<I", data, 4, 2**31 - 1)
    with pytest.raises(SampleFormatError, match="claims 2147483647 bytes where its shape and dtype make 6000"):
        decode_chunk(bytes(data), (stage(COMPRESSORS["blosc-zstd-1"]),), len(RAW))
    data = bytearray(COMPRESSORS["blosc-zstd-1"].encode(RAW))
    struct.pack_into("<I", data, 8, 2**31 - 1)
    with pytest.raises(SampleFormatError, match="Blosc header makes no sense"):
        decode_chunk(bytes(data), (stage(COMPRESSORS["blosc-zstd-1"]),), len(RAW))


@pytest.mark.parametrize("name", [*COMPRESSORS, *FILTERS])
def test_thousands_of_flips_give_bytes_or_a_named_error(name: str) -> None:
    codec = (COMPRESSORS | FILTERS)[name]
    sound = bytes(np.asarray(codec.encode(VALUES)))
    chance = np.random.default_rng(0)
    for _ in range(300):
        data = bytearray(sound)
        for _ in range(chance.choice([1, 2, 20])):
            data[chance.integers(len(data))] ^= 1 << int(chance.integers(8))
        cut = data[: chance.integers(len(data))] if chance.random() < 0.2 else data
        with suppress(PatchworkError):
            assert len(decode_chunk(bytes(cut), (stage(codec),), len(RAW))) == len(RAW)


@given(st.lists(st.text(st.characters(codec="utf-8")), max_size=20))
def test_strings_are_undone(strings: list[str]) -> None:
    encoded = bytes(numcodecs.VLenUTF8().encode(np.array(strings, dtype=object)))
    assert decode_strings(encoded, len(strings)) == strings
    with pytest.raises(SampleFormatError, match="A chunk claims"):
        decode_strings(encoded, len(strings) + 1)


@given(st.binary(max_size=200), st.integers(0, 10))
def test_any_bytes_are_strings_or_a_named_error(data: bytes, count: int) -> None:
    with suppress(SampleFormatError):
        assert len(decode_strings(data, count)) == count


@pytest.mark.parametrize("name", ["blosc-zstd-1", "zstd", "lz4", "zlib", "gzip"])
def test_text_of_unknown_size_is_bounded(name: str) -> None:
    codec = COMPRESSORS[name]
    short, long = b"a" * 100, b"a" * (MAX_TEXT_BYTES + 1)
    assert decode_chunk(bytes(codec.encode(short)), (stage(codec),), None) == short
    with pytest.raises(SampleFormatError, match="damaged"):
        decode_chunk(bytes(codec.encode(long)), (stage(codec),), None)


@pytest.mark.parametrize(
    "configuration",
    [{"dtype": "|O"}, {"dtype": "<U3"}, {"dtype": "V1000000000"}, {}, {"dtype": "<i2", "astype": "|O"}],
)
def test_filters_of_odd_types_are_refused(configuration: dict[str, object]) -> None:
    with pytest.raises(SampleFormatError):
        stage_of("delta", configuration)


@pytest.mark.parametrize("size", [0, -1, 1000, "4", None])
def test_shuffle_of_odd_sizes_is_refused(size: object) -> None:
    with pytest.raises(SampleFormatError, match="Shuffle"):
        stage_of("shuffle", {"elementsize": size})
