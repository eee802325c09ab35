"""Where a member lies and what its bytes are, whatever kind of shard it is in.

A shard that is near and small is walked once, header by header, which also tells all of its damage. One that is far, as
everything behind HTTP, or too large to be walked in a moment, as a full shard on a mounted object store, is searched,
and its members are fetched whole: one read instead of a dozen small ones.
"""

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Protocol

from data_access.kept_bytes import KeptBytes
from data_access.memory_cache import OnceCache
from data_access.remote.remote_file import RemoteFile
from data_access.terramesh import batch_parts
from data_access.terramesh.byte_range import read_range, size_of
from data_access.terramesh.member_index import MemberIndex
from data_access.terramesh.member_search import MemberSearch, RanksOf, ShardBytes
from data_access.terramesh.offset_index import OffsetIndex, Ranked
from data_access.terramesh.search_windows import Wanted, Window
from data_access.terramesh.shard import Member
from data_access.terramesh.shard_files import Layout, Shard
from data_access.terramesh.tar import BLOCK
from data_access.terramesh.window_headers import Header
from errors import ShardError, SourceChangedError

WALKED_BYTES = 64 << 20  # walking so large a shard of the smallest members takes a tenth of a second on a local disk
OFFSETS_FOLDER = "terramesh-offsets"  # beside the lists of members
BYTES_FOLDER = "bytes"  # beside the folder of tables
HELD_BYTES = 96 << 20  # members in memory as they lie in their shards: all modalities of some forty samples


class ByteStore(Protocol):
    """Bytes kept on disk by a name that says all of what they are."""

    def get(self, key: str) -> bytes | None:
        """What was put, or None."""

    def put(self, key: str, data: bytes) -> None:
        """Keep bytes for as long as there is room."""


