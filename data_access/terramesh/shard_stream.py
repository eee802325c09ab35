"""One shard played from front to back: its members in file order, as the reference loader gives them.

Reads sequentially, in windows, with one window ahead; what is damaged is told and skipped. A stream that ends early, at
any moment and for any reason, is taken up again at the position of the last item that came: exactly the next one comes.
"""

from collections.abc import Generator
from dataclasses import dataclass
from functools import partial

from data_access.terramesh.byte_range import ReadRange, read_range, size_of
from data_access.terramesh.read_ahead import ReadAhead
from data_access.terramesh.shard import MAX_MEMBER_BYTES, Member, key_of
from data_access.terramesh.shard_files import Shard
from data_access.terramesh.tar import BLOCK, TarEntry, next_header, walk
from data_access.terramesh.window_headers import Header

_FOLDER = b"5"


@dataclass(frozen=True)
class StreamedMember:
    """One member as it lies in the shard."""

    header: Header
    data: bytes  # a zipped Zarr group
    position: int  # byte of the shard where the next entry begins

    @property
    def key(self) -> str:
        """The sample's key."""
        return self.header.key


@dataclass(frozen=True)
class StreamNote:
    """Something of the shard that is no sample, or damaged."""

    message: str
    position: int  # byte of the shard where the next entry is looked for


def stream_shard(shard: Shard, start: int = 0) -> Generator[StreamedMember | StreamNote]:
    """Play a shard.

    Args:
        shard: the tar file.
        start: where to begin, in bytes: a `position` of an earlier stream goes on exactly behind it; any other byte
            begins with the next member that follows.

    Raises:
        SourceMissingError, ShardError: the file can not be read.
        RemoteError: a remote one can not be fetched.
    """
    size = size_of(shard.location) if shard.size is None else shard.size
    ahead = ReadAhead(partial(read_range, shard.location), size)
    try:
        first = _first_header(ahead, start, size)
        if first is not None:
            yield from _entries(ahead, size, first, shard)
    finally:
        ahead.close()


def _first_header(read: ReadRange, start: int, size: int) -> int | None:
    """Where the first header at or after a byte lies; None where none follows."""
    if start == 0:
        return 0 if size else None  # an old archive's headers lack the mark that `next_header` goes by
    begin = -(-start // BLOCK) * BLOCK
    found = next_header(read, begin, size)
    return None if found >= size else found


def _entries(read: ReadRange, size: int, start: int, shard: Shard) -> Generator[StreamedMember | StreamNote]:
    problems: list[str] = []
    told, position = 0, start
    for entry in walk(read, size, problems, start):
        for problem in problems[told:]:
            yield StreamNote(f"{shard.relative}: {problem}.", position)
        # Behind damage nobody knows where the headers of the next entry begin: its last one lies before its data.
        header_start = position if told == len(problems) else entry.data_offset - BLOCK
        told = len(problems)
        position = min(entry.end, size)
        found = _member(read, entry, size, header_start)
        if isinstance(found, StreamedMember):
            yield found
        elif found:
            yield StreamNote(f"{shard.relative}: {found}", position)
    for problem in problems[told:]:
        yield StreamNote(f"{shard.relative}: {problem}.", size)


def _member(read: ReadRange, entry: TarEntry, size: int, start: int) -> StreamedMember | str | None:
    """The member behind an entry, a sentence why it is skipped, or None where the walk itself says why."""
    key = key_of(entry)
    if key is None:
        return None if entry.kind == _FOLDER else f"{entry.name[-80:]!r} is no sample and was skipped."
    if entry.data_offset + entry.size > size:
        return None  # cut off by the end of the file
    if entry.size > MAX_MEMBER_BYTES:
        return f"{key} has {entry.size} bytes, too many for a chip, and was skipped."
    header = Header(key, start, entry.data_offset, entry.size)
    return StreamedMember(header, read(entry.data_offset, entry.size), min(entry.end, size))


def start_of(member: Member) -> int:
    """Where to begin so that this member comes first."""
    return member.data_offset - BLOCK
