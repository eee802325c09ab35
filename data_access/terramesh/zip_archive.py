"""The files inside one `{key}.zarr.zip`, read with every size checked before it is believed.

The standard library parses the directory; each file is then read here, because a chip is small and a lying archive
must cost neither memory nor time. Of entries with one name the last counts, as zarr's own ZipStore writes them.
"""

import struct
import zipfile
import zlib
from typing import BinaryIO

from errors import SampleFormatError

MAX_DIRECTORY_BYTES = 512 << 10  # some six thousand chunks; a TerraMesh member has about thirty files
MAX_FILE_BYTES = 64 << 20  # one file, decompressed: 13 bands of 1500 px in float16
MAX_RATIO = 200  # compression beyond it is a bomb, unless the result is small
FREE_BYTES = 8 << 20  # results up to this size may have any ratio: a blank chip compresses a thousandfold

_END_RECORD = struct.Struct("<4s4H2LH")
_END_SIGNATURE = b"PK\5\6"
_LOCAL_HEADER = struct.Struct("<4s5H3L2H")
_LOCAL_SIGNATURE = b"PK\3\4"
_MAX_COMMENT = 1 << 16
_ENCRYPTED, _SIZES_FOLLOW, _UTF8_NAME = 0x1, 0x8, 0x800  # general purpose flags
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_IN_ZIP64_FIELD = 0xFFFFFFFF
# What the standard library raises on damaged directories.
_DIRECTORY_ERRORS = (zipfile.BadZipFile, ValueError, NotImplementedError, struct.error, OverflowError, EOFError)


class ZipArchive:
    """Names and contents of a zip file; not for use by several threads at once."""

    def __init__(self, file: BinaryIO) -> None:
        """Read the directory of an open file.

        Raises:
            SampleFormatError: it is no zip file, or names files that could leave their folder.
        """
        self._file = file
        self._check_directory_size()
        try:
            with zipfile.ZipFile(file) as archive:
                self._entries = {entry.filename: entry for entry in archive.infolist()}
                self._directory_start = archive.start_dir
        except _DIRECTORY_ERRORS as error:
            raise SampleFormatError(f"The member is no sound zip file ({error}). Fetch its shard again.") from error
        for name in self._entries:
            if name.startswith(("/", "\\")) or ".." in name.replace("\\", "/").split("/"):
                raise SampleFormatError(f"The zip file names {name[:80]!r}, outside its folder. It is not used.")

    @property
    def names(self) -> tuple[str, ...]:
        """Names of all files, in directory order."""
        return tuple(self._entries)

    def __contains__(self, name: str) -> bool:
        """Whether there is a file with this name."""
        return name in self._entries

    def read(self, name: str, limit: int = MAX_FILE_BYTES) -> bytes:
        """The content of one file, decompressed and with its checksum verified.

        Raises:
            SampleFormatError: no such file, it is damaged, or it is larger than `limit` bytes.
        """
        entry = self._entries.get(name)
        if entry is None:
            raise SampleFormatError(f"The zip file has no {name[:80]!r}. Fetch its shard again.")
        _check_entry(entry, limit)
        data = self._stored_bytes(entry)
        if entry.compress_type == zipfile.ZIP_DEFLATED:
            data = _inflate(data, entry)
        if len(data) != entry.file_size or zlib.crc32(data) != entry.CRC:
            raise SampleFormatError(f"{name[:80]!r} is damaged: its checksum is wrong. Fetch its shard again.")
        return data

    def _check_directory_size(self) -> None:
        """Refuse directories that would take seconds to parse, before parsing them."""
        size = self._file.seek(0, 2)
        end = b""
        for length in (_END_RECORD.size, _END_RECORD.size + _MAX_COMMENT):  # nearly no archive has a comment
            self._file.seek(max(0, size - length))
            tail = self._file.read(length)
            start = tail.rfind(_END_SIGNATURE)
            end = tail[start : start + _END_RECORD.size] if start >= 0 else b""
            if len(end) == _END_RECORD.size:
                break
        else:
            raise SampleFormatError("The member is no zip file, or its end is missing. Fetch its shard again.")
        directory_bytes = _END_RECORD.unpack(end)[5]
        if directory_bytes > MAX_DIRECTORY_BYTES:
            raise SampleFormatError(
                f"The zip file's directory claims {directory_bytes} bytes; a chip's has at most {MAX_DIRECTORY_BYTES}."
            )

    def _stored_bytes(self, entry: zipfile.ZipInfo) -> bytes:
        """The bytes of an entry as they lie in the file, after its local header was compared with the directory."""
        start = entry.header_offset
        if not 0 <= start <= self._directory_start - _LOCAL_HEADER.size:
            raise _contradiction(entry)
        self._file.seek(start)
        header = _LOCAL_HEADER.unpack(self._file.read(_LOCAL_HEADER.size))
        signature, _, flags, method, _, _, crc, compressed, size, name_length, extra_length = header
        name = self._file.read(name_length)
        if signature != _LOCAL_SIGNATURE or method != entry.compress_type or name != _name_bytes(entry, flags):
            raise _contradiction(entry)
        stated = (crc, compressed, size)
        expected = (entry.CRC, entry.compress_size, entry.file_size)
        lies = any(value not in (_IN_ZIP64_FIELD, truth) for value, truth in zip(stated, expected, strict=True))
        data_start = start + _LOCAL_HEADER.size + name_length + extra_length
        if (lies and not flags & _SIZES_FOLLOW) or data_start + entry.compress_size > self._directory_start:
            raise _contradiction(entry)
        self._file.seek(data_start)
        return self._file.read(entry.compress_size)


def _name_bytes(entry: zipfile.ZipInfo, flags: int) -> bytes:
    encoding = "utf-8" if flags & _UTF8_NAME else "cp437"
    return entry.orig_filename.encode(encoding, "replace")


def _contradiction(entry: zipfile.ZipInfo) -> SampleFormatError:
    return SampleFormatError(
        f"The zip file contradicts itself about {entry.filename[:80]!r}: its directory and the file's own header "
        "differ. Fetch its shard again."
    )


def _check_entry(entry: zipfile.ZipInfo, limit: int) -> None:
    """Refuse what can not be decompressed safely, by what the directory says."""
    name = entry.filename[:80]
    if entry.compress_type not in _METHODS or entry.flag_bits & _ENCRYPTED:
        raise SampleFormatError(
            f"{name!r} is encrypted or compressed by method {entry.compress_type}; zip members must be stored or "
            "deflated. Write the archive again with zip -0."
        )
    if entry.file_size > limit:
        raise SampleFormatError(f"{name!r} claims {entry.file_size} bytes; at most {limit} are read.")
    if entry.compress_type == zipfile.ZIP_STORED and entry.compress_size != entry.file_size:
        raise _contradiction(entry)
    if entry.file_size > max(FREE_BYTES, MAX_RATIO * entry.compress_size):
        raise SampleFormatError(
            f"{name!r} claims to grow {entry.compress_size} bytes to {entry.file_size}, as a zip bomb does. "
            "It is not used."
        )


def _inflate(data: bytes, entry: zipfile.ZipInfo) -> bytes:
    """Undo deflate, never making more than the directory promises."""
    stream = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        return stream.decompress(data, entry.file_size + 1)
    except zlib.error as error:
        raise SampleFormatError(f"{entry.filename[:80]!r} is damaged ({error}). Fetch its shard again.") from error
