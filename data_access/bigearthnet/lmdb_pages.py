"""Looks up and lists keys of an LMDB file, one checked page at a time.

The lmdb library maps the whole file into memory and trusts it: a page number that points behind the end kills the
process (about one of 300 damaged bytes in a tree page does). Patches are only ever looked up and listed, which takes
little of the format (version 1, LMDB 0.9, 64-bit, little-endian), so this module reads it with `pread`, checks every
number against the file's size, and tells where each value lies. Names follow LMDB's own source: md_ mm_ mn_ mp_.
"""

import os
import struct
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from errors import ShardError

MAGIC = 0xBEEFC0DE
VERSION = 1
LARGEST_PAGE = 1 << 16
DEEPEST_TREE = 32  # LMDB's own CURSOR_STACK
PAGES_KEPT = 1024  # decoded pages in memory: the branches of a full archive, and the leaves last used

_PAGE_HEADER = struct.Struct("<QHHHH")  # mp_pgno, mp_pad, mp_flags, pb_lower, pb_upper
_META = struct.Struct("<IIQQ")  # mm_magic, mm_version, mm_address, mm_mapsize
_DATABASE = struct.Struct("<IHHQQQQQ")  # md_pad (page size), md_flags, md_depth, three page counts, md_entries, md_root
_META_END = struct.Struct("<QQ")  # mm_last_pg, mm_txnid
_NODE = struct.Struct("<HHHH")  # mn_lo, mn_hi, mn_flags, mn_ksize
_PAGE_NUMBER = struct.Struct("<Q")
_P_BRANCH, _P_LEAF, _P_OVERFLOW, _P_META = 1, 2, 4, 8
_F_BIGDATA, _F_SUBDATA, _F_DUPDATA = 1, 2, 4
_NO_PAGE = 2**64 - 1
_HEADER_SIZE = _PAGE_HEADER.size
_META_SIZE = _HEADER_SIZE + _META.size + 2 * _DATABASE.size + _META_END.size


@dataclass(frozen=True)
class ValuePlace:
    """Where the bytes of one value lie in the file."""

    offset: int
    length: int


@dataclass(frozen=True)
class _Root:
    """What the newest meta page says."""

    page_size: int
    page: int | None  # None: no entries
    last_page: int
    transaction: int


@dataclass(frozen=True)
class _Page:
    """One decoded tree page: per node its key, and a child page (branch) or the place of its value (leaf)."""

    leaf: bool
    keys: tuple[bytes, ...]
    children: tuple[int, ...]
    values: tuple[tuple[int, int, int], ...]  # flags, offset of the data in the file, length of the value


