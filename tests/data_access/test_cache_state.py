"""Sizes of the cache by purpose, and that emptying a part removes that part alone."""

import os
from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path

import pytest

from data_access.cache_state import CachePart, cache_parts, empty, kept_of
from data_access.settings import Settings, load_settings

FILE, OLD_FILE = "00000000000000aa", "00000000000000bb"
CURRENT, EARLIER = "0123456789abcdef", "fedcba9876543210"


@pytest.fixture
def configuration(tmp_path: Path) -> Settings:
    """A cache with a file of known size for every purpose."""
    sizes = {
        f"tables/terramesh-{EARLIER}.duckdb": 30,
        f"tables/terramesh-{CURRENT}.duckdb": 1000,
        f"tables/points-{CURRENT}/lon.npy": 200,
        f"tables/bigearthnet-txt-{OLD_FILE}-2/texts.parquet": 3,  # named after a file of its own
        f"tables/bigearthnet-txt-{FILE}-2/texts.parquet": 5,
        "tables/terramesh-members/00aa.parquet": 4,
        "bytes/ab/cd": 50_000,
        "downloads/train_metadata.parquet": 600_000,
        "index/terramesh/offsets/val/a.parquet": 7_000_000,
        "demo/manifest.json": 80_000_000 // 100,
        "generations/abc/S1RTC.npy": 70,
        "something-else/file": 9,
    }
    for moment, (name, size) in enumerate(sizes.items()):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"\0" * size)
        os.utime(path, (moment, moment))
        os.utime(path.parent, (moment, moment))
    return load_settings(["--cache-dir", str(tmp_path)])


def parts(configuration: Settings) -> dict[str, CachePart]:
    return {part.name: part for part in cache_parts(configuration, {CURRENT})}


def test_every_purpose_has_its_bytes(configuration: Settings) -> None:
    found = {name: part.bytes for name, part in parts(configuration).items()}
    assert found == {
        "tables": 1205,
        "earlier": 33,
        "places": 4,
        "bytes": 50_000,
        "downloads": 600_000,
        "index": 7_000_000,
        "demo": 800_000,
        "generations": 70,
    }
    assert parts(configuration)["tables"].files == 3
    assert parts(configuration)["tables"].newest is not None


@pytest.mark.parametrize("name", ["tables", "earlier", "places", "bytes", "downloads"])
def test_emptying_removes_one_purpose_alone(configuration: Settings, name: str) -> None:
    before = parts(configuration)
    assert empty(before[name]) == before[name].bytes
    after = {each: part.bytes for each, part in parts(configuration).items() if part.bytes}
    if name == "tables":  # what was of an earlier revision is now the latest of its kind
        after["earlier"] = after.pop("tables")
    assert after == {each: part.bytes for each, part in before.items() if each != name}


@pytest.mark.parametrize("name", ["index", "generations", "demo"])
def test_the_work_of_hours_and_the_demo_are_not_emptied(configuration: Settings, name: str) -> None:
    with pytest.raises(ValueError, match=name):
        empty(parts(configuration)[name])


def test_links_out_of_the_cache_are_not_followed(
    configuration: Settings, tmp_path_factory: pytest.TempPathFactory
) -> None:
    precious = tmp_path_factory.mktemp("data") / "shard.tar"
    precious.write_bytes(b"x" * 10)
    (configuration.cache_dir / "bytes" / "link").symlink_to(precious.parent)
    empty(parts(configuration)["bytes"])
    assert precious.exists()


def test_a_cache_that_does_not_exist_is_empty(tmp_path: Path) -> None:
    assert cache_parts(load_settings(["--cache-dir", str(tmp_path / "none")]), set()) == ()


def test_what_is_kept_of_a_data_set(configuration: Settings) -> None:
    os.utime(configuration.tables_dir / f"terramesh-{CURRENT}.duckdb")
    kept = kept_of(configuration, "terramesh")
    assert (kept["catalogue"].bytes, kept["points"].bytes) == (1000, 200)
    assert kept_of(configuration, "bigearthnet")["catalogue"].files == 0


def test_a_file_that_goes_while_sizes_are_counted_costs_itself_alone(
    configuration: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = configuration.cache_dir / "bytes" / "ab"
    (folder / "cd").unlink()
    for number in range(5):
        (folder / f"{number}").write_bytes(bytes(100))
    real = os.scandir

    def scan(path: str) -> AbstractContextManager[Iterator[os.DirEntry[str]]]:
        """Lists a folder; by the time that anyone looks, the first of its files has gone."""
        entries = list(real(path))
        if path == str(folder):
            Path(entries[0].path).unlink(missing_ok=True)
        return nullcontext(iter(entries))

    monkeypatch.setattr(os, "scandir", scan)
    assert parts(configuration)["bytes"].files == 4


@pytest.mark.parametrize("name", ["tables", "bytes"])
def test_what_can_not_be_removed_stays(configuration: Settings, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    def refuse(path: Path, *, missing_ok: bool = False) -> None:
        raise PermissionError(13, "Permission denied", str(path), missing_ok)

    monkeypatch.setattr(Path, "unlink", refuse)
    assert empty(parts(configuration)[name]) == 0
