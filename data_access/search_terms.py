"""What a typed search asks for: single words, and phrases between double quotes.

Each term must occur as it stands, ignoring case, anywhere in a text: words may be parts of longer words. A quote that
is not closed is closed at the end, since people look at the results while they type.
"""

from collections.abc import Iterable

QUOTE = '"'


def terms_of(text: str) -> tuple[str, ...]:
    """The words and phrases of a search in their order, each with single spaces; empty phrases ask for nothing."""
    terms: list[str] = []
    for number, part in enumerate(text.split(QUOTE)):  # every second part stands between quotes
        words = part.split()
        terms += [" ".join(words)] if number % 2 and words else words
    return tuple(terms)


def text_of(terms: Iterable[str]) -> str:
    """A search that asks for these terms; `terms_of` reads them back."""
    return " ".join(f"{QUOTE}{term}{QUOTE}" if " " in term else term for term in terms)
