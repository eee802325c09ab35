"""Arrays to pictures: pure functions over numpy, no I/O, no Streamlit, no HTTP.

`render` draws an array with a named preset and gives the legend that explains it; `encode` and `resize` turn the
picture into bytes; `presets_of`, `default_preset` and `presets_json` tell what can be drawn.
"""

from rendering.encoding import encode, resize
from rendering.options import RenderOptions, parse_options
from rendering.picture import Channel, ClassEntry, ColourStop, Legend, Picture
from rendering.preset import Preset
from rendering.registry import PRESETS, default_preset, presets_json, presets_of
from rendering.render import render, shared_range

__all__ = [
    "PRESETS",
    "Channel",
    "ClassEntry",
    "ColourStop",
    "Legend",
    "Picture",
    "Preset",
    "RenderOptions",
    "default_preset",
    "encode",
    "parse_options",
    "presets_json",
    "presets_of",
    "render",
    "resize",
    "shared_range",
]
