"""The top of the Data page."""

import streamlit as st

from components import urls


def show_heading() -> None:
    """Title, one line, and the page's own style."""
    st.html(f'<style>@import url("{urls.component_file("data_page/data_page.css")}");</style>')
    st.html(
        '<div class="patchwork-header"><h1>Data</h1><p>What is open, how complete it is, what runs, and how to '
        "connect your own</p></div>"
    )
