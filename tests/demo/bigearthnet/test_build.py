"""Building is atomic, resumable and reproducible."""

from collections.abc import Callable
from pathlib import Path

import lmdb
import pyarrow.parquet as pq
import pytest

from demo.bigearthnet import build, places
from demo.bigearthnet.build import build_bigearthnet
from demo.bigearthnet.imagery import SiteImagery, photograph
from demo.bigearthnet.sites import SITES, Site

SMALL = tuple(site for site in SITES if site.edge == 2 and len(site.acquisitions) == 1)[:3]


class InterruptedHereError(Exception):
    """Stands for a killed process."""


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    assert len(SMALL) == 3
    monkeypatch.setattr(build, "SITES", SMALL)
    monkeypatch.setattr(places, "SITES", SMALL)


def silent(_done: int, _steps: int, _label: str) -> None:
    """Progress that nobody watches."""


def content(root: Path) -> dict[bytes, bytes]:
    folder = root / "bigearthnet_images"
    with lmdb.open(str(folder), readonly=True, lock=False) as environment, environment.begin() as values:
        found = {bytes(key): bytes(value) for key, value in values.cursor()}
    for path in (folder / "metadata.parquet", root / "BigEarthNet.txt.parquet"):
        found[path.name.encode()] = str(pq.read_table(path).to_pylist()).encode()
    return found


def counting(calls: list[str]) -> Callable[[Site, int], SiteImagery]:
    def photographed(site: Site, seed: int) -> SiteImagery:
        calls.append(site.tile)
        return photograph(site, seed)

    return photographed


@pytest.mark.usefixtures("small")
def test_an_interrupted_build_goes_on_where_it_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    build_bigearthnet(tmp_path / "whole", 5, silent)

    def interrupt(done: int, _steps: int, _label: str) -> None:
        if done == 2:
            raise InterruptedHereError

    broken = tmp_path / "broken"
    with pytest.raises(InterruptedHereError):
        build_bigearthnet(broken, 5, interrupt)
    assert not (broken / "bigearthnet_images").exists(), "a reader must not find half a collection"
    assert not (broken / "BigEarthNet.txt.parquet").exists()

    calls: list[str] = []
    monkeypatch.setattr(build, "photograph", counting(calls))
    build_bigearthnet(broken, 5, silent)
    assert 0 < len(calls) < len(SMALL)
    assert content(broken) == content(tmp_path / "whole")
    assert {path.name for path in broken.iterdir()} == {"bigearthnet_images", "BigEarthNet.txt.parquet"}


@pytest.mark.usefixtures("small")
def test_a_complete_collection_is_left_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    build_bigearthnet(tmp_path, 5, silent)
    written = (tmp_path / "bigearthnet_images" / "data.mdb").stat().st_mtime_ns
    calls: list[str] = []
    monkeypatch.setattr(build, "photograph", counting(calls))
    steps: list[tuple[int, int]] = []
    build_bigearthnet(tmp_path, 5, lambda done, total, _label: steps.append((done, total)))
    assert calls == []
    assert steps == [(4, 4)]
    assert (tmp_path / "bigearthnet_images" / "data.mdb").stat().st_mtime_ns == written


@pytest.mark.usefixtures("small")
def test_another_seed_replaces_the_collection(tmp_path: Path) -> None:
    build_bigearthnet(tmp_path, 5, silent)
    before = content(tmp_path)
    (tmp_path / ".bigearthnet_images.0123456789abcdef").mkdir()  # what an older run left behind
    build_bigearthnet(tmp_path, 6, silent)
    after = content(tmp_path)
    assert set(after) == set(before)
    assert after != before
    assert {path.name for path in tmp_path.iterdir()} == {"bigearthnet_images", "BigEarthNet.txt.parquet"}


@pytest.mark.usefixtures("small")
def test_progress_counts_up_to_the_end(tmp_path: Path) -> None:
    steps: list[tuple[int, int, str]] = []
    build_bigearthnet(tmp_path, 5, lambda *step: steps.append(step))
    assert [done for done, _, _ in steps] == [1, 2, 3, 4]
    assert {total for _, total, _ in steps} == {4}
    assert all(label for _, _, label in steps)
