"""The Compare page as a script: what its address opens, what its controls change, what it says when nothing opens."""

import json
from typing import Any
from urllib.parse import parse_qs

import pytest
from streamlit.testing.v1 import AppTest

from data_access.settings import REPOSITORY_ROOT
from tests.memory_dataset import DAMAGED, IDS, MemoryCollections, MemoryDataset
from tests.pages.selection_in_memory import WITH_OFFSET, WITHOUT_IMAGERY, WITHOUT_OFFSET, collections_in_memory

SHELL = REPOSITORY_ROOT / "pages" / "shell.py"
PATIENCE_S = 30  # on two cores that other work shares


@pytest.fixture(autouse=True)
def memory(monkeypatch: pytest.MonkeyPatch) -> MemoryCollections[MemoryDataset]:
    """The page's collections."""
    collections = collections_in_memory()
    monkeypatch.setattr("components.compare.collections_of_process", lambda: collections)
    return collections


def opened(**query: str | list[str]) -> AppTest:
    """The page of an address, after its first run."""
    page = AppTest.from_file(str(SHELL), default_timeout=PATIENCE_S)
    for key, value in query.items():
        page.query_params[key] = value
    page.switch_page("compare.py")
    page.run()
    assert not page.exception
    return page


def viewer(page: AppTest) -> dict[str, Any]:
    """What the viewer was given."""
    (component,) = page.get("bidi_component")
    data: dict[str, Any] = json.loads(component.proto.json)
    return data


def panel(page: AppTest, modality: str) -> dict[str, Any]:
    """One panel of the viewer."""
    found: dict[str, Any] = next(each for each in viewer(page)["panels"] if each["modality"] == modality)
    return found


def press(page: AppTest, label: str) -> None:
    next(button for button in page.button if button.label == label).click().run()
    assert not page.exception


def toggle(page: AppTest, label: str) -> Any:  # noqa: ANN401 - Streamlit's own element
    found = [each for each in page.toggle if each.label == label]
    return found[0] if found else None


def text_of(message: str) -> str:
    """A message as its reader sees it: without the backslashes that keep it from being Markdown."""
    return message.replace("\\", "")


def words(page: AppTest) -> str:
    """All text of the page that is Markdown."""
    return "\n".join(str(each.value) for each in page.markdown)


def test_an_address_opens_a_sample_with_a_panel_for_each_modality() -> None:
    page = opened(dataset="terramesh", sample=IDS[1])
    assert viewer(page)["sample"] == f"terramesh/{IDS[1]}"
    modalities = [each["modality"] for each in viewer(page)["panels"]]
    assert modalities == ["S2L2A", "S1RTC", "DEM", "NDVI", "LULC", "cloud_mask"]
    assert "Germany · Summer · 48.20° N 11.50° E" in words(page)
    assert "2 of 8" in words(page)
    assert IDS[1] in words(page)
    assert panel(page, "S2L2A")["values"][0]["url"] == f"/api/terramesh/samples/{IDS[1]}/S2L2A.npy?v=tm1"


def test_without_an_address_the_first_sample_opens_and_is_named_in_it() -> None:
    page = opened()
    assert viewer(page)["sample"] == f"terramesh/{IDS[0]}"
    assert page.query_params["sample"] == IDS[0]


def test_the_filter_of_the_address_decides_which_sample_is_the_first() -> None:
    assert viewer(opened(country="Spain"))["sample"] == f"terramesh/{IDS[2]}"
    assert "No sample matches" in opened(country="Atlantis").error[0].value


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ({"dataset": "terramesh", "sample": "nobody"}, "No sample nobody."),
        ({"dataset": "eurosat", "sample": IDS[0]}, "eurosat is no data set."),
    ],
)
def test_what_can_not_be_opened_is_named_with_a_way_back(query: dict[str, str], said: str) -> None:
    page = opened(**query)
    assert page.error[0].value == said
    assert [link.proto.label for link in page.get("page_link")] == ["Choose a sample on the map"]
    assert not page.get("bidi_component")


def test_a_link_in_the_address_stays_text() -> None:
    page = opened(dataset="terramesh", sample="[click](http://evil.example)", time_from="<b>![x](http://evil.example)")
    for message in (page.error[0].value, page.warning[0].value):
        assert r"\[" in message
        assert "](" not in message
        assert "http://" not in text_of(message), "a bare address would become a link too"
    assert "<b>" not in page.warning[0].value


def test_junk_in_the_address_leaves_a_working_page() -> None:
    page = opened(
        dataset="terramesh",
        sample=IDS[0],
        preset=["S2L2A:nonsense", "x", ":", "DEM:hillshade"],
        view="a,b",
        cloud="nan",
        pins="1;2,x",
        pair="><",
        offset="?",
        x="1",
    )
    assert panel(page, "S2L2A")["preset"] == panel(page, "S2L2A")["default"]
    assert panel(page, "DEM")["preset"] == "hillshade"
    assert viewer(page)["overlay"] is None


def test_a_bad_filter_is_named_and_the_sample_opens() -> None:
    page = opened(dataset="terramesh", sample=IDS[0], bbox="1,2,3,-4")
    assert "bbox" in page.warning[0].value
    assert "1 of 8" in words(page)


