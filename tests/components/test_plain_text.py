"""Messages stay what they are, whatever they quote."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.plain_text import plain


@pytest.mark.parametrize(
    ("message", "written"),
    [
        ("No sample here.", "No sample here."),
        ("[a](b)", r"\[a\]\(b\)"),
        ("a\n\n# b", r"a \# b"),
        ("&lt;b>", r"\&lt;b\>"),
        ("http://x.org", "http\\:\u2060//x.org"),
        ("WWW.x.org", "WWW\u2060.x.org"),
        ("me@x.org", "me@\u2060x.org"),
    ],
)
def test_marks_are_characters(message: str, written: str) -> None:
    assert plain(message) == written


@given(st.text())
def test_nothing_is_lost(message: str) -> None:
    shown = plain(message).replace("\u2060", "")
    for mark in r"`*_{}[]()<>#+-!|~$:&":
        shown = shown.replace(f"\\{mark}", mark)
    assert shown.replace(r"\\", "\\") == " ".join(message.split()).replace("\u2060", "")
