"""Palettes of TerraMesh's LULC and cloud mask.

The ten LULC ids are those of TerraMesh, which renumbers the classes of Impact Observatory. The colours `terramind` are
those of TerraMind's notebooks, `io` those of Impact Observatory, `safe` our own: at least 6 apart (OKLab x 100) for
normal vision, protanopia and deuteranopia alike, where the other two have pairs below 4.
Cloud mask ids are those of SEnSeIv2.
"""

from rendering.classes import ClassStyle, ClassTable, class_preset

# id, name, TerraMind's colour, Impact Observatory's colour, our own safe colour
_LULC_CLASSES = (
    (0, "no data", "#000000", "transparent", "#000000"),
    (1, "water", "#3171ad", "#419bdf", "#2f74b5"),
    (2, "trees", "#469c76", "#397d49", "#0f5132"),
    (3, "flooded vegetation", "#83ca70", "#7a87c6", "#3fc0a0"),
    (4, "crops", "#eae159", "#e49635", "#f2b21d"),
    (5, "built area", "#c07cb8", "#c4281b", "#c93a5e"),
    (6, "bare ground", "#c19368", "#a59b8f", "#b39372"),
    (7, "snow/ice", "#6fb2e4", "#a8ebff", "#e4f6ff"),
    (8, "clouds", "#f1f1f1", "#616161", "#b5a8d8"),
    (9, "rangeland", "#c66526", "#e3e2c3", "#d8e08f"),
)


def _lulc(palette: int) -> ClassTable:
    """The ten classes in one of the three palettes above."""
    return ClassTable(
        tuple(ClassStyle(number, name, colours[palette], (number,)) for number, name, *colours in _LULC_CLASSES)
    )


LULC_TERRAMIND, LULC_IO, LULC_SAFE = (_lulc(palette) for palette in range(3))

LULC_PRESETS = (
    class_preset(
        "terramind",
        "TerraMind's colours",
        "LULC",
        LULC_TERRAMIND,
        recipe="ten classes in the colours of TerraMind's notebooks",
        advice="The palette of published TerraMind figures.",
    ),
    class_preset(
        "io",
        "Impact Observatory's colours",
        "LULC",
        LULC_IO,
        recipe="ten classes in Impact Observatory's colours; no data is transparent",
        advice="The palette of the map the classes come from.",
    ),
    class_preset(
        "safe",
        "Colours for every reader",
        "LULC",
        LULC_SAFE,
        recipe="ten classes in colours that keep apart under protanopia and deuteranopia",
        advice="For readers with colour-vision deficiency: the others mix trees with soil, or water with wetland.",
    ),
)

# id, name, colour of the class picture, colour of the overlay, its pattern
_CLOUD_CLASSES = (
    (0, "land", "#b9b08c", "transparent", "solid"),
    (1, "water", "#3171ad", "transparent", "solid"),
    (2, "snow", "#a8ebff", "#00c8ff", "dots"),
    (3, "thin cloud", "#c08fe0", "#ffe600", "rising stripes"),
    (4, "thick cloud", "#ffffff", "#ff5a1f", "crossed stripes"),
    (5, "cloud shadow", "#4a3f6b", "#b14cff", "falling stripes"),
    (6, "no data", "#000000", "#000000", "checker"),
)
CLOUD_TABLE = ClassTable(
    tuple(
        ClassStyle(number, name, colour, (number,), "checker" if pattern == "checker" else "solid")
        for number, name, colour, _, pattern in _CLOUD_CLASSES
    )
)
CLOUD_OVERLAY = ClassTable(
    tuple(ClassStyle(number, name, colour, (number,), pattern) for number, name, _, colour, pattern in _CLOUD_CLASSES),
    overlay=True,
)

CLOUD_PRESETS = (
    class_preset(
        "overlay",
        "Cloud mask over a picture",
        "cloud_mask",
        CLOUD_OVERLAY,
        recipe="a pattern and a colour per class; clear land and water are transparent",
        advice="Lay it over any optical picture; patterns tell the classes apart without colour.",
        kind="overlay",
    ),
    class_preset(
        "classes",
        "Cloud mask classes",
        "cloud_mask",
        CLOUD_TABLE,
        recipe="seven classes, one colour each",
        advice="The mask alone, with the share of each class.",
    ),
)
