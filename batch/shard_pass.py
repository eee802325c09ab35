"""One pass over a shard: its headers alone, or every member from the first to the last."""

from collections.abc import Callable
from functools import partial

from batch import pulse
from batch.sequential import SequentialReader
from data_access.remote.limits import PATIENT
from data_access.remote.ranges import fetch
from data_access.remote.remote_file import RemoteFile
from data_access.terramesh.byte_range import ReadRange, read_range, size_of
from data_access.terramesh.layout import Shard
from data_access.terramesh.shard import MAX_MEMBER_BYTES, Member, list_members
from errors import ShardError

VisitMember = Callable[[str, bytes], None]  # (key, the member's bytes)


def members_of(shard: Shard, problems: list[str]) -> tuple[Member, ...]:
    """The members of a shard in file order; damage goes to `problems` as a sentence.

    On disk only the headers are read. Over HTTP everything is, in large requests: a header lies behind every member,
    and for members below 1.5 MB (30 ms at 50 MB/s) asking for it alone takes longer than reading up to it.

    Raises:
        SourceMissingError, RemoteError: the shard can not be reached; another time it may.
    """
    found: list[Member] = []
    if isinstance(shard.location, RemoteFile):
        _walk(shard, problems, lambda member, _: found.append(member))
        return _last_of_each(found)
    try:
        listing = list_members(_reading(shard), _size(shard), shard.relative, found.append)
    except ShardError as error:
        problems.append(error.message)
        return _last_of_each(found)
    problems += [listing.problem] if listing.problem else []
    return listing.members


def each_member(shard: Shard, visit: VisitMember, problems: list[str]) -> None:
    """Give every member of a shard to `visit`, in file order; damage goes to `problems` as a sentence.

    Of two members with one key the last counts, so what comes later replaces what came before.

    Raises:
        SourceMissingError, RemoteError: the shard can not be reached; another time it may.
    """

    def give(member: Member, read: SequentialReader) -> None:
        if member.size > MAX_MEMBER_BYTES:
            problems.append(f"{member.key} in {shard.relative} has {member.size} bytes, too many for a chip.")
            return
        visit(member.key, read(member.data_offset, member.size))

    _walk(shard, problems, give)


def _walk(shard: Shard, problems: list[str], give: Callable[[Member, SequentialReader], None]) -> None:
    size = _size(shard)
    with SequentialReader(_reading(shard), size, told=pulse.advance) as read:
        try:
            listing = list_members(read, size, shard.relative, lambda member: give(member, read))
        except ShardError as error:  # members before the damage have been given
            problems.append(error.message)
            return
    problems += [listing.problem] if listing.problem else []


def _reading(shard: Shard) -> ReadRange:
    """The bytes of a shard. Nobody waits for this with a hand on the mouse, so it outlasts a server's rate limit."""
    if isinstance(shard.location, RemoteFile):
        return partial(fetch, shard.location, limits=PATIENT)
    return partial(read_range, shard.location)


def _size(shard: Shard) -> int:
    return size_of(shard.location) if shard.size is None else shard.size


def _last_of_each(members: list[Member]) -> tuple[Member, ...]:
    return tuple({member.key: member for member in members}.values())
