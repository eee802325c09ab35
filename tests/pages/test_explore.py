"""The Explore page without a browser: its numbers, its messages, its address."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from components import counts, data_sets
from components import explore as explore_page
from components.explore_state import ExploreState, SampleReference, View
from components.map.component import KEY
from components.results import paging
from errors import PatchworkError, SourceMissingError
from tests.memory_dataset import MemoryCollections
from tests.pages.small_collections import (
    BIGEARTHNET_SAMPLES,
    TERRAMESH_SAMPLES,
    SmallDataset,
    bigearthnet_rows,
    measured_rows,
    small_dataset,
    terramesh_rows,
)

SHELL = Path(__file__).resolve().parents[2] / "pages" / "shell.py"
SECONDS = 60.0  # on a machine that other work shares
EVERYTHING = TERRAMESH_SAMPLES + BIGEARTHNET_SAMPLES
MISSING = SourceMissingError("The demo collection is not built: run `make demo`.")
Opener = Callable[..., AppTest]


@pytest.fixture
def explore(monkeypatch: pytest.MonkeyPatch) -> Opener:
    """Opens the page with an address, over small data sets or those or the errors given instead."""

    def opened(query: dict[str, Any] | None = None, **problems: SmallDataset | PatchworkError) -> AppTest:
        sets: dict[str, SmallDataset | PatchworkError] = {
            "terramesh": small_dataset("terramesh", terramesh_rows()),
            "bigearthnet": small_dataset("bigearthnet", bigearthnet_rows()),
        }
        collections = MemoryCollections(sets | problems)
        monkeypatch.setattr(data_sets, "collections_of_process", lambda: collections)
        for remembered in (counts._count, counts._facets, paging._rows):
            remembered.cache_clear()
        page = AppTest.from_file(str(SHELL), default_timeout=SECONDS)
        for key, value in (query or {}).items():
            page.query_params[key] = value
        return page.run()

    return opened


def components(page: AppTest) -> dict[str, Any]:
    """What every component of ours was given, by its name."""
    found = {}
    for element in page.get("bidi_component"):
        found[element.proto.component_name] = json.loads(element.proto.json)
    return found


def headline(page: AppTest) -> str:
    """The line of counts above the map."""
    texts = [str(element.proto.body) for element in page.get("html")]
    return next(text for text in texts if "patchwork-counts" in text)


def facet(page: AppTest, field: str) -> dict[str, int]:
    """Counts per value of one list in the panel."""
    fields = components(page)["patchwork_facets"]["fields"]
    return {value[0]: value[1] for each in fields if each["name"] == field for value in each["values"]}


def matched(page: AppTest) -> dict[str, int]:
    """Matching samples per data set, as the map was told."""
    return {each["name"]: each["matched"] for each in components(page)["patchwork_map"]["datasets"]}


def test_without_a_filter_everything_is_there(explore: Opener) -> None:
    page = explore()
    assert not page.exception
    assert f"<b>{EVERYTHING}</b>" in headline(page)
    assert "<b>600</b>" in headline(page), "annotations: fifteen per patch"
    assert matched(page) == {"terramesh": TERRAMESH_SAMPLES, "bigearthnet": BIGEARTHNET_SAMPLES}
    assert facet(page, "country") == {"Brazil": 20, "Fiji": 20, "Finland": 20, "France": 20, "Portugal": 20}
    assert len(components(page)["patchwork_gallery"]["items"]) == 12


def test_demo_data_is_said_to_be_synthetic(explore: Opener) -> None:
    assert any("Synthetic demo collection" in element.proto.body for element in explore().get("html"))


def test_far_collections_show_thumbnails_made_beforehand_near_ones_chips(explore: Opener) -> None:
    near = small_dataset("terramesh", terramesh_rows())
    given = components(explore(terramesh=replace(near, info=replace(near.info, kind="hf"))))
    assert {name: each["far"] for name, each in given["patchwork_gallery"]["sets"].items()} == {
        "terramesh": 1,
        "bigearthnet": 0,
    }
    looks = given["patchwork_map"]["constant"]["looks"]
    assert looks["terramesh"]["thumbnail"] is None
    assert looks["bigearthnet"]["thumbnail"] == {"modality": "S2", "preset": "true-colour"}


def test_a_filter_in_the_address_changes_counts_map_and_gallery(explore: Opener) -> None:
    page = explore({"country": ["France", "Portugal"], "season": "Winter"})
    assert matched(page) == {"terramesh": 5, "bigearthnet": 0}
    assert "<b>5</b>" in headline(page)
    given = components(page)
    assert given["patchwork_map"]["query"] == "country=France&country=Portugal&season=Winter"
    assert {item[2] for item in given["patchwork_gallery"]["items"]} == {"France"}
    assert facet(page, "country")["Fiji"] == 5, "a field's counts ignore the field's own restriction"
    assert facet(page, "season")["Spring"] == 15, "and follow the other fields"


def test_cloud_cover_filters_and_goes_into_the_address(explore: Opener) -> None:
    page = explore()
    page.slider(key="filter_cloud").set_value(10).run()
    assert matched(page) == {"terramesh": 11, "bigearthnet": 0}, "what is not known does not match"
    assert page.query_params["cloud_max"] == "10.0"
    page.slider(key="filter_cloud").set_value(100).run()
    assert matched(page)["bigearthnet"] == BIGEARTHNET_SAMPLES
    assert "cloud_max" not in page.query_params


def test_without_an_index_no_byte_is_sent_of_measures(explore: Opener) -> None:
    given = components(explore())["patchwork_facets"]
    assert not {"measures", "ranges"} & set(given)


def test_measured_contents_filter_and_say_how_much_is_known(explore: Opener) -> None:
    measured = small_dataset("terramesh", measured_rows())
    unused = components(explore(terramesh=measured))["patchwork_facets"]
    assert unused["ranges"] == []
    assert [group[0] for group in unused["measures"]][:2] == ["Land cover", "Cloud mask"]

    page = explore({"lulc_water_min": "10", "mask_cloud_max": "19.5"}, terramesh=measured)
    assert matched(page) == {"terramesh": 10, "bigearthnet": 0}
    given = components(page)["patchwork_facets"]
    assert given["ranges"] == [["lulc_water", 10.0, None, 60, 60], ["mask_cloud", None, 19.5, 30, 60]]
    assert [chip[2] for chip in given["active"]] == [
        "Water (land cover) \u2265 10\u00a0%",
        "Cloud, thin and thick (mask) \u2264 19.5\u00a0%",
    ]
    assert facet(page, "country") == {"Brazil": 4, "Fiji": 3, "France": 3}


def test_a_link_that_asks_for_measures_where_none_are_says_so(explore: Opener) -> None:
    page = explore({"lulc_water_min": "10"})
    assert matched(page) == {"terramesh": 0, "bigearthnet": 0}
    assert components(page)["patchwork_facets"]["ranges"] == [["lulc_water", 10.0, None, 0, EVERYTHING]]
    page.button(key="loosen_lulc_water").click().run()
    assert f"<b>{EVERYTHING}</b>" in headline(page)


def test_words_filter(explore: Opener) -> None:
    page = explore()
    page.text_input(key="filter_text").set_value("0000007").run()
    assert matched(page) == {"terramesh": 1, "bigearthnet": 0}
    assert page.query_params["text"] == "0000007"


def test_words_that_can_not_be_searched_are_refused_with_a_reason(explore: Opener) -> None:
    page = explore()
    page.text_input(key="filter_text").set_value("x" * 500).run()
    assert any("500 characters" in warning.value for warning in page.warning)
    assert f"<b>{EVERYTHING}</b>" in headline(page), "the filter stays as it was"


def test_bad_parameters_are_named_and_the_rest_counts(explore: Opener) -> None:
    page = explore({"season": "Monsoon", "bbox": "1,2,3", "zoom": "NaN", "country": "Fiji", "show": "everything"})
    assert not page.exception
    messages = " ".join(warning.value for warning in page.warning)
    for word in ("Monsoon", "bbox", "zoom", "show"):
        assert word in messages
    assert matched(page) == {"terramesh": 20, "bigearthnet": 0}


JUNK = ("<script>alert(1)</script>", "../../etc/passwd", "\u202e\u0000", "'; DROP TABLE x; --", "9" * 5000)
KEYS = ("country", "bbox", "lasso", "time_from", "lat", "sample", "dataset", "terramesh_layer", "opacity")


@pytest.mark.parametrize("value", JUNK)
@pytest.mark.parametrize("key", KEYS)
def test_junk_in_the_address_never_breaks_the_page(explore: Opener, key: str, value: str) -> None:
    page = explore({key: value})
    assert not page.exception
    assert not any("<script>" in element.proto.body for element in page.get("html"))


def test_nothing_matches_and_the_page_says_what_to_loosen(explore: Opener) -> None:
    page = explore({"country": "Atlantis", "season": "Winter"})
    assert not page.exception
    page.button(key="loosen_country").click().run()
    assert matched(page) == {"terramesh": 15, "bigearthnet": 10}
    assert "country" not in page.query_params


def test_one_data_set_that_is_not_open_leaves_the_other(explore: Opener) -> None:
    page = explore(terramesh=MISSING)
    assert not page.exception
    assert "make demo" in page.error[0].value.replace("\\", "")
    assert matched(page) == {"terramesh": 0, "bigearthnet": BIGEARTHNET_SAMPLES}
    assert f"<b>{BIGEARTHNET_SAMPLES}</b>" in headline(page)


def test_what_is_wrong_inside_an_open_data_set_is_named(explore: Opener) -> None:
    notes = ("val/DEM/a.tar is damaged: it ends at byte 700.", *(f"note {number}" for number in range(20)))
    sound = small_dataset("terramesh", terramesh_rows())
    page = explore(terramesh=replace(sound, info=replace(sound.info, notes=notes)))
    assert not page.exception
    assert page.get("popover")[0].proto.popover.label == "21 notes on the files"
    text = next(each.value for each in page.markdown if each.value.startswith("**TerraMesh**")).replace("\\", "")
    assert "val/DEM/a.tar is damaged: it ends at byte 700." in text
    assert text.endswith("- and 9 more")
    assert matched(page) == {"terramesh": TERRAMESH_SAMPLES, "bigearthnet": BIGEARTHNET_SAMPLES}


def test_no_data_set_open_is_explained(explore: Opener) -> None:
    page = explore(terramesh=MISSING, bigearthnet=MISSING)
    assert not page.exception
    assert len(page.error) == 2


def test_one_data_set_alone(explore: Opener) -> None:
    page = explore({"show": "terramesh"})
    assert f"<b>{TERRAMESH_SAMPLES}</b>" in headline(page)
    assert "annotations" not in headline(page)
    assert set(facet(page, "country")) == {"Brazil", "Fiji", "France"}


def test_the_selected_sample_has_a_card(explore: Opener) -> None:
    page = explore({"dataset": "terramesh", "sample": "majortom_val_0000004"})
    card = components(page)["patchwork_gallery"]["card"]
    assert card["id"] == "majortom_val_0000004"
    assert dict(card["facts"])["Place"].startswith("Brazil")
    assert components(page)["patchwork_map"]["selected"]["id"] == "majortom_val_0000004"


def test_a_sample_that_does_not_exist_is_said_so(explore: Opener) -> None:
    page = explore({"dataset": "terramesh", "sample": "majortom_val_9999999"})
    assert not page.exception
    assert "majortom_val_9999999" in components(page)["patchwork_gallery"]["card"]["problem"]


def test_the_table_has_the_rows_of_the_filter(explore: Opener) -> None:
    page = explore({"country": "Fiji"})
    page.session_state["results_form"] = "Table"
    page.run()
    assert set(page.dataframe[0].value["Country"]) == {"Fiji"}
    assert len(page.dataframe[0].value) == 20


def test_layer_and_look_come_from_the_address(explore: Opener) -> None:
    view = {"lat": "47.1", "lon": "2.1", "zoom": "9"}
    page = explore({"terramesh_layer": "S1GRD", "opacity": "40", "cloud_mask": "1", **view})
    given = components(page)["patchwork_map"]
    layer = next(each["layer"] for each in given["datasets"] if each["name"] == "terramesh")
    assert layer["modality"] == "S1GRD"
    assert (given["opacity"], given["cloud_mask"]) == (0.4, True)
    assert (given["goto"]["latitude"], given["goto"]["longitude"], given["goto"]["zoom"]) == (47.1, 2.1, 9.0)


MOVED = {"bbox": [0.0, 40.0, 10.0, 50.0], "lat": 45.0, "lon": 5.0, "zoom": 6.0}


def after_reports(monkeypatch: pytest.MonkeyPatch, state: ExploreState, **reports: dict[str, Any]) -> tuple[Any, int]:
    """The state after what the browser reported in one run, and how often the filters were drawn again for it."""
    reruns: list[object] = []
    kept: dict[str, Any] = {"explore_state": state, "explore_address": [], KEY: reports}
    monkeypatch.setattr(st, "session_state", kept)
    monkeypatch.setattr(st, "query_params", {})
    monkeypatch.setattr(st, "rerun", reruns.append)
    explore_page.take_map_reports()
    return kept["explore_state"], len(reruns)


def test_everything_that_happened_on_the_map_in_one_run_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    state, reruns = after_reports(
        monkeypatch,
        ExploreState(in_view=True),
        viewport=MOVED,
        clicked={"dataset": "terramesh", "id": "majortom_val_0000004"},
        selected={"kind": "box", "bbox": [1.0, 41.0, 2.0, 42.0]},
        shown={"name": "bigearthnet", "shown": False},
    )
    assert state.view == View(45.0, 5.0, 6.0)
    assert state.selected == SampleReference("terramesh", "majortom_val_0000004")
    assert state.sample_filter.bbox == (1.0, 41.0, 2.0, 42.0)
    assert state.shown == ("terramesh",)
    assert reruns == 1


@pytest.mark.parametrize(("in_view", "expected"), [(False, 0), (True, 1)])
def test_a_move_draws_the_filters_again_only_where_they_follow_the_map(
    monkeypatch: pytest.MonkeyPatch, in_view: bool, expected: int
) -> None:
    state, reruns = after_reports(monkeypatch, ExploreState(in_view=in_view), viewport=MOVED)
    assert (state.view, reruns) == (View(45.0, 5.0, 6.0), expected)


def test_a_click_on_a_data_set_that_is_none_selects_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    state, _ = after_reports(monkeypatch, ExploreState(), clicked={"dataset": "eurosat", "id": "a"})
    assert state.selected is None