class MemberFinder:
    """Members by key; safe to use from many threads at once."""

    def __init__(
        self, index: MemberIndex, offsets: OffsetIndex, kept: ByteStore | None = None, walked_bytes: int = WALKED_BYTES
    ) -> None:
        """Look members up in these.

        Args:
            index: lists of shards that are walked.
            offsets: headers seen in shards that are searched.
            kept: where fetched members are kept on disk; None keeps none.
            walked_bytes: size up to which a local shard is walked.
        """
        self._index = index
        self._offsets = offsets
        self._kept = kept
        self._walked_bytes = walked_bytes
        self._found: OnceCache[tuple[str, str], Member | None] = OnceCache(1 << 20, lambda _: 256)
        self._held: OnceCache[tuple[str, int, int], bytes] = OnceCache(HELD_BYTES, len)

    def is_far(self, shard: Shard) -> bool:
        """Whether reads of a shard are few and large, because each may cross a network."""
        if isinstance(shard.location, RemoteFile):
            return True
        return shard.size is None or shard.size > self._walked_bytes

    def find(self, shard: Shard, wanted: Wanted, ranks_of: RanksOf) -> Member | None:
        """The member with the wanted key; None where the shard does not have it.

        Args:
            shard: where to look.
            wanted: its key and, where the catalogue tells, its rank.
            ranks_of: the catalogue's ranks of other keys of the same shard.

        Raises:
            ShardError: the shard is damaged where the member should be, and the message says how.
            SourceMissingError, RemoteError: it can not be read.
        """
        near = not isinstance(shard.location, RemoteFile)
        if near and (wanted.rank is None or not self.is_far(shard)):
            return self._walked(shard, wanted.key)
        try:
            return self._found.get((shard.identity, wanted.key), lambda: self._search(shard, wanted, ranks_of))
        except SourceChangedError:
            self._offsets.forget(shard)
            raise
        except ShardError:
            if near:  # a walk of ten thousand headers is slow there, but it ends and tells what is damaged
                return self._walked(shard, wanted.key)
            raise

    def data(self, shard: Shard, member: Member) -> bytes:
        """The bytes of a member, in one read at most.

        Raises:
            ShardError, SourceMissingError, RemoteError: they can not be read.
        """
        if not self.is_far(shard):
            return read_range(shard.location, member.data_offset, member.size)
        try:
            return self._held.get(_place(shard, member), lambda: self._fetch(shard, member))
        except SourceChangedError:
            self._offsets.forget(shard)
            raise

    def take_in(self, shard: Shard, header: Header, rank: int | None, data: bytes) -> None:
        """Remember a member that came by with its header while its shard was read for something else.

        Its bytes are held in memory, not kept on disk: a shard played to its end would push all else out of the cache.

        Args:
            shard: where it lies.
            header: as it was met there.
            rank: of its key, where the catalogue lists it in this shard.
            data: its bytes.
        """
        if not self.is_far(shard):
            return
        fresh = self._offsets.of(shard).add([header], {} if rank is None else {header.key: rank})
        self._offsets.keep(shard, [(each, rank) for each in fresh])
        self._hold(shard, header.member, data)

    def _walked(self, shard: Shard, key: str) -> Member | None:
        members = self._index.members(shard)
        member = members.find(key)
        if member is None and members.problem:
            raise ShardError(members.problem)
        return member

    def _search(self, shard: Shard, wanted: Wanted, ranks_of: RanksOf) -> Member | None:
        known = self._offsets.of(shard)
        if (header := known.get(wanted.key)) is not None:
            return header.member
        size = size_of(shard.location) if shard.size is None else shard.size
        source = ShardBytes(
            shard.relative, shard.modality, size, lambda offset, length: read_range(shard.location, offset, length)
        )
        search = MemberSearch(source, wanted, known, ranks_of)
        try:
            found = search.run()
        finally:
            self._offsets.keep(shard, search.fresh)
        self._hold_neighbours(shard, [header for header, _ in search.fresh], search.windows)
        if found is not None and found.data is not None:
            self._hold(shard, found.member, found.data)
            self._keep(shard, found.member, found.data)
        return found.member if found else None

    def _fetch(self, shard: Shard, member: Member) -> bytes:
        data = self._kept.get(_name(shard, member)) if self._kept else None
        if data is None or len(data) != member.size:
            data = read_range(shard.location, member.data_offset, member.size)
            self._keep(shard, member, data)
        return data

    def _keep(self, shard: Shard, member: Member, data: bytes) -> None:
        if self._kept:
            self._kept.put(_name(shard, member), data)

    def _hold(self, shard: Shard, member: Member, data: bytes) -> None:
        place = _place(shard, member)
        _, mine = self._held.claim(place)
        if mine:
            self._held.fulfil(place, lambda: data)

    def _hold_neighbours(self, shard: Shard, headers: list[Header], windows: list[Window]) -> None:
        """Hold whatever members lie whole in what was read: a person often opens the neighbours next."""
        for window in windows:
            for header in headers:
                end = header.data_offset + header.size
                if window.offset <= header.data_offset and end <= window.end:
                    self._hold(shard, header.member, window.part(header.data_offset, end))


def finder_of(layout: Layout, index: MemberIndex, parts: Path | None, cache_bytes: float) -> MemberFinder:
    """The finder of a root, with everything that outlives the process: lists, headers seen, bytes, a batch index.

    Args:
        layout: the files of the root.
        index: lists of shards; what else is kept lies beside its folder, and bytes beside the folder of tables.
        parts: what `python -m batch` made of the root, if anything.
        cache_bytes: how many bytes of members are kept.
    """
    tables = index.folder.parent
    offsets = OffsetIndex(tables / OFFSETS_FOLDER, partial(_indexed, layout, parts) if parts else None)
    return MemberFinder(index, offsets, KeptBytes(tables.parent / BYTES_FOLDER, cache_bytes))


def _indexed(layout: Layout, parts: Path, shard: Shard) -> Iterator[Ranked]:
    """The headers of a shard that a batch index tells; none where it has no part, or one of another version."""
    shards = {**batch_parts.shards_of(layout, shard.split, shard.name), shard.modality: shard}
    table = batch_parts.offsets(parts, shard.split, shard.name, shards)
    if table is None:
        return
    names = ("id", "position", f"offset_{shard.modality}", f"size_{shard.modality}")
    for key, rank, offset, size in zip(*(table[name].to_pylist() for name in names), strict=True):
        if offset is not None and size is not None:
            yield Header(key, offset - BLOCK, offset, size), rank


def _place(shard: Shard, member: Member) -> tuple[str, int, int]:
    return shard.identity, member.data_offset, member.size


def _name(shard: Shard, member: Member) -> str:
    return f"member\0{shard.identity}\0{member.data_offset}\0{member.size}"
