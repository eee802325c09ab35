"""Above the viewer: why pictures of a sample are missing, and the way to try again."""

import streamlit as st

from components.plain_text import plain
from data_access.dataset import CollectionInfo, SampleRecord


def show_problems(record: SampleRecord, info: CollectionInfo) -> None:
    """Say what can not be shown and why; nothing where all is there."""
    with st.container():  # also where nothing is wrong, so that what follows keeps its place
        reasons = list(dict.fromkeys(record.problems))
        if reasons:
            _show_reasons(record, reasons)
        elif not record.modalities:
            st.info(plain(_nothing_there(record, info)), icon=":material/image:")


def _show_reasons(record: SampleRecord, reasons: list[str]) -> None:
    """The first reason in full; the others, which mostly say the same of another shard, behind a word."""
    what = (
        "Some of this sample could not be opened." if record.modalities else "Nothing of this sample could be opened."
    )
    show = st.warning if record.modalities else st.error
    show(f"**{what}** {plain(reasons[0])}", icon=":material/broken_image:")
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button("Try again", icon=":material/refresh:", key="compare_again")  # every run reads what failed once more
        if len(reasons) > 1:
            with st.popover(f"All {len(reasons)} reasons", type="tertiary"):
                st.markdown("\n".join(f"- {plain(each)}" for each in reasons))


def _nothing_there(record: SampleRecord, info: CollectionInfo) -> str:
    if record.properties.get("available", True):
        return "No pictures of this sample are here: its collection has no imagery for it."
    return (
        f"No pictures of this sample are here: {info.root} has its metadata, but not the shards that hold it. "
        "The Data page lists the shards that are there."
    )
