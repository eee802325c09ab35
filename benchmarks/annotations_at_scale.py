"""What BigEarthNet.txt costs at its published size, beside pandas and DuckDB on the same Parquet.

    python -m benchmarks.annotations_at_scale [--file FILE] [--tables FOLDER] [--sides patchwork duckdb pandas]

Without FILE one of 9,553,962 rows is made first (`benchmarks.annotation_rows`; two minutes, 433 MB). Each side runs in
a process of its own, so that its peak memory is its own; Patchwork builds what it keeps in one and answers in another.
A line's time is the median of several questions that differ; where sides answer the same question, answers must agree.
"""

import argparse
import multiprocessing
import tempfile
from collections.abc import Callable
from pathlib import Path

from benchmarks import annotations_duckdb, annotations_pandas, annotations_patchwork
from benchmarks.annotation_lines import SEARCHES, Report
from benchmarks.annotation_rows import write_annotations

SIDES: dict[str, Callable[[Path, Path], Report]] = {
    "patchwork": annotations_patchwork.measure,
    "duckdb": annotations_duckdb.measure,
    "pandas": annotations_pandas.measure,
}
# Milliseconds: medians, as the project promises them.
BUDGETS = {
    "filter by category": 50,
    "filter by place": 300,
    "facets, by category": 50,
    "facets, by place": 300,
    **dict.fromkeys((f"search, {kind}" for kind in SEARCHES), 500),
}


def in_own_process(side: Callable[[Path, Path], Report], path: Path, tables: Path) -> Report:
    """Run one side in a fresh process."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(side, (path, tables))


def print_table(reports: dict[str, Report]) -> None:
    """Print medians, and of the first side its slowest question and the computing time of all its threads."""
    names = list(dict.fromkeys(name for report in reports.values() for name in report))
    print(f"{'':32}" + "".join(f"{side:>14}" for side in reports) + f"{'slowest':>12}{'CPU':>12}{'budget':>9}")
    for name in names:
        cells = [
            f"{report[name].median_ms:11,.1f} {'MB' if name.endswith('MB') else 'ms'}" if name in report else " " * 14
            for report in reports.values()
        ]
        first = next(iter(reports.values())).get(name)
        slowest = f"{max(first.seconds) * 1e3:12,.1f}" if first and not name.endswith("MB") else " " * 12
        computed = f"{first.cpu_ms:12,.1f}" if first and first.cpu_seconds else " " * 12
        print(f"{name:32}{''.join(cells)}{slowest}{computed}{BUDGETS.get(name, ''):>9}")


def disagreements(reports: dict[str, Report]) -> list[str]:
    """Lines whose answers differ between the first side and another."""
    first, *others = reports.values()
    return [
        f"{name}: {mine} and {theirs}"
        for other in others
        for name in first.keys() & other.keys() - {"a patch"}
        for mine, theirs in zip(first[name].answers, other[name].answers, strict=False)
        if mine != theirs
    ]


def main() -> None:
    """Measure the sides and print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--file", type=Path)
    parser.add_argument("--tables", type=Path, help="where Patchwork keeps what it builds; a temporary folder")
    parser.add_argument("--sides", nargs="+", choices=list(SIDES), default=list(SIDES))
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = given.file or Path(folder) / "BigEarthNet.txt.parquet"
        if not path.exists():
            print(f"made {write_annotations(path):,} rows, {path.stat().st_size / 1e6:.0f} MB")
        tables = given.tables or Path(folder) / "tables"
        reports: dict[str, Report] = {}
        if "patchwork" in given.sides:
            reports["patchwork"] = in_own_process(annotations_patchwork.first_open, path, tables)
        for name in given.sides:
            reports[name] = reports.get(name, {}) | in_own_process(SIDES[name], path, tables)
        kept = sum(file.stat().st_size for file in tables.rglob("*") if file.is_file())
    print_table(reports)
    print(f"kept beside the Parquet: {kept / 1e6:,.0f} MB")
    for line in disagreements(reports):
        print(f"DIFFERENT ANSWERS to {line[:300]}")


if __name__ == "__main__":
    main()
