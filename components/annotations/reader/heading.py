"""Above the reader: which patch this is, the way to its neighbours, and to the other pages."""

import streamlit as st

from components.annotations.reader.patch import ReadPatch, odd_id
from components.annotations.reader.steps import step_to
from components.annotations.state import AnnotationsState
from components.explore_state import SampleReference
from components.plain_text import plain
from components.results.cards import day, degrees, known, named
from components.results.gallery import compare_query

COMPARE_PAGE, MAP_PAGE = "compare.py", "explore.py"  # beside the shell
_PLACE_DECIMALS = 2  # of a degree: a patch is a hundredth of a degree wide


def show_heading(state: AnnotationsState, patch: ReadPatch) -> None:
    """Name the patch; the filter's patches before and after it are one step away."""
    with st.container(horizontal=True, horizontal_alignment="right", vertical_alignment="center"):
        name = patch.record.id if not odd_id(patch.record.id) else "\u2026"  # anything may stand there, even Markdown
        st.markdown(f"**{plain(_place(patch))}**  \n`{name}`", width="stretch")
        neighbours = patch.neighbours
        _show_step("Previous", ":material/chevron_left:", neighbours.previous)
        _show_position(patch)
        _show_step("Next", ":material/chevron_right:", neighbours.next)
        elsewhere = compare_query(SampleReference("bigearthnet", patch.record.id), state.wanted.samples)
        st.page_link(COMPARE_PAGE, label="Compare", icon=":material/grid_view:", query_params=elsewhere)
        st.page_link(MAP_PAGE, label="Map", icon=":material/map:", query_params=elsewhere)


def _show_step(label: str, icon: str, target: str | None) -> None:
    st.button(
        label, icon=icon, key=f"read_{label.lower()}", disabled=target is None, on_click=step_to, args=(target or "",)
    )


def _place(patch: ReadPatch) -> str:
    row = patch.record.properties
    climate = known(row.get("climate_zone"))
    words = (known(row.get("country")), named("season", row), day(row.get("time")), climate)
    where = degrees({"lat": patch.record.lat, "lon": patch.record.lon}, _PLACE_DECIMALS)
    return " · ".join([*filter(None, words), where])


def _show_position(patch: ReadPatch) -> None:
    """The place among the patches that match; outside of them, the way to the first."""
    position, matched = patch.neighbours.position, patch.neighbours.matched
    if position is not None:
        st.markdown(f"{position:,} of {matched:,}", width="content")
    elif patch.first is None:
        st.markdown("nothing matches", width="content")
    else:
        label = f"Not among {matched:,}: to the first"
        st.button(label, key="read_first", type="tertiary", on_click=step_to, args=(patch.first,))