class LmdbFile:
    """One LMDB file, read only; safe to use from many threads at once."""

    def __init__(self, path: Path) -> None:
        """Open the file and read its meta pages.

        Raises:
            ShardError: it can not be read, is cut, or is no LMDB of a known version.
        """
        self.name = path.name
        try:
            self._file = path.open("rb", buffering=0)
            self._size = os.fstat(self._file.fileno()).st_size
        except OSError as error:
            raise ShardError(f"{path.name!r} can not be read ({error.strerror}): check its rights.") from error
        self._root = self._newest_meta()
        needed = (self._root.last_page + 1) * self._root.page_size
        if self._size < needed:
            raise self._damaged(f"it has {self._size:,} of {needed:,} bytes")
        self._page = lru_cache(maxsize=PAGES_KEPT)(self._decode)

    @property
    def transaction(self) -> int:
        """Number of the last write to the file."""
        return self._root.transaction

    def find(self, key: bytes) -> ValuePlace | None:
        """Where the value of a key lies; None where the key is not there.

        Raises:
            ShardError: a page on the way is damaged.
        """
        number = self._root.page
        for _ in range(DEEPEST_TREE):
            if number is None:
                return None
            page = self._page(number)
            if page.leaf:
                position = bisect_left(page.keys, key)
                found = position < len(page.keys) and page.keys[position] == key
                return self._place(key, *page.values[position]) if found else None
            # The first key of a branch stands for everything below the second.
            number = page.children[max(bisect_right(page.keys, key, lo=1) - 1, 0)]
        raise self._damaged(f"its tree is deeper than {DEEPEST_TREE} pages")

    def read(self, place: ValuePlace) -> bytes:
        """The bytes of a value. Raises ShardError where the file has become shorter."""
        return self._bytes(place.offset, place.length)

    def iterate_keys(self) -> Iterator[bytes]:
        """Every key, in order. Raises ShardError at a damaged page."""
        waiting = [] if self._root.page is None else [self._root.page]
        for _ in range(self._root.last_page + 1):  # a sound tree visits no page twice
            if not waiting:
                return
            page = self._decode(waiting.pop())
            if page.leaf:
                yield from page.keys
            else:
                waiting += reversed(page.children)
        if waiting:
            raise self._damaged("its tree runs in circles")

    def _newest_meta(self) -> _Root:
        first = self._meta(0)
        second = self._meta(first.page_size) if first else None
        roots = [root for root in (first, second) if root]
        if not roots:
            raise ShardError(
                f"{self.name!r} is no LMDB file of version {VERSION}: it is damaged or of another kind. "
                "Copy it again, or write it with rico-hdl."
            )
        return max(roots, key=lambda root: root.transaction)

    def _meta(self, offset: int) -> _Root | None:
        raw = os.pread(self._file.fileno(), _META_SIZE, offset)
        if len(raw) < _META_SIZE:
            return None
        magic, version, _, _ = _META.unpack_from(raw, _HEADER_SIZE)
        flags = _PAGE_HEADER.unpack_from(raw)[2]
        page_size = _DATABASE.unpack_from(raw, _HEADER_SIZE + _META.size)[0]
        main = _DATABASE.unpack_from(raw, _HEADER_SIZE + _META.size + _DATABASE.size)
        last_page, transaction = _META_END.unpack_from(raw, _META_SIZE - _META_END.size)
        plain = main[1] == 0  # keys in byte order, one value each
        sound = magic == MAGIC and version == VERSION and flags & _P_META and plain
        if not sound or not 256 <= page_size <= LARGEST_PAGE or page_size & (page_size - 1):
            return None
        root = None if main[7] == _NO_PAGE else main[7]
        return _Root(page_size, root, last_page, transaction)

    def _decode(self, number: int) -> _Page:
        size = self._root.page_size
        raw = self._page_bytes(number)
        stated, _, flags, lower, upper = _PAGE_HEADER.unpack_from(raw)
        kind = flags & (_P_BRANCH | _P_LEAF | _P_OVERFLOW | _P_META)
        if stated != number or kind not in {_P_BRANCH, _P_LEAF} or not _HEADER_SIZE <= lower <= upper <= size:
            raise self._damaged(f"page {number} is no tree page")
        pointers = struct.unpack_from(f"<{(lower - _HEADER_SIZE) // 2}H", raw, _HEADER_SIZE)
        if not pointers or min(pointers) < upper or max(pointers) > size - _NODE.size:
            raise self._damaged(f"page {number} has a node outside of it")
        nodes = [(pointer, *_NODE.unpack_from(raw, pointer)) for pointer in pointers]
        if any(pointer + _NODE.size + key_size > size for pointer, *_, key_size in nodes):
            raise self._damaged(f"page {number} has a key that does not end")
        starts = [(pointer + _NODE.size, key_size) for pointer, *_, key_size in nodes]
        keys = tuple(raw[start : start + key_size] for start, key_size in starts)
        if kind == _P_BRANCH:
            return _Page(False, keys, tuple(lo | hi << 16 | high << 32 for _, lo, hi, high, _ in nodes), ())
        values = tuple(
            (node_flags, number * size + pointer + _NODE.size + key_size, lo | hi << 16)
            for pointer, lo, hi, node_flags, key_size in nodes
        )
        return _Page(True, keys, (), values)

    def _place(self, key: bytes, flags: int, offset: int, length: int) -> ValuePlace:
        size = self._root.page_size
        if flags & (_F_SUBDATA | _F_DUPDATA):
            raise self._damaged(f"{key[:80]!r} holds a database of its own, not a value")
        if not flags & _F_BIGDATA:
            if offset % size + length > size:
                raise self._damaged(f"the value of {key[:80]!r} leaves its page")
            return ValuePlace(offset, length)
        (number,) = _PAGE_NUMBER.unpack(self._bytes(offset, _PAGE_NUMBER.size))
        stated, _, page_flags, low, high = _PAGE_HEADER.unpack_from(self._page_bytes(number))
        pages = low | high << 16  # pb_pages takes the place of both bounds
        start = number * size + _HEADER_SIZE
        fits = _HEADER_SIZE + length <= pages * size and start + length <= self._size
        if stated != number or not page_flags & _P_OVERFLOW or not fits:
            raise self._damaged(f"the value of {key[:80]!r} is not where its key points")
        return ValuePlace(start, length)

    def _page_bytes(self, number: int) -> bytes:
        if number > self._root.last_page:
            raise self._damaged(f"it points to page {number} of {self._root.last_page}")
        return self._bytes(number * self._root.page_size, self._root.page_size)

    def _bytes(self, offset: int, length: int) -> bytes:
        try:
            raw = os.pread(self._file.fileno(), length, offset)
        except (OSError, OverflowError) as error:
            raise self._damaged(f"bytes {offset} to {offset + length} can not be read") from error
        if len(raw) != length:
            raise self._damaged(f"it ends before byte {offset + length}")
        return raw

    def _damaged(self, reason: str) -> ShardError:
        return ShardError(f"The LMDB {self.name!r} is damaged, {reason}: copy or convert it again.")
