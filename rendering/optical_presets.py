"""The presets of Sentinel-2: which bands, drawn how, and what each is good for."""

from functools import partial

from rendering.optical import UNIT, bands_text, draw_fixed, draw_free, draw_stretched
from rendering.preset import Preset

LEAST_SPAN = 100.0  # one percent of reflectance: the noise of a cloudless cirrus band or of open sea stays even, dark
_STRETCH = "black = minimum clipped to 0...1000, white = 99th percentile clipped to 2000...20000, gamma 0.7"


def _stretched(name: str, title: str, bands: str, advice: str) -> Preset:
    names = tuple(bands.split())
    return Preset(
        name=name,
        title=title,
        recipe=f"{bands_text(names)}; {_STRETCH}; unit {UNIT}",
        kind="composite",
        unit=UNIT,
        bands=names,
        draw=draw_stretched,
        parameters=("range", "gamma"),
        advice=advice,
    )


def _single(name: str, title: str, band: str, advice: str) -> Preset:
    return Preset(
        name=name,
        title=title,
        recipe=f"grey = {band}; 1st to 99th percentile of the image, at least {LEAST_SPAN:g} apart; unit {UNIT}",
        kind="grey",
        unit=UNIT,
        bands=(band,),
        draw=partial(draw_free, least_span=LEAST_SPAN),
        parameters=("range", "gamma"),
        advice=advice,
    )


OPTICAL_PRESETS: tuple[Preset, ...] = (
    _stretched(
        "irrg", "Colour infrared", "B08 B04 B03", "Vegetation is red, water dark, towns grey-blue: read it first."
    ),
    _stretched("true-colour", "True colour", "B04 B03 B02", "As the eye would see it."),
    Preset(
        name="true-colour-fixed",
        title="True colour, fixed range",
        recipe=f"red, green, blue = B04, B03, B02; 0...3000, no gamma; unit {UNIT}",
        kind="composite",
        unit=UNIT,
        bands=("B04", "B03", "B02"),
        draw=draw_fixed,
        advice="To compare brightness between samples; clouds and snow are white, dark forest is nearly black.",
    ),
    _stretched("swir-20m", "Short-wave infrared, 20 m bands", "B12 B8A B05", "The whole picture at its own 20 m."),
    _stretched("swir", "Short-wave infrared", "B12 B8A B04", "Vegetation green, soil and burnt land brown to red."),
    _stretched("agriculture", "Agriculture", "B11 B08 B02", "Vigorous crops bright green, bare fields brown."),
    _stretched("geology", "Geology", "B12 B11 B02", "Differences of rock, soil and sand."),
    _stretched("urban", "Urban false colour", "B12 B11 B04", "Towns against vegetation, through light haze."),
    _stretched("bathymetric", "Bathymetric", "B04 B03 B01", "Shallow water, sediment and coast."),
    _stretched("atmospheric", "Atmospheric penetration", "B12 B11 B8A", "Infrared only: haze and thin smoke vanish."),
    _single("aerosol", "Coastal aerosol band", "B01", "Haze and shallow water, 60 m."),
    _single("water-vapour", "Water vapour band", "B09", "Moist air and clouds, 60 m."),
    _single("cirrus", "Cirrus band", "B10", "Thin high clouds; the ground is black. Level-1C only."),
)

FREE_BANDS = Preset(
    name="bands",
    title="Bands of your choice",
    recipe=f"one band in grey or three as red, green, blue; 1st to 99th percentile of each band; unit {UNIT}",
    kind="composite",
    unit=UNIT,
    bands=(),
    draw=draw_free,
    parameters=("bands", "range", "gamma"),
    advice="Any combination, with range and gamma of your own.",
)
