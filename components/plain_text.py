"""Messages as plain text, where Streamlit would read them as Markdown."""

import re

_MARKUP = re.compile(r"[\\`*_{}\[\]()<>#+\-!|~$:&]")  # with a backslash before it, each of them is a character
# Streamlit's Markdown makes links of bare addresses after it has taken the backslashes away: these are the gaps that
# break one. The character put there has no width.
_IN_ADDRESS = re.compile(r"(?<=:)(?=//)|(?<=www)(?=\.)|(?<=@)(?=\w)", re.IGNORECASE)
_WORD_JOINER = "\u2060"


def plain(message: str) -> str:
    """A message as one paragraph of text: what it quotes from an address or a file is never read as Markdown."""
    line = " ".join(message.split())
    return _MARKUP.sub(r"\\\g<0>", _IN_ADDRESS.sub(_WORD_JOINER, line))
