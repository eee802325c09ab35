"""Opens the rows of the annotations without holding the page: the first time of a file takes minutes."""

from concurrent.futures import Future, ThreadPoolExecutor
from threading import Lock
from weakref import WeakKeyDictionary

from data_access.annotations.rows import AnnotationRows
from data_access.bigearthnet.dataset import BigEarthNet

_STARTED: "WeakKeyDictionary[BigEarthNet, Future[AnnotationRows | None]]" = WeakKeyDictionary()
_LOCK = Lock()
_WORKERS = ThreadPoolExecutor(max_workers=1, thread_name_prefix="annotation-rows")


def opening_rows(dataset: BigEarthNet) -> "Future[AnnotationRows | None]":
    """The rows of a data set, or None without annotations, once they are open; all sessions share the work.

    The result raises the named reason where they could not be opened; asking again then tries again.
    """
    with _LOCK:
        known = _STARTED.get(dataset)
        if known is None or (known.done() and known.exception()):
            known = _STARTED[dataset] = _WORKERS.submit(_open, dataset)
        return known


def _open(dataset: BigEarthNet) -> AnnotationRows | None:
    return dataset.rows
