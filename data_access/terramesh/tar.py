"""Walking a tar archive by its 512-byte headers, however damaged it is.

Reads v7, ustar, GNU and PAX archives as `tarfile` does, but never follows a size past the end of the file, never
reads file contents, and goes on behind a damaged header instead of giving up.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from data_access.terramesh.byte_range import ReadRange

BLOCK = 512
MAX_EXTENSION_BYTES = 1 << 20  # a PAX or GNU long-name record is some hundred bytes; a lying one must not fill memory
RESYNC_BYTES = 64 << 20  # how far to look for the next header behind damage: several of the largest members
RESYNC_STEP = 1 << 20
MAX_PROBLEMS = 20  # a shard of garbage must not name every block of it

REGULAR_TYPES = (b"0", b"\0", b"7")
_DATALESS_TYPES = (b"1", b"2", b"3", b"4", b"5", b"6")  # links, devices, folders, pipes: a size counts no blocks
_PAX_TYPES = (b"x", b"X")
_PAX_GLOBAL = b"g"
_GNU_LONG_NAME = b"L"
_GNU_LONG_LINK = b"K"
_USTAR_MAGIC = b"ustar\0"


@dataclass(frozen=True)
class TarEntry:
    """One entry: where its data lies. `size` may reach past the end of a truncated archive."""

    name: str
    kind: bytes
    data_offset: int
    size: int

    @property
    def end(self) -> int:
        """Offset of the header after the entry."""
        stored = 0 if self.kind in _DATALESS_TYPES else self.size
        return self.data_offset + -(-stored // BLOCK) * BLOCK


class _BadHeaderError(ValueError):
    """A block that is no header."""


def walk(read: ReadRange, size: int, problems: list[str], start: int = 0) -> Iterator[TarEntry]:
    """Yield the entries of an archive of `size` bytes in order; what is damaged goes to `problems` as sentences.

    Args:
        read: gives its bytes; asked for rising offsets, so that it may forget what lies before the latest.
        size: its length.
        problems: filled before the entry behind the damage comes.
        start: offset of a header; what lies before it is left out.
    """
    offset = start
    own: dict[str, str] = {}  # PAX and GNU records for the next entry
    shared: dict[str, str] = {}  # PAX records for all that follow
    while offset + BLOCK <= size and len(problems) < MAX_PROBLEMS:
        block = read(offset, BLOCK)
        if not any(block):
            return
        try:
            entry = _parse_header(block, offset)
            if entry.kind in (*_PAX_TYPES, _PAX_GLOBAL, _GNU_LONG_NAME, _GNU_LONG_LINK):
                records = _read_extension(read, entry, size)
                (shared if entry.kind == _PAX_GLOBAL else own).update(records)
            else:
                entry = _with_records(entry, {**shared, **own})
                own = {}
                yield entry
        except _BadHeaderError as error:
            problems.append(f"the header at byte {offset} is damaged ({error})")
            own = {}
            offset = next_header(read, offset + BLOCK, size)
            continue
        offset = entry.end
        if entry.data_offset + entry.size > size and offset > size:
            problems.append(f"it ends at byte {size}, inside {entry.name[-80:]!r}")
            return
    if len(problems) < MAX_PROBLEMS:
        problems.append(f"it ends at byte {size} without an end mark, so it is probably truncated")


def _parse_header(block: bytes, offset: int) -> TarEntry:
    """Read one header block; the checksum is what tells a header from anything else."""
    summed = block[:148] + b" " * 8 + block[156:]
    stated = _number(block[148:156])
    if stated != sum(summed) and stated != sum(summed) - 256 * sum(byte > 127 for byte in summed):
        raise _BadHeaderError("wrong checksum")  # neither of unsigned bytes nor, as some old writers have it, of signed
    name = _text(block[:100])
    if block[257:263] == _USTAR_MAGIC and (prefix := _text(block[345:500])):
        name = f"{prefix}/{name}"
    kind = block[156:157]
    if kind == b"\0" and name.endswith("/"):
        kind = b"5"  # how archives before POSIX mark a folder
    return TarEntry(name, kind, offset + BLOCK, _number(block[124:136]))


def _number(field: bytes) -> int:
    """An octal number, or a base-256 one as GNU writes sizes of 8 GiB and more."""
    if field[0] == 0x80:
        return int.from_bytes(field[1:], "big")
    digits = field.split(b"\0", 1)[0].strip()
    if digits and not digits.isdigit():
        raise _BadHeaderError("a number is none")
    try:
        return int(digits or b"0", 8)
    except ValueError:
        raise _BadHeaderError("a number is not octal") from None


def _text(field: bytes) -> str:
    return field.split(b"\0", 1)[0].decode("utf-8", "replace")


def _read_extension(read: ReadRange, entry: TarEntry, size: int) -> dict[str, str]:
    """The records of a PAX header or of a GNU long name."""
    if entry.size > MAX_EXTENSION_BYTES or entry.data_offset + entry.size > size:
        raise _BadHeaderError(f"an extension of {entry.size} bytes")
    data = read(entry.data_offset, entry.size)
    if entry.kind == _GNU_LONG_NAME:
        return {"path": _text(data)}
    if entry.kind == _GNU_LONG_LINK:
        return {}
    return _pax_records(data)


def _pax_records(data: bytes) -> dict[str, str]:
    """Records `length key=value newline`, the length counting itself."""
    records: dict[str, str] = {}
    position = 0
    while position < len(data) and data[position] != 0:
        blank = data.find(b" ", position, position + 20)
        digits = data[position:blank]
        if blank < 0 or not digits.isdigit():
            raise _BadHeaderError("a PAX record without a length")
        end = position + int(digits)
        key, equals, value = data[blank + 1 : end - 1].partition(b"=")
        if end > len(data) or end <= blank + 1 or not equals or data[end - 1 : end] != b"\n":
            raise _BadHeaderError("a PAX record that does not end")
        records[key.decode("utf-8", "replace")] = value.decode("utf-8", "replace")
        position = end
    return records


def _with_records(entry: TarEntry, records: dict[str, str]) -> TarEntry:
    """The entry as the extension headers before it correct it."""
    if not records:
        return entry
    size = records.get("size", str(entry.size))
    if not (size.isascii() and size.isdigit() and len(size) < 20):
        raise _BadHeaderError("a PAX size that is no number")
    sparse = any(key.startswith("GNU.sparse.") for key in records)  # holes are left out, so its bytes are not the file
    kind = b"S" if sparse else entry.kind
    return TarEntry(records.get("path", entry.name), kind, entry.data_offset, int(size))


def next_header(read: ReadRange, offset: int, size: int) -> int:
    """Offset of the next sound header at or after `offset`, or `size` where none follows soon."""
    limit = min(size, offset + RESYNC_BYTES)
    while offset + BLOCK <= limit:
        data = read(offset, min(RESYNC_STEP, (limit - offset) // BLOCK * BLOCK))
        position = data.find(b"ustar")
        while position >= 0:
            start = position - 257
            if start >= 0 and start % BLOCK == 0 and _is_header(data[start : start + BLOCK]):
                return offset + start
            position = data.find(b"ustar", position + 1)
        offset += len(data)
    return size


def _is_header(block: bytes) -> bool:
    try:
        _parse_header(block, 0)
    except _BadHeaderError:
        return False
    return True
