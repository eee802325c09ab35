"""The sites of the demo collection, read from `sites.toml`: places, passes, climate zones, what the ground is like."""

import tomllib
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum
from pathlib import Path
from typing import Any

from data_access.bigearthnet.patch_grid import PATCH_SIZE_M, PatchPlace, tile_origin
from demo.scene import Climate, Fields, Landform, River, Setting, Sky, Surface

_ENUMERATIONS: dict[str, type[Enum]] = {
    "climate": Climate,
    "landform": Landform,
    "river": River,
    "fields": Fields,
    "forest_kinds": Surface,
    "open_kinds": Surface,
    "crops": Surface,
    "wetland": Surface,
}


@dataclass(frozen=True)
class Acquisition:
    """A pair of passes: the leading parts of the Sentinel-2 and Sentinel-1 names, and the weather.

    Attributes:
        s2: satellite, product, time, baseline and relative orbit of the Sentinel-2 pass.
        s1: satellite, product and time of the Sentinel-1 pass.
        sky: how cloudy the Sentinel-2 image is.
    """

    s2: str
    s1: str
    sky: Sky

    @property
    def time(self) -> datetime:
        """Start of the Sentinel-2 pass (aware, UTC)."""
        return _time(self.s2.split("_")[2])

    @property
    def s1_time(self) -> datetime:
        """Start of the Sentinel-1 pass (aware, UTC)."""
        return _time(self.s1.split("_")[4])


@dataclass(frozen=True)
class Site:
    """A square block of `edge` x `edge` cells of one tile, seen at one or more dates.

    Attributes:
        country: as the annotations spell it.
        climate_zone: likewise.
        tile: MGRS tile without the leading T.
        column: westernmost cell.
        row: northernmost cell.
        edge: cells per side.
        setting: what the ground is like.
        acquisitions: when it was seen.
    """

    country: str
    climate_zone: str
    tile: str
    column: int
    row: int
    edge: int
    setting: Setting
    acquisitions: tuple[Acquisition, ...]


def _time(stamp: str) -> datetime:
    return datetime.strptime(stamp, "%Y%m%dT%H%M%S").replace(tzinfo=UTC)


def _acquisition(note: str, sky: Sky) -> Acquisition:
    """Read a note such as `S2A 20170613T101031 R022 / S1A 20170613T165108`."""
    optical, radar = (part.split() for part in note.split(" / "))
    s2 = f"{optical[0]}_MSIL2A_{optical[1]}_N9999_{optical[2]}"
    return Acquisition(s2, f"{radar[0]}_IW_GRDH_1SDV_{radar[1]}", sky)


def _ground(values: dict[str, Any], lon: float, lat: float) -> Setting:
    ground: dict[str, Any] = {"lon": lon, "lat": lat}
    for name, value in values.items():
        members = _ENUMERATIONS.get(name)
        if members is None:
            ground[name] = value
        elif isinstance(value, list):
            ground[name] = tuple(members[member] for member in value)
        else:
            ground[name] = members[value]
    return Setting(**ground)


def _site(entry: dict[str, Any]) -> Site:
    tile, column, row, edge = entry["tile"], entry["column"], entry["row"], entry["edge"]
    origin = tile_origin(tile)
    if origin is None:
        raise ValueError(f"{tile!r} names no tile of the grid; correct sites.toml.")
    half_block_m = (edge - 1) * PATCH_SIZE_M // 2
    middle = PatchPlace(
        origin.epsg, origin.ulx + PATCH_SIZE_M * column + half_block_m, origin.uly - PATCH_SIZE_M * row - half_block_m
    )
    sky = Sky(thick=entry.get("thick_cloud", 0.0), thin=entry.get("thin_cloud", 0.0))
    return Site(
        country=entry["country"],
        climate_zone=entry["climate_zone"],
        tile=tile,
        column=column,
        row=row,
        edge=edge,
        setting=_ground(entry["ground"], *middle.centre()),
        acquisitions=tuple(_acquisition(note, sky) for note in entry["passes"]),
    )


def _read_sites() -> tuple[Site, ...]:
    text = Path(__file__).with_name("sites.toml").read_text(encoding="utf-8")
    return tuple(_site(entry) for entry in tomllib.loads(text)["site"])


SITES: tuple[Site, ...] = _read_sites()
