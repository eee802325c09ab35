"""The Check view without a browser: start, watch, list what differs; and what it says where nothing can be checked."""

import json
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from data_access.annotations.audit.audit import audit_of
from data_access.bigearthnet.dataset import BigEarthNet
from data_access.settings import Settings
from tests.data_access.annotations.audit.audited_patches import CHECKED, PER_PATCH, audited_patches
from tests.pages.small_annotations import PATIENCE_S, opened_page, show_alone, small_annotations


@pytest.fixture(scope="module")
def audited(tmp_path_factory: pytest.TempPathFactory) -> BigEarthNet:
    return audited_patches(tmp_path_factory.mktemp("audited"))


@pytest.fixture(autouse=True)
def shown(
    audited: BigEarthNet, monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Any]:
    """What the page opens; a test may put something else there."""
    kept = tmp_path_factory.getbasetemp() / "kept-audits"
    monkeypatch.setattr(Settings, "tables_dir", kept)
    return show_alone(audited, monkeypatch)


def opened(**query: str) -> AppTest:
    return opened_page(**{"view": "check", **query})


def texts(page: AppTest) -> str:
    return " ".join(str(each.proto.body) for each in page.get("html"))


def findings(page: AppTest) -> dict[str, Any]:
    (found,) = (each for each in page.get("bidi_component") if each.proto.component_name == "patchwork_audit")
    data: dict[str, Any] = json.loads(found.proto.json)
    return data


def test_start_and_see_what_differs(audited: BigEarthNet) -> None:
    page = opened()
    assert "<b>0</b> of 11 patches checked" in texts(page)
    assert "1 have no reference map" in texts(page)
    page.button(key="audit_start").click().run()
    run = audit_of(audited).run
    assert run
    run.wait(PATIENCE_S)
    page.run()
    assert not page.exception
    assert f"<b>{CHECKED}</b> of 11 patches checked" in texts(page)
    assert "reference map of 1 patch can not be read" in page.warning[0].value
    labels = [each.label for each in page.button if str(each.key).startswith("audit_")]
    assert labels == ["Check the rest: 1 patch"], "its map may be mended"
    found = findings(page)
    assert [each["row"] for each in found["items"]] == [PER_PATCH * number + 2 for number in range(CHECKED)]
    assert found["items"][0]["found"] == "The map has no pastures."
    assert {line["task"]: line["counts"] for line in found["tasks"]}["mcq_season"] == [CHECKED, 0, 0, 2]

    some = findings(opened(check_outcome="unknown", check_task="binary_count", country="Austria"))
    assert {each["task"] for each in some["items"]} == {"Yes or no: count"}
    assert [line["counts"] for line in some["tasks"] if line["task"] == "binary_count"] == [[0, 0, 5, 1]]
    files = dict(findings(opened(country="Austria"))["files"])
    assert files["All verdicts as CSV"] == "/api/bigearthnet/annotations/audit.csv?country=Austria"
    assert files["These rows as Parquet"] == "/api/bigearthnet/annotations/audit.parquet?country=Austria&outcome=differ"


def test_without_maps_the_view_says_so(shown: dict[str, Any], tmp_path_factory: pytest.TempPathFactory) -> None:
    shown["bigearthnet"] = small_annotations(tmp_path_factory.mktemp("texts"))
    assert "Reference maps come with the imagery" in texts(opened())


def test_nothing_that_matches_is_nothing_to_check() -> None:
    assert "No annotations match" in texts(opened(country="Serbia"))
