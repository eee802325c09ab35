"""Pictures of class ids: every id has its colour, every id that no table knows has a checker and is named.

All class pictures go through one lookup: pixel -> class number -> repeating tile. A plain colour is a tile of one
colour, so hatching and checkers cost nothing extra.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Literal

import numpy as np

from rendering.patterns import MISSING_COLOURS, TILE, UNKNOWN_COLOURS, missing_tile, two_colour_tile, unknown_tile
from rendering.picture import ClassEntry
from rendering.preset import Drawing, Preset, Scene

NO_DATA_ID = -1  # of the entry for stored values that mean "nothing here"
MAX_VALUE = 1023  # largest stored value a table may hold; CORINE codes end at 999
_NAMED_UNKNOWN = 8  # ids listed in the note; more would hide the rest of it
_LARGEST_ID = 2**31 - 1  # in a legend; readers in JavaScript keep such integers exact
FILL_ALPHA = 56  # of 255: an overlay tints the picture under it
STROKE_ALPHA = 235  # its strokes are seen on white cloud and on black water


@dataclass(frozen=True)
class ClassStyle:
    """How one class is drawn.

    Attributes:
        id: of the class in its nomenclature.
        name: as the legend prints it.
        colour: "#rrggbb"; "transparent" where nothing is drawn; ignored for the pattern "checker".
        values: the stored values of this class.
        pattern: a key of PATTERNS; "checker" is kept for no data.
    """

    id: int
    name: str
    colour: str
    values: tuple[int, ...]
    pattern: str = "solid"

    def tile(self, *, overlay: bool) -> np.ndarray:
        """The repeating tile, uint8 (TILE, TILE, 4)."""
        if self.pattern == "checker":
            return missing_tile()
        if self.colour == "transparent":
            return np.zeros((TILE, TILE, 4), np.uint8)
        alphas = (STROKE_ALPHA, FILL_ALPHA) if overlay else (255, 255)
        return two_colour_tile(self.pattern, (self.colour, self.colour), alphas)

    def entry(self, share: float = 0.0) -> ClassEntry:
        """This class in a legend."""
        colour = MISSING_COLOURS[0] if self.pattern == "checker" else self.colour
        return ClassEntry(self.id, self.name, colour, share, self.values, self.pattern)


@dataclass(frozen=True)
class ClassTable:
    """All classes of a nomenclature, with colours of one style.

    Attributes:
        styles: the classes, in the order of the legend.
        overlay: drawn half transparent over another picture.
        list_absent: whether a legend lists classes that the picture lacks (a long nomenclature would drown it).
    """

    styles: tuple[ClassStyle, ...]
    overlay: bool = False
    list_absent: bool = True

    @cached_property
    def numbers(self) -> np.ndarray:
        """Stored value -> position in `styles`; len(styles) for values that no class has. int64 (MAX_VALUE + 2,)."""
        table = np.full(MAX_VALUE + 2, len(self.styles))  # the last entry is for everything out of range
        for position, style in enumerate(self.styles):
            table[list(style.values)] = position
        return table

    @cached_property
    def tiles(self) -> np.ndarray:
        """Tiles of all classes, then of unknown ids: packed RGBA, uint32 (len(styles) + 1, TILE, TILE)."""
        tiles = [style.tile(overlay=self.overlay) for style in self.styles] + [unknown_tile()]
        return np.ascontiguousarray(tiles).view(np.uint32)[..., 0]

    def entries(self) -> tuple[ClassEntry, ...]:
        """Every class with share 0, for menus."""
        return tuple(style.entry() for style in self.styles)


def class_numbers(plane: np.ndarray, table: ClassTable) -> np.ndarray:
    """Position in the table of each pixel's class; len(table.styles) where the value is no class. int64 (y, x).

    Values that are not whole numbers are no class.
    """
    if plane.dtype.kind == "f":
        whole = np.isfinite(plane) & (plane >= 0) & (plane <= MAX_VALUE)
        whole &= np.where(whole, plane, 0) % 1 == 0
        index = np.where(whole, plane, MAX_VALUE + 1).astype(np.int64)
    else:
        inside = (plane >= 0) & (plane <= MAX_VALUE)
        index = np.where(inside, plane, MAX_VALUE + 1).astype(np.int64)
    return table.numbers[index]


def draw_classes(scene: Scene, table: ClassTable, recipe: str) -> Drawing:
    """Draw a plane of class ids; the legend gives each class its share of all pixels."""
    plane = scene.stack.plane(scene.names[0])
    numbers = class_numbers(plane, table)
    height, width = plane.shape
    rows, columns = np.arange(height)[:, None] % TILE, np.arange(width)[None, :] % TILE
    rgba = table.tiles[numbers, rows, columns].view(np.uint8).reshape(height, width, 4)
    counted = numbers if scene.missing is None else numbers[~scene.missing]
    shares = np.bincount(counted.reshape(-1), minlength=len(table.styles) + 1) / numbers.size
    unknown_pixels = numbers == len(table.styles)
    if scene.missing is not None:
        unknown_pixels &= ~scene.missing
    unknown = _unknown_entries(plane[unknown_pixels], numbers.size)
    known = (
        style.entry(float(share))
        for style, share in zip(table.styles, shares, strict=False)  # the last share is that of unknown ids
        if share or table.list_absent
    )
    return Drawing(
        rgba=rgba, recipe=recipe, missing=scene.missing, classes=(*known, *unknown), notes=_unknown_note(unknown)
    )


def _unknown_entries(values: np.ndarray, pixels: int) -> tuple[ClassEntry, ...]:
    """One legend entry per unknown id, the most frequent first."""
    if values.size == 0:
        return ()
    found, counts = np.unique(values, return_counts=True)
    order = np.argsort(-counts, kind="stable")[:_NAMED_UNKNOWN]
    entries = []
    for position in order:
        value, share = found[position], float(counts[position] / pixels)
        identity = int(min(max(float(value), -_LARGEST_ID), _LARGEST_ID))
        stored = (identity,) if identity == value else ()
        entries.append(ClassEntry(identity, f"unknown id {value}", UNKNOWN_COLOURS[0], share, stored, "checker"))
    return tuple(entries)


def _unknown_note(unknown: Iterable[ClassEntry]) -> tuple[str, ...]:
    names = [entry.name.removeprefix("unknown id ") for entry in unknown]
    if not names:
        return ()
    more = " and more" if len(names) == _NAMED_UNKNOWN else ""
    return (f"ids that no class has: {', '.join(names)}{more} (drawn as a checker)",)


def class_preset(
    name: str,
    title: str,
    band: str,
    table: ClassTable,
    *,
    recipe: str,
    advice: str,
    kind: Literal["classes", "overlay"] = "classes",
) -> Preset:
    """A preset that draws one band of class ids with a table."""
    return Preset(
        name=name,
        title=title,
        recipe=recipe,
        kind=kind,
        unit="class",
        bands=(band,),
        draw=partial(draw_classes, table=table, recipe=recipe),
        advice=advice,
        classes=table.entries(),
    )
