"""The Read view without a browser: what the reader is given, where steps lead, and what it says where things lack."""

import json
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from components.annotations.reader.look import presets_of, with_preset
from components.annotations.state import AnnotationsState
from data_access.bigearthnet.dataset import BigEarthNet
from data_access.bigearthnet.opening import open_bigearthnet
from tests.data_access.annotations.annotation_rows import row, write_rows
from tests.data_access.bigearthnet.image_files import map_codes, s1_bands, s2_bands, write_lmdb
from tests.pages.small_annotations import opened_page, show_alone

WHOLE, WITHOUT_MAP, WITHOUT_PICTURES = (
    f"S2A_MSIL2A_20170613T101031_N9999_R022_T33UUP_{number}_57" for number in (10, 20, 30)
)


@pytest.fixture(scope="module")
def dataset(tmp_path_factory: pytest.TempPathFactory) -> BigEarthNet:
    """Three patches: with all pictures, without a reference map, and without any picture."""
    folder = tmp_path_factory.mktemp("reader")
    s1_name = str(row(1)["s1_name"])
    rows = [
        row(1, WHOLE),
        row(2, WHOLE, output="no"),
        row(3, WITHOUT_MAP, output="no"),
        row(4, WITHOUT_PICTURES, s1_name="S1B_IW_GRDH_1SDV_20170612T165809_33UUP_30_57"),
    ]
    images = {WHOLE: s2_bands(1), s1_name: s1_bands(), f"{WHOLE}_reference_map": {"Data": map_codes()}}
    return open_bigearthnet(
        write_rows(folder / "a.parquet", rows),
        write_lmdb(folder / "lmdb", images | {WITHOUT_MAP: s2_bands(2)}),
        kind="demo",
        tables_dir=folder / "tables",
    )


@pytest.fixture(autouse=True)
def shown(dataset: BigEarthNet, monkeypatch: pytest.MonkeyPatch) -> None:
    show_alone(dataset, monkeypatch)


def opened(**query: str) -> AppTest:
    return opened_page(**{"view": "read", **query})


def reader(page: AppTest) -> dict[str, Any]:
    """What the reader was given."""
    (found,) = [each for each in page.get("bidi_component") if each.proto.component_name == "patchwork_reader"]
    given: dict[str, Any] = json.loads(found.proto.json)
    return given


def words(page: AppTest) -> str:
    return "\n".join(str(each.value) for each in page.markdown)


def test_the_first_patch_opens_with_its_pictures_and_the_address_of_its_rows(dataset: BigEarthNet) -> None:
    page = opened()
    given = reader(page)
    assert given["sample"] == WHOLE
    assert [panel["modality"] for panel in given["panels"]] == ["S2", "S1", "reference_map"]
    assert given["panels"][0]["preset"] == "true-colour"
    assert given["readings"] == f"/api/bigearthnet/samples/{WHOLE}/readings?v={dataset.info.revision}"
    assert given["checked"]
    assert given["matching"] is None
    assert "Austria · Summer" in words(page)
    assert "1 of 3" in words(page)
    assert page.query_params["sample"] in (WHOLE, [WHOLE])
    assert {link.proto.label for link in page.get("page_link")} >= {"Compare", "Map"}


def test_the_address_names_patch_row_zoom_and_presets() -> None:
    look = {"read_view": "0.4000,0.6000,3.00", "read_preset": "S2:swir;S1:nonsense;x"}
    given = reader(opened(sample=WITHOUT_MAP, row="3", **look))
    assert given["start"] == {"view": look["read_view"], "row": 3}
    assert given["panels"][0]["preset"] == "swir"
    assert given["sample"] == WITHOUT_MAP


def test_steps_and_rows_are_those_of_the_filter() -> None:
    page = opened(sample=WHOLE, answer="no", text='arable "any arable"')
    assert reader(page)["terms"] == ["arable", "any arable"]
    assert "1 of 2" in words(page)
    assert reader(page)["matching"] == [1]
    assert reader(page)["ways"] == ["next"]
    outside = opened(sample=WITHOUT_PICTURES, answer="no")
    assert "Not among 2: to the first" in {button.label for button in outside.button}
    assert reader(outside)["matching"] == []
    assert reader(outside)["ways"] == ["previous"]


def test_without_a_map_or_pictures_the_rows_are_read_all_the_same() -> None:
    unchecked = reader(opened(sample=WITHOUT_MAP))
    assert not unchecked["checked"]
    assert [panel["modality"] for panel in unchecked["panels"]] == ["S2", "S1"]
    blank = reader(opened(sample=WITHOUT_PICTURES))
    assert blank["panels"] == []
    assert "no picture of this patch" in blank["blank"]


@pytest.mark.parametrize(
    ("query", "said", "has_way_out"),
    [({"sample": "nobody"}, "nobody", True), ({"text": "volcano"}, "No annotation matches the filter", False)],
)
def test_what_can_not_be_opened_is_named(query: dict[str, str], said: str, *, has_way_out: bool) -> None:
    page = opened(**query)
    assert said in page.error[0].value
    assert has_way_out == any("first patch" in button.label for button in page.button)
    assert not [each for each in page.get("bidi_component") if each.proto.component_name == "patchwork_reader"]


def test_a_preset_that_is_first_anyway_leaves_the_address() -> None:
    state = with_preset(AnnotationsState(), "S2", "swir")
    assert state.extra("read_preset") == "S2:swir"
    state = with_preset(with_preset(state, "S1", "vh"), "S2", "true-colour")
    assert state.extra("read_preset") == "S1:vh"
    assert presets_of(state) == {"S2": "true-colour", "S1": "vh"}
