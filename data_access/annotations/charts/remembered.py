"""What charts counted lately, so that a page that is drawn again counts nothing again; and what they need for good."""

from collections.abc import Callable, Hashable
from concurrent.futures import Future
from dataclasses import dataclass, field
from threading import Lock, Thread
from typing import TypeVar, cast
from weakref import WeakKeyDictionary

import numpy as np

from data_access.annotations.row_filter import RowFilter
from data_access.annotations.rows import AnnotationRows
from data_access.memory_cache import OnceCache

Answer = TypeVar("Answer")
Answers = OnceCache[Hashable, object]

VERSION = 1  # part of the names of kept files: raise it when what they hold changes
_BYTES = 16_000_000  # of counts per collection: the latest eighty
_LARGEST = 200_000  # bytes that each is taken for: 512 words in some tens of groups


@dataclass(frozen=True)
class _Memory:
    """What is remembered of one collection."""

    counts: Answers = field(default_factory=lambda: OnceCache(_BYTES, lambda _: _LARGEST))
    lasting: Answers = field(default_factory=lambda: OnceCache(_BYTES, lambda _: 0))  # nothing of it is ever dropped


_LOCK = Lock()
_OF_ROWS: WeakKeyDictionary[AnnotationRows, _Memory] = WeakKeyDictionary()


def remembered(rows: AnnotationRows, name: str, wanted: RowFilter, count: Callable[[], Answer]) -> Answer:
    """The latest answer to the same question about the same rows, or a new one; who asks meanwhile waits for it.

    Args:
        rows: the annotations; answers are dropped with them.
        name: of what is counted.
        wanted: the filter that it depends on.
        count: gives the answer, which nobody may change.
    """
    return cast("Answer", _memory(rows).counts.get((name, wanted), count))


def lasting(rows: AnnotationRows, name: str, make: Callable[[], Answer]) -> Answer:
    """What is made once of these rows and held for as long as they are; who asks meanwhile waits for it."""
    return cast("Answer", _memory(rows).lasting.get(name, make))


def kept(rows: AnnotationRows, name: str, make: Callable[[], np.ndarray]) -> np.ndarray:
    """An array, (n,), that is computed once per revision and kept beside the rows; read-only."""
    return lasting(rows, name, lambda: rows.kept.get_or_make(f"chart_{VERSION}_{name}", make))


def lasting_soon(rows: AnnotationRows, name: str, make: Callable[[], Answer]) -> "Future[Answer]":
    """The same without waiting: what is not there yet is made in the background.

    A failure reaches all who wait; whoever asks after that tries once more.
    """
    answers = _memory(rows).lasting
    answer, mine = answers.claim(name)
    if mine:
        Thread(target=answers.fulfil, args=(name, make), name=f"patchwork-{name}", daemon=True).start()
    return cast("Future[Answer]", answer)


def _memory(rows: AnnotationRows) -> _Memory:
    with _LOCK:
        return _OF_ROWS.setdefault(rows, _Memory())
