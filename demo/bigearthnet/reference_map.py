"""Draws the CORINE reference map of a scene: what an interpreter would outline over the finer ground.

CORINE Land Cover maps areas of at least 25 ha and lines of at least 100 m; what is smaller belongs to its surroundings,
and fine mosaics get classes of their own. So the map is coarser than the pictures, yet agrees with them.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from demo.scene import Surface, corine_of

Codes = NDArray[np.uint16]

_SMALLEST_AREA_HA = 25  # minimum mapping unit of CORINE Land Cover
_SMALLEST_AT_EDGE_HA = 4  # an area cut by the border of the scene goes on outside it
_BLUR_M = 45.0  # standard deviation of the neighbourhood an interpreter generalises over
_ROUNDING_M = 25.0  # smooths the outlines as a hand does
_MOSAIC_M = 110.0  # neighbourhood in which a mixture is seen as one
_SQUARE_METRES_PER_HA = 10_000

_WATER = 5  # first digit of its codes
_WATER_SHARE = 0.55  # of the neighbourhood: reached by rivers of 100 m and more
_BROADLEAVED, _CONIFEROUS, _MIXED_FOREST = 311, 312, 313
_MIXED_FOREST_SHARE = 0.3  # of the forest, for each of the two kinds: below it the forest is pure
_FARMED = (211, 212, 213, 221, 222, 223, 231, 242)
_NATURAL = (311, 312, 313, 321, 322, 323, 324)
_MAY_BE_PATCHWORK = (*_FARMED, 321, 324)  # forest stays forest, as tree cover comes first in the nomenclature
_FARMLAND_WITH_NATURE = 243
_NATURE_SHARE = (0.3, 0.6)  # of natural vegetation in land "with significant areas of natural vegetation"
_OPEN_SHARE = 0.8  # of farmland and nature together: towns and water are no part of that class
_UNRESOLVED = (0.25, 0.75)  # share of nature already outlined nearby: outside it, one part stands out by itself


def reference_map(surface: NDArray[np.uint8], pixel_m: float) -> Codes:
    """The CORINE map of a scene.

    Args:
        surface: its fine surface types, (y, x).
        pixel_m: edge length of a pixel in metres.

    Returns:
        uint16 (y, x), CORINE codes of level 3. Every area inside is at least 25 ha.
    """
    fine = corine_of(surface)
    fine[surface == Surface.ROAD] = 0  # narrower than a mapped line; the surroundings cover it
    coarse = _generalised(fine, _BLUR_M / pixel_m)
    coarse = _with_mosaics(coarse, fine, _MOSAIC_M / pixel_m)
    for _ in range(2):  # smoothing may cut off new slivers, so it is followed by another merge
        coarse = _smoothed(_without_small_areas(coarse, pixel_m), _ROUNDING_M / pixel_m)
    return _without_small_areas(coarse, pixel_m)


def _generalised(fine: Codes, sigma: float) -> Codes:
    """The code that covers most of the neighbourhood, decided as the nomenclature is built: first digit first.

    A plain majority would give a mosaic of five kinds of farmland to the one river that crosses it, and the land
    between two bends to the river.
    """
    codes = np.asarray([code for code in np.unique(fine) if code], np.uint16)
    shares = _shares(fine, codes.tolist(), sigma)
    families = codes // 100
    present = np.unique(families)
    totals = np.stack([shares[families == family].sum(axis=0) for family in present])
    if present[-1] == _WATER and len(present) > 1:
        totals[-1][totals[-1] < _WATER_SHARE] = 0
    winner = present[totals.argmax(axis=0)]
    shares[families[:, None, None] != winner] = -1
    coarse: Codes = codes[shares.argmax(axis=0)]
    return coarse


def _shares(codes: Codes, wanted: Sequence[int], sigma: float) -> NDArray[np.float32]:
    """Share of each wanted code in the neighbourhood of every pixel: (code, y, x)."""
    return np.stack(
        [ndimage.gaussian_filter((codes == code).astype(np.float32), sigma, mode="nearest") for code in wanted]
    )


def _smoothed(codes: Codes, sigma: float) -> Codes:
    present = np.unique(codes)
    smooth: Codes = present[_shares(codes, present.tolist(), sigma).argmax(axis=0)]
    return smooth


def _with_mosaics(coarse: Codes, fine: Codes, sigma: float) -> Codes:
    """Name mixtures as CORINE does: mixed forest, and farmland with natural vegetation."""
    broad, needle, farmed, natural = (
        ndimage.gaussian_filter(np.isin(fine, kinds).astype(np.float32), sigma, mode="nearest")
        for kinds in ((_BROADLEAVED,), (_CONIFEROUS,), _FARMED, _NATURAL)
    )
    mixed = coarse.copy()
    in_forest = np.isin(coarse, (_BROADLEAVED, _CONIFEROUS))
    forest = np.maximum(broad + needle, 1e-6)
    minority = np.minimum(broad, needle) / forest
    mixed[in_forest & (minority > _MIXED_FOREST_SHARE)] = _MIXED_FOREST
    both = np.maximum(farmed + natural, 1e-6)
    outlined = ndimage.uniform_filter(np.isin(coarse, _NATURAL).astype(np.float32), int(2 * sigma), mode="nearest")
    patchwork = _between(natural / both, _NATURE_SHARE) & _between(outlined, _UNRESOLVED) & (both > _OPEN_SHARE)
    mixed[patchwork & np.isin(coarse, _MAY_BE_PATCHWORK)] = _FARMLAND_WITH_NATURE
    return mixed


def _between(share: NDArray[np.float32], bounds: tuple[float, float]) -> NDArray[np.bool_]:
    return (share > bounds[0]) & (share < bounds[1])


def _without_small_areas(codes: Codes, pixel_m: float) -> Codes:
    """Give areas below the mapping unit to the nearest area that is large enough."""
    pixels_per_ha = _SQUARE_METRES_PER_HA / pixel_m**2
    keep = np.zeros(codes.shape, bool)
    for code in np.unique(codes):
        labels, count = ndimage.label(codes == code)
        sizes = np.bincount(labels.ravel(), minlength=count + 1)
        rim = np.concatenate([labels[0], labels[-1], labels[:, 0], labels[:, -1]])
        smallest = np.full(count + 1, _SMALLEST_AREA_HA * pixels_per_ha)
        smallest[rim] = _SMALLEST_AT_EDGE_HA * pixels_per_ha
        large = sizes >= smallest
        large[0] = False
        keep |= large[labels]
    if not keep.any():
        values, counts = np.unique(codes, return_counts=True)
        return np.full_like(codes, values[counts.argmax()])
    rows, columns = ndimage.distance_transform_edt(~keep, return_distances=False, return_indices=True)
    filled: Codes = codes[rows, columns]
    return filled
