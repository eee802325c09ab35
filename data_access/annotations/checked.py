"""The annotations of a patch, read, and checked against its reference map where it has one."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from data_access.annotations.checks.check import check_row
from data_access.annotations.checks.verdict import Verdict, unknown
from data_access.annotations.reading import Reading, read_row
from data_access.bigearthnet.map_facts import MapFacts

UNREAD = "The reference map of this patch can not be read."


@dataclass(frozen=True)
class Annotation:
    """One row of BigEarthNet.txt.

    Attributes:
        row: the thirteen columns as stored.
        reading: what it says.
        verdict: what the map says to its answer; None where the patch has no map and the row's columns do not know.
        unread: whether the patch has a map that can not be read, so that the verdict may be another next time.
    """

    row: Mapping[str, object]
    reading: Reading
    verdict: Verdict | None
    unread: bool = False


@runtime_checkable
class ReadsAnnotations(Protocol):
    """What a data set with text offers beside `data_access.dataset.Dataset`."""

    def read_annotations(self, sample_id: str) -> tuple[Annotation, ...]:
        """The annotations of one patch in the order of their ID. Raises UnknownSampleError."""


def checked(
    rows: Iterable[Mapping[str, object]], facts: MapFacts | None, *, unread: bool = False
) -> tuple[Annotation, ...]:
    """Read and check the rows of one patch.

    Args:
        rows: the thirteen columns as stored.
        facts: of the patch's reference map, if there is one.
        unread: whether there is one that can not be read.
    """
    instead = unknown(UNREAD) if unread else None
    readings = ((row, read_row(row)) for row in rows)
    return tuple(
        Annotation(row, reading, check_row(row, reading, facts) or instead, unread) for row, reading in readings
    )
