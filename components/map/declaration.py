"""The map as pydeck declares it: views and the look of every layer. The browser adds the data, from the API."""

import json
from functools import lru_cache

import pydeck


def _text(value: str) -> object:
    """A plain string; pydeck would otherwise turn it into an expression."""
    return pydeck.types.String(value)


@lru_cache(maxsize=1)
def map_declaration() -> str:
    """JSON of a `pydeck.Deck`: one map that repeats eastwards, a basemap, density and points.

    The browser makes one density and one points layer per data set of these.

    Constant, so that a rerun never makes the browser build anything anew.
    """
    layers = [
        pydeck.Layer(
            "GeoJsonLayer",
            id="countries",
            data=[],
            stroked=True,
            filled=True,
            pickable=False,
            get_line_width=1,
            line_width_units=_text("pixels"),
            line_width_min_pixels=0.6,
        )
    ]
    layers += [
        pydeck.Layer("TileLayer", id="density", data=[], pickable=False),
        pydeck.Layer(
            "ScatterplotLayer",
            id="points",
            data=[],
            pickable=False,
            radius_units=_text("pixels"),
            line_width_units=_text("pixels"),
            get_line_width=0.75,
        ),
    ]
    deck = pydeck.Deck(
        layers=layers,
        views=[pydeck.View("MapView", repeat=True, controller=True)],
        initial_view_state=None,
        map_provider=None,  # no basemap of others: nothing may leave the machine
        map_style=None,
    )
    return json.dumps(json.loads(deck.to_json()), separators=(",", ":"))  # without the indentation, half as long
