"""The button 'Take along': the dialog is about the filter of the page, and made only when it opens."""

from collections.abc import Callable
from html import unescape
from typing import Any

from streamlit.testing.v1 import AppTest

from tests.pages.small_collections import BIGEARTHNET_SAMPLES, TERRAMESH_SAMPLES
from tests.pages.test_explore import explore  # noqa: F401 - a fixture

Opener = Callable[..., AppTest]


def taken(page: AppTest) -> str:
    """The dialog's list of files; empty where it is not open."""
    found = [str(element.proto.body) for element in page.get("html")]
    return next((text for text in found if "patchwork-files" in text), "")


def opened(page: AppTest) -> AppTest:
    page.button(key="take_along").click().run()
    assert not page.exception
    return page


def programs(page: AppTest) -> list[str]:
    return [str(element.value) for element in page.code]


def test_nothing_is_made_before_the_dialog_opens(explore: Opener) -> None:  # noqa: F811
    page = explore()
    assert not taken(page)
    assert not programs(page)


def test_files_and_code_are_about_the_filter(explore: Opener) -> None:  # noqa: F811
    page = opened(explore({"country": "France", "season": "Winter"}))
    html = unescape(taken(page))
    assert "/api/terramesh/export.parquet?country=France&season=Winter" in html
    assert "<em>France</em><em>Winter</em>" in html
    duckdb, loader, python, curl = programs(page)
    assert "country IN ('France')" in duckdb
    assert "build_terramesh_dataset" in loader
    assert "('country', 'France')" in python or '("country", "France")' in python
    assert "country=France&season=Winter" in curl


def test_each_data_set_is_taken_by_itself(explore: Opener) -> None:  # noqa: F811
    page = explore()
    page.session_state["take_along_set"] = "bigearthnet"  # as a click in the dialog leaves it
    opened(page)
    choice: Any = next(each for each in page.get("button_group") if getattr(each, "key", "") == "take_along_set")
    assert choice.options == [f"TerraMesh · {TERRAMESH_SAMPLES}", f"BigEarthNet.txt · {BIGEARTHNET_SAMPLES}"]
    assert "/api/bigearthnet/export.csv" in taken(page)
    assert "BENTxTDataModule" in programs(page)[1]


def test_only_what_the_map_shows_is_taken_where_the_user_wants_that(explore: Opener) -> None:  # noqa: F811
    page = explore({"in_view": "1"})
    page.session_state["explore_view_box"] = (170.0, -30.0, 180.0, 0.0)
    html = unescape(taken(opened(page)))
    assert "bbox=170.0%2C-30.0%2C180.0%2C0.0" in html


def test_an_empty_selection_says_so(explore: Opener) -> None:  # noqa: F811
    page = opened(explore({"country": "Atlantis"}))
    assert any("No sample matches" in each.value for each in page.info)
    assert not taken(page)
