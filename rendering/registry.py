"""Which presets each modality has, in the order of its menu; the first is the default."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from errors import PresetError
from rendering.corine import CORINE_PRESETS
from rendering.land_cover import CLOUD_PRESETS, LULC_PRESETS
from rendering.optical_presets import FREE_BANDS, OPTICAL_PRESETS
from rendering.options import RenderOptions
from rendering.preset import Preset
from rendering.published_rgb import AS_IS
from rendering.radar import RADAR_PRESETS
from rendering.ramps import FREE_INDEX, INDEX_PRESETS, NDVI_PRESETS
from rendering.terrain import TERRAIN_PRESETS

_S2_10M = ("B02", "B03", "B04", "B08")
_S2_20M = ("B05", "B06", "B07", "B8A", "B11", "B12")
_S2_60M = ("B01", "B09")
_S2L2A = ("B01", "B02", "B03", "B04", "B05", "B06", "B07", "B08", "B8A", "B09", "B11", "B12")
_S2L1C = (*_S2L2A[:10], "B10", *_S2L2A[10:])

_BANDS_STORED_APART = {"S2-10m": _S2_10M, "S2-20m": _S2_20M, "S2-60m": _S2_60M}

# Presets that stand in where a modality lacks the bands of the usual ones; elsewhere they only lengthen the menu.
_STAND_INS = {"swir-20m": "S2-20m"}


def _optical(modality: str, bands: tuple[str, ...]) -> tuple[Preset, ...]:
    """The optical presets that the bands of a modality can be drawn with, then those of the user's own choice."""
    fitting = (
        preset
        for preset in (*OPTICAL_PRESETS, *INDEX_PRESETS)
        if preset.fits(bands) and _STAND_INS.get(preset.name, modality) == modality
    )
    return (*fitting, FREE_BANDS, FREE_INDEX)


PRESETS: Mapping[str, tuple[Preset, ...]] = MappingProxyType(
    {
        "S2L2A": _optical("S2L2A", _S2L2A),
        "S2L1C": _optical("S2L1C", _S2L1C),
        "S2RGB": (AS_IS,),
        "S1GRD": RADAR_PRESETS,
        "S1RTC": RADAR_PRESETS,
        "DEM": TERRAIN_PRESETS,
        "NDVI": NDVI_PRESETS,
        "LULC": LULC_PRESETS,
        "cloud_mask": CLOUD_PRESETS,
        "S2": _optical("S2", _S2L2A),
        **{modality: _optical(modality, bands) for modality, bands in _BANDS_STORED_APART.items()},
        "S1": RADAR_PRESETS,
        "reference_map": CORINE_PRESETS,
    }
)

# Native pixel size of the bands that BigEarthNet stores coarser than 10 m; "S2" is drawn on the 10 m grid.
COARSE_BANDS: Mapping[str, int] = MappingProxyType(dict.fromkeys(_S2_20M, 20) | dict.fromkeys(_S2_60M, 60))


def presets_of(modality: str) -> tuple[Preset, ...]:
    """The presets of a modality, default first.

    Raises:
        PresetError: no such modality.
    """
    if modality not in PRESETS:
        raise PresetError(f"There are no presets for modality {modality[:40]!r}: choose one of {', '.join(PRESETS)}.")
    return PRESETS[modality]


def default_preset(modality: str) -> Preset:
    """The preset drawn where none is asked for.

    Raises:
        PresetError: no such modality.
    """
    return presets_of(modality)[0]


def find_preset(modality: str, name: str | None, options: RenderOptions, bands: Sequence[str] = ()) -> Preset:
    """The preset of this name; without one, what the options imply (`bands`, `index`), else the default.

    Where `bands` lack what the default needs, the first that they can be drawn with stands in: a patch whose archive
    has some bands only is still worth a picture.

    Raises:
        PresetError: no such modality or preset.
    """
    presets = presets_of(modality)
    wanted = name or _implied(options)
    if wanted is None:
        return next((preset for preset in presets if preset.fits(bands)), presets[0])
    for preset in presets:
        if preset.name == wanted:
            return preset
    if modality in _BANDS_STORED_APART:  # the preset exists, but this group of bands lacks what it needs
        for preset in PRESETS["S2"]:
            if preset.name == wanted:
                check_bands(modality, preset, preset.bands, _BANDS_STORED_APART[modality])
    raise PresetError(f"{modality} has no preset {wanted[:40]!r}: choose one of {', '.join(p.name for p in presets)}.")


def _implied(options: RenderOptions) -> str | None:
    if options.bands is not None:
        return "bands"
    return "index" if options.expression is not None else None


def check_bands(modality: str, preset: Preset, wanted: Sequence[str], existing: Sequence[str]) -> None:
    """Refuse a preset whose bands are absent.

    Raises:
        PresetError: names the absent bands and the presets that fit.
    """
    own = {name.casefold() for name in existing}
    absent = [name for name in wanted if name.casefold() not in own]
    if absent:
        fitting = ", ".join(other.name for other in presets_of(modality) if other.fits(existing)) or "none"
        raise PresetError(
            f"Preset {preset.name!r} needs {', '.join(name[:16] for name in absent)}, but the bands are "
            f"{', '.join(existing)}: choose a preset that fits ({fitting})."
        )


def presets_json() -> dict[str, list[dict[str, object]]]:
    """Every preset of every modality as JSON: name, title, recipe, kind, unit, parameters, and its fixed legend."""
    return {
        modality: [_preset_json(preset, default=preset is presets[0]) for preset in presets]
        for modality, presets in PRESETS.items()
    }


def _preset_json(preset: Preset, *, default: bool) -> dict[str, object]:
    return {
        "name": preset.name,
        "title": preset.title,
        "recipe": preset.recipe,
        "default": default,
        "kind": preset.kind,
        "unit": preset.unit,
        "bands": list(preset.bands),
        "parameters": list(preset.parameters),
        "advice": preset.advice,
        "legend": {
            "classes": [vars(entry) for entry in preset.classes],
            "ramp": [vars(stop) for stop in preset.ramp],
        },
    }
