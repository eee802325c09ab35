"""Explore while annotations are being prepared: only words wait, with progress, and are answered once they can be."""

from pathlib import Path
from threading import Event, Timer

import pytest
from streamlit.testing.v1 import AppTest

from components import compare, counts, data_sets, opening, words
from components.results import paging
from data_access.annotations import annotations, row_files
from data_access.bigearthnet.dataset import BigEarthNet
from data_access.progress import activity
from errors import SourceMissingError
from tests.memory_dataset import MemoryCollections
from tests.pages.small_annotations import PATCHES, small_annotations
from tests.pages.test_explore import SHELL, headline

LONG_S = 60.0  # on a machine that other work shares


@pytest.fixture(autouse=True)
def dataset(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> BigEarthNet:
    """Texts that nobody has searched yet."""
    made = small_annotations(tmp_path)
    collections = MemoryCollections({"bigearthnet": made, "terramesh": SourceMissingError("Not here.")})
    for asking in (data_sets, compare):
        monkeypatch.setattr(asking, "collections_of_process", lambda: collections)
    monkeypatch.setattr(words, "LOOK_S", 0.01)
    monkeypatch.setattr(words, "MOMENT_S", 0.01)
    for remembered in (counts._count, counts._facets, paging._rows):
        remembered.cache_clear()
    return made


def explore(text: str) -> AppTest:
    page = AppTest.from_file(str(SHELL), default_timeout=LONG_S)
    page.query_params["text"] = text
    return page.run()


def test_words_are_answered_once_they_can_be(monkeypatch: pytest.MonkeyPatch) -> None:
    free, build, told = Event(), row_files._build, list[str]()

    def held(*args: object) -> None:
        with activity("Preparing", total=10):
            free.wait(LONG_S)
        build(*args)  # type: ignore[arg-type]  # whatever it takes

    def under_way() -> list[str]:
        told.extend(found := opening.under_way())
        return found

    monkeypatch.setattr(row_files, "_build", held)
    monkeypatch.setattr(words, "under_way", under_way)
    Timer(0.3, free.set).start()
    page = explore("pastures")
    assert not page.exception
    assert f"<b>{len(PATCHES)}</b> of {len(PATCHES)} samples" in headline(page)
    assert any("Preparing" in row for row in told)
    assert not any("in a while" in each.proto.body for each in page.get("html"))
    assert not any("do not know the words" in each.value for each in page.caption)


def test_compare_waits_for_the_words_of_a_link(monkeypatch: pytest.MonkeyPatch, dataset: BigEarthNet) -> None:
    free, build = Event(), row_files._build

    def held(*args: object) -> None:
        free.wait(LONG_S)
        build(*args)  # type: ignore[arg-type]  # whatever it takes

    monkeypatch.setattr(row_files, "_build", held)
    monkeypatch.setattr(annotations, "PATIENCE_S", 0.0)
    Timer(0.3, free.set).start()
    page = AppTest.from_file(str(SHELL), default_timeout=LONG_S)
    page.query_params.update({"text": "pastures", "dataset": "bigearthnet", "sample": PATCHES[1]})
    page.switch_page("compare.py")
    page.run()
    assert not page.exception
    assert not any("being prepared" in each.value for each in page.error)
    assert dataset.rows_opening().done()


def test_what_can_not_be_prepared_is_told_and_the_words_can_be_taken_away(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(row_files, "_build", full)
    page = explore("pastures")
    assert not page.exception
    assert any("make room in the cache folder" in each.value for each in page.error)
    page.text_input(key="filter_text").set_value("").run()
    assert f"<b>{len(PATCHES)}</b> of" in headline(page)
