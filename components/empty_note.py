"""What stands where nothing is to be seen: what is missing, and what to do or to expect. Styled in `page.css`."""

from html import escape

import streamlit as st


def show_empty(title: str, text: str) -> None:
    """Draw the note; both are plain text."""
    st.html(empty_html(title, text))


def empty_html(title: str, text: str) -> str:
    """The note as HTML; both are plain text."""
    return f'<div class="patchwork-empty"><b>{escape(title)}</b><p>{escape(text)}</p></div>'
