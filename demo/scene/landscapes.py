"""Presets: kinds of landscape by name (landscapes.toml), turned into a Setting at a place."""

import tomllib
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from demo.scene.setting import Climate, Fields, Landform, River, Setting
from demo.scene.surface import Surface

_FILE = Path(__file__).with_name("landscapes.toml")
_REDNESS = {
    Climate.RAINFOREST: 0.55,
    Climate.SAVANNA: 0.65,
    Climate.DESERT: 0.25,
    Climate.MEDITERRANEAN: 0.25,
    Climate.STEPPE: 0.15,
}
_WORDS = {"climate": Climate, "landform": Landform, "river": River, "fields": Fields}
_SURFACES = ("forest_kinds", "open_kinds", "crops")


def _typed(choices: Mapping[str, Any]) -> dict[str, Any]:
    """Fields of Setting from words: enumerations by value, surfaces by name."""
    typed: dict[str, Any] = dict(choices)
    for name, kind in _WORDS.items():
        if name in typed:
            typed[name] = kind(typed[name])
    for name in _SURFACES:
        if name in typed:
            typed[name] = tuple(_surface(value) for value in typed[name])
    if typed.get("wetland") is not None:
        typed["wetland"] = _surface(typed["wetland"])
    return typed


def _surface(word: str | Surface) -> Surface:
    return word if isinstance(word, Surface) else Surface[word.upper()]


def _load() -> dict[str, Setting]:
    presets: dict[str, Setting] = {}
    for name, words in tomllib.loads(_FILE.read_text(encoding="utf-8")).items():
        choices = _typed(words)
        choices.setdefault("red", _REDNESS.get(choices["climate"], 0.0))
        presets[name] = Setting(lon=0.0, lat=0.0, **choices)
    return presets


LANDSCAPES: dict[str, Setting] = _load()


def setting_for(landscape: str, lon: float, lat: float, **changes: Any) -> Setting:  # noqa: ANN401 - fields of Setting
    """The setting of a kind of landscape at a place, with single fields changed by name.

    Args:
        landscape: a name of LANDSCAPES.
        lon: degrees east.
        lat: degrees north.
        changes: fields of Setting; enumerations and surfaces may be given as words.

    Raises:
        KeyError: no such landscape; LANDSCAPES names them all.
    """
    return replace(LANDSCAPES[landscape], lon=lon, lat=lat, **_typed(changes))
