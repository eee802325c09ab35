"""Check: answers compared with the reference map. How much of the selection is checked, the result, the rows."""

import streamlit as st

from components.amounts import duration
from components.annotations.audit.findings import show_findings
from components.annotations.page_state import current
from components.annotations.state import AnnotationsState
from components.empty_note import empty_html
from components.plain_text import plain
from components.progress_rows import activity_row, rows
from data_access.annotations.audit.audit import Audit, Coverage, audit_of
from data_access.bigearthnet.dataset import BigEarthNet
from errors import JobError

TICK_S = 1.0  # between two looks while a check runs
_PATCHES_PER_S = 200  # on two cores; the first estimate, until the check tells its own pace
_HOW = (
    "Presence, area, count, neighbours, direction and boxes are measured on the patch's CORINE reference map; country, "
    "season and climate zone are compared with the row's own columns. Where conventions lead to different answers, as "
    "for areas that meet at a corner, the verdict is 'can not tell', with the numbers. Of captions, areas are checked."
)


def show_audit(_state: AnnotationsState, dataset: BigEarthNet) -> None:
    """Draw the view; while a check runs it is drawn again every second, for whatever the page's state is by then."""
    with st.spinner("Reading what was checked before"):  # seconds, once, where that is a whole collection
        audit = audit_of(dataset)
    running = bool(audit.run and audit.run.running)
    st.fragment(_draw, run_every=TICK_S if running else None)(dataset, running=running)


def _draw(dataset: BigEarthNet, *, running: bool) -> None:
    audit, state = audit_of(dataset), current()
    if bool(audit.run and audit.run.running) != running:
        st.rerun()  # the rhythm of this fragment changes with the page alone
    covered = audit.coverage(state.wanted)
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        st.html(_words(covered), width="stretch")
        _show_buttons(audit, covered, running=running)
    if running and audit.run:
        st.html(rows([activity_row(audit.run.activity)]))
    elif audit.run and audit.run.problem:
        st.warning(plain(audit.run.problem), icon=":material/warning:")
    if covered.checked:
        show_findings(state, dataset, audit)
    st.caption(_HOW)


def _words(covered: Coverage) -> str:
    """How far the selection is checked."""
    if not covered.with_map:
        hint = (
            "Reference maps come with the imagery: set PATCHWORK_BIGEARTHNET_IMAGES to it on the Data page."
            if covered.patches
            else "No annotations match: take conditions away."
        )
        return empty_html("Nothing to check here", hint)
    lacking = covered.patches - covered.with_map
    without = f" \u00b7 {lacking:,} have no reference map" if lacking else ""
    return (
        f'<div class="patchwork-counts" role="status"><b>{covered.checked:,}</b> of {covered.with_map:,} patches '
        f"checked{without}</div>"
    )


def _show_buttons(audit: Audit, covered: Coverage, *, running: bool) -> None:
    if running and audit.run:
        st.button("Cancel", icon=":material/stop:", key="audit_cancel", on_click=audit.run.cancel)
        return
    left = covered.with_map - covered.checked
    if not left:
        return
    what = "Check the rest" if covered.checked else "Check them"
    takes = duration(left / _PATCHES_PER_S)
    if st.button(
        f"{what}: {left:,} {'patch' if left == 1 else 'patches'}",
        icon=":material/fact_check:",
        key="audit_start",
        type="primary",
        help=f"About {takes}, in the background. What is checked is kept and never checked again.",
    ):
        _start(audit)


def _start(audit: Audit) -> None:
    try:
        audit.start(current().wanted)
    except JobError as problem:  # another session was quicker
        st.toast(plain(problem.message))
    st.rerun()
