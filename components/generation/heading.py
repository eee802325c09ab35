"""The top of the Generate page: what it is, which sample it is about, and the ways to another one."""

import secrets
from html import escape

import streamlit as st

from components.compare import MAP_PAGE, OpenedSample, place_of, position_of
from components.explore_state import SampleReference
from components.generation.page_state import change, current
from components.generation.place_alone import show_place_alone
from components.generation.state import GenerateState
from components.header import SYNTHETIC
from components.plain_text import plain
from components.results.cards import degrees, has_imagery
from components.results.gallery import compare_query
from data_access.dataset import Dataset
from data_access.sample_filter import SampleFilter

TITLE = "Generate"
CLAIM = "What TerraMind imagines where no sensor looked, beside what one saw"
COMPARE_PAGE = "compare.py"  # beside pages/shell.py, the script that Streamlit runs
_DRAWN = 300  # samples of one country among which chance chooses


def show_heading(state: GenerateState, opened: OpenedSample) -> None:
    """Name, one line, what the pictures are not, and below it the sample with its neighbours."""
    info = opened.dataset.info
    badge = ""
    if info.synthetic:
        badge = f'<span class="patchwork-badge" title="{SYNTHETIC}">Synthetic demo collection</span>'
    st.html(f'<div class="patchwork-header"><h1>{TITLE}</h1><p>{escape(CLAIM)}</p>{badge}</div>')
    words, ways = st.columns([2, 3], vertical_alignment="center")
    with words:
        st.markdown(_of_what(state, opened))
    with ways, st.container(horizontal=True, horizontal_alignment="right", vertical_alignment="center"):
        _show_ways(state, opened)


def _of_what(state: GenerateState, opened: OpenedSample) -> str:
    if state.coordinates:
        lon, lat = state.coordinates
        return f"**A place alone \u00b7 {plain(degrees({'lon': lon, 'lat': lat}, 2))}**"
    return f"**{plain(place_of(opened.record))}** `{opened.record.id}`"


def _show_ways(state: GenerateState, opened: OpenedSample) -> None:
    neighbours, record = opened.neighbours, opened.record
    reference = SampleReference(record.dataset, record.id)
    query = compare_query(reference, state.selection)
    show_place_alone(state, record.lon, record.lat)
    st.page_link(COMPARE_PAGE, label="Compare", icon=":material/grid_view:", query_params=query)
    st.page_link(MAP_PAGE, label="Map", icon=":material/map:", query_params=query)
    st.button(
        "Surprise me",
        icon=":material/casino:",
        help="Any sample of the selection, of any country",
        on_click=_surprise,
        args=(opened.dataset, state.selection),
    )
    for label, icon, target in (
        ("Previous", ":material/chevron_left:", neighbours.previous),
        ("Next", ":material/chevron_right:", neighbours.next),
    ):
        st.button(label, icon=icon, disabled=target is None, on_click=_go, args=(record.dataset, target))
        if label == "Previous":
            st.markdown(position_of(neighbours), width="content")


def _go(dataset: str, sample: str) -> None:
    change(current().with_sample(dataset, sample))


def _surprise(dataset: Dataset, selection: SampleFilter) -> None:
    if sample := any_sample(dataset, selection):
        _go(dataset.info.dataset, sample)


def any_sample(dataset: Dataset, selection: SampleFilter) -> str | None:
    """A sample by chance, every country as likely as the others; None where none of the selection has pictures."""
    countries = [each.value for each in dataset.catalog.facets(selection).get("country", []) if each.count]
    chosen = [each for each in countries if not selection.country or each in selection.country]
    wanted = selection.replace(country=(secrets.choice(chosen),)) if chosen else selection
    rows = [row for row in dataset.catalog.rows(wanted, limit=_DRAWN).to_pylist() if has_imagery(row)]
    return str(secrets.choice(rows)["id"]) if rows else None
