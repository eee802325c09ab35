"""The looks of the data sets agree with what they were copied from."""

from api.density_picture import RAMPS
from components.data_sets import LOOKS
from data_access.collections import DATASETS
from rendering import presets_of


def hexadecimal(colours: tuple[tuple[int, int, int], ...]) -> tuple[str, ...]:
    return tuple("#" + "".join(f"{part:02x}" for part in colour) for colour in colours)


def test_the_legend_shows_the_colours_of_the_density_tiles() -> None:
    for name in DATASETS:
        assert LOOKS[name].ramp_light == hexadecimal(RAMPS[name, "light"])
        assert LOOKS[name].ramp_dark == hexadecimal(RAMPS[name, "dark"])


def test_every_layer_can_be_drawn_and_starts_with_a_preset_that_exists() -> None:
    for look in LOOKS.values():
        assert all(presets_of(layer) for layer in look.layers)
        assert look.layer in look.layers
        assert look.preset in {preset.name for preset in presets_of(look.layer)}
