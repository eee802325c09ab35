"""Colour maps of matplotlib as tables of bytes, and the stops that a legend draws."""

from functools import lru_cache

import matplotlib as mpl
import numpy as np

from rendering.options import Range
from rendering.picture import ColourStop, hex_colour
from rendering.stretch import to_colour_index

COLOURS = 256  # entries of a table, as matplotlib's own
RAMP_STOPS = 9  # enough that straight lines between them look like the map itself; odd, so that the middle is one


@lru_cache(maxsize=32)
def colour_table(name: str) -> np.ndarray:
    """A matplotlib colour map as uint8 (256, 4), read-only."""
    table = mpl.colormaps[name].resampled(COLOURS)(np.arange(COLOURS), bytes=True)
    table = np.ascontiguousarray(table, np.uint8)
    table.setflags(write=False)  # shared by every picture of this process
    return table


def coloured(plane: np.ndarray, value_range: Range, name: str) -> np.ndarray:
    """Draw a plane in a colour map: uint8 (y, x, 4), opaque. NaN gets the lowest colour."""
    index = to_colour_index(plane, *value_range, COLOURS)
    packed = colour_table(name).view(np.uint32)[:, 0]  # one 32-bit lookup instead of four bytes
    return packed.take(index).view(np.uint8).reshape(*plane.shape, 4)


def ramp_stops(value_range: Range, name: str) -> tuple[ColourStop, ...]:
    """Evenly spaced values of a range, each with the colour that `coloured` gives it."""
    low, high = value_range
    values = np.linspace(low, high, RAMP_STOPS)
    colours = coloured(values[None], value_range, name)[0]
    return tuple(
        ColourStop(float(value), hex_colour(*(int(part) for part in colour[:3])))
        for value, colour in zip(values, colours, strict=True)
    )
