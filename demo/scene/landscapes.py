"""Presets: kinds of landscape by name, turned into a Setting at a place."""

from dataclasses import replace
from typing import Any

from demo.scene.setting import Climate, Setting
from demo.scene.surface import Surface

LANDSCAPES: dict[str, Setting] = {
    "hills": Setting(0, 0, Climate.TEMPERATE, forest_kinds=(Surface.BROADLEAF,), open_kinds=(Surface.PASTURE,)),
}


def setting_for(landscape: str, lon: float, lat: float, **changes: Any) -> Setting:  # noqa: ANN401 - fields of Setting
    """The setting of a kind of landscape at a place, with single fields changed by name.

    Raises:
        KeyError: no such landscape; LANDSCAPES names them all.
    """
    return replace(LANDSCAPES[landscape], lon=lon, lat=lat, **changes)
