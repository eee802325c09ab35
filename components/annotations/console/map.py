"""An answer of the console on the map: rows with coordinates, or with the name of a patch, which tells its place."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pydeck
import streamlit as st

from components.urls import ASSETS
from data_access.bigearthnet.patch_grid import place_of

_NAMES = (("lon", "lat"), ("longitude", "latitude"), ("lng", "lat"))
_PATCH_NAMES = ("patch_id", "id")
_HEIGHT = 520  # pixels
_ROWS = "rows"  # the layer of the points
_DEGREES_SHOWN = 360.0  # at zoom 0, across 512 pixels
_MOST_LABELS = 6  # lines beside a point


@dataclass(frozen=True)
class Places:
    """Where rows lie; NaN where a row has no place."""

    lon: np.ndarray  # (rows,) float64, degrees
    lat: np.ndarray


def places_of(table: pa.Table) -> Places | None:
    """Where the rows of an answer lie; None where no column tells."""
    by_name = {name.lower(): name for name in reversed(table.column_names)}
    for lon, lat in _NAMES:
        if lon in by_name and lat in by_name:
            found = [_degrees(table[by_name[name]]) for name in (lon, lat)]
            if found[0] is not None and found[1] is not None:
                return Places(found[0], found[1])
    for name in _PATCH_NAMES:
        if name in by_name and pa.types.is_string(table.schema.field(by_name[name]).type):
            return _by_patch(table[by_name[name]].to_pylist())
    return None


def show_map(table: pa.Table, places: Places, key: str, *, on_click: Callable[[], None]) -> None:
    """The points on our basemap; `clicked_point` tells which one was clicked."""
    sound = np.isfinite(places.lon) & np.isfinite(places.lat)
    on_map = sound & (np.abs(places.lon) <= 180) & (np.abs(places.lat) <= 85)
    rows = [int(row) for row in np.flatnonzero(on_map)]
    if not rows:
        st.info("None of these rows has a place.", icon=":material/wrong_location:")
        return
    told = [field.name for field in table.schema if not pa.types.is_nested(field.type)]
    labels = [name for name in told if name not in {"lon", "lat"}][:_MOST_LABELS]
    columns = {name: table[name].to_pylist() for name in labels}
    points = [
        {"lon": float(places.lon[row]), "lat": float(places.lat[row]), "row": row, "text": _text(columns, row)}
        for row in rows
    ]
    if len(rows) < len(table):
        st.caption(f"{len(table) - len(rows):,} rows have no place and are not on the map.")
    st.pydeck_chart(
        _deck(points, _view(places.lon[rows], places.lat[rows])),
        height=_HEIGHT,
        on_select=on_click,
        key=key,
        alt=f"{len(points):,} rows on a map",
    )


def clicked_point(key: str) -> int | None:
    """The number of the row whose point was clicked; None where the click let go of it."""
    objects = st.session_state[key].selection.objects.get(_ROWS, ())
    return int(objects[0]["row"]) if objects else None


def _by_patch(names: Sequence[str | None]) -> Places | None:
    centres = {name: place.centre() for name in set(names) if name and (place := place_of(name))}
    if not centres:
        return None
    nowhere = (np.nan, np.nan)
    found = np.array([centres.get(name or "", nowhere) for name in names])
    return Places(found[:, 0], found[:, 1])


def _degrees(column: pa.ChunkedArray) -> np.ndarray | None:
    if not (pa.types.is_floating(column.type) or pa.types.is_integer(column.type)):
        return None
    return np.asarray(column.cast(pa.float64()).to_numpy(), dtype=np.float64)


def _text(columns: dict[str, list[object]], row: int) -> str:
    """What is said beside a point; deck.gl writes it as text, never as HTML."""
    return "\n".join(f"{name}: {str(values[row])[:120]}" for name, values in columns.items())


def _view(lon: np.ndarray, lat: np.ndarray) -> pydeck.ViewState:
    spread = max(float(np.ptp(lon)), float(np.ptp(lat)) * 1.6, 0.2)
    zoom = float(np.log2(_DEGREES_SHOWN / spread)) - 0.1
    return pydeck.ViewState(
        longitude=float(lon.min() + lon.max()) / 2,
        latitude=float(lat.min() + lat.max()) / 2,
        zoom=min(max(zoom, 0.5), 12.0),
    )


def _deck(points: list[dict[str, object]], view: pydeck.ViewState) -> pydeck.Deck:
    dark = st.context.theme.type == "dark"
    ground, border = ([38, 48, 58], [84, 98, 112]) if dark else ([238, 238, 231], [186, 190, 184])
    colour = [255, 154, 92, 200] if dark else [209, 89, 15, 190]  # of BigEarthNet, as on every map
    countries = pydeck.Layer(
        "GeoJsonLayer",
        id="countries",
        data=f"{ASSETS}/countries.geojson",
        get_fill_color=ground,
        get_line_color=border,
        line_width_units=pydeck.types.String("pixels"),
        get_line_width=0.8,
        pickable=False,
    )
    dots = pydeck.Layer(
        "ScatterplotLayer",
        id=_ROWS,
        data=points,
        get_position=["lon", "lat"],
        get_fill_color=colour,
        radius_units=pydeck.types.String("pixels"),
        get_radius=5,
        stroked=True,
        get_line_color=[255, 255, 255, 160],
        line_width_units=pydeck.types.String("pixels"),
        get_line_width=0.75,
        pickable=True,
        auto_highlight=True,
    )
    return pydeck.Deck(
        layers=[countries, dots],
        initial_view_state=view,
        map_provider=None,  # nothing may leave the machine; a style of None would be one of Carto's
        tooltip={"text": "{text}"},
    )
