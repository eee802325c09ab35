"""The samples inside one TerraMesh shard: a tar archive of `{key}.zarr.zip` members."""

from collections.abc import Callable
from dataclasses import dataclass

from data_access.terramesh.byte_range import ReadRange
from data_access.terramesh.modalities import KEY_PATTERN, MEMBER_SUFFIX
from data_access.terramesh.tar import REGULAR_TYPES, TarEntry, walk

MAX_MEMBER_BYTES = 96 << 20  # a chip of the largest size that is decoded, hardly compressed; more is no chip
_LFS_POINTER = b"version https://git-lfs"
_GZIP = b"\x1f\x8b"
_SHOWN_PROBLEMS = 3


@dataclass(frozen=True)
class Member:
    """One sample's file in a shard: bytes `data_offset` to `data_offset + size`."""

    key: str
    name: str
    data_offset: int
    size: int


@dataclass(frozen=True)
class ShardListing:
    """What a shard holds."""

    members: tuple[Member, ...]  # in file order, every key once
    notes: tuple[str, ...] = ()  # harmless oddities, in sentences
    problem: str | None = None  # damage: members may be missing


def list_members(read: ReadRange, size: int, shard: str, visit: Callable[[Member], None] | None = None) -> ShardListing:
    """List the members of a shard of `size` bytes; foreign files are noted, damage is named, nothing is fatal.

    A member that the end of the file cuts is left out. Of two members with one key the last counts, as when a tar
    archive is unpacked.

    Args:
        read: gives the bytes of the shard.
        size: its length.
        shard: its name, for notes and problems.
        visit: called for each member as soon as it is met, in file order, so that one pass over a shard can read its
            headers and its contents.

    Raises:
        SourceMissingError, ShardError: the file can not be read at all.
    """
    problems: list[str] = []
    members: dict[str, Member] = {}
    foreign: list[str] = []
    repeated: list[str] = []
    for entry in walk(read, size, problems):
        key = key_of(entry)
        if key is None:
            if entry.kind != b"5":
                foreign.append(entry.name)
        elif entry.data_offset + entry.size <= size:
            if members.pop(key, None):
                repeated.append(key)
            members[key] = Member(key, entry.name, entry.data_offset, entry.size)
            if visit:
                visit(members[key])
    if not members and size >= len(_LFS_POINTER) and read(0, len(_LFS_POINTER)) == _LFS_POINTER:
        problems = ["it is a Git LFS pointer, not the file itself; fetch it with `git lfs pull` or the hub's client"]
    if not members and size >= len(_GZIP) and read(0, len(_GZIP)) == _GZIP:
        problems = ["it is compressed with gzip; unpack it with `gunzip` so that samples can be found in it"]
    notes = (
        *_note(shard, foreign, "that are no samples were skipped"),
        *_note(shard, repeated, "occur more than once; the last of each counts"),
    )
    return ShardListing(tuple(members.values()), notes, _describe(shard, problems))


def key_of(entry: TarEntry) -> str | None:
    """The sample's key, or None for a foreign file: a README, a hidden file of an archiver, a link."""
    name = entry.name.rpartition("/")[2]
    key = name.removesuffix(MEMBER_SUFFIX)
    if entry.kind not in REGULAR_TYPES or key == name or not KEY_PATTERN.fullmatch(key):
        return None
    return key


def _note(shard: str, names: list[str], what: str) -> tuple[str, ...]:
    if not names:
        return ()
    return (f"{shard}: {len(names)} file(s) {what} (such as {names[0][-80:]!r}).",)


def _describe(shard: str, problems: list[str]) -> str | None:
    if not problems:
        return None
    more = len(problems) - _SHOWN_PROBLEMS
    listed = "; ".join(problems[:_SHOWN_PROBLEMS]) + (f"; and {more} more" if more > 0 else "")
    return f"{shard} is damaged: {listed}. Fetch it again; samples that are whole can be read."
