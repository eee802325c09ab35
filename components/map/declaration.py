"""The map as pydeck declares it: views and the look of every layer. The browser adds the data, from the API."""

from functools import lru_cache

import pydeck

from data_access.collections import DATASETS


def _text(value: str) -> object:
    """A plain string; pydeck would otherwise turn it into an expression."""
    return pydeck.types.String(value)


@lru_cache(maxsize=1)
def map_declaration() -> str:
    """JSON of a `pydeck.Deck`: one map that repeats eastwards, a basemap, and density and points per data set.

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
    for name in DATASETS:
        layers.append(pydeck.Layer("TileLayer", id=f"density-{name}", data=[], pickable=False))
        layers.append(
            pydeck.Layer(
                "ScatterplotLayer",
                id=f"points-{name}",
                data=[],
                pickable=False,
                radius_units=_text("pixels"),
                line_width_units=_text("pixels"),
                get_line_width=0.75,
                antialiasing=True,
            )
        )
    deck = pydeck.Deck(
        layers=layers,
        views=[pydeck.View("MapView", repeat=True, controller=True)],
        initial_view_state=None,
        map_provider=None,  # no basemap of others: nothing may leave the machine
        map_style=None,
    )
    declaration: str = deck.to_json()
    return declaration
