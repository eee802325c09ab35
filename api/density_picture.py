"""Counts of a map tile as a small PNG: one hue per data set, brighter where more samples are, clear where none are.

The colour of a count is the same on every tile of a zoom and under every filter, since its logarithm is measured
against the fullest cell of that zoom without a filter; so tiles have no seams and a filter only takes away. Cells are
two pixels wide with a faint halo, because a lone pixel of a sparse tile can not be seen.

The two hues differ in lightness order as well as in hue (teal and orange), so that they stay apart for colour-blind
eyes; each theme runs from a tone near the basemap's to one far from it.
"""

import io
import math
from functools import lru_cache
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from data_access.dataset import DatasetName

Theme = Literal["light", "dark"]
Colour = tuple[int, int, int]

TILE_PIXELS = 256
CELL_PIXELS = 2  # a cell is 2x2 pixels: on a 1x screen the smallest dot that is seen
CELLS = TILE_PIXELS // CELL_PIXELS
HALO_STEPS = 96  # palette entries below the dots: a quarter of the range is kept for what surrounds them
FAINTEST_DOT = 0.35  # position on the ramp of a cell with one sample; below it is halo only
HALO_SIDE, HALO_CORNER = 0.6, 0.3  # of a dot's strength, beside it and diagonally: gone after one cell
FASTEST_COMPRESSION = 1  # of zlib: mostly empty palettes gain nothing from more

# From few to many. Teal runs to green-white on dark ground; orange runs to magenta, so that overlaps stay readable.
RAMPS: dict[tuple[DatasetName, Theme], tuple[Colour, ...]] = {
    ("terramesh", "light"): ((20, 150, 140), (0, 108, 114), (0, 56, 76)),
    ("terramesh", "dark"): ((18, 172, 156), (64, 214, 190), (214, 255, 240)),
    ("bigearthnet", "light"): ((238, 120, 30), (208, 50, 84), (116, 8, 104)),
    ("bigearthnet", "dark"): ((240, 112, 40), (255, 138, 110), (255, 214, 238)),
}
DOT_ALPHA = (215, 250)  # of the faintest and the fullest dot: the basemap's coast lines shine through a little
HALO_ALPHA = 170  # of the strongest halo


def tile_png(counts: NDArray[np.int64] | None, *, fullest: float, dataset: DatasetName, theme: Theme) -> bytes:
    """Draw a tile.

    Args:
        counts: samples per pixel, (256, 256), row 0 north; None for an empty tile.
        fullest: count of the fullest pixel of this zoom without a filter, at least 1.
        dataset: chooses the hue.
        theme: of the page around the map.

    Returns:
        A palette PNG of 256 x 256 pixels with transparency.
    """
    if counts is None or not counts.any():
        return _empty_tile()
    strengths = np.repeat(np.repeat(_strengths(counts, fullest), CELL_PIXELS, axis=0), CELL_PIXELS, axis=1)
    picture = Image.fromarray(strengths)
    picture.putpalette(_palette(dataset, theme))
    return _encoded(picture, transparency=_alphas())


def _strengths(counts: NDArray[np.int64], fullest: float) -> NDArray[np.uint8]:
    """Palette index per cell, (128, 128): 0 clear, then halo, then dots."""
    cells = counts.reshape(CELLS, CELL_PIXELS, CELLS, CELL_PIXELS).sum(axis=(1, 3), dtype=np.float32)
    top = math.log1p(max(fullest, 1.0) * CELL_PIXELS)  # neighbours of the fullest pixel hold about as many again
    level = np.log1p(cells) / np.float32(top)
    dots = np.where(cells > 0, FAINTEST_DOT + (1 - FAINTEST_DOT) * np.minimum(level, 1), 0).astype(np.float32)
    halo = _halo(dots)
    index = np.where(cells > 0, HALO_STEPS + (255 - HALO_STEPS) * dots, (HALO_STEPS - 1) * halo)
    return np.rint(index).astype(np.uint8)


def _halo(dots: NDArray[np.float32]) -> NDArray[np.float32]:
    """How much of the eight neighbours shines into each cell, 0 to 1."""
    padded = np.pad(dots, 1)
    sides = np.maximum.reduce([padded[:-2, 1:-1], padded[2:, 1:-1], padded[1:-1, :-2], padded[1:-1, 2:]])
    corners = np.maximum.reduce([padded[:-2, :-2], padded[:-2, 2:], padded[2:, :-2], padded[2:, 2:]])
    halo: NDArray[np.float32] = np.maximum(HALO_SIDE * sides, HALO_CORNER * corners)
    return halo


@lru_cache(maxsize=len(RAMPS))
def _palette(dataset: DatasetName, theme: Theme) -> bytes:
    """256 RGB entries: the halo in the ramp's first colour, then the ramp."""
    ramp = np.array(RAMPS[dataset, theme], dtype=np.float64)
    position = np.clip((np.arange(256) - HALO_STEPS) / (255 - HALO_STEPS), 0, 1)
    position = np.clip((position - FAINTEST_DOT) / (1 - FAINTEST_DOT), 0, 1) * (len(ramp) - 1)
    channels = [np.interp(position, np.arange(len(ramp)), ramp[:, channel]) for channel in range(3)]
    entries: NDArray[np.float64] = np.rint(np.stack(channels, axis=1))
    return entries.astype(np.uint8).tobytes()


@lru_cache(maxsize=1)
def _alphas() -> bytes:
    """Opacity of each palette entry: none, then halo rising, then dots rising."""
    halo = np.linspace(0, HALO_ALPHA, HALO_STEPS)
    dots = np.linspace(*DOT_ALPHA, 256 - HALO_STEPS)
    opacities: NDArray[np.float64] = np.rint(np.concatenate([halo, dots]))
    return opacities.astype(np.uint8).tobytes()


@lru_cache(maxsize=1)
def _empty_tile() -> bytes:
    """A clear tile; a 204 would be an error to a browser that decodes pictures."""
    picture = Image.new("P", (TILE_PIXELS, TILE_PIXELS))
    picture.putpalette(b"\0\0\0")
    return _encoded(picture, transparency=b"\0")


def _encoded(picture: Image.Image, *, transparency: bytes) -> bytes:
    """A palette picture as PNG."""
    buffer = io.BytesIO()
    picture.save(buffer, "PNG", transparency=transparency, compress_level=FASTEST_COMPRESSION)
    return buffer.getvalue()
