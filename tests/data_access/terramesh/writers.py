"""Writers of TerraMesh files for tests: by hand, with today's zarr, and as whole roots."""

import io
import json
import tarfile
import zipfile
from collections.abc import Mapping
from pathlib import Path

import numcodecs
import numpy as np
from numcodecs.abc import Codec

from data_access.terramesh.modalities import MODALITIES

BLOSC = numcodecs.Blosc(cname="zstd", clevel=5, shuffle=1)
TIME_NS = 1_588_471_637_000_000_000  # 2020-05-03T02:07:17Z
S1_TIME_NS = TIME_NS + 6 * 3600 * 10**9
EPSG = 32632
CENTRE = (9.0, 45.0)  # lon, lat: x = 500,000 m in zone 32
SIZE = 16
DIMENSIONS = {
    "bands": ("time", "band", "y", "x"),
    "cloud_mask": ("time", "y", "x"),
    "band": ("band",),
    "x": ("x",),
    "y": ("y",),
}


def zip_bytes(files: Mapping[str, bytes], method: int = zipfile.ZIP_STORED) -> bytes:
    """A zip file of these names and contents."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for name, data in files.items():
            archive.writestr(zipfile.ZipInfo(name), data, method)  # without the time of writing: equal bytes every time
    return buffer.getvalue()


def tar_bytes(members: Mapping[str, bytes], form: int = tarfile.USTAR_FORMAT) -> bytes:
    """A tar file of these names and contents."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=form) as archive:
        for name, data in members.items():
            header = tarfile.TarInfo(name)
            header.size = len(data)
            archive.addfile(header, io.BytesIO(data))
    return buffer.getvalue()


def dimensions_of(name: str, values: np.ndarray) -> list[str]:
    """Names of the axes as the published files have them: scalars of length 1 lie on `time`."""
    names = DIMENSIONS.get(name, ("time",))
    return list(names[len(names) - values.ndim :])


def v2_files(
    arrays: Mapping[str, object],
    *,
    compressor: Codec | None = BLOSC,
    attributes: Mapping[str, Mapping[str, object]] | None = None,
    consolidated: bool = True,
    root: str = "",
) -> dict[str, bytes]:
    """The files of a Zarr v2 group in the published layout, one chunk per array, written by hand."""
    files: dict[str, bytes] = {".zgroup": b'{"zarr_format": 2}'}
    for name, value in arrays.items():
        values = np.asarray(value)
        files[f"{name}/.zarray"] = json.dumps(
            {
                "zarr_format": 2,
                "shape": list(values.shape),
                "chunks": list(values.shape),
                "dtype": values.dtype.str,
                "compressor": compressor.get_config() if compressor and values.ndim else None,
                "fill_value": "NaN" if values.dtype.kind == "f" else None,
                "order": "C",
                "filters": None,
            }
        ).encode()
        raw = values.tobytes()
        key = ".".join("0" * values.ndim) or "0"
        files[f"{name}/{key}"] = bytes(compressor.encode(raw)) if compressor and values.ndim else raw
        extra = (attributes or {}).get(name, {})
        files[f"{name}/.zattrs"] = json.dumps({"_ARRAY_DIMENSIONS": dimensions_of(name, values), **extra}).encode()
    if consolidated:
        documents = {name: json.loads(data) for name, data in files.items() if name.rpartition("/")[2].startswith(".")}
        files[".zmetadata"] = json.dumps({"zarr_consolidated_format": 1, "metadata": documents}).encode()
    return {root + name: data for name, data in files.items()}


def pixels_of(modality: str, size: int = SIZE, seed: int = 0) -> np.ndarray:
    """Values (1, band, y, x) in the published dtype, different everywhere."""
    kind = MODALITIES[modality]
    shape = (1, len(kind.bands), size, size)
    values = np.random.default_rng(seed).integers(1, 250, shape)
    if modality == "LULC":
        values = values % 10
    return (values / 256 if kind.dtypes[0] == "float16" else values).astype(kind.dtypes[0])


def sample_arrays(modality: str, size: int = SIZE, seed: int = 0, **changes: np.ndarray | None) -> dict[str, object]:
    """The arrays of one member as published; a change of None leaves an array out."""
    left, top = 500_000.0 - size * 5, 4_982_950.4 + size * 5  # around CENTRE
    is_s1 = modality.startswith("S1")
    arrays: dict[str, object] = {
        "bands": pixels_of(modality, size, seed),
        "band": np.array(MODALITIES[modality].bands),
        "x": left + 5 + 10 * np.arange(size),
        "y": top - 5 - 10 * np.arange(size),
        "time": np.array([0 if modality == "DEM" else S1_TIME_NS if is_s1 else TIME_NS]),
        "center_lat": np.array([CENTRE[1]]),
        "center_lon": np.array([CENTRE[0]]),
        "crs": np.array([EPSG]),
        "sample": np.array("0194630_1"),
        "spatial_ref": np.array(0),
    }
    if modality in ("S2L2A", "S2L1C"):
        arrays["cloud_mask"] = np.random.default_rng(seed).integers(0, 7, (1, size, size)).astype(np.uint8)
    arrays |= changes
    return {name: value for name, value in arrays.items() if value is not None}


def member_bytes(modality: str, size: int = SIZE, seed: int = 0, **changes: np.ndarray | None) -> bytes:
    """One `{key}.zarr.zip` as published."""
    return zip_bytes(v2_files(sample_arrays(modality, size, seed, **changes)))


def write_shard(root: Path, split: str, modality: str, name: str, members: Mapping[str, bytes]) -> Path:
    """One shard; `members` by key."""
    path = root / split / modality / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(tar_bytes({f"{key}.zarr.zip": data for key, data in members.items()}))
    return path


def write_root(root: Path, keys_by_shard: Mapping[str, tuple[str, ...]], split: str = "val") -> Path:
    """All seven modalities of samples named after their source, in shards of these names."""
    for shard, keys in keys_by_shard.items():
        missing = "S1GRD" if shard.startswith("majortom") else "S1RTC"
        for modality in MODALITIES:
            if modality not in (missing, "cloud_mask"):
                members = {key: member_bytes(modality, seed=number) for number, key in enumerate(keys)}
                write_shard(root, split, modality, shard, members)
    return root
