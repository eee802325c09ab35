"""The places of the collection (places.toml)."""

import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

_FILE = Path(__file__).with_name("places.toml")


@dataclass(frozen=True)
class Place:
    """A real place and how to draw it.

    Attributes:
        name: what people call it, and its country.
        lon: degrees east, on land.
        lat: degrees north.
        landscape: a name of `demo.scene.LANDSCAPES`.
        month: of the Sentinel-2 image; None for places that are seen in four seasons.
        thick: share of thick cloud.
        thin: share of thin cloud.
        changes: fields of Setting that differ from the landscape's.
    """

    name: str
    lon: float
    lat: float
    landscape: str
    month: int | None = None
    thick: float = 0.0
    thin: float = 0.0
    changes: dict[str, Any] = field(default_factory=dict)


def _load() -> dict[str, tuple[Place, ...]]:
    lists = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    return {source: tuple(Place(**entry) for entry in entries) for source, entries in lists.items()}


_PLACES = _load()
MAJORTOM: tuple[Place, ...] = _PLACES["majortom"]
SSL4EO12: tuple[Place, ...] = _PLACES["ssl4eos12"]
