"""What a preset is: a name, a recipe in words, and the function that draws it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from errors import PresetError
from rendering import expression
from rendering.band_stack import BandStack
from rendering.options import Range, RenderOptions
from rendering.picture import Channel, ClassEntry, ColourStop, Kind
from rendering.stretch import extremes, valid_values

# Candidates for the free presets where the caller names nothing: the first whose bands all exist is drawn.
_DEFAULT_BANDS = (("B08", "B04", "B03"), ("B12", "B8A", "B05"))
_DEFAULT_EXPRESSIONS = (
    "(B08 - B04) / (B08 + B04)",
    "(B8A - B05) / (B8A + B05)",
    "(B09 - B01) / (B09 + B01)",
)


@dataclass(frozen=True)
class Scene:
    """Everything a drawing function is given.

    Attributes:
        stack: the bands.
        names: the bands that this picture is made of, in the order of the recipe.
        missing: bool (y, x) of pixels without a value in those bands, None where there are none; never all of them.
        options: the caller's choices, already checked against the preset.
    """

    stack: BandStack
    names: tuple[str, ...]
    missing: np.ndarray | None
    options: RenderOptions

    def valid(self, planes: np.ndarray) -> np.ndarray:
        """The values of (y, x) or (band, y, x) planes that are not missing, flat; at least one."""
        return valid_values(planes, self.missing)

    def extremes(self, planes: np.ndarray) -> Range:
        """Smallest and largest value that is not missing."""
        return extremes(self.valid(planes))


@dataclass(frozen=True)
class Drawing:
    """What a drawing function gives back; `render` adds the checker of missing pixels and the rest of the legend.

    Attributes:
        rgba: uint8 (y, x, 4).
        recipe: the recipe with the numbers of this picture.
        missing: as in Scene, with pixels added for which the drawing found no value.
    """

    rgba: np.ndarray
    recipe: str
    missing: np.ndarray | None = None
    range: Range | None = None
    gamma: float | None = None
    colour_map: str | None = None
    channels: tuple[Channel, ...] = ()
    ramp: tuple[ColourStop, ...] = ()
    classes: tuple[ClassEntry, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Preset:
    """A named way to draw a modality.

    Attributes:
        name: as in the URL.
        title: as in a menu.
        recipe: bands, range, unit and colour map in words, before any image is seen.
        kind: what the legend consists of.
        unit: of `Legend.range`.
        bands: what it can not do without; empty where the caller chooses.
        parameters: fields of RenderOptions that it takes.
        advice: when to use it, for the user's page.
        draw: the drawing function; pure.
        classes: for class pictures, every class with share 0.
        ramp: for ramps whose range is the same for every image, its stops.
    """

    name: str
    title: str
    recipe: str
    kind: Kind
    unit: str
    bands: tuple[str, ...]
    draw: Callable[[Scene], Drawing]
    parameters: tuple[str, ...] = ()
    advice: str = ""
    classes: tuple[ClassEntry, ...] = ()
    ramp: tuple[ColourStop, ...] = ()

    @property
    def is_classes(self) -> bool:
        """Whether values are class ids: resize with nearest, ignore `nodata`."""
        return self.kind in ("classes", "overlay")

    @property
    def is_free(self) -> bool:
        """Whether the caller chooses its bands or its expression; without a choice it draws nothing of its own."""
        return not {"bands", "expression"}.isdisjoint(self.parameters)

    def fits(self, names: Sequence[str]) -> bool:
        """Whether all the bands it needs are among `names`."""
        own = {name.casefold() for name in names}
        return bool(own) and all(band.casefold() in own for band in self.bands)

    def uses(self, options: RenderOptions, names: Sequence[str]) -> tuple[str, ...]:
        """The bands this picture is made of, given what exists.

        Raises:
            PresetError: the caller's expression is not one.
        """
        if self.kind == "as-is":  # whatever the file calls its three colours
            return tuple(names[:3]) if len(names) >= len("RGB") else tuple(names[:1])
        if len(self.bands) == len(names) == 1 and (self.is_classes or self.kind == "ramp"):
            return tuple(names)  # the only band of DEM, LULC ... is the right one, whatever a file calls it
        if "bands" in self.parameters:
            return options.bands or next((b for b in _DEFAULT_BANDS if set(b) <= set(names)), tuple(names[:1]))
        if "expression" in self.parameters:
            return expression.band_names(expression.parse(chosen_expression(options, names)))
        return self.bands

    def check(self, options: RenderOptions) -> None:
        """Refuse parameters that this preset does not take.

        Raises:
            PresetError: names the parameter and what the preset does take.
        """
        for given in options.given():
            if given not in self.parameters:
                takes = ", ".join(self.parameters) or "none"
                raise PresetError(f"Preset {self.name!r} takes no {given!r} (it takes: {takes}): leave it out.")


def chosen_expression(options: RenderOptions, names: Sequence[str]) -> str:
    """The caller's expression, or the first default whose bands exist."""
    if options.expression is not None:
        return options.expression
    for text in _DEFAULT_EXPRESSIONS:
        if set(expression.band_names(expression.parse(text))) <= set(names):
            return text
    raise PresetError(f"Preset 'index' needs an expression over the bands {', '.join(names)}: give one.")