def test_previous_and_next_go_through_the_selection_and_keep_the_look() -> None:
    page = opened(
        dataset="terramesh", sample=IDS[0], season="Spring", preset="DEM:hillshade", view="0.5,0.5,4", cloud="0.5"
    )
    assert "1 of 2" in words(page)
    press(page, "Next")
    assert viewer(page)["sample"] == f"terramesh/{IDS[4]}"
    assert page.query_params == {
        "dataset": "terramesh",
        "sample": IDS[4],
        "season": "Spring",
        "preset": "DEM:hillshade",
        "cloud": "0.5",
    }
    assert panel(page, "DEM")["preset"] == "hillshade"
    assert "2 of 2" in words(page)
    assert next(button for button in page.button if button.label == "Next").disabled
    press(page, "Previous")
    assert viewer(page)["sample"] == f"terramesh/{IDS[0]}"


def test_a_sample_outside_the_selection_says_so() -> None:
    assert "outside the selection" in words(opened(dataset="terramesh", sample=IDS[0], season="Winter"))


def test_the_viewer_is_told_where_it_can_go_and_what_to_fetch_ahead() -> None:
    page = opened(dataset="terramesh", sample=IDS[0])
    assert viewer(page)["ways"] == ["next"]
    assert f"/api/terramesh/samples/{IDS[1]}/S2L2A.webp?preset=irrg&v=tm1" in viewer(page)["nearby"]
    assert viewer(opened(dataset="terramesh", sample=IDS[3]))["ways"] == ["previous", "next"]


def test_the_cloud_mask_is_laid_over_the_panels() -> None:
    page = opened(dataset="terramesh", sample=IDS[0])
    assert viewer(page)["overlay"] is None
    toggle(page, "Cloud mask").set_value(True).run()
    assert viewer(page)["overlay"] == {
        "picture": f"/api/terramesh/samples/{IDS[0]}/cloud_mask.webp?preset=overlay&v=tm1",
        "opacity": 0.7,
    }
    assert page.query_params["cloud"] == "0.7"
    page.slider[0].set_value(0.3).run()
    assert viewer(page)["overlay"]["opacity"] == 0.3
    assert page.query_params["cloud"] == "0.3"
    toggle(page, "Cloud mask").set_value(False).run()
    assert viewer(page)["overlay"] is None
    assert "cloud" not in page.query_params


def test_the_offset_can_be_removed_where_it_is_present_and_only_there() -> None:
    page = opened(dataset="terramesh", sample=WITH_OFFSET)
    assert "offset=" not in panel(page, "S2L2A")["picture"]
    toggle(page, "Remove the +1000 offset").set_value(True).run()
    assert "offset=remove" in panel(page, "S2L2A")["picture"]
    assert "offset=remove" in panel(page, "S2L2A")["legend"]
    assert "offset" not in panel(page, "DEM")["picture"]
    assert "offset" not in panel(page, "S2L2A")["values"][0]["url"], "values stay as stored"
    press(page, "Next")
    assert viewer(page)["sample"].endswith(WITHOUT_OFFSET)
    assert toggle(page, "Remove the +1000 offset") is None
    assert "offset" not in panel(page, "S2L2A")["picture"]


def test_a_changed_address_moves_the_viewer() -> None:
    page = opened(dataset="terramesh", sample=IDS[0], view="0.5,0.5,4")
    assert viewer(page)["start"] == {"view": "0.5,0.5,4", "pins": "", "pair": ""}
    before = viewer(page)["goto"]
    page.run()
    assert viewer(page)["goto"] == before
    page.query_params["view"] = "0.5,0.5,8"
    page.run()
    assert viewer(page)["goto"] > before
    assert viewer(page)["start"]["view"] == "0.5,0.5,8"


def test_an_action_counts_before_an_address_that_the_browser_has_not_got_yet() -> None:
    page = opened(dataset="terramesh", sample=IDS[0])
    toggle(page, "Cloud mask").set_value(True).run()
    page.query_params.clear()
    page.query_params["dataset"], page.query_params["sample"] = "terramesh", IDS[0]  # as before the mask was written
    page.slider[0].set_value(0.3).run()
    assert viewer(page)["overlay"]["opacity"] == 0.3
    press(page, "Next")
    assert viewer(page)["overlay"]["opacity"] == 0.3


def test_a_patch_of_bigearthnet_lists_its_annotations() -> None:
    page = opened(dataset="bigearthnet", sample=IDS[0])
    assert "##### Annotations (2)" in words(page)
    table = page.dataframe[0].value
    assert list(table["output"]) == ["Yes", "B"]
    assert next(iter(table["input"])) == "Is there <b>water</b>?"


def test_a_sample_without_imagery_says_so_and_shows_the_rest() -> None:
    page = opened(dataset="bigearthnet", sample=WITHOUT_IMAGERY)
    assert "No pictures of this sample are here" in page.info[0].value
    assert viewer(page)["panels"] == []
    assert "##### Annotations (2)" in words(page)
    assert "##### Files" not in words(page)


def test_what_could_not_be_read_of_a_sample_is_named() -> None:
    (error,) = opened(sample=DAMAGED).error
    assert text_of(error.value) == "**Nothing of this sample could be opened.** S2L2A: the shard is truncated"


def test_facts_that_nobody_knows_are_called_unknown() -> None:
    html = "".join(str(each.proto.body) for each in opened(sample=IDS[0]).get("html"))
    assert "<dt>Sentinel-1 after Sentinel-2</dt><dd>unknown</dd>" in html
    assert "nan" not in html


def test_the_annotations_lead_to_the_page_that_reads_them() -> None:
    page = opened(dataset="bigearthnet", sample=IDS[0], season="Spring")
    links = {each.proto.label: parse_qs(each.proto.query_string) for each in page.get("page_link")}
    assert links["Read on the patch"] == {"view": ["read"], "sample": [IDS[0]], "season": ["Spring"]}
