"""The bytes: reproducible, resumable, and in the layout of the real shards."""

import hashlib
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from demo.terramesh.build import build_terramesh
from tests.demo.conftest import SEED, small_plan
from tests.demo.reading import Member, by_key, members

ROOT = Path(__file__).resolve().parents[3]
FOLDERS = {"S2L2A", "S2L1C", "S2RGB", "S1RTC", "S1GRD", "DEM", "NDVI", "LULC"}


def _digests(root: Path) -> dict[str, str]:
    files = sorted(path for path in root.rglob("*") if path.is_file())
    return {str(path.relative_to(root)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def test_a_build_that_was_killed_goes_on_and_gives_the_same_bytes(small_terramesh: Path, tmp_path: Path) -> None:
    program = (
        "from pathlib import Path; from demo.terramesh.build import build_terramesh;"
        "from tests.demo.conftest import SEED, small_plan;"
        f"build_terramesh(Path({str(tmp_path)!r}), SEED, lambda *_: None, plans=small_plan(), workers=1)"
    )
    # spawned workers import the main module, so the program is a file with a guard
    script = tmp_path / "script.py"
    script.write_text(f"if __name__ == '__main__':\n    {program.replace(';', '; ')}\n", encoding="utf-8")
    process = subprocess.Popen(
        [sys.executable, script], cwd=ROOT, env=os.environ | {"PYTHONPATH": str(ROOT)}, start_new_session=True
    )
    deadline = time.monotonic() + 120
    while len(list(tmp_path.glob(".terramesh-*/parts/*.tar"))) < 2 and time.monotonic() < deadline:
        assert process.poll() is None, "the build ended before it could be killed"
        time.sleep(0.02)
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    kept = {path.name: path.stat().st_mtime_ns for path in tmp_path.glob(".terramesh-*/parts/*.tar")}
    assert 2 <= len(kept) < 8
    assert not (tmp_path / "terramesh").exists()
    seen: list[tuple[int, int]] = []

    def note(done: int, steps: int, _: str) -> None:
        if not seen:  # the first report: what was kept is as it was
            parts = {path.name: path.stat().st_mtime_ns for path in tmp_path.glob(".terramesh-*/parts/*.tar")}
            assert kept.items() <= parts.items()
        seen.append((done, steps))

    build_terramesh(tmp_path, SEED, note, plans=small_plan())
    assert seen == [(done, 9) for done in range(1, 10)]
    assert _digests(tmp_path / "terramesh") == _digests(small_terramesh)
    assert not list(tmp_path.glob(".terramesh-*"))


def test_a_damaged_part_is_drawn_again(small_terramesh: Path, tmp_path: Path) -> None:
    plans = small_plan()[:1]
    build_terramesh(tmp_path, SEED, lambda *_: None, plans=plans)
    good = _digests(tmp_path / "terramesh")

    # leave a truncated part where the next build looks for it
    from demo.terramesh.build import _fingerprint  # noqa: PLC0415 - the name of the hidden folder is no interface

    parts = tmp_path / f".terramesh-{_fingerprint(SEED, plans)}" / "parts"
    parts.mkdir(parents=True)
    (parts / f"{plans[0].key}.tar").write_bytes(b"\0" * 1024)
    build_terramesh(tmp_path, SEED, lambda *_: None, plans=plans)
    assert _digests(tmp_path / "terramesh") == good
    assert by_key(small_terramesh, "DEM")[plans[0].key].bands.shape == (1, 264, 264)


def test_folders_shards_and_keys_are_those_of_the_format(small_terramesh: Path) -> None:
    assert {path.name for path in (small_terramesh / "val").iterdir()} == FOLDERS
    keys = {folder: [member.key for member in members(small_terramesh, folder)] for folder in sorted(FOLDERS)}
    majortom = [key for key in keys["DEM"] if key.startswith("majortom_val_")]
    ssl4eo = [key for key in keys["DEM"] if key.startswith("ssl4eos12_val_")]
    assert keys["S1RTC"] == majortom
    assert keys["S1GRD"] == ssl4eo
    for folder in FOLDERS - {"S1RTC", "S1GRD"}:
        assert keys[folder] == majortom + ssl4eo, folder


def test_the_metadata_table_names_every_member(small_terramesh: Path) -> None:
    table = pq.read_table(small_terramesh / "val_metadata.parquet")
    assert table.schema.metadata[b"synthetic"] == b"true"
    rows = table.to_pylist()
    found = {member.key: member for member in members(small_terramesh, "S2L2A")}
    assert [row["zarr"] for row in rows] == [f"{key}.zarr.zip" for key in found]
    for row, member in zip(rows, found.values(), strict=True):
        assert row["tar"] == member.shard
        assert row["sample_id"] == str(member.array("sample"))
        assert row["center_lon"] == member.array("center_lon")[0]
        assert row["center_lat"] == member.array("center_lat")[0]
        assert row["crs"] == f"EPSG:{member.array('crs')[0]}"
        assert row["S2_time"].value == member.array("time")[0]
        mask = member.array("cloud_mask")
        assert row["cloud_cover"] == pytest.approx(((mask == 3) | (mask == 4)).mean() * 100, abs=1e-3)
        west, south, east, north = row["bounds"]
        assert west < row["center_lon"] < east
        assert south < row["center_lat"] < north


def test_the_zarr_groups_are_laid_out_as_the_real_ones(small_terramesh: Path, real_data: Path) -> None:
    """Every `.zarray` and `.zattrs` of a real sample, but for its smaller edge, is found in the demo member."""
    for folder in ("S2L2A", "S2L1C", "S2RGB", "S1RTC", "DEM", "NDVI", "LULC"):
        real = next(members(real_data / "terramesh", folder))
        ours = next(members(small_terramesh, folder))
        for name in real.names:
            theirs, mine = real.json(f"{name}/.zarray"), ours.json(f"{name}/.zarray")
            if theirs["dtype"].startswith("<U"):
                assert mine.pop("dtype").startswith("<U"), (folder, name)  # as wide as its longest word
                theirs.pop("dtype")
            for key in ("shape", "chunks"):
                theirs[key] = [264 if edge == 224 else edge for edge in theirs[key]]
            assert mine == theirs, (folder, name)
            assert ours.json(f"{name}/.zattrs") == real.json(f"{name}/.zattrs"), (folder, name)
        assert {info.compress_type for info in ours.archive.infolist()} == {0}
        assert [info.filename for info in ours.archive.infolist()][-1] == ".zmetadata"


def test_the_consolidated_metadata_says_what_the_documents_say(small_terramesh: Path) -> None:
    for folder in sorted(FOLDERS):
        member: Member = next(members(small_terramesh, folder))
        joined = member.json(".zmetadata")
        assert joined["zarr_consolidated_format"] == 1
        documents = {n for n in member.archive.namelist() if n.rpartition("/")[2] in {".zarray", ".zattrs", ".zgroup"}}
        assert set(joined["metadata"]) == documents
        assert all(member.json(name) == joined["metadata"][name] for name in documents)
        assert joined["metadata"][".zattrs"]["synthetic"] is True
        assert str(member.array("file_id")[0]).startswith("SYNTHETIC_")
