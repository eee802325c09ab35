"""Generated coordinates on a small map: the true place, each seed's, and the way between them."""

import math
from collections.abc import Sequence

import pydeck
import streamlit as st

from components.generation.judging.numbers import amount
from components.urls import ASSETS
from generation.judging.coordinates import LonLat
from generation.judging.of_result import JudgedPlaces

_HEIGHT = 340  # pixels
_DEGREES_SHOWN = 360.0  # at zoom 0, across 512 pixels
_LEAST_SPAN = 4.0  # degrees: a country around two places that lie together
_WIDEST_LAT = 85.0  # the map ends there
_PIXELS = pydeck.types.String("pixels")


def show_places(places: JudgedPlaces, seeds: Sequence[int]) -> None:
    """Draw the map, and the distances in words above it."""
    words, points = places_told(places, seeds), _points(places, seeds)
    st.markdown(words)
    if points:
        deck = pydeck.Deck(
            layers=[_countries(), _ways(points, places.truth), _dots(points)],
            initial_view_state=_view([each["place"] for each in points]),
            map_provider=None,  # nothing may leave the machine; a style of None would be one of Carto's
            tooltip={"text": "{text}"},
        )
        st.pydeck_chart(deck, height=_HEIGHT, key="generate_places", alt=f"Map: {words}")


def places_told(places: JudgedPlaces, seeds: Sequence[int]) -> str:
    """How far off each place is, in words."""
    parts = []
    for seed, place, distance in zip(seeds, places.places, places.distances_km, strict=False):
        who = f"Seed {seed}" if len(seeds) > 1 else "The generated place"
        if not _is_place(place):
            parts.append(f"{who}: the model's words make no place.")
        elif distance is None:
            parts.append(f"{who}: {position(place)}.")
        else:
            parts.append(f"{who}: {position(place)}, **{amount(distance)} km** from the truth.")
    return " ".join(parts)


def position(place: LonLat) -> str:
    """Degrees with their sides: 48.25° N, 11.50° E."""
    lon, lat = place
    return f"{abs(lat):.2f}° {'N' if lat >= 0 else 'S'}, {abs(lon):.2f}° {'E' if lon >= 0 else 'W'}"


def _is_place(place: LonLat) -> bool:
    return abs(place[0]) <= 180 and abs(place[1]) <= 90  # false for NaN too


def _points(places: JudgedPlaces, seeds: Sequence[int]) -> list[dict[str, object]]:
    """The places on the map, the truth last, so that it lies on top."""
    light = st.context.theme.type != "dark"
    made, real = ([63, 79, 196, 220], [11, 127, 122]) if light else ([152, 165, 255, 220], [94, 214, 205])
    found: list[dict[str, object]] = [
        {"place": list(place), "text": f"generated, seed {seed}\n{position(place)}", "colour": made, "size": 6}
        for seed, place in zip(seeds, places.places, strict=False)
        if _is_place(place) and abs(place[1]) <= _WIDEST_LAT
    ]
    if places.truth and abs(places.truth[1]) <= _WIDEST_LAT:
        about = f"the sample\n{position(places.truth)}"
        found.append({"place": list(places.truth), "text": about, "colour": real, "size": 8})
    return found


def _countries() -> pydeck.Layer:
    dark = st.context.theme.type == "dark"
    ground, border = ([38, 48, 58], [84, 98, 112]) if dark else ([238, 238, 231], [186, 190, 184])
    return pydeck.Layer(
        "GeoJsonLayer",
        id="countries",
        data=f"{ASSETS}/countries.geojson",
        get_fill_color=ground,
        get_line_color=border,
        line_width_units=_PIXELS,
        get_line_width=0.8,
        pickable=False,
    )


def _ways(points: Sequence[dict[str, object]], truth: LonLat | None) -> pydeck.Layer:
    """The shortest way from each place to the truth."""
    ways = [{"from": each["place"], "to": list(truth)} for each in points[:-1]] if truth else []
    return pydeck.Layer(
        "GreatCircleLayer",
        id="ways",
        data=ways,
        get_source_position="from",
        get_target_position="to",
        get_source_color=[128, 138, 150, 200],
        get_target_color=[128, 138, 150, 200],
        get_width=1.5,
    )


def _dots(points: Sequence[dict[str, object]]) -> pydeck.Layer:
    return pydeck.Layer(
        "ScatterplotLayer",
        id="places",
        data=list(points),
        get_position="place",
        get_fill_color="colour",
        get_radius="size",
        radius_units=_PIXELS,
        stroked=True,
        get_line_color=[255, 255, 255, 220],
        line_width_units=_PIXELS,
        get_line_width=1.5,
        pickable=True,
    )


def _view(places: Sequence[object]) -> pydeck.ViewState:
    """All places in view, with room around them."""
    lons, lats = zip(*places, strict=True)
    span = max(max(lons) - min(lons), 1.6 * (max(lats) - min(lats)), _LEAST_SPAN)
    return pydeck.ViewState(
        longitude=(max(lons) + min(lons)) / 2,
        latitude=(max(lats) + min(lats)) / 2,
        zoom=_zoom(1.8 * span),
    )


def _zoom(span: float) -> float:
    return min(max(math.log2(_DEGREES_SHOWN / span), 0.2), 6.0)
