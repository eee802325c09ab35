"""The consoles of this process: one per revision of the data, shared by pages and API."""

from collections.abc import Mapping
from pathlib import Path
from threading import Lock
from typing import Protocol, runtime_checkable

from data_access.console.console import Console
from data_access.dataset import Dataset
from errors import ModalityMissingError

_MOST_KEPT = 2  # the data of now and those before, whose last queries may be under way
_LOCK = Lock()
_CONSOLES: dict[str, Console] = {}  # by revision


@runtime_checkable
class HasFiles(Protocol):
    """A data set whose annotations and catalogue lie in files."""

    @property
    def files(self) -> Mapping[str, Path]:
        """Where they lie, as `annotations` and `catalogue`; what is not there is missing."""


def console_of(dataset: Dataset) -> Console:
    """The console of a data set; that of a revision long gone is closed.

    Raises:
        ModalityMissingError: it has no annotations.
        PatchworkError: its annotations could not be opened, with the reason met then.
    """
    files = dataset.files if isinstance(dataset, HasFiles) else {}
    if "annotations" not in files:
        raise ModalityMissingError(
            "No annotations are configured, so there is nothing to ask: set PATCHWORK_BIGEARTHNET_TXT to "
            "BigEarthNet.txt.parquet."
        )
    with _LOCK:
        revision = dataset.info.revision
        if revision not in _CONSOLES:
            while len(_CONSOLES) >= _MOST_KEPT:
                _CONSOLES.pop(next(iter(_CONSOLES))).close()
            _CONSOLES[revision] = Console({name: str(path) for name, path in files.items()})
        return _CONSOLES[revision]
