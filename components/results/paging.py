"""Pages of samples over several data sets at once: each page takes turns, so that none hides behind the other."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from components.data_sets import OpenedSet, dataset_of
from data_access.dataset import DatasetName
from data_access.sample_filter import SampleFilter

REMEMBERED = 128  # pages of at most 100 rows: going back and forth asks nothing again
Row = Mapping[str, Any]


@dataclass(frozen=True)
class Cursor:
    """Where a page starts: after which id in each data set; a data set that is exhausted is not listed."""

    after: Mapping[DatasetName, str | None]

    def key(self) -> tuple[tuple[DatasetName, str | None], ...]:
        """The same as something that can be compared and hashed."""
        return tuple(sorted(self.after.items()))


@dataclass(frozen=True)
class Page:
    """Some rows, and where the next page starts."""

    rows: tuple[tuple[DatasetName, Row], ...]
    next: Cursor | None  # None on the last page


@dataclass
class Pages:
    """Where the user is: the cursors of the pages before, and of this one."""

    question: object = None  # filter and data sets; another question starts at the first page
    cursors: list[Cursor] = field(default_factory=list)
    next: Cursor | None = None


def first_cursor(sets: Sequence[OpenedSet]) -> Cursor:
    """The start of the first page."""
    return Cursor({each.name: None for each in sets if each.dataset})


def page_of(sets: Sequence[OpenedSet], sample_filter: SampleFilter, cursor: Cursor, *, size: int) -> Page:
    """The page that starts at a cursor: `size` rows in turns, one data set after the other.

    Args:
        sets: the data sets shown.
        sample_filter: what they must meet.
        cursor: from `first_cursor`, or `Page.next` of the page before.
        size: rows on a page.
    """
    queues = {
        each.name: list(_rows(each.name, each.dataset.info.revision, sample_filter, size + 1, cursor.after[each.name]))
        for each in sets
        if each.dataset and each.name in cursor.after
    }
    taken: list[tuple[DatasetName, Row]] = []
    after = dict(cursor.after)
    while len(taken) < size and any(queues.values()):
        for name in [name for name, queue in queues.items() if queue]:
            if len(taken) < size:
                row = queues[name].pop(0)
                taken.append((name, row))
                after[name] = str(row["id"])
    left = {name: after[name] for name, queue in queues.items() if queue}
    return Page(tuple(taken), Cursor(left) if left else None)


@lru_cache(maxsize=REMEMBERED)
def _rows(
    name: DatasetName, _revision: str, sample_filter: SampleFilter, limit: int, after: str | None
) -> tuple[Row, ...]:
    table = dataset_of(name).catalog.rows(sample_filter, limit=limit, after=after)
    return tuple(table.to_pylist())
