"""The button 'Take along' of the Annotations page and its dialog: the rows that match, as files and as code.

The button is a fragment of its own in the frame of the page, which a change of the filter does not send again; what is
taken is what matches when the dialog opens.
"""

from urllib.parse import urlencode

import streamlit as st

from components import urls
from components.annotations.conditions import conditions
from components.annotations.counting import count_rows
from components.annotations.page_state import current
from components.annotations.state import AnnotationsState
from components.plain_text import plain
from components.taking_along.files import FileLink, link_list
from components.taking_along.panel import DIALOG_WIDTH
from components.taking_along.programs import server_address, show_tabs
from data_access.annotations.row_filter import RowFilter
from data_access.bigearthnet.dataset import BigEarthNet
from data_access.dataset import CollectionInfo
from data_access.exports.annotation_code import curl_rows, duckdb_rows, messages_code, pandas_rows, rows_request
from data_access.exports.annotation_loaders import data_module_code, dataset_code
from errors import PatchworkError

# Ending, title, purpose, bytes of the file itself and of each row, measured on rows like the published ones.
_FORMATS = (
    ("parquet", "Parquet", "the published columns: pandas, DuckDB, loaders", 8_000, 30),
    ("jsonl", "JSON Lines", "image, question, answer, chat: to train on", 0, 1_400),
    ("geojson", "GeoJSON", "boxes and points on the ground: maps, GIS", 1_500, 720),
    ("csv", "CSV", "spreadsheets, R, anything", 200, 650),
)
_KEEP = ("tags", "keep")
# What can be chosen of two formats: its words, the format, and its part of the address.
_OPTIONS = {
    "Keep <ref> and <point>": ("jsonl", _KEEP),
    "Boxes in pixels too": ("jsonl", ("boxes", "pixels")),
    "Point tasks as boxes": ("geojson", ("point_rows", "box")),
}
_OPTIONS_HELP = "The first two are for JSON Lines, the last for GeoJSON, where a point task is a point otherwise."


def show_taking_along(state: AnnotationsState, dataset: BigEarthNet) -> None:  # noqa: ARG001 - the page's contract
    """The button; it opens the dialog for the rows that match at that moment."""
    with st.container(width="content"):  # a fragment by itself takes all the width that it can get
        _button(dataset)


@st.fragment
def _button(dataset: BigEarthNet) -> None:
    if st.button(
        "Take along", icon=":material/download:", help="These annotations as a file or as code", key="take_rows_along"
    ):
        _dialog(dataset)


@st.dialog("Take the annotations along", width=DIALOG_WIDTH)
def _dialog(dataset: BigEarthNet) -> None:
    wanted = current().wanted
    try:
        counted = count_rows(dataset.info.revision, wanted)
    except PatchworkError as problem:
        st.error(plain(problem.message), icon=":material/error:")
        return
    if not counted.matched:
        st.info("No annotation matches, so there is nothing to take along. Loosen the filter.", icon=":material/info:")
        return
    patches = "patch" if counted.patches == 1 else "patches"
    st.markdown(f"**{counted.matched:,}** of {counted.total:,} annotations \u00b7 **{counted.patches:,}** {patches}")
    files = st.container()
    asked = st.pills("Options", list(_OPTIONS), selection_mode="multi", key="take_rows_options", help=_OPTIONS_HELP)
    options = [_OPTIONS[each] for each in asked]
    files.html(files_html(dataset.info, wanted, counted.matched, options))
    _show_programs(dataset, wanted, [pair for form, pair in options if form == "jsonl"])


def files_html(
    info: CollectionInfo, wanted: RowFilter, matched: int, options: list[tuple[str, tuple[str, str]]]
) -> str:
    """What is taken, and a link per format.

    Args:
        info: the collection.
        wanted: the selection.
        matched: how many rows it has.
        options: what is chosen: of which format, and the parameter for its address.
    """
    links = []
    for ending, title, purpose, file_bytes, row_bytes in _FORMATS:
        query = urlencode([*wanted.to_query(), *(pair for form, pair in options if form == ending)])
        address = urls.annotation_export(ending, query)
        links.append(FileLink(ending, title, purpose, address, file_bytes + matched * row_bytes))
    words = [condition.text for condition in conditions(wanted)]
    return link_list(info, words or ["Every annotation, no filter"], links, is_filtered=bool(words))


def _show_programs(dataset: BigEarthNet, wanted: RowFilter, options: list[tuple[str, str]]) -> None:
    request = rows_request(dataset, wanted, server_address())
    show_tabs(
        {
            "DuckDB": (duckdb_rows(request), "python"),
            "pandas": (pandas_rows(request), "python"),
            "BENTxTDataModule": (data_module_code(request, keep_marks=_KEEP in options), "python"),
            "BENTxTDataset": (dataset_code(request), "python"),
            "Chat messages": (messages_code(request, options), "python"),
            "curl": (curl_rows(request), "bash"),
        }
    )
