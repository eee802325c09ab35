"""Pages over two data sets: nothing twice, nothing missing, and each has its turn."""

from collections.abc import Iterator

import pytest

from components import data_sets
from components.data_sets import opened_sets
from components.results import paging
from components.results.paging import first_cursor, page_of
from data_access.sample_filter import SampleFilter
from tests.memory_dataset import MemoryCollections
from tests.pages.small_collections import bigearthnet_rows, small_dataset, terramesh_rows


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    collections = MemoryCollections(
        {
            "terramesh": small_dataset("terramesh", terramesh_rows()),
            "bigearthnet": small_dataset("bigearthnet", bigearthnet_rows()),
        }
    )
    monkeypatch.setattr(data_sets, "collections_of_process", lambda: collections)
    paging._rows.cache_clear()
    yield
    paging._rows.cache_clear()


@pytest.mark.parametrize("size", [1, 7, 12, 100, 1000])
def test_all_pages_together_are_the_selection(size: int) -> None:
    sets = opened_sets()
    cursor = first_cursor(sets)
    seen: list[str] = []
    while cursor:
        page = page_of(sets, SampleFilter(), cursor, size=size)
        assert len(page.rows) == size or page.next is None
        seen += [str(row["id"]) for _, row in page.rows]
        cursor = page.next  # type: ignore[assignment]
    assert len(seen) == len(set(seen)) == 100


def test_the_first_page_shows_both_data_sets() -> None:
    sets = opened_sets()
    page = page_of(sets, SampleFilter(), first_cursor(sets), size=12)
    assert [name for name, _ in page.rows] == ["terramesh", "bigearthnet"] * 6


def test_a_filter_that_leaves_nothing_has_one_empty_page() -> None:
    sets = opened_sets()
    page = page_of(sets, SampleFilter(country=("Atlantis",)), first_cursor(sets), size=12)
    assert page.rows == ()
    assert page.next is None
