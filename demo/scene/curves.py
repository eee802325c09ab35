"""Lines on the ground: meandering courses, smoothed paths, and their pixels."""

import math

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from demo.scene.noise import Field

Line = NDArray[np.float64]  # (points, 2): east, north in metres from the middle of the scene


def meander(
    rng: np.random.Generator,
    *,
    axis: float,
    through: tuple[float, float],
    width_m: float,
    reach_m: float,
    swing: float = 1.15,
) -> Line:
    """The course of a river in its plain: a sine-generated curve whose phase and swing wander.

    Args:
        rng: source of randomness.
        axis: mean direction of flow, radians from east.
        through: a point (east, north) that the river passes.
        width_m: width of the river; bends are about twelve widths long.
        reach_m: how far the course runs to either side of the point.
        swing: how far the course turns away from its mean direction, radians.
    """
    step = max(width_m / 4, 5.0)
    count = int(reach_m * 3.2 / step)
    wander = np.cumsum(rng.standard_normal(count)) * 0.045
    turned = swing + 0.35 * np.sin(np.arange(count) * step / (width_m * 41) + rng.uniform(0, 6))
    phase = 2 * math.pi * np.arange(count) * step / (width_m * 12.5) + wander
    heading = axis + turned * np.sin(phase) + 0.35 * np.sin(np.arange(count) * step / 1900 + rng.uniform(0, 6))
    line = np.stack([np.cumsum(np.cos(heading)), np.cumsum(np.sin(heading))], axis=1) * step
    return np.asarray(line - line[count // 2] + np.array(through))


def smoothed(line: Line, window: int) -> Line:
    """A line with its corners rounded: a moving average over `window` points, ends kept."""
    if len(line) <= window:
        return line
    rounded: Line = ndimage.uniform_filter1d(line, window, axis=0, mode="nearest")
    return rounded


def dense(line: Line, spacing_m: float) -> Line:
    """The line with points not further apart than `spacing_m`."""
    if len(line) < 2:
        return line
    legs = np.hypot(*np.diff(line, axis=0).T)
    walked = np.concatenate([[0.0], np.cumsum(legs)])
    at = np.arange(0.0, walked[-1], spacing_m)
    return np.stack([np.interp(at, walked, line[:, 0]), np.interp(at, walked, line[:, 1])], axis=1)


def pixels(line: Line, size: int, pixel_m: float) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.bool_]]:
    """Row and column of every point, and which points lie inside the scene."""
    column = np.floor(line[:, 0] / pixel_m + size / 2).astype(np.int64)
    row = np.floor(size / 2 - line[:, 1] / pixel_m).astype(np.int64)
    inside = (row >= 0) & (row < size) & (column >= 0) & (column < size)
    return row, column, inside


def drawn(lines: list[Line], size: int, pixel_m: float) -> NDArray[np.bool_]:
    """The pixels that the lines cross, (size, size)."""
    raster = np.zeros((size, size), dtype=bool)
    for line in lines:
        row, column, inside = pixels(dense(line, pixel_m / 2), size, pixel_m)
        raster[row[inside], column[inside]] = True
    return raster


def distance_m(raster: NDArray[np.bool_], pixel_m: float) -> Field:
    """Distance in metres to the nearest marked pixel; very far where nothing is marked."""
    if not raster.any():
        return np.full(raster.shape, 1e6, dtype=np.float32)
    distance: Field = (ndimage.distance_transform_edt(~raster) * pixel_m).astype(np.float32)
    return distance
