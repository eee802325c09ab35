"""The patch that is read: its record, and its place among the patches that match."""

import re
from dataclasses import dataclass

from components.annotations.reader.selection import first_of, matching_rows, neighbours_of
from components.annotations.state import AnnotationsState
from components.compare_fetching import described
from data_access.bigearthnet.dataset import BigEarthNet
from data_access.dataset import ID_PATTERN, Neighbours, SampleRecord
from errors import SourceMissingError, UnknownSampleError

MAP = "reference_map"
_SHOWN = 60  # characters of an id in a message


@dataclass(frozen=True)
class ReadPatch:
    """One patch of a selection."""

    record: SampleRecord
    neighbours: Neighbours
    first: str | None  # of the selection; None where nothing matches
    matching: tuple[int, ...] | None  # places of its rows that match, by ID; None where the filter rules none out

    @property
    def has_map(self) -> bool:
        """Whether answers can be checked."""
        return any(part.name == MAP for part in self.record.modalities)


def open_patch(state: AnnotationsState, dataset: BigEarthNet) -> ReadPatch:
    """Open the patch of the address, or the first that matches where the address names none.

    Raises:
        SourceMissingError: there are no annotations at all.
        UnknownSampleError: no such patch, or none matches.
        FilterError: the text of the filter has too many words.
        PatchworkError: its annotations or its files can not be read at all.
    """
    rows = dataset.rows
    if rows is None:
        raise SourceMissingError("There are no annotations to read. The Data page tells how to connect them.")
    first = first_of(rows, state.wanted)
    sample = state.sample or first
    if sample is None:
        raise UnknownSampleError("No annotation matches the filter. Take conditions away on the left.")
    record = described(dataset, sample)
    around = neighbours_of(rows, state.wanted, sample)
    return ReadPatch(record, around, first, matching_rows(rows, state.wanted, sample))


def odd_id(sample: str) -> str:
    """Why rows under an id can not be asked for; empty where they can. A file may hold any text as a patch's id."""
    if re.fullmatch(ID_PATTERN, sample):
        return ""
    return (
        f"{sample[:_SHOWN]!r} is no id of a patch: letters, digits, '-' and '_' only. Nothing can be drawn for it; "
        "its annotations are in Find, and in what is taken along."
    )


def blank_reason(patch: ReadPatch, dataset: BigEarthNet) -> str:
    """Why there are no pictures; empty where there are."""
    if patch.record.modalities:
        return ""
    if patch.record.problems:
        return patch.record.problems[0]
    if not dataset.modalities:
        return (
            "No imagery is connected, only the annotations: boxes and points are drawn on an empty frame. "
            "The Data page tells how to connect the imagery."
        )
    return "The imagery has no picture of this patch: boxes and points are drawn on an empty frame."
