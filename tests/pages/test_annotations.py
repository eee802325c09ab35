"""The Annotations page without a browser: what its address opens, what it finds, what it says where nothing is."""

import json
from typing import Any

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from components.annotations.find import map as find_map
from components.annotations.find import rows as find_rows
from components.annotations.state import AnnotationsState
from components.explore_state import View as MapView
from data_access.background import in_background
from data_access.bigearthnet.dataset import BigEarthNet
from errors import PatchworkError, SampleFormatError, SourceMissingError
from tests.pages.small_annotations import CAPTION, PATCHES, PER_PATCH, ROWS, opened_page, show_alone, small_annotations

JUNK = ("<script>alert(1)</script>", "\u202e\u0000", "'; DROP TABLE x; --", "9" * 9000)
KEYS = ("view", "sample", "row", "sql", "answer", "box_at", "per_patch", "bbox", "find_after", "find_as", "lat", "text")


@pytest.fixture(scope="module")
def dataset(tmp_path_factory: pytest.TempPathFactory) -> BigEarthNet:
    return small_annotations(tmp_path_factory.mktemp("annotations"))


@pytest.fixture(autouse=True)
def shown(dataset: BigEarthNet, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """What the page opens; a test may put something else there."""
    return show_alone(dataset, monkeypatch)


def components(page: AppTest) -> dict[str, Any]:
    """What every component of ours was given, by its name."""
    return {each.proto.component_name: json.loads(each.proto.json) for each in page.get("bidi_component")}


def rows(page: AppTest) -> dict[str, Any]:
    found: dict[str, Any] = components(page)["patchwork_annotation_rows"]
    return found


def headline(page: AppTest) -> str:
    return next(str(each.proto.body) for each in page.get("html") if "patchwork-counts" in each.proto.body)


def chips(page: AppTest) -> list[str]:
    return [each.label.replace("\\", "") for each in page.button if str(each.key).startswith("annotations_chip_")]


def facet(page: AppTest, field: str) -> dict[str, int]:
    fields = components(page)["patchwork_facets"]["fields"]
    return {value[0]: value[1] for each in fields if each["name"] == field for value in each["values"]}


def test_without_a_filter_all_rows_are_there_in_the_order_of_their_ids() -> None:
    page = opened_page()
    assert f"<b>{ROWS}</b> of {ROWS} annotations" in headline(page)
    assert f"<b>{len(PATCHES)}</b> patches" in headline(page)
    given = rows(page)
    assert [int(item["row"]) for item in given["items"]] == list(range(1, 21))
    assert given["pages"] == [1, 20, ROWS, 1]
    assert not chips(page)
    assert any("Synthetic demo collection" in each.proto.body for each in page.get("html"))


def test_a_row_is_shown_as_it_reads() -> None:
    items = {item["task"]: item for item in reversed(rows(opened_page())["items"])}
    assert items["Yes or no: presence"]["answer"] == "no"
    choice = items["Multiple choice: season"]
    assert choice["question"] == "Which season?"
    assert [text for _, text in choice["options"]] == ["Summer", "Winter", "Beaches, dunes, sands", "Autumn"]
    assert choice["letter"] == "a"
    assert "<ref>" not in items["Bounding box: reference"]["question"]
    assert items["Caption"]["answer"] == CAPTION
    assert "place" in choice
    assert "problem" not in choice


def test_every_condition_of_the_address_counts_and_is_a_chip() -> None:
    page = opened_page(
        type="mcq", country="Austria", text='summer "beaches, dunes"', answer=["b", "d"], per_patch="1,9"
    )
    assert {item["letter"] for item in rows(page)["items"]} == {"b", "d"}
    assert f"<b>15</b> of {ROWS}" in headline(page)
    assert chips(page) == [
        *("Austria", "Multiple choice", "\u201csummer\u201d", "\u201cbeaches, dunes\u201d"),
        *("answer b", "answer d", "1 to 9 annotations per patch"),
    ]
    assert rows(page)["terms"] == ["summer", "beaches, dunes"]
    assert facet(page, "answers") == {"b": 8, "d": 7}
    assert facet(page, "country") == {"Austria": 15}
    page.button(key="annotations_chip_4").click().run()
    assert page.query_params["answer"] == "d"
    page.button(key="annotations_reset").click().run()
    assert f"<b>{ROWS}</b> of" in headline(page)
    assert dict(page.query_params) == {}


def test_words_are_searched_and_those_that_can_not_be_are_refused() -> None:
    page = opened_page()
    page.text_input(key="annotations_text").set_value('"largest patch"').run()
    assert f"<b>{len(PATCHES)}</b> of" in headline(page)
    assert page.query_params["text"] == '"largest patch"'
    page.text_input(key="annotations_text").set_value("x" * 500).run()
    assert any("500 characters" in each.value for each in page.warning)
    assert f"<b>{len(PATCHES)}</b> of" in headline(page)


def test_rows_that_can_not_be_read_are_found_and_say_why() -> None:
    page = opened_page()
    page.toggle(key="annotations_malformed").set_value(True).run()
    (item,) = rows(page)["items"]
    assert int(item["row"]) == ROWS
    assert item["problem"]
    assert any("what can not be read" in each.value for each in page.caption), "the map shows patches"


def test_rows_that_can_not_be_read_are_counted_beside_the_others() -> None:
    page = opened_page(country="Finland")
    button = page.button(key="annotations_show_malformed")
    assert button.label == "1 can not be read"
    button.click().run()
    assert dict(page.query_params) == {"malformed": ["1"]} or page.query_params["malformed"] == "1"
    assert [int(item["row"]) for item in rows(page)["items"]] == [ROWS]


def test_results_as_patches_tell_how_many_rows_of_each_match() -> None:
    page = opened_page(find_as="patches", type=["mcq", "binary"])
    given = components(page)["patchwork_gallery"]
    assert len(given["items"]) == 24
    assert given["items"][0][1] == PATCHES[0]
    assert {item[3] for item in given["items"]} == {"2 annotations"}
    assert given["pages"] == [1, 24, len(PATCHES), 1]
    assert "view=read" in given["query"]


def test_a_link_into_the_middle_goes_on_behind_an_id() -> None:
    page = opened_page(find_after="40")
    given = rows(page)
    assert [int(item["row"]) for item in given["items"]] == list(range(41, 61))
    assert given["pages"][0] == 0, "how many pages lie before is not known"
    assert given["last"] == "60"


def test_other_rows_begin_at_their_first_page() -> None:
    page = opened_page(find_after="40", country="Austria", type="mcq")
    page.button(key="annotations_chip_1").click().run()
    assert "find_after" not in page.query_params
    assert int(rows(page)["items"][0]["row"]) == PER_PATCH + 1


def test_the_map_shows_the_patches_of_the_filter() -> None:
    given = components(opened_page(country="Finland", answer="yes"))["patchwork_map"]
    assert [each["name"] for each in given["datasets"]] == ["bigearthnet"]
    assert given["query"] == "country=Finland"
    assert given["datasets"][0]["matched"] == len(PATCHES) // 2


def test_nothing_matches_and_the_page_says_what_to_loosen() -> None:
    page = opened_page(country="Finland", text="nonsense")
    assert "patchwork_annotation_rows" not in components(page)
    page.button(key="annotations_loosen_text").click().run()
    assert rows(page)["pages"][2] == ROWS // 2


def test_bad_parameters_are_named_and_the_rest_counts() -> None:
    page = opened_page(season="Monsoon", view="dream", row="no", answer="maybe", country="Finland", sample="a b")
    messages = " ".join(each.value for each in page.warning)
    for word in ("Monsoon", "dream", "row", "maybe", "sample"):
        assert word in messages
    assert f"<b>{ROWS // 2}</b> of" in headline(page)


@pytest.mark.parametrize("value", JUNK)
def test_junk_in_the_address_never_breaks_the_page(value: str) -> None:
    page = opened_page(**dict.fromkeys(KEYS, value))
    assert not any("<script>" in each.proto.body for each in page.get("html"))
    assert len(page.warning) >= 5, "what means nothing is named"


def test_too_many_words_are_an_error_in_the_view_alone() -> None:
    page = opened_page(text=" ".join(f"w{number}" for number in range(40)))
    assert page.error
    assert page.text_input(key="annotations_text").value


@pytest.mark.parametrize("problem", [SourceMissingError("The demo is not built."), SampleFormatError("Rows are torn.")])
def test_what_can_not_be_opened_is_explained(shown: dict[str, Any], problem: PatchworkError) -> None:
    shown["bigearthnet"] = problem
    page = opened_page()
    assert problem.message.partition(".")[0] in page.error[0].value.replace("\\", "")
    assert any(each.label == "Try again" for each in page.button)


def test_rows_that_can_not_be_opened_are_explained(monkeypatch: pytest.MonkeyPatch) -> None:
    def torn(_: BigEarthNet) -> None:
        raise SampleFormatError("Rows of the annotation file are damaged.")

    monkeypatch.setattr(BigEarthNet, "rows_opening", lambda self: in_background("torn", lambda: torn(self)))
    assert "damaged" in opened_page().error[0].value


def test_imagery_alone_is_sound_and_says_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(BigEarthNet, "rows_opening", lambda _: in_background("nothing", lambda: None))
    page = opened_page()
    assert not page.error
    assert any("PATCHWORK_BIGEARTHNET_TXT" in each.proto.body for each in page.get("html"))


def test_a_click_on_a_row_opens_the_patch_with_it(monkeypatch: pytest.MonkeyPatch) -> None:
    reruns: list[object] = []
    kept: dict[str, Any] = {
        "annotations_state": AnnotationsState(),
        "annotations_address": [],
        find_rows.KEY: {"opened": {"sample": PATCHES[3], "row": "14"}},
        find_map.KEY: {
            "viewport": {"bbox": [0.0, 40.0, 10.0, 50.0], "lat": 45.0, "lon": 5.0, "zoom": 6.0},
            "selected": {"kind": "box", "bbox": [1.0, 41.0, 2.0, 42.0]},
        },
    }
    monkeypatch.setattr(st, "session_state", kept)
    monkeypatch.setattr(st, "query_params", _Address())
    monkeypatch.setattr(st, "rerun", reruns.append)
    find_rows._take_opened()
    state = kept["annotations_state"]
    assert (state.view, state.sample, state.row) == ("read", PATCHES[3], 14)
    find_map._take_reports()
    state = kept["annotations_state"]
    assert state.map_view == MapView(45.0, 5.0, 6.0)
    assert state.wanted.samples.bbox == (1.0, 41.0, 2.0, 42.0)
    assert len(reruns) == 2


class _Address(dict[str, list[str]]):
    """As much of Streamlit's query parameters as the page asks for."""

    def from_dict(self, query: dict[str, list[str]]) -> None:
        self.clear()
        self.update(query)

    def get_all(self, key: str) -> list[str]:
        return self[key]
