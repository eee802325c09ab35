"""Opening modalities of samples: bytes found, decoded, checked, and kept in memory for a while."""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

import numpy as np
import xarray as xr

from data_access.dataset import ModalitySummary, OffsetState, Provenance
from data_access.geolocation import Geolocation
from data_access.memory_cache import OnceCache
from data_access.terramesh.layout import Shard
from data_access.terramesh.locator import SampleLocator
from data_access.terramesh.member_finder import MemberFinder
from data_access.terramesh.member_scan import open_member
from data_access.terramesh.modalities import CLOUD_MASK, MODALITIES, Modality, modality_named, source_of
from data_access.terramesh.offsets import offset_of_l1c, offset_of_l2a
from data_access.terramesh.sample import SampleFile
from data_access.terramesh.shard import MAX_MEMBER_BYTES, Member
from data_access.terramesh.times import iso
from errors import ModalityMissingError, PlaceError, RemoteError, SampleFormatError, ShardError, SourceMissingError

DECODED_BYTES = 256 << 20  # opened modalities held in memory: all of some forty samples
OFFSET_MODALITIES = ("S2L2A", "S2L1C")  # their values may carry the +1000 of newer processing baselines


class SampleReader:
    """Reads samples of one root; safe to use from many threads at once."""

    def __init__(self, locator: SampleLocator, finder: MemberFinder) -> None:
        """Read what `locator` finds, through `finder`."""
        self._locator = locator
        self._finder = finder
        self._opened: OnceCache[tuple[str, str], xr.Dataset] = OnceCache(
            DECODED_BYTES, lambda opened: int(opened.nbytes)
        )

    def read(self, sample_id: str, modality: str) -> xr.Dataset:
        """A modality of a sample as `data_access.dataset` describes it; arrays are shared and read-only.

        Raises:
            UnknownSampleError: no such sample.
            ModalityMissingError: no such modality, or the sample does not have it.
            ShardError, SampleFormatError: its bytes are damaged.
        """
        kind = modality_named(modality)
        return self._opened.get((sample_id, modality), lambda: self._open(sample_id, kind)).copy(deep=False)

    def summary(self, sample_id: str, modality: str) -> ModalitySummary:
        """A modality without its pixels; those of Sentinel-2 are opened, because only they tell the offset.

        Raises: as `read`.
        """
        kind = modality_named(modality)
        offset: OffsetState = "absent"
        if modality in OFFSET_MODALITIES:
            offset = self.read(sample_id, modality).attrs["offset_state"]
        shard, member = self._find(sample_id, modality)
        with _naming(sample_id, modality, shard):
            file = self._file(shard, member, modality)
            _check_carries(file, sample_id, modality)
            file.check()
            return ModalitySummary(
                name=modality,
                bands=file.bands,
                shape=file.shape,
                dtype=file.dtype.name,
                unit=kind.unit,
                time=iso(file.time),
                offset_state=offset,
                provenance=_provenance(shard, member),
            )

    def member_bytes(self, sample_id: str, modality: str) -> bytes:
        """The member that carries a modality, as it lies in its shard: a zip file.

        Raises: as `read`, but nothing of its content is checked.
        """
        modality_named(modality)
        return self._data(*self._find(sample_id, modality))

    def holds(self, sample_id: str, modality: str) -> bool:
        """Whether a shard holds a modality of a sample, without opening it; nothing is fetched from a far one.

        Raises UnknownSampleError.
        """
        if self._locator.far_shard(sample_id, modality):
            return True
        try:
            self._locator.member(sample_id, modality)
        except (ModalityMissingError, ShardError, SourceMissingError, RemoteError):
            return False
        return True

    def geolocation(self, sample_id: str, modality: str) -> Geolocation | None:
        """Where a modality of a sample lies, without decoding pixels; None where its file does not tell.

        Raises:
            PlaceError: it tells something that is no place.
            UnknownSampleError, ModalityMissingError, ShardError, SampleFormatError: as `read`.
        """
        shard, member = self._find(sample_id, modality)
        with _naming(sample_id, modality, shard):
            return self._file(shard, member, modality).geolocation

    def _find(self, sample_id: str, modality: str) -> tuple[Shard, Member]:
        """Where a modality lies. Not every member of Sentinel-2 carries the cloud mask: the first that does counts."""
        if modality != CLOUD_MASK:
            return self._locator.member(sample_id, modality)
        for shard, member in self._locator.members(sample_id, modality):
            try:
                if CLOUD_MASK in self._file(shard, member, modality):
                    return shard, member
            except (SampleFormatError, ShardError):
                continue  # another may be whole; where none is, the first tells what is wrong with it
        return self._locator.member(sample_id, modality)

    def _open(self, sample_id: str, modality: Modality) -> xr.Dataset:
        shard, member = self._find(sample_id, modality.name)
        data = self._data(shard, member)
        with _naming(sample_id, modality.name, shard):
            file = SampleFile(io.BytesIO(data), modality)
            _check_carries(file, sample_id, modality.name)
            values = file.pixels()
            return file.to_dataset(
                values,
                sample_id=sample_id,
                source=source_of(sample_id, shard.name) or "unknown",
                offset=self._offset(sample_id, modality.name, values, file),
                provenance=_provenance(shard, member),
            )

    def _file(self, shard: Shard, member: Member, modality: str) -> SampleFile:
        """A member for its metadata: of a far shard whole, because it is wanted next; else by the ranges it needs."""
        if self._finder.is_far(shard):
            return SampleFile(io.BytesIO(self._data(shard, member)), MODALITIES[modality])
        return open_member(shard, member, modality)

    def _data(self, shard: Shard, member: Member) -> bytes:
        if member.size > MAX_MEMBER_BYTES:
            raise SampleFormatError(f"{member.key} in {shard.relative} has {member.size} bytes, too many for a chip.")
        return self._finder.data(shard, member)

    def _offset(self, sample_id: str, modality: str, values: np.ndarray, file: SampleFile) -> OffsetState:
        """State of the Sentinel-2 offset; other modalities never carry one."""
        if modality == "S2L1C":
            return offset_of_l1c(values, file.bands)
        if modality == "S2L2A":
            return offset_of_l2a(values, partial(self._l1c_offset, sample_id))
        return "absent"

    def _l1c_offset(self, sample_id: str) -> OffsetState:
        """State of the sample's L1C, "unknown" where it has none or a damaged one.

        One that can not be reached at the moment is an error of the L2A, too: pictures of a state that is unknown for
        a minute would be kept for a week.
        """
        try:
            state: OffsetState = self.read(sample_id, "S2L1C").attrs["offset_state"]
        except (ModalityMissingError, SampleFormatError, ShardError):
            return "unknown"
        return state


def _provenance(shard: Shard, member: Member) -> Provenance:
    return Provenance(shard=shard.relative, member=member.name, byte_offset=member.data_offset, byte_length=member.size)


def _check_carries(file: SampleFile, sample_id: str, modality: str) -> None:
    """Not every member of Sentinel-2 carries the cloud mask."""
    if modality == CLOUD_MASK and CLOUD_MASK not in file:
        raise ModalityMissingError(f"{sample_id} has no cloud mask: its Sentinel-2 member carries none.")


@contextmanager
def _naming(sample_id: str, modality: str, shard: Shard) -> Iterator[None]:
    """Say in every error about damaged or misplaced bytes whose they are."""
    try:
        yield
    except (SampleFormatError, PlaceError) as error:
        raise type(error)(f"{modality} of {sample_id} in {shard.relative}: {error.message}") from error
