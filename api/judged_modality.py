"""Pictures of what lies between generated and real, and the real modality as the run saw it."""

import numpy as np

from api.generated_modality import source_of
from api.pictures import Look, draw
from errors import PresetError
from generation.judging.maps import difference_of, real_of, spread_of, values_of
from generation.judging.of_result import modality_of
from generation.judging.seeds import CLASS_MODALITIES
from generation.judging.truth import Truth
from generation.kept_result import KeptResult
from generation.modalities import MODALITIES
from rendering import comparison
from rendering.options import Range, parse_options
from rendering.picture import Picture

SHARE_OF_SEEDS = "share of seeds"  # unit of the spread of classes


def draw_real(result: KeptResult, name: str, truth: Truth, look: Look) -> Picture:
    """The real modality behind an array, cut and corrected as the inputs were.

    Raises:
        ModalityMissingError: the sample does not have it.
        PresetError: the look does not fit.
    """
    return draw(source_of(name, real_of(name, truth), result.place), look)


def draw_difference(
    result: KeptResult, name: str, truth: Truth, *, seed: str, band: str | None, colours: str | None
) -> Picture:
    """Generated minus real in one band, or where two maps of classes disagree.

    Raises:
        ModalityMissingError, ResultDamagedError, GenerationRequestError: there is nothing to compare.
        PresetError: no such band, or no such range.
    """
    difference = difference_of(name, values_of(result, name, seed), real_of(name, truth))
    modality = modality_of(name)
    if modality in CLASS_MODALITIES:
        valid = np.isfinite(difference[0])
        return comparison.disagreement(difference[0] == 1, valid, modality=modality, made=result.request.how)
    title, plane = _band(modality, difference, band)
    unit, how = MODALITIES[modality].unit, result.request.how
    return comparison.difference(plane, modality=modality, band=title, unit=unit, made=how, chosen=_range(colours))


def draw_spread(result: KeptResult, name: str, *, band: str | None, colours: str | None) -> Picture:
    """How far the seeds lie apart in one band.

    Raises:
        ModalityMissingError, ResultDamagedError, GenerationRequestError: there is no spread.
        PresetError: no such band, or no such range.
    """
    modality = modality_of(name)
    title, plane = _band(modality, spread_of(result, name), band)
    unit = SHARE_OF_SEEDS if modality in CLASS_MODALITIES else MODALITIES[modality].unit
    return comparison.spread_of_seeds(plane, modality=modality, band=title, unit=unit, chosen=_range(colours))


def range_text(result: KeptResult, name: str, truth: Truth, preset: str | None) -> str | None:
    """The parameter `range` that draws every seed and the real modality alike: low and high end with a comma.

    None where the preset draws every picture over one range anyway, or over one per channel.

    Raises:
        ModalityMissingError, ResultDamagedError: see `KeptResult.array`.
        PresetError: no such preset.
    """
    modality = modality_of(name)
    arrays = [*result.array(name)]
    if modality in truth.arrays:
        arrays.append(real_of(name, truth))
    return comparison.range_for_all(arrays, bands=MODALITIES[modality].bands, modality=modality, preset=preset)


def _band(modality: str, planes: np.ndarray, band: str | None) -> tuple[str, np.ndarray]:
    """Name and plane of a band; the first of the usual picture without one."""
    names = MODALITIES[modality].bands
    wanted = band or _USUAL_BAND.get(modality, names[0])
    for name, plane in zip(names, planes, strict=True):
        if name.casefold() == wanted.casefold():
            return name, plane
    raise PresetError(f"{modality} has no band {wanted[:16]!r}: choose one of {', '.join(names)}.")


_USUAL_BAND = {"S2L2A": "B04"}  # red: what people see, and what vegetation changes most


def _range(text: str | None) -> Range | None:
    """Low and high end of the colours. Raises PresetError."""
    chosen = parse_options(range_text=text).ranges(1)
    return chosen[0] if chosen else None
