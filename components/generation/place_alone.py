"""A place instead of a sample: what does TerraMind imagine of two numbers?"""

import streamlit as st

from components.generation.page_state import change, current
from components.generation.state import GenerateState

_LON, _LAT = "generate_lon", "generate_lat"


def show_place_alone(state: GenerateState, lon: float, lat: float) -> None:
    """The way to a place alone, and back to the sample.

    Args:
        state: the page.
        lon: of the sample, in degrees; what the fields begin with.
        lat: likewise.
    """
    if state.coordinates:
        st.button("Back to the sample", icon=":material/image:", on_click=_leave)
        return
    with st.popover("A place alone", icon=":material/pin_drop:", help="Coordinates as the only input"):
        st.session_state.setdefault(_LON, round(lon, 2))
        st.session_state.setdefault(_LAT, round(lat, 2))
        st.number_input("Longitude", -180.0, 180.0, step=0.25, key=_LON)
        st.number_input("Latitude", -90.0, 90.0, step=0.25, key=_LAT)
        st.caption("TerraMind knows places to a quarter of a degree.")
        st.button("Imagine this place", on_click=_go, type="primary")


def _go() -> None:
    place = (float(st.session_state[_LON]), float(st.session_state[_LAT]))
    change(current().with_request(inputs=(), outputs=(), model="").replace(coordinates=place, run="", view="generate"))


def _leave() -> None:
    change(current().with_request(inputs=(), outputs=(), model="").replace(coordinates=None, run=""))
