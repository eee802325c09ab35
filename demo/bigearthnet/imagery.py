"""Photographs a site: its patches as rico-hdl stores them, safetensors bytes under the patch's name.

Sentinel-2 tensors keep the native size of their band (uint16, no offset), Sentinel-1 is float32 dB, the reference map
is one uint16 tensor named `Data`. The scene is drawn once per site, so every date and every neighbour shows the same
ground.
"""

import zlib
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import save

from data_access.bigearthnet.classes import CLASSES, class_numbers
from data_access.bigearthnet.modalities import MAP_SUFFIX, MAP_TENSOR
from data_access.bigearthnet.patch_grid import PATCH_SIZE_M
from demo.bigearthnet.places import Patch, patches_of
from demo.bigearthnet.reference_map import reference_map
from demo.bigearthnet.sites import Acquisition, Site
from demo.scene import RESOLUTION_M, Moment, Scene, Sentinel2, make_scene, sentinel1, sentinel2

PATCH_PX = 120
PIXEL_M = PATCH_SIZE_M // PATCH_PX

_SNOW, _CLOUDY = 2, (3, 4, 5)  # classes of the simulated cloud mask: snow; thin cloud, thick cloud, cloud shadow
_FLAGGED_SHARE = 0.02  # of a patch: less goes unseen by whoever looks a patch over


@dataclass(frozen=True)
class PatchRow:
    """One row of the imagery's metadata table; fields are its columns."""

    patch_id: str
    labels: list[str]
    split: str
    country: str
    s1_name: str
    s2v1_name: str
    contains_seasonal_snow: bool
    contains_cloud_or_shadow: bool


@dataclass(frozen=True)
class SiteImagery:
    """Everything the LMDB holds of one site, and its rows of the metadata table."""

    values: dict[str, bytes]
    rows: list[PatchRow]


def photograph(site: Site, seed: int) -> SiteImagery:
    """Draw the ground of a site and all its patches at all its dates.

    Args:
        site: the block.
        seed: seed of the collection; equal seeds give equal bytes.
    """
    ground = _seed_of(seed, site.tile, str(site.column), str(site.row))
    scene = make_scene(site.setting, size_px=site.edge * PATCH_PX, seed=ground, pixel_m=PIXEL_M)
    codes = reference_map(scene.surface, PIXEL_M)
    values: dict[str, bytes] = {}
    rows: list[PatchRow] = []
    for acquisition in site.acquisitions:
        optical, radar = _observe(scene, acquisition, _seed_of(seed, acquisition.s2, site.tile))
        for patch in patches_of(site, acquisition):
            cut = _window(patch)
            values[patch.patch_id] = save(_optical_tensors(optical, patch))
            values[patch.s1_name] = save({"VV": _block(radar[0][cut]), "VH": _block(radar[1][cut])})
            values[patch.patch_id + MAP_SUFFIX] = save({MAP_TENSOR: _block(codes[cut])})
            rows.append(_row(patch, codes[cut], optical.cloud_mask[cut]))
    return SiteImagery(values, rows)


def _seed_of(seed: int, *names: str) -> int:
    return int(np.random.SeedSequence([seed, zlib.crc32("/".join(names).encode())]).generate_state(1)[0])


def _observe(scene: Scene, acquisition: Acquisition, seed: int) -> tuple[Sentinel2, NDArray[np.float32]]:
    lon, lat = scene.setting.lon, scene.setting.lat
    optical = sentinel2(scene, Moment(acquisition.time, lon, lat), seed=seed, sky=acquisition.sky)
    radar = sentinel1(scene, Moment(acquisition.s1_time, lon, lat), seed=seed + 1, terrain_corrected=False)
    return optical, radar


def _window(patch: Patch, pixel_m: int = PIXEL_M) -> tuple[slice, slice]:
    """Rows and columns of a patch within its site at a pixel size."""
    edge = PATCH_SIZE_M // pixel_m
    top, left = patch.row * edge, patch.column * edge
    return slice(top, top + edge), slice(left, left + edge)


def _block(values: NDArray[np.generic]) -> NDArray[np.generic]:
    """A contiguous copy; safetensors writes memory as it lies."""
    return np.ascontiguousarray(values)


def _optical_tensors(optical: Sentinel2, patch: Patch) -> dict[str, NDArray[np.generic]]:
    return {
        band: _block(values[_window(patch, RESOLUTION_M[band])].astype(np.uint16))
        for band, values in sorted(optical.l2a.items())
    }


def _row(patch: Patch, codes: NDArray[np.uint16], cloud_mask: NDArray[np.uint8]) -> PatchRow:
    present = np.unique(class_numbers(codes))
    return PatchRow(
        patch_id=patch.patch_id,
        labels=sorted(CLASSES[number - 1] for number in present if number),
        split=patch.split,
        country=patch.site.country,
        s1_name=patch.s1_name,
        s2v1_name=patch.s2v1_name,
        contains_seasonal_snow=bool((cloud_mask == _SNOW).mean() > _FLAGGED_SHARE),
        contains_cloud_or_shadow=bool(np.isin(cloud_mask, _CLOUDY).mean() > _FLAGGED_SHARE),
    )
