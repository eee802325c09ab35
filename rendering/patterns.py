"""Patterns that say more than a colour can: checkers for missing and unknown pixels, hatching for cloud classes.

A pattern is a boolean tile of `TILE` x `TILE` pixels that repeats over the picture from its upper left corner.
"""

from functools import lru_cache

import numpy as np

from rendering.picture import hex_bytes

TILE = 16  # pixels; divides evenly by every period below, so that tiles join without a seam
_PERIOD = 8  # pixels from stripe to stripe: a few stripes in the smallest cloud that matters at 264 pixels
_STROKE = 2  # pixels; one pixel is lost when a chip is drawn at half size

MISSING_COLOURS = ("#c9c9c9", "#a3a3a3")  # the checker that image editors use for "nothing here"
UNKNOWN_COLOURS = ("#d81b9a", "#3a3a3a")  # a colour that no palette here uses: it must be seen, not pass as a class


def _tiles() -> dict[str, np.ndarray]:
    y, x = np.mgrid[0:TILE, 0:TILE]
    rising = (x + y) % _PERIOD < _STROKE
    falling = (x - y) % _PERIOD < _STROKE
    dots = ((x % _PERIOD < _STROKE) & (y % _PERIOD < _STROKE)) | (
        ((x + _PERIOD // 2) % _PERIOD < _STROKE) & ((y + _PERIOD // 2) % _PERIOD < _STROKE)
    )
    return {
        "solid": np.ones((TILE, TILE), bool),
        "rising stripes": rising,
        "falling stripes": falling,
        "crossed stripes": rising | falling,
        "dots": dots,
        "checker": (x // _PERIOD + y // _PERIOD) % 2 == 0,
    }


PATTERNS: dict[str, np.ndarray] = _tiles()


def two_colour_tile(pattern: str, colours: tuple[str, str], alphas: tuple[int, int] = (255, 255)) -> np.ndarray:
    """Fill a pattern: the first colour where it is set, the second between.

    Returns:
        uint8 (TILE, TILE, 4).
    """
    inside, outside = ((*hex_bytes(colour), alpha) for colour, alpha in zip(colours, alphas, strict=True))
    return np.where(PATTERNS[pattern][..., None], np.array(inside, np.uint8), np.array(outside, np.uint8))


@lru_cache(maxsize=2)
def _checker(colours: tuple[str, str]) -> np.ndarray:
    tile = two_colour_tile("checker", colours)
    tile.setflags(write=False)  # shared by every picture of this process
    return tile


def missing_tile() -> np.ndarray:
    """The checker of pixels without a value, uint8 (TILE, TILE, 4), read-only."""
    return _checker(MISSING_COLOURS)


def unknown_tile() -> np.ndarray:
    """The checker of pixels whose class id is not known, uint8 (TILE, TILE, 4), read-only."""
    return _checker(UNKNOWN_COLOURS)


def spread(tile: np.ndarray, height: int, width: int) -> np.ndarray:
    """Repeat a tile over a picture of `height` x `width` pixels: uint8 (height, width, 4)."""
    rows = np.arange(height)[:, None] % TILE
    columns = np.arange(width)[None, :] % TILE
    return tile[rows, columns]
