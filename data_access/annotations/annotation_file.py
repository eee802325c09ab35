"""The annotation Parquet of BigEarthNet.txt as a file: is it whole, has it the thirteen columns, and has it changed?

Nothing here reads rows; the footer alone answers all three.
"""

import glob
import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from pyarrow import types

from errors import SampleFormatError, SchemaError, SourceMissingError

COLUMNS: tuple[str, ...] = (
    "ID",
    "s1_name",
    "patch_id",
    "input",
    "output",
    "type",
    "category",
    "split",
    "latitude",
    "longitude",
    "country",
    "season",
    "climate_zone",
)
_INTEGERS = frozenset({"ID"})
_NUMBERS = frozenset({"latitude", "longitude"})
_FOOTER_TAIL = 8  # four bytes of length, then PAR1
_FOOTER_CAP = 1 << 26  # 64 MiB; the published file's footer has a few hundred kilobytes


@dataclass(frozen=True)
class AnnotationFile:
    """A Parquet file that holds annotations and was checked."""

    path: Path
    revision: str  # changes whenever the file changes
    rows: int

    @property
    def pattern(self) -> str:
        """The path as DuckDB's `read_parquet` takes it, where brackets and stars would mean other files."""
        return glob.escape(str(self.path))

    def damaged(self) -> SampleFormatError:
        """What to raise where rows do not decode. The cause names full paths, so its text stays out of the message."""
        return SampleFormatError(f"Rows of the annotation file {self.path.name!r} are damaged: download it again.")


def open_annotation_file(path: Path) -> AnnotationFile:
    """Check a Parquet file of annotations.

    Raises:
        SourceMissingError: there is no such file, or it can not be read.
        SchemaError: it is not a whole Parquet file, a column is missing, or a column has a type of another kind.
    """
    if not path.is_file():
        raise SourceMissingError(
            f"There is no annotation file {path.name!r}: set PATCHWORK_BIGEARTHNET_TXT to BigEarthNet.txt.parquet."
        )
    try:
        with pq.ParquetFile(path) as parquet:
            schema, rows = parquet.schema_arrow, parquet.metadata.num_rows
        revision = _revision(path)
    except (pa.ArrowException, ValueError, OSError) as error:
        if isinstance(error, OSError) and error.errno is not None:  # pyarrow's own OSErrors have no number
            raise SourceMissingError(f"{path.name!r} can not be read ({error.strerror}): check its rights.") from error
        raise SchemaError(
            f"{path.name!r} is not a whole Parquet file ({_first_line(error)}): download it again and compare sizes."
        ) from error
    check_columns(path.name, schema)
    return AnnotationFile(path, revision, rows)


def check_columns(name: str, schema: pa.Schema) -> None:
    """Check that a table has the thirteen columns. Raises SchemaError, naming the file and the column."""
    missing = [column for column in COLUMNS if column not in schema.names]
    if missing:
        raise SchemaError(
            f"{name!r} lacks the column {', '.join(map(repr, missing))}; it has {', '.join(schema.names) or 'none'}. "
            f"Annotations need the {len(COLUMNS)} columns of BigEarthNet.txt, in any order."
        )
    for column in COLUMNS:
        found = schema.field(column).type
        kind, fits = _expected(column)
        if not fits(found.value_type if types.is_dictionary(found) else found):
            raise SchemaError(
                f"Column {column!r} of {name!r} has type {found}, expected {kind}: write it again as {kind}."
            )


def _expected(column: str) -> tuple[str, Callable[[pa.DataType], bool]]:
    if column in _INTEGERS:
        return "integer", types.is_integer
    if column in _NUMBERS:
        return "number", lambda found: types.is_floating(found) or types.is_integer(found) or types.is_decimal(found)
    return "string", lambda found: types.is_string(found) or types.is_large_string(found) or types.is_string_view(found)


def _revision(path: Path) -> str:
    """Digest of size, time of change and footer: every change of a Parquet file moves at least one of them."""
    stat = path.stat()
    with path.open("rb") as file:
        file.seek(-_FOOTER_TAIL, 2)
        length = min(int.from_bytes(file.read(4), "little"), _FOOTER_CAP, stat.st_size - _FOOTER_TAIL)
        file.seek(-_FOOTER_TAIL - length, 2)
        footer = file.read(length)
    digest = hashlib.sha256(f"{stat.st_size}:{stat.st_mtime_ns}:".encode() + footer)
    return digest.hexdigest()[:16]


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or ["unknown"])[0][:160]
