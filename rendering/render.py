"""The one entry: an array, a modality and a preset become a picture and its legend.

Bad pixels never raise: missing, unknown, constant and shapeless arrays each have a defined picture and a note.
Bad parameters raise `PresetError`, because somebody chose them and can choose again.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from errors import PresetError
from rendering.band_stack import BandStack, as_image
from rendering.options import Range, RenderOptions
from rendering.patterns import missing_tile, spread
from rendering.picture import Legend, Picture, number
from rendering.preset import Drawing, Preset, Scene
from rendering.registry import COARSE_BANDS, check_bands, find_preset
from rendering.stretch import valid_values

PLACEHOLDER_SIZE = 64  # pixels; of the picture of something that has no pixels of its own
RESAMPLED_MODALITY = "S2"  # BigEarthNet's bands of 20 m and 60 m, repeated to the 10 m grid before they come here


def render(
    values: np.ndarray,
    *,
    bands: Sequence[str],
    modality: str,
    preset: str | None = None,
    options: RenderOptions = RenderOptions(),  # noqa: B008 - frozen
) -> Picture:
    """Draw one modality of one sample.

    Args:
        values: [band, y, x] of any real dtype and byte order, exactly as stored.
        bands: the name of each band.
        modality: a name of `registry.PRESETS`.
        preset: a name of `presets_of(modality)`; None for the default, or for what `options` imply.
        options: see RenderOptions.

    Returns:
        the picture, (y, x) like `values`, and its legend.

    Raises:
        PresetError: unknown modality or preset, a parameter that does not fit, or a preset whose bands are absent.
    """
    chosen = find_preset(modality, preset, options, bands)
    chosen.check(options)
    names = tuple(bands)
    wanted = chosen.uses(options, names)
    check_bands(modality, chosen, wanted, names)
    image, problem = as_image(values)
    if image is None:
        return _placeholder(np.shape(values), chosen, modality, problem or "")
    if len(names) != image.shape[0]:
        raise PresetError(f"{len(names)} band names were given for {image.shape[0]} bands: name each band once.")
    stack = BandStack(image, names, None if chosen.is_classes else options.nodata)
    scene = Scene(stack, wanted, stack.missing(wanted), options)
    if scene.missing is not None and scene.missing.all():
        return _placeholder(stack.size, chosen, modality, "every pixel is missing")
    return _finish(scene, chosen, modality, chosen.draw(scene))


def shared_range(
    arrays: Sequence[np.ndarray],
    *,
    bands: Sequence[str],
    modality: str,
    preset: str | None = None,
    options: RenderOptions = RenderOptions(),  # noqa: B008 - frozen
) -> Range:
    """The range that draws several arrays alike, such as a real and a generated DEM: pass it as `options.range`.

    Raises:
        PresetError: as `render`; or the preset has no single range, or nothing has a value.
    """
    legends = [
        render(values, bands=bands, modality=modality, preset=preset, options=options).legend for values in arrays
    ]
    ranges = [legend.range for legend in legends if legend.range is not None]
    if not ranges:
        raise PresetError(f"Preset {preset or 'default'!r} of {modality} has no single range to share.")
    return min(low for low, _ in ranges), max(high for _, high in ranges)


def _finish(scene: Scene, preset: Preset, modality: str, drawing: Drawing) -> Picture:
    """Put the checker over missing pixels and write the legend."""
    rgba, share = drawing.rgba, 0.0
    if drawing.missing is not None:
        share = float(drawing.missing.mean())
        rgba = np.where(drawing.missing[..., None], spread(missing_tile(), *scene.stack.size), rgba)
    notes = (
        *scene.options.notes,
        *_resampling_note(scene, modality),
        *drawing.notes,
        *_value_notes(scene, preset, share),
    )
    legend = _legend(preset, modality)
    legend = replace(
        legend,
        kind="grey" if len(drawing.channels) == 1 else preset.kind,
        recipe=drawing.recipe,
        range=drawing.range,
        gamma=drawing.gamma,
        colour_map=drawing.colour_map,
        channels=drawing.channels,
        ramp=drawing.ramp,
        classes=drawing.classes,
        missing=share,
        notes=notes,
    )
    return Picture(rgba, legend)


def _legend(preset: Preset, modality: str) -> Legend:
    return Legend(preset.title, modality, preset.name, preset.kind, preset.recipe, preset.unit)


def _resampling_note(scene: Scene, modality: str) -> tuple[str, ...]:
    if modality != RESAMPLED_MODALITY:
        return ()
    coarse = [f"{name} ({COARSE_BANDS[name]} m)" for name in scene.names if name in COARSE_BANDS]
    return (f"values resampled nearest to 10 m: {', '.join(coarse)}",) if coarse else ()


def _value_notes(scene: Scene, preset: Preset, share: float) -> tuple[str, ...]:
    """What is unusual about the values: missing ones, or only one."""
    notes = (f"{percent(share)} missing (drawn as a checker)",) if share else ()
    if preset.is_classes:
        return notes
    constants = []
    for name in scene.names:
        valid = valid_values(scene.stack.plane(name), scene.missing)
        if valid.min() != valid.max():
            return notes
        constants.append(float(valid[0]))
    listed = ", ".join(number(value) for value in dict.fromkeys(constants))
    return (*notes, f"all values equal ({listed} {preset.unit})")


def percent(share: float) -> str:
    """Write a share of pixels so that a little is never "0 %" and not all is never "100 %"."""
    if share >= 1.0:
        return "100 %"
    return "< 0.1 %" if share < 0.001 else f"{min(share * 100, 99.9):.1f} %"


def _placeholder(shape: tuple[int, ...], preset: Preset, modality: str, problem: str) -> Picture:
    """A picture that is all checker, in the size of the data where it has one."""
    size = shape[-2:] if len(shape) >= 2 else ()
    height, width = size if len(size) == 2 and 0 not in size else (PLACEHOLDER_SIZE, PLACEHOLDER_SIZE)
    rgba = spread(missing_tile(), height, width)
    legend = replace(_legend(preset, modality), kind="placeholder", missing=1.0, notes=(problem,))
    return Picture(rgba, legend)
