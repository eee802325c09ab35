"""One row of the results, as the browser draws it: whatever the file holds, a row is shown and can be opened."""

import re
from collections.abc import Mapping
from typing import Any

from components.annotations.conditions import task_name
from components.annotations.results import place_of
from components.filters.vocabulary import label
from data_access.annotations.reading import read_row
from data_access.dataset import ID_PATTERN
from data_access.tasks import NO_CATEGORY

LONGEST_SENT = (
    20_000  # characters of one text: captions have 3,000, and twenty rows of any length still are no megabyte
)
_SHOWN = 60  # characters of a value in a message
_INT64 = range(-(2**63), 2**63)


def row_item(row: Mapping[str, Any], *, picture: bool) -> dict[str, Any]:
    """One annotation with its patch, question and answer; what is empty is left out, the question never.

    Args:
        row: the thirteen columns as stored, any of them null.
        picture: whether there is an optical picture of the patch.

    Returns:
        `row` is the ID in digits, since browsers round large numbers; a row without an ID has none. In place of
        `sample`, `stray` says why there is no patch to open.
    """
    reading = read_row(row)
    item = {
        "row": "" if row["ID"] is None else str(row["ID"]),
        **_patch(row["patch_id"]),
        "task": task_name(str(row["type"] or "No type"), str(row["category"] or NO_CATEGORY)),
        "place": _place(row),
        "options": [[choice.letter, _cut(choice.text)] for choice in reading.options],
        "letter": reading.letter,
        "answer": _cut(reading.answer),
        "problem": reading.problem,
        "where": place_of(row["longitude"], row["latitude"]),
        "picture": int(picture),
    }
    question = reading.question or str(row["input"] or "")
    return {name: value for name, value in item.items() if value} | {"question": _cut(question)}


def id_of(text: object) -> int | None:
    """The ID that an address or the browser writes in digits; None where it is none."""
    if not isinstance(text, str) or not re.fullmatch(r"-?[0-9]{1,19}", text, re.ASCII):
        return None
    number = int(text)
    return number if number in _INT64 else None


def _patch(patch_id: object) -> dict[str, str]:
    """The patch that a row leads to, or why it leads to none."""
    sample = str(patch_id or "")
    if re.fullmatch(ID_PATTERN, sample):
        return {"sample": sample}
    named = f"The patch id {sample[:_SHOWN]!r} is none that a page can open." if sample else "The row names no patch."
    return {"stray": named}


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST_SENT else f"{text[:LONGEST_SENT]} \u2026"


def _place(row: Mapping[str, Any]) -> str:
    words = (label(name, str(row[name] or "")) for name in ("country", "season", "split"))
    return " \u00b7 ".join(word for word in words if word)
