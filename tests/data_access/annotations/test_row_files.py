"""The kept rows in their folder: built once, whole or not at all, whatever happens to the folder or the process."""

import errno
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from data_access.annotations import row_files, spools
from data_access.annotations.annotation_file import open_annotation_file
from data_access.annotations.annotations import Annotations
from data_access.annotations.file_order import PLACE, in_file_order
from data_access.annotations.row_files import MANIFEST
from data_access.annotations.text_writer import _KnownDigests
from data_access.kept_tables import prune
from data_access.progress import activities
from errors import CatalogueDamagedError, SourceMissingError
from tests.data_access.annotations.annotation_rows import row, write_rows
from tests.data_access.annotations.wild_rows import wild_rows
from tests.data_access.kept_files import files_of

ROWS = 200
# Another process over the same file: tells what it sees, or dies after some arrays.
_CHILD = """
import os, signal, sys
from pathlib import Path
from data_access.annotations import spools
from tests.data_access.annotations.test_row_files import fingerprint, opened

write, deaths, written = spools.write_array, int(sys.argv[3]), []

def counting(*arguments):
    write(*arguments)
    written.append(arguments[0])
    if len(written) == deaths:
        os.kill(os.getpid(), signal.SIGKILL)

spools.write_array = counting
print(fingerprint(opened(Path(sys.argv[1]), Path(sys.argv[2]))))
"""


def opened(path: Path, tables: Path) -> Annotations:
    return Annotations(open_annotation_file(path), tables)


def fingerprint(annotations: Annotations) -> tuple[int, int, str]:
    """A few values that depend on every array."""
    store = annotations.rows()
    arrays = store.arrays
    numbers = sum(int(each.sum()) for each in (arrays.patch, arrays.task, arrays.answer, arrays.box, arrays.malformed))
    rows = store.take(np.arange(ROWS)).to_pylist()
    return numbers, store.search(("land",)).count, f"{sum(str(row).encode()[place] for place, row in enumerate(rows))}"


def child(path: Path, tables: Path, deaths: int = 0) -> "subprocess.Popen[str]":
    """Start the other process."""
    command = [sys.executable, "-c", _CHILD, str(path), str(tables), str(deaths)]
    root = Path(__file__).resolve().parents[3]
    return subprocess.Popen(command, cwd=root, stdout=subprocess.PIPE, text=True)


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_rows(tmp_path_factory.mktemp("file") / "text.parquet", wild_rows(ROWS))


@pytest.fixture(scope="module")
def expected(path: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[int, int, str]:
    return fingerprint(opened(path, tmp_path_factory.mktemp("tables")))


def folder_of(tables: Path) -> Path:
    (manifest,) = tables.rglob(MANIFEST)
    return manifest.parent


def test_rows_are_built_once_with_progress_and_mapped_after_that(
    tmp_path: Path, path: Path, expected: tuple[int, int, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    fingerprint(opened(path, tmp_path))
    before = files_of(tmp_path)
    monkeypatch.setattr(row_files, "RowWriter", None)
    assert fingerprint(opened(path, tmp_path)) == expected
    assert files_of(tmp_path) == before
    assert any(each.title.startswith("Preparing the annotations") and each.status == "done" for each in activities())


def test_a_build_that_is_killed_leaves_nothing_wrong_and_two_share_one(
    tmp_path: Path, path: Path, expected: tuple[int, int, str]
) -> None:
    killed = child(path, tmp_path, deaths=9)
    killed.communicate(timeout=120)
    assert killed.returncode == -signal.SIGKILL
    assert not list(tmp_path.rglob(MANIFEST))
    both = [child(path, tmp_path), child(path, tmp_path)]
    assert [process.communicate(timeout=120)[0].strip() for process in both] == [str(expected)] * 2
    assert not list(tmp_path.rglob("*building*"))


@pytest.mark.parametrize("name", ["text", "id", "kinds"])
def test_damage_met_while_in_use_is_named_and_mended_by_the_next_start(
    tmp_path: Path, path: Path, expected: tuple[int, int, str], name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    fingerprint(opened(path, tmp_path))
    kept = folder_of(tmp_path) / f"{name}.npy"
    content = bytearray(kept.read_bytes())
    content[-1] ^= 1
    kept.write_bytes(content)
    monkeypatch.setattr(row_files, "_CHECKED_BYTES", 0)  # as for a file of millions of rows
    with pytest.raises(CatalogueDamagedError, match="Start the app again"):
        fingerprint(opened(path, tmp_path))
    assert fingerprint(opened(path, tmp_path)) == expected


def test_rows_in_use_are_not_pruned_and_survive_their_files(
    tmp_path: Path, path: Path, expected: tuple[int, int, str]
) -> None:
    annotations = opened(path, tmp_path)
    fingerprint(annotations)
    prune(tmp_path, 0)
    assert folder_of(tmp_path).is_dir()
    shutil.rmtree(tmp_path)
    assert fingerprint(annotations) == expected


def test_a_full_disk_is_named_and_nothing_is_left(
    tmp_path: Path, path: Path, expected: tuple[int, int, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patched:
        patched.setattr(spools, "write_array", full)
        with pytest.raises(SourceMissingError, match="No space left"):
            opened(path, tmp_path).rows()
    assert not list(tmp_path.rglob("*.npy"))
    assert not list(tmp_path.rglob("*.spool"))
    assert fingerprint(opened(path, tmp_path)) == expected


def test_digests_that_agree_in_half_are_two_texts() -> None:
    known = _KnownDigests()
    first = known.add(np.array([5, 9], np.uint64), np.array([1, 1], np.uint64))
    assert known.find(np.array([9, 5, 7], np.uint64), np.array([1, 2, 1], np.uint64)).tolist() == [first[1], -1, -1]


def test_many_batches_number_texts_as_one_does(tmp_path: Path, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    one, many = opened(path, tmp_path / "one"), opened(path, tmp_path / "many")
    one.rows()
    monkeypatch.setattr(row_files, "BATCH_ROWS", 7)
    found = [each.rows().take(np.arange(ROWS)).to_pylist() for each in (many, one)]
    assert repr(found[0]) == repr(found[1])
    sizes = [(folder_of(tmp_path / name) / "ends.npy").stat().st_size for name in ("one", "many")]
    assert sizes[0] == sizes[1]


@given(st.permutations(range(12)), st.integers(1, 5), st.integers(1, 6))
def test_stretches_that_changed_places_come_back_in_order(order: list[int], stretch: int, size: int) -> None:
    places = [place for first in order for place in range(first * stretch, (first + 1) * stretch)]
    batches = pa.table({PLACE: places}).to_batches(max_chunksize=size)
    found = [place for batch in in_file_order(batches) for place in batch.column(PLACE).to_pylist()]
    assert found == sorted(places)


def test_a_file_in_which_every_row_is_of_another_kind_keeps_them_apart(tmp_path: Path) -> None:
    more_than_two_bytes = 70_000
    rows = [row(number, type=f"kind {number}") for number in range(1, more_than_two_bytes + 1)]
    store = opened(write_rows(tmp_path / "text.parquet", rows), tmp_path / "tables").rows()
    taken = store.take(np.array([0, 65_536, more_than_two_bytes - 1]))
    assert taken["type"].to_pylist() == ["kind 1", "kind 65537", f"kind {more_than_two_bytes}"]
