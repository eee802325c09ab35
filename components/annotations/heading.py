"""The top of the page: what it is, whether the texts are real, what matches, and every active condition as a chip."""

from html import escape

import streamlit as st

from components.annotations.conditions import conditions, without
from components.annotations.counting import count_rows
from components.annotations.page_state import address_problems, change, current
from components.annotations.state import AnnotationsState
from components.annotations.taking_along import show_taking_along
from components.filters.vocabulary import ActiveCondition
from components.header import SYNTHETIC, show_notes
from components.plain_text import plain
from data_access.annotations.row_filter import RowFilter
from data_access.bigearthnet.dataset import BigEarthNet

TITLE = "Annotations"
CLAIM = "What BigEarthNet.txt says, on the patch that it speaks about"
_LONGEST_CHIP = 40  # characters; the longest climate zone has 37


def show_heading(state: AnnotationsState, dataset: BigEarthNet) -> None:
    """Name, one line, the badge of computed texts, notes on the files, and the way to take rows along."""
    badge = ""
    if dataset.info.synthetic:
        badge = f'<span class="patchwork-badge" title="{SYNTHETIC}">Synthetic demo collection</span>'
    with st.container(horizontal=True, vertical_alignment="center"):
        st.html(f'<div class="patchwork-header"><h1>{TITLE}</h1><p>{escape(CLAIM)}</p>{badge}</div>', width="stretch")
        show_notes({dataset.info.title: dataset.info.notes})
        show_taking_along(state, dataset)
    with st.container():  # also where nothing is wrong, so that what follows keeps its place
        for problem in address_problems():
            st.warning(plain(problem.message), icon=":material/link_off:")


def show_counts(state: AnnotationsState, dataset: BigEarthNet) -> None:
    """How many rows match, on how many patches."""
    counted = count_rows(dataset.info.revision, state.wanted)
    patches = "patch" if counted.patches == 1 else "patches"
    st.html(
        f'<div class="patchwork-counts" role="status"><b>{counted.matched:,}</b> of {counted.total:,} annotations '
        f"\u00b7 <b>{counted.patches:,}</b> {patches}</div>",
        width="content",
    )


def show_malformed(state: AnnotationsState, dataset: BigEarthNet) -> None:
    """How many rows can not be read, where any can not: they are shown as text, counted, and never dropped."""
    if state.wanted.malformed:
        return
    malformed = RowFilter(malformed=True)
    if count := count_rows(dataset.info.revision, malformed).matched:
        st.button(
            f"{count:,} can not be read",
            key="annotations_show_malformed",
            icon=":material/report:",
            type="tertiary",
            help="Rows that break the grammar of the texts, or belong to none of the fifteen tasks. Shows them alone.",
            on_click=_show_alone,
            args=(malformed,),
        )


def show_chips(state: AnnotationsState) -> None:
    """Every active condition; a click takes it away."""
    with st.container(horizontal=True, gap="xsmall", key="annotations_chips"):  # also without any: nothing moves
        active = conditions(state.wanted)
        for place, condition in enumerate(active):
            st.button(
                plain(_short(condition.text)),
                key=f"annotations_chip_{place}",
                icon=":material/close:",
                icon_position="right",
                help=f"Take this away: {plain(condition.text)}",
                on_click=_take_away,
                args=(condition,),
            )
        if active:
            st.button("Reset all", key="annotations_reset", type="tertiary", on_click=_reset)


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST_CHIP else text[: _LONGEST_CHIP - 1] + "\u2026"


def _take_away(condition: ActiveCondition) -> None:
    state = current()
    change(state.replace(wanted=without(state.wanted, condition)))


def _reset() -> None:
    _show_alone(RowFilter())


def _show_alone(wanted: RowFilter) -> None:
    change(current().replace(wanted=wanted))
