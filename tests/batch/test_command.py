"""`python -m batch`: the words it takes, how it ends, and that nothing is lost however it is ended."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from distributed import Client

from batch import __main__ as command
from batch.output_folder import held
from batch.parts import make_part, shard_sets
from data_access.batch_progress import read_progress
from data_access.sample_filter import SampleFilter
from data_access.settings import REPOSITORY_ROOT, settings
from data_access.terramesh import batch_parts
from data_access.terramesh.layout import discover
from data_access.terramesh.modalities import FOLDERS
from data_access.terramesh.opening import open_terramesh
from tests.data_access.terramesh.writers import write_root, write_shard
from tests.loopback_hub import loopback_hub

TAR = "majortom_shard_000001.tar"
KEYS = ("majortom_val_0000001", "majortom_val_0000002")
PATIENCE_S = 60


@pytest.fixture
def on_shared_workers(client: Client, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    """`command.main` works on the workers of all tests, with a cache of its own; signals are as before afterwards."""

    @contextmanager
    def connected(_scheduler: str | None, _workers: int) -> Iterator[Client]:
        yield client

    monkeypatch.setattr(command, "connected", connected)
    monkeypatch.setenv("PATCHWORK_CACHE_DIR", str(tmp_path / "cache"))
    settings.cache_clear()
    before = {each: signal.getsignal(each) for each in (signal.SIGINT, signal.SIGTERM)}
    yield
    for each, handler in before.items():
        signal.signal(each, handler)
    settings.cache_clear()


def start(*words: str | Path) -> "subprocess.Popen[bytes]":
    """The command as a process of its own."""
    return subprocess.Popen(
        [sys.executable, "-m", "batch", *map(str, words)], cwd=REPOSITORY_ROOT, stderr=subprocess.DEVNULL
    )


def wait_for_parts(out: Path, count: int, process: "subprocess.Popen[bytes]") -> None:
    """Wait until so many parts are there."""
    until = time.monotonic() + PATIENCE_S
    while len(list(out.rglob("*.parquet"))) < count:
        assert time.monotonic() < until
        assert process.poll() is None
        time.sleep(0.02)


def test_ended_in_any_way_it_goes_on_and_ends_with_the_same_parts(wide_root: Path, tmp_path: Path) -> None:
    out, alone = tmp_path / "out", tmp_path / "alone"
    words = ("statistics", wide_root, out, "--workers", "1")
    for number, status in ((signal.SIGTERM, "paused"), (signal.SIGKILL, "running")):
        there = len(list(out.rglob("*.parquet")))
        process = start(*words)
        wait_for_parts(out, there + 1, process)
        process.send_signal(number)
        code = process.wait(PATIENCE_S)
        assert code == (-signal.SIGKILL if number == signal.SIGKILL else 128 + number)
        assert read_progress(out).status == status
    assert start(*words).wait(PATIENCE_S) == 0
    told = read_progress(out)
    assert (told.status, told.done, told.total) == ("done", 6, 6)
    for shard_set in shard_sets(discover(wide_root), "statistics"):
        make_part("statistics", shard_set, alone)
    names = {path.relative_to(alone) for path in alone.rglob("*.parquet")}
    assert {path.relative_to(out) for path in out.rglob("*.parquet")} == names
    assert all((out / name).read_bytes() == (alone / name).read_bytes() for name in names)
    assert not list(out.rglob("*.tmp"))


@pytest.mark.usefixtures("on_shared_workers")
def test_the_demo_from_end_to_end(demo_collection: Path, tmp_path: Path) -> None:
    root = demo_collection / "terramesh"
    layout = discover(root)
    for word in ("index", "statistics", "thumbnails"):
        assert command.main([word, str(root)]) == 0
    index = batch_parts.index_folder(None, tmp_path / "cache", layout)
    found = [
        batch_parts.offsets(index, split, tar, batch_parts.shards_of(layout, split, tar))
        for split in layout.splits
        for tar in layout.names(split)
    ]
    assert sum(len(table) for table in found if table) == 96
    assert len(batch_parts.statistics_paths(index, layout)) == 4
    picture = batch_parts.thumbnail(index, "val", TAR, KEYS[0], layout)
    assert picture is not None
    assert picture[8:12] == b"WEBP"
    opened = open_terramesh(root, kind="demo", tables_dir=tmp_path / "cache" / "tables")
    assert opened.thumbnail(KEYS[0]) == picture
    (row,) = pq.read_table(batch_parts.statistics_paths(index)[0]).slice(0, 1).to_pylist()
    assert opened.catalog.row(row["id"])["relief"] == row["relief"]
    assert 0 < opened.catalog.count(SampleFilter(ranges=(("lulc_trees", 40.0, None),))).matched < 96
    told = json.loads((index / "progress.json").read_text(encoding="utf-8"))
    assert told["command"] == "thumbnails"
    assert told["status"] == "done"


@pytest.mark.usefixtures("on_shared_workers")
def test_damage_ends_with_a_status_of_its_own(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    root = write_root(tmp_path / "root", {TAR: KEYS})
    write_shard(root, "val", "DEM", TAR, {KEYS[0]: b"rubbish"})
    assert command.main(["statistics", str(root), str(tmp_path / "out")]) == command.DAMAGED
    assert f"{KEYS[0]} in val/DEM/{TAR}" in capsys.readouterr().err
    assert read_progress(tmp_path / "out").status == "done"


@pytest.mark.usefixtures("on_shared_workers")
def test_what_can_not_work_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    root = write_root(tmp_path / "root", {TAR: KEYS})
    out = tmp_path / "out"
    assert command.main(["index", str(tmp_path / "nowhere"), str(out)]) == command.FAILED
    assert "'nowhere' is not a folder" in capsys.readouterr().err
    assert command.main(["index", str(root), str(out), "--split", "train"]) == command.FAILED
    assert "none that fit --split and --shards" in capsys.readouterr().err
    with held(out):
        assert command.main(["index", str(root), str(out)]) == command.FAILED
    assert "Another run is at work on 'out'" in capsys.readouterr().err
    for words in (["index", str(root), "--limit", "0"], ["everything", str(root)]):
        with pytest.raises(SystemExit) as ended:
            command.main(words)
        assert ended.value.code == 2


@pytest.mark.usefixtures("on_shared_workers")
def test_the_configured_folder_is_for_the_configured_root_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    roots = [write_root(tmp_path / name, {TAR: KEYS}) for name in ("a", "b")]
    monkeypatch.setenv("PATCHWORK_TERRAMESH", str(roots[0]))
    monkeypatch.setenv("PATCHWORK_TERRAMESH_INDEX", str(tmp_path / "index"))
    for words in (["index"], ["index", str(roots[1])]):
        settings.cache_clear()
        assert command.main(words) == 0
    assert len(list((tmp_path / "index").rglob("*.parquet"))) == 1
    assert len(list((tmp_path / "cache" / "index").rglob("*.parquet"))) == 1


@pytest.mark.usefixtures("on_shared_workers")
def test_a_limit_leaves_the_rest_for_later(tmp_path: Path) -> None:
    tars = {f"majortom_shard_{number:06d}.tar": (f"majortom_val_{number:07d}",) for number in (1, 2, 3)}
    root, out = write_root(tmp_path / "root", tars), tmp_path / "out"
    assert command.main(["index", str(root), str(out), "--limit", "1"]) == 0
    assert [path.stem for path in out.rglob("*.parquet")] == ["majortom_shard_000001"]
    assert command.main(["index", str(root), str(out), "--shards", "*3"]) == 0
    assert len(list(out.rglob("*.parquet"))) == 2


def test_a_killed_run_leaves_nothing_that_the_next_one_does_not_clear(tmp_path: Path) -> None:
    (tmp_path / "offsets" / "val").mkdir(parents=True)
    left = [tmp_path / ".progress.json.1.tmp", tmp_path / "offsets" / "val" / ".x.parquet.2.tmp"]
    for path in left:
        path.write_bytes(b"half")
    with held(tmp_path):
        assert not any(path.exists() for path in left)


@pytest.mark.usefixtures("on_shared_workers")
@pytest.mark.parametrize("place", ["hf:owner/name@main", "{url}/plain/"])
def test_shards_behind_http_give_the_same_rows(place: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = write_root(tmp_path / "root", {TAR: tuple(f"majortom_val_{number:07d}" for number in range(24))})
    with loopback_hub(root) as hub:
        monkeypatch.setenv("HF_ENDPOINT", hub.url)
        for word, kind in (("index", "offsets"), ("statistics", "statistics"), ("thumbnails", "thumbnails")):
            assert command.main([word, place.format(url=hub.url), str(tmp_path / "remote")]) == 0
            assert command.main([word, str(root), str(tmp_path / "local")]) == 0
            tables = [next((tmp_path / each / kind).rglob("*.parquet")) for each in ("remote", "local")]
            remote, local = (pq.read_table(path) for path in tables)
            assert remote.equals(local)
        longest = max(len(hub.asked(f"{modality}/{TAR}")) for modality in FOLDERS)
    assert longest <= 12  # of three commands, redirects included; a walk over headers would ask for each member


def test_workers_need_nothing_of_the_pages() -> None:
    listed = "import batch.parts, sys; print([m for m in ('streamlit', 'fastapi', 'duckdb') if m in sys.modules])"
    words = [sys.executable, "-c", listed]
    told = subprocess.run(words, cwd=REPOSITORY_ROOT, capture_output=True, text=True, check=True, env={**os.environ})
    assert told.stdout.strip() == "[]"
