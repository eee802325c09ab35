"""The shell around every page: name, icon, style and navigation."""

from pathlib import Path

import streamlit as st

from components.addressed_page import ARRIVED
from components.header import NAME, show_style

PAGES = Path(__file__).parent
SIDEBAR_WIDTH = 292  # pixels: a count of seven digits beside the longest country
ICON = PAGES.parent / "components" / "icon.svg"

st.set_page_config(page_title=NAME, page_icon=str(ICON), layout="wide", initial_sidebar_state=SIDEBAR_WIDTH)
show_style()
st.logo(str(ICON), size="small")

page = st.navigation(
    [
        st.Page(PAGES / "explore.py", title="Explore", icon=":material/public:", default=True),
        st.Page(PAGES / "compare.py", title="Compare", icon=":material/grid_view:", url_path="compare"),
        st.Page(PAGES / "generate.py", title="Generate", icon=":material/brush:", url_path="generate"),
        st.Page(PAGES / "annotations.py", title="Annotations", icon=":material/chat_info:", url_path="annotations"),
        st.Page(PAGES / "stream.py", title="Stream", icon=":material/slideshow:", url_path="stream"),
        st.Page(PAGES / "data.py", title="Data", icon=":material/database:", url_path="data"),
    ],
    position="top",
)
st.session_state[ARRIVED] = st.session_state.get("shell_page") not in {None, page.title}
st.session_state["shell_page"] = page.title
page.run()
