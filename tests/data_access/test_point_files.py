"""The point index in its folder: built once, whole or not at all, whatever happens to the folder or the process."""

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from data_access import point_files
from data_access.catalog import TableCatalog, build_catalog
from data_access.kept_arrays import MappedArrays, MemoryArrays
from data_access.point_files import MANIFEST, open_or_build
from data_access.point_index import PointIndex
from data_access.progress import activities
from data_access.sample_filter import SampleFilter
from tests.data_access.kept_files import files_of
from tests.data_access.sample_tables import random_table

ROWS = 500
WINTER = SampleFilter(season=("Winter",), cloud_max=55.0)
# Another process over the same table: opens the index, after which it tells what it sees, or dies after some writes.
_CHILD = """
import os, signal, sys
from pathlib import Path
from data_access import point_files
from data_access.catalog import build_catalog
from data_access.point_index import PointIndex
from tests.data_access.sample_tables import random_table
from tests.data_access.test_point_files import ROWS, fingerprint

folder, deaths = Path(sys.argv[1]), int(sys.argv[2])
write, written = point_files.write_array, []

def counting(*arguments):
    write(*arguments)
    written.append(arguments[0])
    if len(written) == deaths:
        os.kill(os.getpid(), signal.SIGKILL)

point_files.write_array = counting
print(fingerprint(PointIndex.open(build_catalog(random_table(ROWS)), folder)))
"""


def fingerprint(points: PointIndex) -> tuple[int, int, int]:
    """A few numbers that depend on every array."""
    view = points.in_view(WINTER, limit=ROWS)
    tiles = [points.density(zoom, 0, 0, WINTER) for zoom in (0, 5)]
    told = sum(int(np.sum(tile * np.arange(tile.size).reshape(tile.shape))) for tile in tiles if tile is not None)
    words = sorted(str(row) for row in view.to_pylist())
    return told, len(words), sum(sum(word.encode()) * place for place, word in enumerate(words))


def child(folder: Path, deaths: int = 0) -> "subprocess.Popen[str]":
    """Start the other process."""
    command = [sys.executable, "-c", _CHILD, str(folder), str(deaths)]
    root = Path(__file__).resolve().parents[2]
    return subprocess.Popen(command, cwd=root, stdout=subprocess.PIPE, text=True)


@pytest.fixture(scope="module")
def catalog() -> TableCatalog:
    return build_catalog(random_table(ROWS))


@pytest.fixture(scope="module")
def expected(catalog: TableCatalog) -> tuple[int, int, int]:
    return fingerprint(PointIndex.open(catalog))


@pytest.fixture
def folder(tmp_path: Path, catalog: TableCatalog) -> Path:
    PointIndex.open(catalog, tmp_path / "tables" / "points")
    return tmp_path / "tables" / "points"


def test_it_is_built_once_and_mapped_after_that(
    folder: Path, catalog: TableCatalog, expected: tuple[int, int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    before = files_of(folder)
    monkeypatch.setattr(point_files, "build", None)

    points = PointIndex.open(catalog, folder)

    assert isinstance(open_or_build(catalog, folder)[0], MappedArrays)
    assert files_of(folder) == before
    assert fingerprint(points) == expected
    assert list(folder.parent.iterdir()) == [folder]
    assert any(each.title.startswith("Sorting") and each.status == "done" for each in activities())


@pytest.mark.parametrize("damage", ["missing", "empty", "truncated", "garbage", "zeros"])
def test_a_damaged_file_is_a_miss(
    folder: Path, catalog: TableCatalog, expected: tuple[int, int, int], damage: str
) -> None:
    for path in sorted(folder.iterdir()):
        content = path.read_bytes()
        path.unlink()
        if damage != "missing":
            middle = len(content) // 2
            garbled = content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :]
            damaged = {"empty": b"", "truncated": content[:-5], "garbage": garbled, "zeros": bytes(len(content))}
            path.write_bytes(damaged[damage])
        assert fingerprint(PointIndex.open(catalog, folder)) == expected, path.name
        assert (folder / MANIFEST).is_file()
    assert list(folder.parent.iterdir()) == [folder]


def test_an_index_of_another_catalogue_is_a_miss(folder: Path, expected: tuple[int, int, int]) -> None:
    table = random_table(ROWS)
    known = table.set_column(table.column_names.index("season"), "season", [["Winter"] * ROWS])
    other = build_catalog(known)  # the same samples, of which more is known by now

    found = fingerprint(PointIndex.open(other, folder))

    assert found == fingerprint(PointIndex.open(other)) != expected


def test_two_processes_build_at_the_same_time_and_share(tmp_path: Path, expected: tuple[int, int, int]) -> None:
    folder = tmp_path / "points"
    both = [child(folder), child(folder)]

    told = [process.communicate(timeout=120)[0].strip() for process in both]

    assert told == [str(expected)] * 2
    assert list(tmp_path.iterdir()) == [folder]


@pytest.mark.parametrize("deaths", [1, 9, 19])
def test_a_build_that_is_killed_leaves_nothing_wrong(
    tmp_path: Path, catalog: TableCatalog, expected: tuple[int, int, int], deaths: int
) -> None:
    folder = tmp_path / "points"
    process = child(folder, deaths)
    process.communicate(timeout=120)

    assert process.returncode == -signal.SIGKILL
    assert not folder.exists()
    (left,) = tmp_path.iterdir()
    os.utime(left, (time.time() - 7200, time.time() - 7200))
    assert fingerprint(PointIndex.open(catalog, folder)) == expected
    assert list(tmp_path.iterdir()) == [folder], "what the killed process left is cleared away"


def test_who_comes_second_uses_what_the_first_built(
    tmp_path: Path, catalog: TableCatalog, expected: tuple[int, int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "points"
    write = point_files._write_manifest

    def overtaken(path: Path, facts: object) -> None:
        monkeypatch.setattr(point_files, "_write_manifest", write)
        PointIndex.open(catalog, folder)
        write(path, facts)  # type: ignore[arg-type]

    monkeypatch.setattr(point_files, "_write_manifest", overtaken)

    assert fingerprint(PointIndex.open(catalog, folder)) == expected
    assert list(tmp_path.iterdir()) == [folder]


def test_a_folder_that_can_not_be_written_costs_memory_alone(
    tmp_path: Path, catalog: TableCatalog, expected: tuple[int, int, int]
) -> None:
    (tmp_path / "file").write_bytes(b"")

    arrays, facts = open_or_build(catalog, tmp_path / "file" / "points")

    assert isinstance(arrays, MemoryArrays)
    assert fingerprint(PointIndex(catalog, (arrays, facts))) == expected


def test_a_full_disk_costs_memory_alone(
    tmp_path: Path, catalog: TableCatalog, expected: tuple[int, int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(path: Path, *_: object) -> None:
        path.write_bytes(b"half")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(point_files, "write_array", full)

    assert fingerprint(PointIndex.open(catalog, tmp_path / "points")) == expected
    assert list(tmp_path.iterdir()) == []


def test_a_folder_removed_while_in_use_changes_nothing(
    folder: Path, catalog: TableCatalog, expected: tuple[int, int, int]
) -> None:
    points = PointIndex.open(catalog, folder)
    shutil.rmtree(folder)

    assert fingerprint(points) == expected
    assert not folder.exists()
