"""Several pictures on one sheet, each with a caption, under a heading and over a line of terms: to print or to send."""

from bisect import bisect
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import matplotlib as mpl
import numpy as np
from PIL import Image, ImageDraw, ImageFont

from rendering.encoding import resize
from rendering.picture import Kind

COLUMNS = 4  # the eight modalities of a TerraMesh sample fill two rows
EDGE = 320  # pixels of a picture's longer edge on the sheet
_MARGIN, _GAP = 36, 24
_HEADING, _TITLE, _TEXT, _TERMS = 30, 18, 15, 13  # pixels of the letters
_LEADING = 1.35  # of a line of text, in its letters' size
_CAPTION = 76  # pixels below a picture: a title and two lines
_INK, _QUIET, _PAPER, _FRAME = "#1b2430", "#5a636e", "#ffffff", "#dcdcd5"
_FONTS = Path(mpl.get_data_path()) / "fonts" / "ttf"  # DejaVu, which matplotlib ships: the same everywhere


@dataclass(frozen=True)
class Tile:
    """One picture of a sheet."""

    title: str
    lines: tuple[str, ...]  # below the title, two at most
    rgba: np.ndarray | None  # uint8 (y, x, 4); None where there is none, and a line says why
    kind: Kind = "composite"


def sheet(tiles: Sequence[Tile], *, heading: str, about: str, terms: str) -> np.ndarray:
    """Lay pictures out.

    Args:
        tiles: in reading order.
        heading: one line in large letters.
        about: a line below it.
        terms: what must stay with every copy; as many lines as it takes.

    Returns:
        uint8 (y, x, 4), opaque.
    """
    columns = min(max(len(tiles), 2), COLUMNS)  # at least two, or the heading finds no room
    rows = -(-len(tiles) // columns)
    width = 2 * _MARGIN + columns * EDGE + (columns - 1) * _GAP
    inner = width - 2 * _MARGIN
    top = _MARGIN + _line(_HEADING) + _line(_TEXT) + _GAP
    below = top + rows * (EDGE + _CAPTION + _GAP)
    closing = list(_wrapped(terms, _font(_TERMS), inner))
    image = Image.new("RGB", (width, below + len(closing) * _line(_TERMS) + _MARGIN), _PAPER)
    draw = ImageDraw.Draw(image)
    large = _heading_font(heading, inner)
    _write(draw, (_MARGIN, _MARGIN), _fitted(heading, large, inner), large, _INK)
    _write(draw, (_MARGIN, _MARGIN + _line(_HEADING)), _fitted(about, _font(_TEXT), inner), _font(_TEXT), _QUIET)
    for number, tile in enumerate(tiles):
        row, column = divmod(number, columns)
        corner = (_MARGIN + column * (EDGE + _GAP), top + row * (EDGE + _CAPTION + _GAP))
        _place(image, draw, tile, corner)
    for number, line in enumerate(closing):
        _write(draw, (_MARGIN, below + number * _line(_TERMS)), line, _font(_TERMS), _QUIET)
    return np.asarray(image.convert("RGBA"))


def _place(image: Image.Image, draw: ImageDraw.ImageDraw, tile: Tile, corner: tuple[int, int]) -> None:
    """A picture and its caption; what is transparent in it shows the paper."""
    x, y = corner
    if tile.rgba is not None:
        picture = Image.fromarray(np.ascontiguousarray(resize(tile.rgba, EDGE, tile.kind)))
        image.paste(picture, corner, picture)
    draw.rectangle((x, y, x + EDGE - 1, y + EDGE - 1), outline=_FRAME)
    title, text = _font(_TITLE, bold=True), _font(_TEXT)
    _write(draw, (x, y + EDGE + 6), _fitted(tile.title, title, EDGE), title, _INK)
    for number, line in enumerate(tile.lines):
        below = y + EDGE + 6 + _line(_TITLE) + number * _line(_TEXT)
        _write(draw, (x, below), _fitted(line, text, EDGE), text, _QUIET)


def _write(
    draw: ImageDraw.ImageDraw, corner: tuple[int, int], text: str, font: ImageFont.FreeTypeFont, colour: str
) -> None:
    draw.text(corner, text, font=font, fill=colour)


def _line(size: int) -> int:
    return round(size * _LEADING)


@lru_cache(maxsize=32)
def _font(size: int, *, bold: bool = False) -> ImageFont.FreeTypeFont:
    file = _FONTS / ("DejaVuSans-Bold.ttf" if bold else "DejaVuSans.ttf")
    # The basic engine: the other one is not everywhere, and refuses some control characters.
    return ImageFont.truetype(str(file), size, layout_engine=ImageFont.Layout.BASIC)


def _heading_font(heading: str, width: int) -> ImageFont.FreeTypeFont:
    """The largest letters in which a heading fits: an id that is cut names another sample."""
    fonts = (_font(size, bold=True) for size in range(_HEADING, _TERMS, -1))
    return next((font for font in fonts if font.getlength(heading) <= width), _font(_TERMS))


def _fitted(text: str, font: ImageFont.FreeTypeFont, width: int) -> str:
    """A text on one line, cut where it is too long."""
    line = " ".join(text.split())
    if font.getlength(line) <= width:
        return line
    fits = bisect(range(len(line)), float(width), key=lambda end: font.getlength(f"{line[:end]}\u2026"))
    return f"{line[: max(fits - 1, 0)]}\u2026"


def _wrapped(text: str, font: ImageFont.FreeTypeFont, width: int) -> Iterator[str]:
    """A text over as many lines as it takes."""
    line = ""
    for word in text.split():
        longer = f"{line} {word}".lstrip()
        if line and font.getlength(longer) > width:
            yield _fitted(line, font, width)
            longer = word
        line = longer
    if line:
        yield _fitted(line, font, width)
