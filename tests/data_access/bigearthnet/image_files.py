"""Small LMDBs and GeoTIFF trees to test with, written by the libraries that real writers use."""

from collections.abc import Mapping
from pathlib import Path

import lmdb
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import rasterio
from rasterio.transform import Affine
from safetensors.numpy import save

from data_access.bigearthnet.modalities import S2_BANDS
from data_access.bigearthnet.patch_grid import PATCH_SIZE_M, place_of

PATCH = "S2A_MSIL2A_20170613T101031_N9999_R022_T33UUP_26_57"
SECOND = "S2A_MSIL2A_20170613T101031_N9999_R022_T33UUP_27_55"
S1 = "S1B_IW_GRDH_1SDV_20170612T165809_33UUP_26_57"
FOREIGN_S1 = "S1A_IW_GRDH_1SDV_20170613T165043_33UUP_70_48"
SIZES = dict.fromkeys(S2_BANDS, 60) | dict.fromkeys(("B02", "B03", "B04", "B08"), 120) | {"B01": 20, "B09": 20}

Bands = dict[str, np.ndarray]


def s2_bands(seed: int = 0) -> Bands:
    """Twelve bands of random reflectance in their native sizes."""
    random = np.random.default_rng(seed)
    return {band: random.integers(1, 10_000, (size, size), np.uint16) for band, size in SIZES.items()}


def s1_bands(seed: int = 0) -> Bands:
    """Random backscatter."""
    random = np.random.default_rng(seed)
    return {band: random.normal(-12, 4, (120, 120)).astype(np.float32) for band in ("VV", "VH")}


def map_codes(seed: int = 0) -> np.ndarray:
    """A random reference map."""
    return np.random.default_rng(seed).choice(np.array([211, 312, 512], np.uint16), (120, 120))


def write_lmdb(folder: Path, values: Mapping[str, Bands | bytes]) -> Path:
    """Write an LMDB like rico-hdl's: safetensors values, or raw bytes where a test wants them."""
    folder.mkdir(parents=True, exist_ok=True)
    with lmdb.open(str(folder), map_size=1 << 26) as environment, environment.begin(write=True) as transaction:
        for key, value in values.items():
            transaction.put(key.encode(), value if isinstance(value, bytes) else save(value))
    return folder


def write_geotiff(path: Path, values: np.ndarray, name: str, *, shift_m: float = 0.0) -> Path:
    """Write one band at the place that the patch's name tells, or beside it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    place = place_of(name)
    assert place is not None
    pixel = PATCH_SIZE_M / values.shape[1]
    with rasterio.open(
        path,
        "w",
        driver="GTiff",
        height=values.shape[0],
        width=values.shape[1],
        count=1,
        dtype=values.dtype,
        crs=f"EPSG:{place.epsg}",
        transform=Affine(pixel, 0, place.ulx + shift_m, 0, -pixel, place.uly),
    ) as raster:
        raster.write(values, 1)
    return path


def write_pairs(path: Path, pairs: Mapping[str, str], **columns: list[str]) -> Path:
    """Write a metadata table that pairs patches."""
    path.parent.mkdir(parents=True, exist_ok=True)
    table = {"patch_id": list(pairs), "s1_name": list(pairs.values()), **columns}
    pq.write_table(pa.table(table), path)
    return path
