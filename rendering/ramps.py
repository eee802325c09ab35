"""Pictures of one quantity in a colour map: NDVI as stored, and indices computed from Sentinel-2 bands."""

from dataclasses import replace
from functools import partial

import numpy as np

from rendering import expression
from rendering.colour_maps import coloured, ramp_stops
from rendering.offset import offset_notes, offset_shift
from rendering.options import Range
from rendering.picture import number
from rendering.preset import Drawing, Preset, Scene, chosen_expression
from rendering.stretch import extremes, percentiles

NORMALISED: Range = (-1.0, 1.0)  # of every normalised difference
Look = tuple[str, Range]  # a matplotlib colour map and the values of its first and last colour
NDVI_LOOK: Look = ("RdYlGn", NORMALISED)
# Even, and the same to readers with colour-vision deficiency; below -0.2 there is only water, so land gets the colours.
NDVI_SAFE_LOOK: Look = ("viridis", (-0.2, 1.0))
FREE_MAP = "viridis"
FREE_PERCENTILES = (2.0, 98.0)  # of an expression whose range nobody knows


def draw_ramp(scene: Scene, plane: np.ndarray, value_range: Range, colour_map: str, how: str) -> Drawing:
    """Draw one plane in a colour map over a range.

    Args:
        scene: for the missing pixels.
        plane: (y, x).
        value_range: values of the first and the last colour.
        colour_map: a matplotlib name.
        how: what is drawn and where the range came from, for the recipe.
    """
    low, high = value_range
    return Drawing(
        rgba=coloured(plane, value_range, colour_map),
        recipe=f"{how}; colour map {colour_map} over {number(low)}...{number(high)}",
        missing=scene.missing,
        range=value_range,
        colour_map=colour_map,
        ramp=ramp_stops(value_range, colour_map),
    )


def _single_range(scene: Scene) -> Range | None:
    chosen = scene.options.ranges(1)
    return chosen[0] if chosen else None


def _look_text(look: Look) -> str:
    colour_map, (low, high) = look
    return f"in colour map {colour_map} over {number(low)}...{number(high)}"


def _draw_stored(scene: Scene, look: Look) -> Drawing:
    """Draw the stored NDVI as it is."""
    chosen = _single_range(scene)
    how = f"{scene.names[0]}, {'chosen range' if chosen else 'fixed range'}"
    return draw_ramp(scene, scene.stack.plane(scene.names[0]), chosen or look[1], look[0], how)


def _stored(name: str, title: str, look: Look, advice: str) -> Preset:
    return Preset(
        name=name,
        title=title,
        recipe=f"NDVI {_look_text(look)}",
        kind="ramp",
        unit="1",
        bands=("NDVI",),
        draw=partial(_draw_stored, look=look),
        parameters=("range",),
        advice=advice,
        ramp=ramp_stops(look[1], look[0]),
    )


NDVI_PRESETS = (
    _stored("ndvi", "NDVI", NDVI_LOOK, "Green is dense vegetation, yellow is soil, cloud or snow, red is water."),
    _stored("ndvi-safe", "NDVI, even colour map", NDVI_SAFE_LOOK, "NDVI without red against green, also good in grey."),
)


def _draw_expression(scene: Scene, text: str | None, colour_map: str, fixed: Range | None) -> Drawing:
    """Compute an index per pixel and draw it; pixels where it has no value become missing."""
    formula = text or chosen_expression(scene.options, scene.stack.names)
    shift = offset_shift(scene)
    planes = {name: scene.stack.plane(name).astype(np.float64) - shift for name in scene.names}
    index = np.broadcast_to(expression.evaluate(expression.parse(formula), planes), scene.stack.size)
    finite = np.isfinite(index) if scene.missing is None else np.isfinite(index) & ~scene.missing
    value_range = _single_range(scene) or fixed or _range_of(index[finite])
    drawing = draw_ramp(scene, index, value_range, colour_map, formula)
    notes = offset_notes(scene)
    if scene.options.offset_state == "present" and not shift:
        notes += ("the offset biases the index: remove it for values that compare with the literature",)
    return replace(drawing, missing=None if finite.all() else ~finite, notes=notes)


def _range_of(valid: np.ndarray) -> Range:
    if valid.size == 0:
        return NORMALISED
    low, high = percentiles(valid, *FREE_PERCENTILES)
    return (low, high) if low < high else extremes(valid)


def _index(name: str, title: str, formula: str, look: Look, advice: str) -> Preset:
    return Preset(
        name=name,
        title=title,
        recipe=f"{formula} {_look_text(look)}",
        kind="ramp",
        unit="1",
        bands=expression.band_names(expression.parse(formula)),
        draw=partial(_draw_expression, text=formula, colour_map=look[0], fixed=look[1]),
        parameters=("range",),
        advice=advice,
        ramp=ramp_stops(look[1], look[0]),
    )


_NDVI = "(B08 - B04) / (B08 + B04)"  # Rouse et al. 1974
_NDWI = "(B03 - B08) / (B03 + B08)"  # McFeeters 1996
_NDMI = "(B8A - B11) / (B8A + B11)"  # Gao 1996, who calls it NDWI
_NBR = "(B08 - B12) / (B08 + B12)"  # Key and Benson 2006
_NDBI = "(B11 - B08) / (B11 + B08)"  # Zha et al. 2003
_NDSI = "(B03 - B11) / (B03 + B11)"  # Hall et al. 1995

INDEX_PRESETS = (
    _index("ndvi", "NDVI, vegetation", _NDVI, NDVI_LOOK, "How green and dense vegetation is (Rouse et al. 1974)."),
    _index("ndvi-safe", "NDVI, even colour map", _NDVI, NDVI_SAFE_LOOK, "NDVI without red against green."),
    _index(
        "ndwi", "NDWI, open water", _NDWI, ("RdBu", NORMALISED), "Open water is blue, land is red (McFeeters 1996)."
    ),
    _index(
        "ndmi",
        "NDMI, moisture",
        _NDMI,
        ("BrBG", NORMALISED),
        "Water in leaves: brown is dry, teal is moist (Gao 1996).",
    ),
    _index("nbr", "NBR, burnt area", _NBR, ("PuOr", NORMALISED), "Burnt ground turns orange (Key and Benson 2006)."),
    _index(
        "ndbi", "NDBI, built-up", _NDBI, ("PuOr_r", NORMALISED), "Towns and bare soil turn orange (Zha et al. 2003)."
    ),
    _index("ndsi", "NDSI, snow", _NDSI, ("RdBu", NORMALISED), "Snow is blue, cloud is pale (Hall et al. 1995)."),
)

FREE_INDEX = Preset(
    name="index",
    title="Index of your own",
    recipe="an expression of band names, numbers, brackets and + - * /; 2nd to 98th percentile of the image in viridis",
    kind="ramp",
    unit="1",
    bands=(),
    draw=partial(_draw_expression, text=None, colour_map=FREE_MAP, fixed=None),
    parameters=("expression", "range"),
    advice="Any band arithmetic; pixels that divide by zero are missing.",
)
