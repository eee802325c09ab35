"""The array to draw, with named bands: finds planes, tells missing pixels, and refuses what is no image."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from errors import PresetError

IMAGE_DIMENSIONS = 3  # band, y, x
DRAWABLE_KINDS = "buif"  # numpy kinds: bool, unsigned, signed, float


@dataclass(frozen=True)
class BandStack:
    """A [band, y, x] array whose bands have names.

    Attributes:
        values: (band, y, x), any real numeric dtype and byte order, at least one pixel.
        names: one per band.
        nodata: the value that means "nothing here", or None.
    """

    values: np.ndarray
    names: tuple[str, ...]
    nodata: float | None = None

    @property
    def size(self) -> tuple[int, int]:
        """Height and width in pixels."""
        return self.values.shape[1], self.values.shape[2]

    def has(self, name: str) -> bool:
        """Whether the band exists; the case of letters does not matter (the sources disagree on vv and VV)."""
        return name.casefold() in (own.casefold() for own in self.names)

    def plane(self, name: str) -> np.ndarray:
        """One band, (y, x), native byte order; float16 widens to float32, bool to uint8.

        Raises:
            PresetError: there is no such band.
        """
        for own, plane in zip(self.names, self.values, strict=True):
            if own.casefold() == name.casefold():
                return _plain(plane)
        raise PresetError(f"There is no band {name!r}: choose one of {', '.join(self.names)}.")

    def planes(self, names: Sequence[str]) -> np.ndarray:
        """Several bands, (len(names), y, x), dtype as in `plane`."""
        return np.stack([self.plane(name) for name in names])

    def missing(self, names: Sequence[str]) -> np.ndarray | None:
        """Pixels that at least one of the bands has no value for: NaN, infinite, or `nodata`.

        Returns:
            bool (y, x), or None where nothing is missing.
        """
        found: np.ndarray | None = None
        for name in names:
            plane = self.plane(name)
            absent = ~np.isfinite(plane) if plane.dtype.kind == "f" else None
            if self.nodata is not None and np.isfinite(self.nodata):
                equal = plane == self.nodata
                absent = equal if absent is None else absent | equal
            if absent is not None:
                found = absent if found is None else found | absent
        return found if found is not None and found.any() else None


def _plain(plane: np.ndarray) -> np.ndarray:
    """Native byte order, and a dtype whose arithmetic is fast and exact enough."""
    if plane.dtype.kind == "b":
        return plane.astype(np.uint8)
    if plane.dtype == np.float16:
        return plane.astype(np.float32)
    if plane.dtype.kind == "f" and plane.dtype.itemsize > np.dtype(np.float64).itemsize:
        with np.errstate(over="ignore"):  # beyond float64 is infinite, which is drawn as missing
            return plane.astype(np.float64)
    return plane.astype(plane.dtype.newbyteorder("="), copy=False)


def as_image(values: np.ndarray) -> tuple[np.ndarray | None, str | None]:
    """Bring an array to [band, y, x], or say why it can not be drawn.

    A plane (y, x) gets a band axis, and leading axes of length one (time) are dropped.

    Returns:
        the array and None, or None and a sentence for the legend.
    """
    image = np.asarray(values)
    if image.dtype.kind not in DRAWABLE_KINDS:
        return None, f"values of type {image.dtype} can not be drawn"
    while image.ndim > IMAGE_DIMENSIONS and image.shape[0] == 1:
        image = image[0]
    if image.ndim == IMAGE_DIMENSIONS - 1:
        image = image[None]
    if image.ndim != IMAGE_DIMENSIONS:
        return None, f"an array of shape {np.shape(values)} is no image: [band, y, x] is needed"
    if image.size == 0:
        return None, f"an array of shape {np.shape(values)} has no pixels"
    return image, None
