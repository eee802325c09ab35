"""Pictures of what lies between pictures: the difference of two, where two maps disagree, how far several lie apart.

They have no preset, since they belong to no modality: the range is that of the picture unless one is chosen.
"""

from collections.abc import Sequence

import numpy as np

from errors import PresetError
from rendering.colour_maps import coloured, ramp_stops
from rendering.options import Range, RenderOptions
from rendering.patterns import MISSING_COLOURS, missing_tile, spread
from rendering.picture import ClassEntry, Legend, Picture, hex_bytes, number
from rendering.registry import find_preset
from rendering.render import shared_range
from rendering.stretch import percentiles, valid_values

DIVERGING = "RdBu_r"  # blue below, red above; told apart with every common colour vision
SEQUENTIAL = "viridis"
GENERATED = "generated"  # what is not real, where nothing else is said of it
SHOWN_PERCENT = 98.0  # of all pixels within the range; the rest takes the colours of its ends
_SAME, _OTHER = "#e9e9e6", "#b2182b"  # of two maps; the second is the red of the differences


def difference(
    values: np.ndarray,
    *,
    modality: str,
    band: str,
    unit: str,
    made: str = GENERATED,
    chosen: Range | None = None,
) -> Picture:
    """Draw a difference: blue where it is below zero, red above.

    Args:
        values: (y, x), generated minus real; NaN where there is none.
        modality: for the legend.
        band: likewise.
        unit: of the values.
        made: what the one that is not real is called in the legend.
        chosen: low and high end of the colours; by default as far to both sides as 98 % of the pixels lie.
    """
    reach = _reach(np.abs(values))
    value_range = chosen or (-reach, reach)
    title = f"{band}: {made} minus real"
    return _ramp(values, value_range, DIVERGING, (title, modality, "difference", unit), fixed=chosen is not None)


def spread_of_seeds(values: np.ndarray, *, modality: str, band: str, unit: str, chosen: Range | None = None) -> Picture:
    """Draw how far several pictures lie apart: dark where they agree.

    Args:
        values: (y, x), at least 0; NaN where there is none.
        modality: for the legend.
        band: likewise.
        unit: of the values.
        chosen: low and high end of the colours; by default from 0 to what 98 % of the pixels do not exceed.
    """
    value_range = chosen or (0.0, _reach(values))
    title = f"{band}: spread over seeds"
    return _ramp(values, value_range, SEQUENTIAL, (title, modality, "spread", unit), fixed=chosen is not None)


def disagreement(differs: np.ndarray, valid: np.ndarray, *, modality: str, made: str = GENERATED) -> Picture:
    """Draw where two maps of classes disagree.

    Args:
        differs: bool (y, x).
        valid: bool (y, x): where both have a class.
        modality: for the legend.
        made: what the one that is not real is called in the legend.
    """
    palette = np.array([(*hex_bytes(colour), 255) for colour in (_SAME, _OTHER)], np.uint8)
    rgba = _checkered(palette[differs.astype(np.intp)], ~valid)
    shares = [float((valid & (differs == which)).mean()) for which in (False, True)]
    missing = float((~valid).mean())
    classes = (
        ClassEntry(0, "same class", _SAME, shares[0], (0,)),
        ClassEntry(1, "another class", _OTHER, shares[1], (1,)),
        ClassEntry(-1, "not compared", MISSING_COLOURS[0], missing, (), "checker"),
    )
    recipe = f"red where the {made} class is not the real one"
    legend = Legend(
        f"{made.capitalize()} beside real", modality, "difference", "classes", recipe, "class", classes=classes
    )
    return Picture(rgba, legend)


def range_for_all(
    arrays: Sequence[np.ndarray], *, bands: Sequence[str], modality: str, preset: str | None = None
) -> str | None:
    """The parameter `range` that draws several arrays of a modality alike, such as real and generated ones.

    Args:
        arrays: each (band, y, x); at least one has a value.
        bands: the name of each band.
        modality: of all of them.
        preset: by which they are drawn; the modality's default without one.

    Returns:
        low and high end with a comma; None where the preset draws every picture over one range anyway, or over one for
        each channel.

    Raises:
        PresetError: no such modality or preset.
    """
    if "range" not in find_preset(modality, preset, RenderOptions(), bands).parameters:
        return None
    try:
        low, high = shared_range(arrays, bands=bands, modality=modality, preset=preset)
    except PresetError:  # a composite with a range of its own for each channel
        return None
    return f"{low:.6g},{high:.6g}"


def _ramp(
    values: np.ndarray, value_range: Range, colour_map: str, names: tuple[str, str, str, str], *, fixed: bool
) -> Picture:
    title, modality, preset, unit = names
    missing = ~np.isfinite(values)
    low, high = value_range
    how = "chosen range" if fixed else f"{SHOWN_PERCENT:g} % of the pixels within"
    legend = Legend(
        title=title,
        modality=modality,
        preset=preset,
        kind="ramp",
        recipe=f"{title}, {how} {number(low)}...{number(high)}; colour map {colour_map}",
        unit=unit,
        range=value_range,
        colour_map=colour_map,
        ramp=ramp_stops(value_range, colour_map),
        missing=float(missing.mean()),
    )
    return Picture(_checkered(coloured(values, value_range, colour_map), missing), legend)


def _checkered(rgba: np.ndarray, missing: np.ndarray) -> np.ndarray:
    """The checker of missing pixels over a picture."""
    return np.where(missing[..., None], spread(missing_tile(), *missing.shape), rgba)


def _reach(sizes: np.ndarray) -> float:
    """What most values do not exceed; 1 where there is nothing to measure."""
    found = valid_values(sizes, ~np.isfinite(sizes))
    return (percentiles(found, SHOWN_PERCENT)[0] if found.size else 0.0) or 1.0
