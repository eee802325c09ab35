"""Country, season and climate zone of any longitude, latitude and time."""

from functools import lru_cache
from pathlib import Path

import numpy as np
import pyarrow as pa

UNKNOWN = "unknown"  # country at sea, season without a time, climate zone off the grid


class Places:
    """Answers for arrays of positions; safe to use from many threads at once."""

    notes: tuple[str, ...] = ()  # sentences on what could not be loaded

    def country(self, lon: np.ndarray, lat: np.ndarray) -> pa.DictionaryArray:
        """Country names as Natural Earth gives them, the ten of BigEarthNet as BigEarthNet spells them."""
        raise NotImplementedError

    def climate_zone(self, lon: np.ndarray, lat: np.ndarray) -> pa.DictionaryArray:
        """Koeppen-Geiger classes in the wording of Beck et al. 2023, such as "Cold, no dry season, warm summer"."""
        raise NotImplementedError


@lru_cache(maxsize=2)
def places_of(world_atlas: Path) -> Places:
    """The places read from a world-atlas folder; never fails, `Places.notes` says what is missing."""
    raise NotImplementedError


def season(time: np.ndarray, lat: np.ndarray) -> pa.DictionaryArray:
    """Meteorological season (Spring, Summer, Fall, Winter) of datetime64 times, mirrored south of the equator."""
    raise NotImplementedError


def enrich(table: pa.Table, places: Places | None = None) -> pa.Table:
    """Fill country, season and climate_zone of a sample table where they are absent or null.

    Args:
        table: columns lon and lat in degrees, and `time` (timestamp) where known; see `catalog`.
        places: where to look; by default the atlas of the settings.
    """
    raise NotImplementedError
