"""Reads the Annotations page's address; `AnnotationsState.to_query` writes it."""

import re
from functools import partial

from components.annotations.state import EXTRA_PATTERN, VIEWS, AnnotationsState, View
from components.explore_address import checked_id, read_view
from components.sound_query import Query, attempt, last, sound_filter
from data_access.annotations.row_filter import RowFilter
from data_access.filter_query import PARAMETER_GROUPS
from errors import FilterError, PatchworkError

LONGEST_SQL = 8_000  # characters: servers and browsers cut addresses not far above
LONGEST_EXTRA = 200
MOST_EXTRAS = 24
LARGEST_ID = 2**63 - 1
_GROUPS = (*PARAMETER_GROUPS, ("answer",), ("box_at",), ("box_size",), ("malformed",), ("per_patch",))


def read_state(query: Query) -> tuple[AnnotationsState, tuple[PatchworkError, ...]]:
    """The state of an address, and what is wrong with it.

    Every parameter stands for itself: one that means nothing is named and left out, the others count.
    """
    problems: list[PatchworkError] = []
    state = AnnotationsState(
        wanted=sound_filter(query, RowFilter.from_query, _GROUPS, problems),
        view=attempt(partial(_read_view, query), VIEWS[0], problems),
        sample=attempt(lambda: checked_id(sample) if (sample := last(query, "sample")) else "", "", problems),
        row=attempt(partial(_read_row, query), None, problems),
        sql=attempt(partial(_read_sql, query), "", problems),
        extras=attempt(partial(_read_extras, query), (), problems),
        map_view=attempt(partial(read_view, query), None, problems),
    )
    return state, tuple(problems)


def _read_view(query: Query) -> View:
    view = last(query, "view") or VIEWS[0]
    if view not in VIEWS:
        raise FilterError(f"view is {view[:40]!r}; use one of {', '.join(VIEWS)}. {VIEWS[0]} is shown.")
    return view


def _read_row(query: Query) -> int | None:
    text = last(query, "row")
    if not text:
        return None
    if not re.fullmatch(r"-?[0-9]{1,19}", text) or not -LARGEST_ID - 1 <= int(text) <= LARGEST_ID:
        raise FilterError(f"row is {text[:40]!r}; it must be the ID of an annotation, a whole number. It was left out.")
    return int(text)


def _read_sql(query: Query) -> str:
    text = last(query, "sql")
    if len(text) > LONGEST_SQL:
        raise FilterError(f"sql has {len(text):,} characters; an address holds {LONGEST_SQL:,}. It was left out.")
    if "\0" in text:
        raise FilterError("sql holds a zero byte, which no query has. It was left out.")
    return text


def _read_extras(query: Query) -> tuple[tuple[str, str], ...]:
    """What views keep under names of their own; other keys are nobody's and are dropped, as on every page."""
    extras = [(key, last(query, key)) for key in query if re.fullmatch(EXTRA_PATTERN, key)][:MOST_EXTRAS]
    for key, value in extras:
        if len(value) > LONGEST_EXTRA or not value.isprintable():
            raise FilterError(
                f"{key} is {value[:40]!r}; at most {LONGEST_EXTRA} printable characters are read. Such were left out."
            )
    return tuple(extras)
