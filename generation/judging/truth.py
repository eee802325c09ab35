"""What a sample really holds of what was generated, cut and corrected like the inputs of the run."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from data_access.dataset import Dataset
from data_access.memory_cache import OnceCache
from generation.judging.coordinates import LonLat
from generation.kept_result import KeptResult
from generation.prepared import prepare

_KEPT_BYTES = 48 * 1024**2  # a sample with all modalities is 4 MB: those of a dozen readers, for picture after picture


@dataclass(frozen=True, eq=False)
class Truth:
    """The real modalities behind a result.

    Attributes:
        arrays: (band, y, x) by modality, in the shape and unit of what was generated.
        valid: bool (y, x) by modality: where it has a value.
        notes: by modality, what was done to it before it was compared, in sentences.
        place: longitude and latitude of the sample's middle, which also is the window's.
        reason: why there is nothing at all to compare with; empty where there is.
    """

    arrays: Mapping[str, np.ndarray] = field(default_factory=dict)
    valid: Mapping[str, np.ndarray] = field(default_factory=dict)
    notes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    place: LonLat | None = None
    reason: str = ""

    @property
    def nbytes(self) -> int:
        """Bytes of all arrays."""
        return sum(each.nbytes for group in (self.arrays, self.valid) for each in group.values())


_TRUTHS: OnceCache[str, Truth] = OnceCache(_KEPT_BYTES, lambda truth: truth.nbytes)


def truth_of(result: KeptResult, dataset: Dataset | None) -> Truth:
    """The truth behind a result, read once for all who ask within a short time.

    Args:
        result: of a run.
        dataset: that its sample belongs to; None where there is none.

    Raises:
        UnknownSampleError, ShardError, SampleFormatError: the sample can not be read any more.
    """
    sample = result.sample
    if sample is None or dataset is None:
        return Truth(reason="the run began with a place alone, so there is no sample to compare with")
    if dataset.info.revision != result.revision:
        return Truth(reason="the collection has changed since the run, and its sample may be another one now")
    return _TRUTHS.get(result.id, lambda: _read(result, dataset, sample))


def _read(result: KeptResult, dataset: Dataset, sample: str) -> Truth:
    prepared = prepare(dataset, sample, result.request)
    record = dataset.describe(sample)
    return Truth(prepared.truth, prepared.valid, prepared.truth_notes, (record.lon, record.lat))
