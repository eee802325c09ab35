"""One sample taken along as a whole: its STAC item, and every modality on one sheet."""

import streamlit as st

from components import urls
from data_access.dataset import SampleRecord


def show_sample_downloads(record: SampleRecord, revision: str) -> None:
    """Two links; modality by modality there is the table of files."""
    where = (record.dataset, record.id)
    with st.container(horizontal=True):
        st.link_button(
            "PNG sheet",
            urls.sheet(*where, revision=revision),
            icon=":material/grid_view:",
            help="Every modality on one page, with times, licence and credit",
        )
        st.link_button(
            "STAC item",
            urls.stac_item(*where, revision=revision),
            icon=":material/data_object:",
            help="Place, times and all files of this sample, for pystac, QGIS and other tools",
        )
