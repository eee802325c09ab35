"""The command: builds once, knows what it built, and explains what stops it."""

import errno
import fcntl
import json
import subprocess
import sys
from pathlib import Path

import pytest

import demo.build
from data_access.settings import load_settings
from demo.__main__ import main
from demo.build import build_demo
from demo.folders import replace_folder
from demo.manifest import MANIFEST_FILE, Recipe, checksum, is_intact, write_manifest
from demo.sources import source_version
from errors import DemoBuildError

ROOT = Path(__file__).resolve().parents[2]
RECIPE = Recipe(1, {"numpy": "1"})


@pytest.fixture
def tiny(tmp_path: Path) -> Path:
    """A folder with two files and a manifest."""
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "one.tar").write_bytes(b"one")
    (tmp_path / "two.parquet").write_bytes(b"two")
    (tmp_path / "lock.mdb").write_bytes(b"whatever")
    write_manifest(tmp_path, RECIPE, {"samples": 2})
    return tmp_path


def test_the_manifest_says_what_there_is(tiny: Path) -> None:
    manifest = json.loads((tiny / MANIFEST_FILE).read_text())
    assert manifest["synthetic"] is True
    assert manifest["seed"] == 1
    assert manifest["versions"] == {"numpy": "1"}
    assert manifest["counts"] == {"samples": 2}
    assert manifest["files"] == {
        name: {"bytes": 3, "sha256": checksum(tiny / name)} for name in ("a/one.tar", "two.parquet")
    }


def test_an_intact_collection_is_recognised(tiny: Path) -> None:
    assert is_intact(tiny, RECIPE)
    (tiny / "lock.mdb").write_bytes(b"read by somebody")
    assert is_intact(tiny, RECIPE)


@pytest.mark.parametrize("damage", ["seed", "versions", "changed", "shorter", "missing", "no manifest", "junk"])
def test_anything_else_is_not_intact(tiny: Path, damage: str) -> None:
    recipe = RECIPE
    if damage == "seed":
        recipe = Recipe(2, RECIPE.versions)
    elif damage == "versions":
        recipe = Recipe(1, {"numpy": "2"})
    elif damage == "changed":
        (tiny / "two.parquet").write_bytes(b"tow")
    elif damage == "shorter":
        (tiny / "two.parquet").write_bytes(b"t")
    elif damage == "missing":
        (tiny / "a" / "one.tar").unlink()
    elif damage == "no manifest":
        (tiny / MANIFEST_FILE).unlink()
    else:
        (tiny / MANIFEST_FILE).write_text("[]")
    assert not is_intact(tiny, recipe)


def test_a_finished_collection_is_left_alone(demo_collection: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = (demo_collection / MANIFEST_FILE).stat().st_mtime_ns
    assert build_demo(demo_collection) is False
    assert main(["--out", str(demo_collection)]) == 0
    assert "is ready" in capsys.readouterr().err
    assert (demo_collection / MANIFEST_FILE).stat().st_mtime_ns == before


def test_nothing_is_built_where_real_data_stands_in_for_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    flags = ["--terramesh", "a", "--bigearthnet-txt", "b", "--cache-dir", str(tmp_path / "cache")]
    monkeypatch.setattr("demo.__main__.settings", lambda: load_settings(flags))
    assert main(["--if-needed"]) == 0
    assert not (tmp_path / "cache").exists()


def test_the_manifest_of_the_collection_is_complete(demo_collection: Path) -> None:
    manifest = json.loads((demo_collection / MANIFEST_FILE).read_text())
    assert manifest["synthetic"] is True
    assert manifest["counts"]["terramesh_samples"] >= 96
    assert manifest["counts"]["bigearthnet_patches"] >= 200
    on_disk = {
        path.relative_to(demo_collection).as_posix()
        for path in demo_collection.rglob("*")
        if path.is_file() and not path.name.startswith(".") and path.name not in {"manifest.json", "lock.mdb"}
    }
    assert set(manifest["files"]) == on_disk
    assert sum(entry["bytes"] for entry in manifest["files"].values()) < 500 * 2**20
    assert "terramesh/val_metadata.parquet" in on_disk
    assert "BigEarthNet.txt.parquet" in on_disk
    assert "bigearthnet_images/data.mdb" in on_disk


def test_a_full_disk_is_explained(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(demo.build, "build_terramesh", full)
    with pytest.raises(DemoBuildError, match=r"disk of .* is full.*goes on where this one stopped"):
        build_demo(tmp_path)


def test_a_place_that_can_not_be_written_is_explained(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "file"
    file.write_bytes(b"")
    for out in (file, file / "below"):
        assert main(["--out", str(out)]) == 1
        assert "can not be written" in capsys.readouterr().err


def test_a_second_build_in_the_same_folder_waits_and_then_says_so(tmp_path: Path) -> None:
    with (tmp_path / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with pytest.raises(DemoBuildError, match="Another process"):
            build_demo(tmp_path, wait_s=0.1)


def test_what_another_recipe_left_is_removed_and_what_this_one_left_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(demo.build, "build_bigearthnet", stop)
    drawn: list[Path] = []

    def draw(out: Path, *_: object) -> None:
        drawn.append(out)
        (out / "terramesh").mkdir()

    monkeypatch.setattr(demo.build, "build_terramesh", draw)
    for seed in (1, 1, 2):
        with pytest.raises(KeyboardInterrupt):
            build_demo(tmp_path, seed=seed)
    assert len(drawn) == 2  # the second run of seed 1 found its folder


def test_the_command_answers_for_help_and_for_a_bad_seed(capsys: pytest.CaptureFixture[str]) -> None:
    command = [sys.executable, "-m", "demo", "--help"]
    shown = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert shown.returncode == 0
    assert "--seed" in shown.stdout
    for seed in ("x", "-1", "1.5", ""):
        with pytest.raises(SystemExit, match="2"):
            main(["--seed", seed])
        assert f"{seed!r} is no whole number of 0 or more" in capsys.readouterr().err


def test_a_new_folder_takes_the_place_of_an_older_one(tmp_path: Path) -> None:
    old, new = tmp_path / "old", tmp_path / "new"
    for folder in (old, new, tmp_path / ".old.replaced"):  # the last as an interrupted run leaves it
        folder.mkdir()
        (folder / folder.name).write_bytes(b"")
    replace_folder(new, old)
    assert [path.relative_to(tmp_path).as_posix() for path in sorted(tmp_path.rglob("*"))] == ["old", "old/new"]


def test_what_draws_decides_the_version_and_nothing_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("demo/build.py", "demo/scene/water.py", "demo/scene/palette.toml", "measures.py", "others.py"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("1")
    monkeypatch.setattr("demo.sources._HERE", tmp_path / "demo")
    monkeypatch.setattr("demo.sources._BORROWED", {"scene": ("measures.py",)})
    before = source_version("scene")
    for name in ("demo/build.py", "others.py"):
        (tmp_path / name).write_text("2")
    assert source_version("scene") == before
    for name in ("demo/scene/water.py", "demo/scene/palette.toml", "measures.py"):
        (tmp_path / name).write_text("2")
        assert source_version("scene") != before
        (tmp_path / name).write_text("1")


def test_the_measures_that_texts_are_made_of_belong_to_what_draws_them(monkeypatch: pytest.MonkeyPatch) -> None:
    before = source_version("bigearthnet")
    monkeypatch.setattr("demo.sources._BORROWED", {})
    assert source_version("bigearthnet") != before
