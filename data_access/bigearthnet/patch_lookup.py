"""Finds a patch by its id in microseconds: a picture request must not wait for a database."""

import bisect
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from data_access.bigearthnet.modalities import Modality
from data_access.bigearthnet.patch_grid import is_s1_name
from errors import UnknownSampleError

LOOKUP_COLUMNS = ("id", "s1_name", "has_s2", "has_s1", "has_reference_map")


@dataclass(frozen=True)
class Patch:
    """A sample of the patch table, as far as reading its pixels needs it."""

    id: str
    s1_name: str | None
    has_s2: bool
    has_s1: bool
    has_reference_map: bool

    def stored_name(self, modality: Modality) -> str | None:
        """Name under which a modality's pixels are stored; None where this patch does not have them."""
        if modality.product == "S1":
            return self.s1_name if self.has_s1 else None
        has = self.has_s2 if modality.product == "S2" else self.has_reference_map
        return self.id if has else None


class PatchLookup:
    """All patches by id; safe to use from many threads at once."""

    def __init__(self, table: pa.Table) -> None:
        """Keep the columns of `LOOKUP_COLUMNS` of a table sorted by id; about 100 bytes per patch."""
        self._columns = [table[name].combine_chunks() for name in LOOKUP_COLUMNS]
        self._ids, self._s1_names = self._columns[:2]

    def find(self, sample_id: str) -> Patch:
        """The patch of that id, or the one that a Sentinel-1 name belongs to. Raises UnknownSampleError."""
        position = bisect.bisect_left(self._ids, sample_id, key=lambda scalar: scalar.as_py())
        if position == len(self._ids) or self._ids[position].as_py() != sample_id:
            # Users know both names of a pair. A look at every s1_name takes a millisecond, so it comes second.
            position = pc.index(self._s1_names, sample_id).as_py() if is_s1_name(sample_id) else -1
        if position < 0:
            raise UnknownSampleError(
                f"No patch has the id {sample_id[:100]!r}. Check the id, or choose a patch on the map."
            )
        return Patch(*(column[position].as_py() for column in self._columns))
