"""The Data page without a browser: its cards, jobs, cache, test of a place, and who may do what."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from components import data_sets
from components.data_page import collection_facts, operator, testing
from components.data_page import jobs as jobs_of_page
from data_access import batch_jobs, settings
from data_access.batch_jobs import BatchJobs
from data_access.bigearthnet.opening import open_bigearthnet
from data_access.dataset import Dataset
from data_access.progress import activity
from data_access.terramesh.opening import open_terramesh
from errors import PatchworkError, SourceMissingError
from tests.data_access.waiting import wait
from tests.memory_dataset import MemoryCollections

SHELL = Path(__file__).resolve().parents[2] / "pages" / "shell.py"
SECONDS = 60.0  # on a machine that other work shares
Opener = Callable[..., AppTest]


@pytest.fixture(scope="module")
def sets(demo_collection: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Dataset]:
    """The demo collection, opened with a cache of its own."""
    tables = tmp_path_factory.mktemp("cache") / "tables"
    images, text = demo_collection / "bigearthnet_images", demo_collection / "BigEarthNet.txt.parquet"
    return {
        "terramesh": open_terramesh(demo_collection / "terramesh", kind="demo", tables_dir=tables),
        "bigearthnet": open_bigearthnet(text, images, kind="demo", tables_dir=tables),
    }


@pytest.fixture
def configuration(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[dict[str, str]]:
    """Settings of the process: an empty cache; a test may set more before it opens the page."""
    for name in settings.Settings.model_fields:
        monkeypatch.delenv(f"PATCHWORK_{name.upper()}", raising=False)
    monkeypatch.setenv("PATCHWORK_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setattr(operator, "_visitor_is_local", lambda: True)  # AppTest has no visitor
    settings.settings.cache_clear()
    yield {}
    settings.settings.cache_clear()
    testing._LATEST.clear()
    for child in batch_jobs._CHILDREN.values():
        child.process.kill()
        child.process.wait()
    batch_jobs._CHILDREN.clear()
    batch_jobs._PAUSING.clear()


@pytest.fixture
def data(monkeypatch: pytest.MonkeyPatch, sets: dict[str, Dataset], configuration: dict[str, str]) -> Opener:
    """Opens the page over the demo, or over what is given instead; jobs are those of the slow stand-in."""

    def opened(environment: dict[str, str] | None = None, manner: str = "slow", **others: object) -> AppTest:
        for name, value in (environment or configuration).items():
            monkeypatch.setenv(f"PATCHWORK_{name}", value)
        settings.settings.cache_clear()
        collections = Opening(sets | others)
        monkeypatch.setattr(data_sets, "collections_of_process", lambda: collections)
        monkeypatch.setattr(
            jobs_of_page,
            "BatchJobs",
            lambda _root, out, **_: BatchJobs(manner, out, module="tests.data_access.slow_batch"),
        )
        page = AppTest.from_file(str(SHELL), default_timeout=SECONDS)
        page.switch_page("data.py")
        return page.run()

    return opened


class Opening(MemoryCollections[Any]):
    """Data sets, errors, or (None) data sets that are still being opened."""

    def opening(self, name: str) -> "Future[Any]":
        return Future() if self.datasets[name] is None else super().opening(name)


def words(page: AppTest) -> str:
    """Everything that the page says, as one text."""
    shown = [str(each.proto.body) for each in page.get("html")]
    told = [*page.markdown, *page.caption, *page.error, *page.info]
    return "\n".join([*shown, *(str(each.value) for each in told)])


def buttons(page: AppTest) -> dict[str, Any]:
    """Buttons by their key, once each."""
    return {each.key: each for each in page.button if each.key}


def test_cards_tell_what_is_there(data: Opener) -> None:
    page = data()
    assert not page.exception
    told = words(page)
    assert "<dd>96</dd>" in told
    assert "val_metadata.parquet" in told
    assert "<b>96 of 96</b>" in told
    assert "<span>1 / 1</span>" in told, "SSL4EO-S12 has one shard, and alone has S1 GRD"
    assert "<span>with Sentinel-2</span><b>270 of 270</b>" in told
    assert "synthetic demo" in told


def test_licences_can_be_copied(data: Opener) -> None:
    copied = [each.value for each in data().code]
    assert any("@inproceedings{blumenstiel2025terramesh" in text for text in copied)
    assert any("Copernicus" in text and text.startswith("Synthetic demo data") for text in copied)


def test_a_job_is_started_paused_resumed_and_finished(data: Opener, tmp_path: Path) -> None:
    page = data()
    buttons(page)["data_job_index_start"].click().run()
    assert "data_job_index_pause" in buttons(page)
    assert buttons(page)["data_job_statistics_start"].disabled, "one job at a time"
    (progress,) = _appears(tmp_path / "cache" / "index", "progress.json")
    buttons(page.run())["data_job_index_pause"].click().run()
    assert "pausing" in words(page) or "paused" in words(page)
    (child,) = batch_jobs._CHILDREN.values()
    wait(lambda: child.process.poll() is not None)
    assert '"paused"' in progress.read_text()
    page.run()
    assert "paused" in words(page)
    assert not buttons(page)["data_job_index_start"].disabled


def _appears(folder: Path, name: str) -> list[Path]:
    wait(lambda: bool(list(folder.rglob(name))))
    return list(folder.rglob(name))


def test_a_job_that_was_killed_can_be_resumed(data: Opener) -> None:
    page = data()
    buttons(page)["data_job_statistics_start"].click().run()
    (child,) = batch_jobs._CHILDREN.values()
    wait(lambda: any(out.joinpath("progress.json").exists() for out in batch_jobs._CHILDREN))
    child.process.kill()
    child.process.wait()
    assert "stopped unexpectedly" in words(page.run())
    assert not buttons(page)["data_job_statistics_start"].disabled


def test_statistics_that_the_open_catalogue_lacks_are_told(data: Opener, monkeypatch: pytest.MonkeyPatch) -> None:
    everything = {"offsets": 4, "statistics": 4, "thumbnails": 4}
    index = collection_facts.index_of
    monkeypatch.setattr(jobs_of_page, "index_of", lambda each: (found := index(each)) and (found[0], everything))
    page = data()
    assert words(page).count("complete · 4 of 4 shards") == 3
    assert "after the next start" not in words(page)
    monkeypatch.setattr("components.data_page.collection_facts.revision_of", lambda *_: "another")
    assert "new ones are filters after the next start" in words(page.run())


def test_a_job_that_fails_says_why(data: Opener) -> None:
    page = data(manner="crash")
    buttons(page)["data_job_thumbnails_start"].click().run()
    (child,) = batch_jobs._CHILDREN.values()
    child.process.wait()
    assert "No shards below the root. Check PATCHWORK_TERRAMESH." in words(page.run())


@pytest.mark.parametrize(
    "environment",
    [{"HOST": "0.0.0.0"}, {"PUBLIC_HOSTS": "patchwork.example"}, {"ALLOW_JOBS": "false"}],  # noqa: S104
)
def test_a_public_server_only_shows(data: Opener, environment: dict[str, str]) -> None:
    page = data(environment)
    assert not page.exception
    assert not [key for key in buttons(page) if key.startswith(("data_job", "data_cache"))]
    assert "PATCHWORK_ALLOW_JOBS" in words(page)
    assert not page.text_input, "no place can be typed"
    assert not page.button, "and with nothing configured there is nothing to test"


def test_the_operator_may_open_jobs_to_all(data: Opener) -> None:
    page = data({"HOST": "0.0.0.0", "ALLOW_JOBS": "true"})  # noqa: S104
    assert "data_job_index_start" in buttons(page)


def test_a_visitor_through_a_proxy_may_not_operate(data: Opener, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(operator, "_visitor_is_local", lambda: False)
    assert "data_job_index_start" not in buttons(data())


@pytest.mark.parametrize(
    ("address", "headers", "expected"),
    [
        (None, {}, True),
        ("127.0.0.1", {}, True),
        ("::1", {}, True),
        ("192.0.2.7", {}, False),
        ("not an address", {}, False),
        (None, {"X-Forwarded-For": "192.0.2.7"}, False),  # a proxy on this machine
    ],
)
def test_a_local_visitor_is_told_from_others(
    monkeypatch: pytest.MonkeyPatch, address: str | None, headers: dict[str, str], expected: bool
) -> None:
    monkeypatch.setattr(st, "context", SimpleNamespace(ip_address=address, headers=headers))
    assert operator._visitor_is_local() is expected


def test_streamlits_own_address_counts(data: Opener, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(operator, "_is_bound_to_loopback", lambda: False)
    assert "data_job_index_start" not in buttons(data())


def test_a_public_server_tests_what_is_configured_and_nothing_else(data: Opener, demo_collection: Path) -> None:
    root = str(demo_collection / "terramesh")
    page = data({"HOST": "0.0.0.0", "TERRAMESH": root})  # noqa: S104
    page.button(key="data_test_Test what is configured").click().run()
    wait(lambda: not testing.is_running())
    page.run()
    assert any("This works" in each.value for each in page.success)
    assert root not in words(page), "a full path is nobody else's business"


def test_a_typed_place_is_tested(data: Opener, demo_collection: Path) -> None:
    page = data()
    page.radio(key="data_connect_place_terramesh").set_value("Folder").run()
    page.text_input[0].set_value(str(demo_collection / "terramesh")).run()
    assert any(f'terramesh = "{demo_collection}/terramesh"' in each.value for each in page.code)
    page.button(key="data_test_Test this").click().run()
    wait(lambda: not testing.is_running())
    page.run()
    assert any("This works" in each.value for each in page.success)
    assert "264 × 264" in words(page)


def test_a_place_that_is_none_is_named(data: Opener) -> None:
    page = data()
    page.radio(key="data_connect_place_terramesh").set_value("Folder").run()
    page.text_input[0].set_value("/no/such/folder").run()
    page.button(key="data_test_Test this").click().run()
    wait(lambda: not testing.is_running())
    page.run()
    assert any("is not a folder" in each.value for each in page.error)


def test_work_under_way_is_shown(data: Opener) -> None:
    with activity("Downloading train_metadata.parquet", total=2_000_000_000, unit="bytes") as work:
        work.tell(500_000_000)
        told = words(data())
    assert "Downloading train_metadata.parquet" in told
    assert "25%" in told
    assert "500 MB of 2.0 GB" in told


def test_a_pause_that_a_server_asked_for_is_counted_down(data: Opener, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("components.opening.waiting", lambda: 42.4)
    assert "42 s left" in words(data())


@pytest.mark.parametrize("other", [None, SourceMissingError("The root is gone. Check the disk.")])
def test_what_is_not_open_is_told_and_the_rest_goes_on(data: Opener, other: PatchworkError | None) -> None:
    page = data(terramesh=other)
    assert not page.exception
    told = words(page)
    assert ("being opened" if other is None else "The root is gone") in told
    assert "270 of 270" in told
    assert "they can start once it is open" in told


def test_parts_of_the_cache_are_emptied_after_a_question(data: Opener, tmp_path: Path) -> None:
    kept = tmp_path / "cache" / "bytes" / "ab" / "cd"
    kept.parent.mkdir(parents=True)
    kept.write_bytes(b"\0" * 5_000)
    page = data()
    assert "5.0 kB" in words(page)
    page.button(key="data_cache_empty").click().run()
    page.button(key="data_cache_remove").click().run()
    assert not kept.exists()
