"""The selection as code, a tab per program."""

from collections.abc import Mapping
from urllib.parse import urlsplit

import streamlit as st

from components import urls
from data_access.dataset import Dataset
from data_access.exports.code import code_request, curl_code, duckdb_code, python_code
from data_access.exports.code_loaders import loader_code
from data_access.sample_filter import SampleFilter
from data_access.settings import settings

_HEIGHT = 300  # pixels of a program before it scrolls


def show_programs(dataset: Dataset, sample_filter: SampleFilter) -> None:
    """Programs that find the same samples."""
    request = code_request(dataset, sample_filter, server_address())
    show_tabs(
        {
            "DuckDB": (duckdb_code(request), "python"),
            "Reference loader": (loader_code(request), "python"),
            "Python": (python_code(request), "python"),
            "curl": (curl_code(request), "bash"),
        }
    )


def show_tabs(programs: Mapping[str, tuple[str, str]]) -> None:
    """Programs to copy: each with its language, under the name of its tab."""
    st.markdown("**Copy as code**")
    for tab, (program, language) in zip(st.tabs(list(programs)), programs.values(), strict=True):
        tab.code(program.rstrip(), language, height=_HEIGHT)


def server_address() -> str:
    """Address of the API by the name under which this browser came; by the settings where it does not tell."""
    parts = urlsplit(st.context.url or "")
    if parts.scheme and parts.netloc:
        return f"{parts.scheme}://{parts.netloc}{urls.API}"
    return f"http://{settings().host}:{settings().port}{urls.API}"
