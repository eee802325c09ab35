"""What rendering gives back: a picture and the legend that explains every colour in it."""

from dataclasses import asdict, dataclass
from typing import Literal

import numpy as np

Kind = Literal["composite", "grey", "ramp", "classes", "overlay", "as-is", "placeholder"]


@dataclass(frozen=True)
class Channel:
    """One colour channel of a composite: what is shown in it, and the values that are black and full."""

    colour: Literal["red", "green", "blue", "grey"]
    source: str  # a band name, or a formula of band names
    low: float
    high: float


@dataclass(frozen=True)
class ColourStop:
    """One point of a colour ramp: a value in the legend's unit and the colour it is drawn in."""

    value: float
    colour: str  # "#rrggbb"


@dataclass(frozen=True)
class ClassEntry:
    """One class of a class picture."""

    id: int
    name: str
    colour: str  # "#rrggbb"; "transparent" where the class is not drawn
    share: float  # part of all pixels, 0...1
    values: tuple[int, ...]  # the stored values that are drawn as this class
    pattern: str = "solid"  # a key of `patterns.PATTERNS`


@dataclass(frozen=True)
class Legend:
    """How a picture was made, with the numbers of this very picture.

    `range` is the range in `unit` that was really used; None where channels differ (see `channels`) or for classes.
    """

    title: str
    modality: str
    preset: str
    kind: Kind
    recipe: str
    unit: str
    range: tuple[float, float] | None = None
    gamma: float | None = None
    colour_map: str | None = None
    channels: tuple[Channel, ...] = ()
    ramp: tuple[ColourStop, ...] = ()
    classes: tuple[ClassEntry, ...] = ()
    missing: float = 0.0  # part of all pixels without a value, 0...1
    notes: tuple[str, ...] = ()

    def to_json(self) -> dict[str, object]:
        """The legend as plain dictionaries, lists, strings and finite numbers."""
        return asdict(self)


@dataclass(frozen=True)
class Picture:
    """Pixels and legend of one rendered array.

    Attributes:
        rgba: uint8 (y, x, 4), straight (not premultiplied) alpha.
        legend: how it was made.
    """

    rgba: np.ndarray
    legend: Legend


def hex_colour(red: int, green: int, blue: int) -> str:
    """Write a colour of three bytes as "#rrggbb"."""
    return f"#{red:02x}{green:02x}{blue:02x}"


def hex_bytes(colour: str) -> tuple[int, int, int]:
    """Read "#rrggbb" as three bytes."""
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def number(value: float) -> str:
    """Write a number of a recipe: whole from 1000 on, else with at most four digits."""
    magnitude = abs(value)
    return f"{value:.0f}" if 1000 <= magnitude < 1e7 else f"{value:.4g}"
