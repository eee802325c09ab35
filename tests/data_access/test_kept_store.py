"""The kept catalogue: built once whoever asks, whole or not at all, and answering whatever the disk does."""

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pytest

from data_access import sample_store
from data_access.catalog import kept_catalog, open_catalog
from data_access.progress import activities
from data_access.sample_filter import SampleFilter
from data_access.store_building import Recipe, Staging
from errors import CatalogueDamagedError, SchemaError
from tests.data_access.sample_tables import random_table

ROWS = pa.table({"id": ["b", "a", "c"], "lon": [1.0, 2.0, None], "lat": [1.0, 2.0, 3.0], "country": ["x", None, "x"]})
BLOCK_BYTES = 262_144  # of a DuckDB file
# Builds a catalogue of three rows at argv[1]; between two batches it tells so in a file and waits for another one.
SLOW_BUILD = """
import sys, time
from pathlib import Path
import pyarrow as pa
from data_access.catalog import kept_catalog
from data_access.store_building import Recipe

path, begun, go = map(Path, sys.argv[1:4])

def fill(staging):
    staging.add(pa.table({"id": ["b", "a"], "lon": [1.0, 2.0], "lat": [1.0, 2.0], "country": ["x", None]}))
    with begun.open("a") as file:
        file.write("begun ")
    while not go.exists():
        time.sleep(0.01)
    staging.add(pa.table({"id": ["c"], "lon": [3.0], "lat": [3.0], "country": ["x"]}))

print(kept_catalog(path, Recipe("it", fill)).total)
"""


def recipe(fill: Callable[[Staging], None] | None = None) -> Recipe:
    return Recipe("it", fill or (lambda staging: staging.add(ROWS)))


def never(_: Staging) -> None:
    raise AssertionError("a kept catalogue is not built again")


def slow_build(tmp_path: Path) -> subprocess.Popen[str]:
    words = [sys.executable, "-c", SLOW_BUILD, *(str(tmp_path / name) for name in ("it.duckdb", "begun", "go"))]
    return subprocess.Popen(words, stdout=subprocess.PIPE, text=True)


def wait_for(path: Path) -> None:
    end = time.monotonic() + 60
    while not path.exists():
        assert time.monotonic() < end
        time.sleep(0.01)


def test_it_is_built_once_and_opened_afterwards(tmp_path: Path) -> None:
    first = kept_catalog(tmp_path / "new" / "it.duckdb", recipe())
    again = kept_catalog(tmp_path / "new" / "it.duckdb", recipe(never))

    assert first.total == again.total == 3
    assert again.row("a")["country"] == "unknown"
    assert [each.title for each in activities() if "it" in each.title] != []


def test_of_two_processes_one_builds_and_both_read(tmp_path: Path) -> None:
    processes = [slow_build(tmp_path) for _ in range(2)]
    wait_for(tmp_path / "begun")
    time.sleep(0.5)  # the other comes to the lock as well
    (tmp_path / "go").touch()

    assert [process.communicate(timeout=60)[0].strip() for process in processes] == ["3", "3"]
    assert (tmp_path / "begun").read_text() == "begun "


def test_a_process_killed_while_it_builds_leaves_nothing_wrong(tmp_path: Path) -> None:
    killed = slow_build(tmp_path)
    wait_for(tmp_path / "begun")
    os.kill(killed.pid, signal.SIGKILL)
    killed.communicate(timeout=60)

    assert open_catalog(tmp_path / "it.duckdb") is None
    catalog = kept_catalog(tmp_path / "it.duckdb", recipe())
    assert catalog.total == 3
    assert sorted(path.name for path in tmp_path.iterdir() if path.is_dir() or path.stat().st_size) == [
        "begun",
        "it.duckdb",
    ]


def test_other_processes_read_while_this_one_does(tmp_path: Path) -> None:
    catalog = kept_catalog(tmp_path / "it.duckdb", recipe())
    (tmp_path / "go").touch()

    assert slow_build(tmp_path).communicate(timeout=60)[0].strip() == "3"
    assert not (tmp_path / "begun").exists()
    assert catalog.count(SampleFilter(country=("x",))).matched == 2


@pytest.mark.parametrize("everywhere", [False, True])
def test_a_folder_that_can_not_be_written_costs_time_and_a_note(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, everywhere: bool
) -> None:
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / ("file" if everywhere else ".")))

    catalog = kept_catalog(tmp_path / "file" / "it.duckdb", recipe())

    assert catalog.row("a")["lon"] == 2.0
    assert "The cache folder can not be written, so the catalogue of it is built anew" in catalog.notes[0]
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_what_is_incomplete_on_this_machine_is_not_kept(tmp_path: Path) -> None:
    def incomplete(staging: Staging) -> None:
        staging.add(ROWS)
        staging.notes.append("Two of it.")
        staging.passing_notes.append("No atlas.")

    catalog = kept_catalog(tmp_path / "it.duckdb", recipe(incomplete))

    assert (catalog.total, catalog.notes) == (3, ("Two of it.", "No atlas."))
    assert not (tmp_path / "it.duckdb").exists()


def test_an_error_of_the_rows_is_no_error_of_the_disk(tmp_path: Path) -> None:
    twice = pa.concat_tables([ROWS, ROWS])
    with pytest.raises(SchemaError, match="'a' occurs twice"):
        kept_catalog(tmp_path / "it.duckdb", recipe(lambda staging: staging.add(twice)))
    assert [path for path in tmp_path.iterdir() if path.is_dir() or path.stat().st_size] == []


def test_a_file_of_another_version_is_built_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept_catalog(tmp_path / "it.duckdb", recipe())
    monkeypatch.setattr(sample_store, "FORMAT", "another")
    assert open_catalog(tmp_path / "it.duckdb") is None


def test_damage_met_while_in_use_is_named_and_built_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "it.duckdb"
    table = random_table(3000)
    kept_catalog(path, recipe(lambda staging: staging.add(table)))
    content = bytearray(path.read_bytes())
    opened = None
    monkeypatch.setattr(sample_store, "_CHECKED_BYTES", 0)  # as of a file too large to be read through
    for block in range(len(content) // BLOCK_BYTES):
        damaged = bytearray(content)
        damaged[block * BLOCK_BYTES + 20_000] ^= 1
        path.write_bytes(damaged)
        opened = open_catalog(path)
        if opened is None:
            continue
        try:
            opened.take(opened.matching_rows(SampleFilter()))
        except CatalogueDamagedError as error:
            assert "is damaged and was removed. Start the app again" in error.message  # noqa: PT017 - in one of many
            assert not path.exists()
            break
    else:
        pytest.fail("no block of the file holds rows")
    assert kept_catalog(path, recipe()).total == 3


def test_a_file_system_without_locks_costs_time_at_every_start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise NotImplementedError("FileSystem does not appear to support flock")

    monkeypatch.setattr("data_access.kept_store.FileLock.acquire", refuse)
    assert kept_catalog(tmp_path / "it.duckdb", recipe()).total == 3
