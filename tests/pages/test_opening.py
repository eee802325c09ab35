"""Explore while a data set is being opened: the other one is there, the wait is told, and nothing stays stale."""

from concurrent.futures import Future
from pathlib import Path
from threading import Timer
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from components import counts, data_sets, opening, try_again
from components.results import paging
from data_access.progress import activity
from errors import PatchworkError, SourceMissingError
from tests.memory_dataset import MemoryCollections
from tests.pages.small_collections import (
    BIGEARTHNET_SAMPLES,
    TERRAMESH_SAMPLES,
    bigearthnet_rows,
    small_dataset,
    terramesh_rows,
)
from tests.pages.test_explore import components, headline, matched

SHELL = Path(__file__).resolve().parents[2] / "pages" / "shell.py"
SECONDS = 60.0  # on a machine that other work shares


class InTime(MemoryCollections[Any]):
    """Data sets, each open once its future is done."""

    def __init__(self, **futures: "Future[Any]") -> None:
        super().__init__({})
        self.futures = futures

    def opening(self, name: str) -> "Future[Any]":
        return self.futures[name]

    def try_again(self, name: str) -> None:
        self.futures[name] = Future()

    def get(self, name: str) -> object:
        found = self.opening(name).result()
        if isinstance(found, PatchworkError):
            raise found
        return found


@pytest.fixture
def futures(monkeypatch: pytest.MonkeyPatch) -> dict[str, "Future[Any]"]:
    """Both data sets, being opened."""
    made: dict[str, Future[Any]] = {"terramesh": Future(), "bigearthnet": Future()}
    collections = InTime(**made)
    monkeypatch.setattr(data_sets, "collections_of_process", lambda: collections)
    monkeypatch.setattr(opening, "GRACE_S", 0.0)
    monkeypatch.setattr(opening, "LOOK_S", 0.01)
    for remembered in (counts._count, counts._facets, paging._rows):
        remembered.cache_clear()
    return made


def banners(page: AppTest) -> list[str]:
    texts = [str(element.proto.body) for element in page.get("html")]
    return [text for text in texts if "patchwork-banner" in text]


def test_the_other_data_set_is_used_meanwhile_and_joined_later(futures: dict[str, "Future[Any]"]) -> None:
    futures["bigearthnet"].set_result(small_dataset("bigearthnet", bigearthnet_rows()))
    with activity("Building the catalogue of TerraMesh", total=4, unit="samples") as work:
        work.tell(1)
        page = AppTest.from_file(str(SHELL), default_timeout=SECONDS).run()
    assert not page.exception
    assert f"<b>{BIGEARTHNET_SAMPLES}</b> of {BIGEARTHNET_SAMPLES}" in headline(page)
    (banner,) = banners(page)
    assert "TerraMesh is being opened" in banner
    assert "25%" in banner
    on_map = components(page)["patchwork_map"]
    assert [each.get("problem", "") for each in on_map["datasets"]] == ["It is being opened.", ""]
    futures["terramesh"].set_result(small_dataset("terramesh", terramesh_rows()))
    page.run()
    assert not banners(page)
    assert matched(page) == {"terramesh": TERRAMESH_SAMPLES, "bigearthnet": BIGEARTHNET_SAMPLES}
    given = components(page)
    assert given["patchwork_map"]["constant"] is not None, "looks may depend on what is open"
    assert {item[0] for item in given["patchwork_gallery"]["items"]} == {0, 1}


def test_the_page_waits_for_the_first_data_set(
    futures: dict[str, "Future[Any]"], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opening, "GRACE_S", SECONDS)  # on a busy machine the second one's timer is late
    for name, rows in (("terramesh", terramesh_rows), ("bigearthnet", bigearthnet_rows)):
        Timer(0.3, futures[name].set_result, [small_dataset(name, rows())]).start()  # type: ignore[arg-type]
    page = AppTest.from_file(str(SHELL), default_timeout=SECONDS).run()
    assert not page.exception
    assert matched(page) == {"terramesh": TERRAMESH_SAMPLES, "bigearthnet": BIGEARTHNET_SAMPLES}


def test_a_data_set_that_fails_is_told_and_not_waited_for(futures: dict[str, "Future[Any]"]) -> None:
    futures["terramesh"].set_result(SourceMissingError("The root is gone."))
    futures["bigearthnet"].set_result(small_dataset("bigearthnet", bigearthnet_rows()))
    page = AppTest.from_file(str(SHELL), default_timeout=SECONDS).run()
    assert "The root is gone" in page.error[0].value
    assert not banners(page)


def test_what_failed_is_opened_once_more_while_the_page_stays(
    futures: dict[str, "Future[Any]"], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opening, "GRACE_S", SECONDS)
    futures["terramesh"].set_result(SourceMissingError("The hub can not be reached."))
    futures["bigearthnet"].set_result(small_dataset("bigearthnet", bigearthnet_rows()))
    collections = InTime(**futures)
    for module in (data_sets, try_again):
        monkeypatch.setattr(module, "collections_of_process", lambda: collections)
    page = AppTest.from_file(str(SHELL), default_timeout=SECONDS).run()
    next(button for button in page.button if button.label == "Try again").click().run()
    assert not page.error
    assert "TerraMesh is being opened" in banners(page)[0], "and nothing waits for it"
    collections.futures["terramesh"].set_result(small_dataset("terramesh", terramesh_rows()))
    page.run()
    assert matched(page) == {"terramesh": TERRAMESH_SAMPLES, "bigearthnet": BIGEARTHNET_SAMPLES}
