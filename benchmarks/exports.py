"""Whole selections as files: time, size and memory of each format, beside DuckDB and pandas on the same rows.

    python -m benchmarks.exports [--folder FOLDER] [--samples 9178624]

Makes metadata tables of true size (`benchmarks.terramesh_metadata`), builds the catalogue, and writes every sample, and
those of one filter, in each format, throwing the bytes away as a network would take them. Memory is what the process
holds at most beyond what it held before. Beside it stand DuckDB's own COPY of the same table to Parquet, which has
neither geometry nor metadata, and pandas, which holds the table and writes it row by row. `--folder` keeps the tables.
"""

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Callable, Generator, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import duckdb

from benchmarks.catalogue import resident_mb
from benchmarks.terramesh_metadata import SAMPLES, write_metadata
from data_access.catalog import TableCatalog
from data_access.dataset import CollectionInfo, Dataset
from data_access.exports.csv_file import csv_pieces
from data_access.exports.geojson_file import geojson_pieces
from data_access.exports.geoparquet_file import geoparquet_pieces
from data_access.exports.selection import Selection
from data_access.exports.stac_collection import stac_collection
from data_access.sample_filter import SampleFilter
from data_access.terramesh.licence import TERRAMESH_LICENCE
from data_access.terramesh.opening import open_terramesh

MEGABYTE = 1e6
FORMATS: dict[str, Callable[[Selection], Generator[bytes]]] = {
    "GeoParquet": geoparquet_pieces,
    "CSV": csv_pieces,
    "GeoJSON": geojson_pieces,
}
FILTERS = {"everything": SampleFilter(), "clear summers": SampleFilter(season=("Summer",), cloud_max=20.0)}
PANDAS_ROWS = 300_000  # enough for a rate; pandas needs minutes for all


@dataclass(frozen=True)
class TableOnly:
    """As much of a data set as exports ask for."""

    info: CollectionInfo
    catalog: TableCatalog


@dataclass
class Written:
    """What one export came to."""

    first_ms: float = 0.0
    seconds: float = 0.0
    bytes: int = 0
    peak_mb: float = 0.0


def write_away(pieces: Iterable[bytes]) -> Written:
    """Take all pieces, as a client does."""
    found, before, start = Written(), resident_mb(), time.perf_counter()
    for piece in pieces:
        found.first_ms = found.first_ms or (time.perf_counter() - start) * 1e3
        found.bytes += len(piece)
        found.peak_mb = max(found.peak_mb, resident_mb() - before)
    found.seconds = time.perf_counter() - start
    return found


def line(name: str, rows: int, found: Written) -> str:
    """One line of the report."""
    rate = rows / found.seconds / 1e3
    return (
        f"{name:34}{rows:>11,}{found.first_ms:>9.0f}{found.seconds:>9.1f}{rate:>11.0f}"
        f"{found.bytes / MEGABYTE:>10.0f}{found.bytes / max(rows, 1):>9.0f}{found.peak_mb:>9.0f}"
    )


def report(catalog: TableCatalog) -> None:
    """All formats under all filters, then the alternatives."""
    info = CollectionInfo("terramesh", "local", "TerraMesh", "benchmark", "r", TERRAMESH_LICENCE, synthetic=False)
    dataset = cast("Dataset", TableOnly(info, catalog))
    print(f"{'':34}{'rows':>11}{'1st ms':>9}{'s':>9}{'1000/s':>11}{'MB':>10}{'B/row':>9}{'+MB':>9}")
    for chosen, wanted in FILTERS.items():
        rows = catalog.count(wanted).matched
        for name, pieces in FORMATS.items():
            print(line(f"{name}, {chosen}", rows, write_away(pieces(Selection(dataset, wanted)))), flush=True)
        start = time.perf_counter()
        stac_collection(Selection(dataset, wanted), "http://127.0.0.1:8501/api/terramesh")
        print(f"{f'STAC collection, {chosen}':34}{rows:>11,}{'':9}{time.perf_counter() - start:>9.1f}", flush=True)
    print(line("DuckDB COPY to Parquet, everything", catalog.total, duckdb_copy(catalog)), flush=True)
    rows = min(PANDAS_ROWS, catalog.total)
    print(line("pandas to_csv, the first samples", rows, pandas_csv(catalog, rows)))
    print(f"load of the machine: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")


def duckdb_copy(catalog: TableCatalog) -> Written:
    """The database's own way: rows to Parquet with the same compression, from a copy of the table in memory."""
    with tempfile.TemporaryDirectory() as folder, duckdb.connect() as connection:
        for place, batch in enumerate(catalog.batches()):
            connection.register("incoming", batch)
            connection.execute(
                f"{'INSERT INTO' if place else 'CREATE TABLE'} samples {'' if place else 'AS '}FROM incoming"
            )
        path, start = Path(folder) / "samples.parquet", time.perf_counter()
        before = resident_mb()
        connection.execute(f"COPY samples TO '{path}' (FORMAT parquet, COMPRESSION zstd)")
        seconds = time.perf_counter() - start
        return Written(0.0, seconds, path.stat().st_size, resident_mb() - before)


def pandas_csv(catalog: TableCatalog, rows: int) -> Written:
    """What a notebook does: the rows as a DataFrame, and that as text."""
    before, start = resident_mb(), time.perf_counter()
    frame = catalog.rows(SampleFilter(), limit=rows).to_pandas()
    frame["licence"], frame["credit"] = TERRAMESH_LICENCE.name, TERRAMESH_LICENCE.credit
    text = frame.to_csv(index=False)
    return Written(0.0, time.perf_counter() - start, len(text.encode()), resident_mb() - before)


def main() -> int:
    """Parse the command line and print the report."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else None)
    parser.add_argument("--folder", type=Path, help="keeps the metadata tables and the catalogue")
    parser.add_argument("--samples", type=int, default=SAMPLES)
    choices = parser.parse_args()
    with tempfile.TemporaryDirectory() as passing:
        folder: Path = choices.folder or Path(passing)
        root = write_metadata(folder, choices.samples)
        report(open_terramesh(root, kind="local", tables_dir=folder / "tables").catalog)
    return 0


if __name__ == "__main__":
    sys.exit(main())
