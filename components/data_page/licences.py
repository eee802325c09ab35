"""What a user must keep with any copy of the data: licence, credit and citation, ready to copy."""

import streamlit as st

from components.data_sets import OpenedSet
from components.plain_text import plain
from data_access.bigearthnet.licence import BIGEARTHNET_LICENCE
from data_access.dataset import DatasetName, Licence
from data_access.terramesh.licence import TERRAMESH_LICENCE

# Shown also while a data set is being opened, or where it can not be.
_PUBLISHED: dict[DatasetName, Licence] = {"terramesh": TERRAMESH_LICENCE, "bigearthnet": BIGEARTHNET_LICENCE}


def show_licences(sets: tuple[OpenedSet, ...]) -> None:
    """Draw one column per data set."""
    st.markdown("##### Licences and citations")
    with st.container(key="data_licences"):
        columns = st.columns(len(sets), gap="medium")
    for column, each in zip(columns, sets, strict=True):
        licence = each.dataset.info.licence if each.dataset else _PUBLISHED[each.name]
        with column, st.container(border=True, height="stretch"):
            st.markdown(f"**{each.look.title}** · [{licence.name}]({licence.url})")
            credit, citation = st.tabs(["Credit", "Citation"])
            with credit:
                st.code(licence.credit, language=None, wrap_lines=True)
            with citation:
                st.code(licence.citation, language="bibtex", wrap_lines=True)
            st.caption(plain(_duties(each.name)))


def _duties(name: DatasetName) -> str:
    """What the licence asks, in a sentence."""
    return {
        "terramesh": "Share copies and derived data under the same licence, with this credit.",
        "bigearthnet": "Use and share freely; keep the licence text with the data.",
    }[name]
