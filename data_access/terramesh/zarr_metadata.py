"""The metadata documents of Zarr arrays, version 2 and 3, as one checked specification."""

from collections.abc import Iterator, Mapping

import numpy as np

from data_access.terramesh.zarr_array import STRING, ArraySpec
from data_access.terramesh.zarr_codecs import MAX_STAGES, Stage, stage_of
from data_access.terramesh.zarr_dtype import as_mapping, as_shape, parse_dtype, parse_fill
from errors import SampleFormatError

VLEN_UTF8 = "vlen-utf8"  # codec of variable-length text


def spec_of_v2(document: Mapping[str, object], attributes: Mapping[str, object]) -> ArraySpec:
    """The specification in a `.zarray` document and its `.zattrs`. Raises SampleFormatError."""
    shape = as_shape(document.get("shape"), "shape")
    separator = document.get("dimension_separator", ".")
    order = document.get("order", "C")
    if separator not in (".", "/") or order not in ("C", "F"):
        raise SampleFormatError(f"Order {order!r} or separator {separator!r} is none of Zarr's. Fetch its shard again.")
    filters = document.get("filters") or []
    if not isinstance(filters, list):
        raise SampleFormatError("The filters of an array are no list. Fetch its shard again.")
    codecs = [as_mapping(codec, "filter") for codec in filters]
    text = document.get("dtype") == "|O"
    if text:
        if not codecs or codecs[0].get("id") != VLEN_UTF8:
            raise SampleFormatError("An array holds Python objects, which are not read. Write text or numbers instead.")
        codecs = codecs[1:]
    if document.get("compressor") is not None:
        codecs.append(as_mapping(document["compressor"], "compressor"))
    dtype = STRING if text else parse_dtype(document.get("dtype"))
    axes = tuple(range(len(shape)))
    return ArraySpec(
        shape=shape,
        chunks=as_shape(document.get("chunks"), "chunks"),
        dtype=dtype,
        fill="" if text else parse_fill(document.get("fill_value"), dtype),
        stages=_stages([(str(codec.get("id")), codec) for codec in codecs]),
        axes=axes if order == "C" else axes[::-1],
        key_start="",
        separator=str(separator),
        key_of_scalar="0",
        dimensions=_dimensions(attributes.get("_ARRAY_DIMENSIONS")),
        attributes=attributes,
    )


def spec_of_v3(document: Mapping[str, object]) -> ArraySpec:
    """The specification in the `zarr.json` of an array. Raises SampleFormatError."""
    shape = as_shape(document.get("shape"), "shape")
    grid = as_mapping(document.get("chunk_grid"), "chunk_grid")
    keys = as_mapping(document.get("chunk_key_encoding"), "chunk_key_encoding")
    if grid.get("name") != "regular" or keys.get("name") not in ("default", "v2"):
        raise SampleFormatError("Only regular chunk grids with default keys are read. Write the sample again with one.")
    default_keys = keys.get("name") == "default"
    separator = str(as_mapping(keys.get("configuration"), "keys").get("separator", "/" if default_keys else "."))
    chunks = as_shape(as_mapping(grid.get("configuration"), "chunk_grid").get("chunk_shape"), "chunk_shape")
    dtype, axes, stages = _v3_pipeline(document, len(shape))
    attributes = as_mapping(document.get("attributes"), "attributes")
    return ArraySpec(
        shape=shape,
        chunks=chunks,
        dtype=dtype,
        fill="" if dtype == STRING else parse_fill(document.get("fill_value"), dtype),
        stages=stages,
        axes=axes,
        key_start=f"c{separator}" if default_keys else "",
        separator=separator,
        key_of_scalar="c" if default_keys else "0",
        dimensions=_dimensions(document.get("dimension_names") or attributes.get("_ARRAY_DIMENSIONS")),
        attributes=attributes,
    )


def _stages(codecs: list[tuple[str, Mapping[str, object]]]) -> tuple[Stage, ...]:
    if len(codecs) > MAX_STAGES:
        raise SampleFormatError(f"{len(codecs)} codecs in a row are more than a chip has ({MAX_STAGES}).")
    return tuple(stage_of(name, configuration) for name, configuration in codecs)


def _v3_pipeline(
    document: Mapping[str, object], dimensions: int
) -> tuple[np.dtype, tuple[int, ...], tuple[Stage, ...]]:
    """Dtype, order of axes and byte stages, from the list of codecs: array to array, array to bytes, bytes to bytes."""
    codecs = iter(_v3_codecs(document.get("codecs")))
    axes = tuple(range(dimensions))
    for name, configuration in codecs:
        if name == "transpose":
            order = as_shape(configuration.get("order"), "order")
            if sorted(order) != list(range(dimensions)):
                raise SampleFormatError(f"Transpose by {order} does not fit {dimensions} dimensions.")
            axes = tuple(axes[axis] for axis in order)
        elif name in ("bytes", VLEN_UTF8):
            dtype = _v3_dtype(document.get("data_type"), configuration.get("endian"))
            if (dtype == STRING) != (name == VLEN_UTF8):
                raise SampleFormatError(f"Codec {name} does not fit data type {document.get('data_type')!r}.")
            return dtype, axes, _stages(list(codecs))
        else:
            break
    raise SampleFormatError("The codecs of an array do not begin with bytes; sharded arrays in a chip are not read.")


def _v3_codecs(value: object) -> Iterator[tuple[str, Mapping[str, object]]]:
    if not isinstance(value, list):
        raise SampleFormatError("The codecs of an array are no list. Fetch its shard again.")
    for entry in value:
        codec = as_mapping(entry, "codec")
        yield str(codec.get("name")).removeprefix("numcodecs."), as_mapping(codec.get("configuration"), "configuration")


def _v3_dtype(value: object, endian: object) -> np.dtype:
    """The dtype of a Zarr v3 name, or of the text and time types that zarr-python adds."""
    order = ">" if endian == "big" else "<"
    if value == "string":
        return STRING
    if isinstance(value, str):
        kind = value.rstrip("0123456789")
        letters = {"int": "i", "uint": "u", "float": "f", "bool": "b"}
        bits = value.removeprefix(kind)
        if kind in letters and (bits.isdigit() or value == "bool"):
            return parse_dtype(f"{order}{letters[kind]}{int(bits or 8) // 8}")
        return parse_dtype(value)
    extension = as_mapping(value, "data_type")
    configuration = as_mapping(extension.get("configuration"), "data_type")
    if extension.get("name") == "fixed_length_utf32":
        length = configuration.get("length_bytes")
        return parse_dtype(f"{order}U{length // 4 if isinstance(length, int) else length}")
    if extension.get("name") == "numpy.datetime64":
        return parse_dtype(f"{order}M8[{configuration.get('unit')}]")
    raise SampleFormatError(f"Data type {str(value)[:60]!r} is not read; write plain numbers or text instead.")


def _dimensions(value: object) -> tuple[str, ...] | None:
    if not isinstance(value, list) or not all(isinstance(name, str) for name in value):
        return None
    return tuple(value)
