"""The arrays of one sample in every modality: dtypes, scales and codes as TerraMesh has them."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from data_access.terramesh.modalities import PIXEL_M
from demo.scene import (
    L1C_BANDS,
    L2A_BANDS,
    RESOLUTION_M,
    Moment,
    lulc_map,
    make_scene,
    sentinel1,
    sentinel2,
    setting_for,
)
from demo.terramesh.placing import SIZE_PX
from demo.terramesh.plan import SamplePlan

_OFFSET = 1000  # of processing baseline 04.00 and later
SNOW, THIN_CLOUD, THICK_CLOUD, NO_DATA = 2, 3, 4, 6  # of the cloud mask
_LULC_SNOW, _LULC_CLOUD = 7, 8
_STRETCH = (0.005, 0.99)  # quantiles of the S2RGB stretch


@dataclass(frozen=True)
class Modality:
    """One modality of one sample.

    Attributes:
        name: folder name, such as S2L2A.
        bands: (band, y, x) as stored.
        band_names: one name per band.
        cloud_mask: uint8 (y, x), Sentinel-2 only.
        sensor: whose time it carries: S2, S1, or none for the DEM.
    """

    name: str
    bands: NDArray[np.generic]
    band_names: tuple[str, ...]
    cloud_mask: NDArray[np.uint8] | None
    sensor: str


def make_modalities(plan: SamplePlan) -> list[Modality]:
    """Draw one sample: seven modalities, one of them the Sentinel-1 of its source."""
    lon, lat = plan.square.centre
    place = plan.place
    setting = setting_for(place.landscape, place.lon, place.lat, **place.changes)
    scene = make_scene(setting, size_px=SIZE_PX, seed=plan.scene_seed, pixel_m=PIXEL_M)
    optical = sentinel2(scene, Moment(plan.s2_time, lon, lat), seed=plan.sensor_seed, sky=plan.sky)
    radar = sentinel1(
        scene,
        Moment(plan.s1_time, lon, lat),
        seed=plan.sensor_seed + 1,
        terrain_corrected=plan.s1_modality == "S1RTC",
    )
    l1c = np.stack([_on_grid(optical.l1c[band], band) for band in L1C_BANDS])
    l2a = np.stack([_on_grid(optical.l2a[band], band) for band in L2A_BANDS])
    mask = optical.cloud_mask.copy()
    if plan.swath_edge:
        mask, l1c, l2a = _swath_edge(mask, l1c, l2a)
    if plan.offset:
        l1c, l2a = l1c + np.int16(_OFFSET), l2a + np.int16(_OFFSET)
    lulc = lulc_map(scene)
    lulc[(mask == THIN_CLOUD) | (mask == THICK_CLOUD)] = _LULC_CLOUD
    lulc[mask == SNOW] = _LULC_SNOW
    height = np.rint(scene.elevation_m).astype(np.int16)
    return [
        Modality("S2L2A", l2a, L2A_BANDS, mask, "S2"),
        Modality("S2L1C", l1c, L1C_BANDS, mask, "S2"),
        Modality("S2RGB", _stretched(l2a, mask), ("R", "G", "B"), mask, "S2"),
        Modality(plan.s1_modality, radar.astype(np.float16), ("vv", "vh"), None, "S1"),
        Modality("DEM", height[None], ("DEM",), None, ""),
        Modality("NDVI", ndvi_of(l2a)[None], ("NDVI",), None, "S2"),
        Modality("LULC", lulc[None], ("LULC",), None, "S2"),
    ]


def ndvi_of(l2a: NDArray[np.int16]) -> NDArray[np.float16]:
    """NDVI of the stored L2A values, offset and all, as TerraMesh has it; 0 where both bands are 0."""
    red = l2a[L2A_BANDS.index("B04")].astype(np.float64)
    near = l2a[L2A_BANDS.index("B08")].astype(np.float64)
    total = near + red
    return np.asarray(np.divide(near - red, total, out=np.zeros_like(total), where=total != 0), dtype=np.float16)


def _on_grid(native: NDArray[np.int16], band: str) -> NDArray[np.int16]:
    """Repeat the pixels of the 20 m and 60 m bands onto the 10 m grid, as TerraMesh does."""
    step = RESOLUTION_M[band] // int(PIXEL_M)
    return np.repeat(np.repeat(native, step, axis=0), step, axis=1)


def _stretched(l2a: NDArray[np.int16], mask: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """One linear stretch of B04, B03 and B02 between two quantiles of the image, as 8 bit."""
    rgb = l2a[[L2A_BANDS.index(band) for band in ("B04", "B03", "B02")]].astype(np.float32)
    clear = (mask != THIN_CLOUD) & (mask != THICK_CLOUD)
    # clouds would darken everything else; where they leave less than a third, they are what is to be seen
    low, high = np.quantile(rgb[:, clear] if clear.mean() > 1 / 3 else rgb, _STRETCH)
    return np.asarray(np.clip((rgb - low) / max(high - low, 1) * 255, 0, 255), dtype=np.uint8)


def _swath_edge(
    mask: NDArray[np.uint8], l1c: NDArray[np.int16], l2a: NDArray[np.int16]
) -> tuple[NDArray[np.uint8], NDArray[np.int16], NDArray[np.int16]]:
    """A corner (0.6 % of the sample) that the swath does not reach: filled from the nearest pixels, and flagged."""
    row, column = np.indices(mask.shape)
    missing = 2 * (SIZE_PX - 1 - column) + row < 41
    nearest = ndimage.distance_transform_edt(missing, return_distances=False, return_indices=True)
    flagged = mask.copy()
    flagged[missing] = NO_DATA
    return flagged, l1c[:, nearest[0], nearest[1]], l2a[:, nearest[0], nearest[1]]
