"""All annotations as files: time, size and memory of each format, beside pandas and DuckDB on the same rows.

    python -m benchmarks.annotation_exports [--file FILE] [--tables FOLDER] [--rows 300000]

Without FILE one of 9,553,962 rows is made first (`benchmarks.annotation_rows`). Every row, and those of a filter, are
written in each format, the bytes thrown away as a network would take them; memory is what the process holds at most
beyond what it held before the first. pandas and DuckDB each run in a process of their own, where memory is all that
they hold: pandas reads the file, chooses and writes Parquet; as lines it writes the first rows only, since all would
take it minutes and more memory than most machines have.
"""

import argparse
import multiprocessing
import os
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Generator
from pathlib import Path

import duckdb
import pandas as pd

from benchmarks.annotation_rows import write_annotations
from benchmarks.exports import Written, line, write_away
from data_access.annotations.row_filter import RowFilter
from data_access.annotations.rows import AnnotationRows
from data_access.bigearthnet.licence import BIGEARTHNET_LICENCE
from data_access.bigearthnet.opening import open_bigearthnet
from data_access.dataset import CollectionInfo
from data_access.exports.annotation_geojson import annotation_geojson
from data_access.exports.annotation_jsonl import LineOptions, annotation_lines
from data_access.exports.annotation_parquet import annotation_parquet
from data_access.exports.annotation_selection import AnnotationSelection
from data_access.exports.csv_file import csv_pieces

FORMATS: dict[str, Callable[[AnnotationSelection], Generator[bytes]]] = {
    "Parquet": annotation_parquet,
    "JSON Lines": lambda selection: annotation_lines(selection, LineOptions()),
    "GeoJSON": annotation_geojson,
    "CSV": csv_pieces,
}
FILTERS = {
    "everything": RowFilter(),
    "summer captions": RowFilter.from_query({"type": ["captioning"], "season": ["Summer"]}),
}
INFO = CollectionInfo("bigearthnet", "local", "BigEarthNet.txt", "file", "r", BIGEARTHNET_LICENCE, synthetic=False)
KB = 1024


def report(rows: AnnotationRows, path: Path, limit: int) -> None:
    """All formats under all filters, then the alternatives."""
    print(f"{'':34}{'rows':>11}{'1st ms':>9}{'s':>9}{'1000/s':>11}{'MB':>10}{'B/row':>9}{'+MB':>9}")
    for chosen, wanted in FILTERS.items():
        matched = rows.count(wanted).matched
        for name, pieces in FORMATS.items():
            selection = AnnotationSelection(INFO, rows, wanted)
            print(line(f"{name}, {chosen}", matched, write_away(pieces(selection))), flush=True)
    total = rows.count(RowFilter()).matched
    print(line("DuckDB COPY to Parquet", total, in_own_process(duckdb_copy, path, limit)), flush=True)
    print(line("pandas to Parquet", total, in_own_process(pandas_parquet, path, limit)), flush=True)
    print(line("pandas to JSON Lines, first rows", limit, in_own_process(pandas_lines, path, limit)), flush=True)
    print(f"load of the machine: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")


def in_own_process(work: Callable[[Path, int], Written], path: Path, limit: int) -> Written:
    """Run an alternative in a fresh process, which tells the most memory that it held."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(_measured, (work, path, limit))


def _measured(work: Callable[[Path, int], Written], path: Path, limit: int) -> Written:
    found = work(path, limit)
    found.peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * KB / 1e6
    return found


def duckdb_copy(path: Path, _limit: int) -> Written:
    """The database's own way: from file to file, by ID."""
    with tempfile.TemporaryDirectory() as folder, duckdb.connect() as connection:
        connection.execute("SET enable_progress_bar = false")  # the report is a table
        out, start = Path(folder) / "rows.parquet", time.perf_counter()
        connection.execute(f"COPY (FROM '{path}' ORDER BY \"ID\") TO '{out}' (FORMAT parquet, COMPRESSION zstd)")
        return Written(0.0, time.perf_counter() - start, out.stat().st_size)


def pandas_parquet(path: Path, _limit: int) -> Written:
    """What a notebook does: the file as a DataFrame, a mask, and that as a file."""
    with tempfile.TemporaryDirectory() as folder:
        out, start = Path(folder) / "rows.parquet", time.perf_counter()
        frame = pd.read_parquet(path)
        frame[frame["ID"] > 0].to_parquet(out, compression="zstd", index=False)
        return Written(0.0, time.perf_counter() - start, out.stat().st_size)


def pandas_lines(path: Path, limit: int) -> Written:
    """The first rows as JSON Lines with chat messages."""
    frame = pd.read_parquet(
        path, columns=["ID", "patch_id", "s1_name", "input", "output"], filters=[("ID", "<=", limit)]
    )
    start = time.perf_counter()
    chats = [
        [{"role": "user", "content": asked}, {"role": "assistant", "content": said}]
        for asked, said in zip(frame["input"], frame["output"], strict=True)
    ]
    frame["messages"] = pd.Series(chats, frame.index, dtype=object)
    text = frame.to_json(orient="records", lines=True)
    return Written(0.0, time.perf_counter() - start, len(text.encode()))


def main() -> int:
    """Parse the command line and print the report."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else None)
    parser.add_argument("--file", type=Path, help="BigEarthNet.txt.parquet, or one of the same size; else made")
    parser.add_argument("--tables", type=Path, help="keeps what Patchwork builds")
    parser.add_argument("--rows", type=int, default=300_000, help="that pandas writes as lines")
    choices = parser.parse_args()
    with tempfile.TemporaryDirectory() as passing:
        path: Path = choices.file or Path(passing) / "BigEarthNet.txt.parquet"
        if not path.is_file():
            write_annotations(path)
        tables: Path = choices.tables or Path(passing) / "tables"
        rows = open_bigearthnet(path, None, kind="local", tables_dir=tables).rows
        if rows is not None:
            report(rows, path, choices.rows)
    return 0


if __name__ == "__main__":
    sys.exit(main())
