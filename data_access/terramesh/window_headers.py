"""The members whose tar headers lie in a window cut from anywhere in a shard.

A block counts as a header if its checksum is right, and as a member's if its name has the pattern of a key; compressed
data passes neither test. From the first header on, each entry says where the next one begins, so what lies inside an
entry's data is never taken for a header, not even the headers of an archive within the archive.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

import numpy as np

from data_access.terramesh.modalities import MEMBER_SUFFIX
from data_access.terramesh.shard import Member, key_of
from data_access.terramesh.tar import BLOCK, walk

_MAGIC = np.frombuffer(b"ustar", np.uint8)  # of every archive but those of the 1980s, whose shards are walked
_MAGIC_AT = 257


@dataclass(frozen=True)
class Header:
    """One member as its tar header tells."""

    key: str
    start: int  # first byte of its headers, the extended ones included
    data_offset: int
    size: int

    @property
    def end(self) -> int:
        """Where the next entry begins."""
        return self.data_offset + -(-self.size // BLOCK) * BLOCK

    @property
    def member(self) -> Member:
        """Where its data lies."""
        return Member(self.key, self.key + MEMBER_SUFFIX, self.data_offset, self.size)


@dataclass(frozen=True)
class Chain:
    """Entries that follow one another without a gap."""

    headers: tuple[Header, ...]  # of members; foreign files between them are left out
    begin: int  # offset of the first entry
    end: int  # where the entry after the last begins; may lie beyond the window
    is_last: bool  # the archive ends here
    damaged: bool  # at `end`, inside the window, there is no sound header


class _OutsideError(Exception):
    """A read reaches out of the window."""


def chains_in(data: bytes, offset: int, size: int) -> tuple[Chain, ...]:
    """Every chain of entries whose headers lie in a window, in file order; more than one only where one is damaged.

    Args:
        data: the window.
        offset: where it lies in the shard; a multiple of 512.
        size: bytes of the whole shard.
    """
    found: list[Chain] = []
    begin = 0
    for candidate in _candidates(data):
        if candidate < begin:
            continue
        chain = _chain(data, offset, size, candidate)
        if chain is not None:
            found.append(chain)
            begin = chain.end - offset
    return tuple(found)


def _candidates(data: bytes) -> Iterator[int]:
    """Positions of blocks that carry the mark of a header."""
    blocks = np.frombuffer(data, np.uint8, len(data) // BLOCK * BLOCK).reshape(-1, BLOCK)
    marked = (blocks[:, _MAGIC_AT : _MAGIC_AT + len(_MAGIC)] == _MAGIC).all(axis=1)
    return (int(index) * BLOCK for index in np.flatnonzero(marked))


def _chain(data: bytes, offset: int, size: int, begin: int) -> Chain | None:
    """The chain that begins at a block of the window; None where that is no header."""
    headers: list[Header] = []
    problems: list[str] = []
    end, left, met = offset + begin, False, False
    try:
        for entry in walk(partial(_read, data, begin), size - offset - begin, problems):
            if problems:
                break
            met = True
            entry_size = entry.size if entry.kind not in b"123456" else 0
            header = Header(key_of(entry) or "", end, offset + begin + entry.data_offset, entry_size)
            if header.key and header.data_offset + header.size <= size:
                headers.append(header)
            end = header.end
    except _OutsideError:
        left = True
    if not met:
        return None
    is_last = end + BLOCK > size or not (left or problems)
    return Chain(tuple(headers), offset + begin, end, is_last, bool(problems) and not is_last)


def _read(data: bytes, begin: int, offset: int, length: int) -> bytes:
    first = begin + offset
    if first + length > len(data):
        raise _OutsideError
    return data[first : first + length]
