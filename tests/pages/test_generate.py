"""The Generate page as a script: what its address opens, what can be chosen, what it says where nothing can run."""

import json
from collections.abc import Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from errors import UnknownGenerationError
from generation.kept_result import KeptResult
from generation.models import MODELS, ModelState
from generation.outcome import Outcome
from generation.request import Request
from tests.generation.judging.kept import keep, values_like
from tests.memory_dataset import IDS, MemoryCollections, MemoryDataset
from tests.pages.selection_in_memory import WITHOUT_IMAGERY, collections_in_memory
from tests.pages.test_compare import PATIENCE_S, SHELL, text_of

RUN = "0123456789abcdef01234567"
TITLES = {"live": "patchwork_generation", "toggles": "patchwork_toggles", "viewer": "patchwork_viewer"}
HUB_CURE = (
    "Fetch it (1.5 GB) with: hf download ibm/TerraMind base.pt --local-dir weights. Or set PATCHWORK_TERRAMIND=x."
)


class Service:
    """As much of the service as the page asks: one result, or none."""

    def __init__(self, result: KeptResult | None = None) -> None:
        self.kept = result
        self.titles: list[str] = []

    def job(self, run: str) -> SimpleNamespace:
        if self.kept is None or run != self.kept.id:
            raise UnknownGenerationError(f"No run {run}.")
        return SimpleNamespace(state="done")

    def result(self, _run: str) -> KeptResult:
        assert self.kept
        return self.kept

    def name(self, _run: str, title: str) -> None:
        self.titles.append(title)


@pytest.fixture(autouse=True)
def memory(monkeypatch: pytest.MonkeyPatch) -> MemoryCollections[MemoryDataset]:
    """The page's collections, with samples of TerraMesh's size, and models that are all ready."""
    monkeypatch.setattr("tests.memory_dataset.PIXELS", 264)
    collections = collections_in_memory()
    monkeypatch.setattr("components.compare.collections_of_process", lambda: collections)
    have(monkeypatch, [ModelState(model, ready=True) for model in MODELS.values()])
    serve(monkeypatch, Service())
    return collections


def have(monkeypatch: pytest.MonkeyPatch, models: Sequence[ModelState]) -> None:
    monkeypatch.setattr("components.generation.form.view.states", lambda _: tuple(models))


def serve(monkeypatch: pytest.MonkeyPatch, service: Service) -> Service:
    monkeypatch.setattr("components.generation.runs.service", lambda: service)
    return service


def opened(**query: str) -> AppTest:
    """The page of an address, after its first run."""
    page = AppTest.from_file(str(SHELL), default_timeout=PATIENCE_S)
    for key, value in query.items():
        page.query_params[key] = value
    page.switch_page("generate.py")
    page.run()
    assert not page.exception
    return page


def given(page: AppTest) -> dict[str, dict[str, Any]]:
    """What each component was given, by its name here."""
    found = {}
    for component in page.get("bidi_component"):
        name = next((key for key, title in TITLES.items() if title == component.proto.component_name), "")
        found[name] = json.loads(component.proto.json or component.proto.mixed.json)
    return found


def chosen(page: AppTest, side: str) -> list[str]:
    return [card["name"] for card in given(page)["toggles"][side] if card["on"]]


def switch(page: AppTest) -> Any:  # noqa: ANN401 - Streamlit's own element
    """The switch between the views."""
    return group(page, "View")


def group(page: AppTest, label: str) -> Any:  # noqa: ANN401 - likewise
    """A row of buttons of which one is chosen."""
    groups: list[Any] = list(page.get("button_group"))
    return next(each for each in groups if each.label == label)


def said(page: AppTest) -> str:
    """All words of the page."""
    parts = [*page.markdown, *page.caption, *page.info, *page.warning, *page.error, *page.get("html"), *page.code]
    return text_of("\n".join(str(getattr(each, "value", None) or each.proto) for each in parts))


def a_result(folder: Path, *, seeds: tuple[int, ...] = (0,)) -> KeptResult:
    request = Request(inputs=("S2L2A",), outputs=("DEM", "LULC"), seeds=seeds, timesteps=4)
    arrays = {name: np.stack([values_like(name, (32, 32), seed) for seed in seeds]) for name in ("DEM", "LULC")}
    return keep(folder, Outcome(arrays, facts={"revision": "abc"}), request, sample=IDS[0], revision="gone")


def test_without_an_address_a_sample_opens_with_choices_that_can_be_judged() -> None:
    page = opened()
    assert (page.query_params["sample"], page.query_params["inputs"]) == (IDS[0], "S2L2A")
    assert (chosen(page, "inputs"), chosen(page, "outputs")) == (["S2L2A"], ["S1RTC", "LULC", "NDVI"])
    live = given(page)["live"]
    assert live["ready"]
    assert live["estimate"].startswith("About")
    assert live["body"]["sample"] == IDS[0]
    assert live["body"]["kind"] == "generate"
    assert [each["modality"] for each in live["outputs"]] == ["S1RTC", "LULC", "NDVI"]
    assert "Mental image, not a reconstruction" in said(page)
    assert "synthetic model for the synthetic collection" in said(page)


def test_the_address_decides_what_is_asked() -> None:
    page = opened(sample=IDS[1], inputs="DEM,S1RTC", outputs="S2L2A", steps="5", seeds="3,4", clipped="0", window="256")
    body = given(page)["live"]["body"]
    assert (body["inputs"], body["outputs"], body["seeds"]) == (["DEM", "S1RTC"], ["S2L2A"], [3, 4])
    assert (body["timesteps"], body["clipped"], body["window"]) == (5, False, 256)
    assert given(page)["toggles"]["window"][0][2] == pytest.approx(256 / 264)


def test_settings_go_into_address_and_request() -> None:
    page = opened()
    next(each for each in page.number_input if each.label == "First seed").set_value(7).run()
    next(each for each in page.slider if each.label == "Temperature").set_value(0.5).run()
    assert (page.query_params["seeds"], page.query_params["temperature"]) == ("7", "0.5")
    body = given(page)["live"]["body"]
    assert (body["seeds"], body["temperature"]) == ([7], 0.5)


def test_a_model_without_clipping_offers_no_choice_of_it() -> None:
    demo, place = opened(), opened(coordinates="11.5,48.25")  # of which TerraMind's own know something
    assert (group(demo, "Value range").disabled, group(demo, "Value range").value) == (True, False)
    assert "Values unclipped: this model was trained without clipping, and has none." in said(demo)
    assert not group(place, "Value range").disabled
    assert "Values as published" in said(place)


def test_what_does_not_divide_the_diffusion_is_told_beside_the_settings() -> None:
    assert "so 8 will run" in said(opened(steps="7"))


def test_next_previous_and_surprise_keep_the_settings() -> None:
    page = opened(steps="5")
    for label in ("Next", "Surprise me"):
        before = page.query_params["sample"]
        next(each for each in page.button if each.label == label).click().run()
        assert not page.exception
        assert page.query_params["steps"] == "5"
        assert label != "Next" or page.query_params["sample"] != before


def test_without_weights_the_page_names_files_and_lines_and_shows_the_sample(monkeypatch: pytest.MonkeyPatch) -> None:
    missing = ModelState(MODELS["demo"], ready=False, missing=("ibm/TerraMind/base.pt",), cure=HUB_CURE)
    have(monkeypatch, [missing])
    page = opened()
    assert "ibm/TerraMind/base.pt" in said(page)
    assert "hf download ibm/TerraMind base.pt --local-dir weights" in said(page)
    assert not given(page)["live"]["ready"]
    assert given(page)["toggles"]["inputs"][0]["source"] == "S2L2A"


def test_without_torch_the_page_says_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("components.generation.form.problems.missing_packages", lambda: ("torch",))
    cure = "Install it with: pip install torch."
    have(monkeypatch, [ModelState(MODELS["demo"], ready=False, missing=("torch",), cure=cure)])
    page = opened()
    assert "Generating needs PyTorch" in said(page)
    assert "pip install torch" in said(page)
    assert given(page)["live"]["why"] == "PyTorch is not installed."


def test_a_sample_without_pictures_says_so() -> None:
    page = opened(sample=WITHOUT_IMAGERY)
    assert "nothing that this model takes" in given(page)["live"]["why"]
    assert "No pictures of this sample are here" in said(page)


def test_a_place_alone_needs_a_model_that_knows_places() -> None:
    page = opened(coordinates="11.5,48.25")
    live = given(page)["live"]
    assert live["body"]["coordinates"] == [11.5, 48.25]
    assert "sample" not in live["body"]
    assert live["body"]["model"] == "terramind_v1_base"
    assert chosen(page, "inputs") == ["coordinates"]
    next(each for each in page.button if each.label == "Back to the sample").click().run()
    assert "coordinates" not in page.query_params
    assert given(page)["live"]["body"]["model"] == "demo"


def test_a_result_shows_what_was_given_made_and_measured(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    result = a_result(tmp_path)
    serve(monkeypatch, Service(result))
    page = opened(run=result.id, sample=IDS[0])
    panels = given(page)["viewer"]["panels"]
    assert [each["modality"] for each in panels] == ["input-S2L2A", "generated-0", "real", "difference"]
    assert panels[1]["picture"].startswith(f"/api/generations/{result.id}/DEM.webp?preset=")
    assert panels[0]["cut"] is not None
    assert given(page)["live"]["shown"] == result.id
    words = said(page)
    assert "S2 L2A → DEM, LULC" in words
    assert f"/api/generations/{result.id}/LULC.tif?seed=0" in words
    assert "settings above have changed" in words, "ten steps are chosen, four were run"


def test_several_seeds_stand_side_by_side_with_their_spread(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    result = a_result(tmp_path, seeds=(3, 5))
    serve(monkeypatch, Service(result))
    page = opened(run=result.id, sample=IDS[0])
    panels = {each["modality"]: each for each in given(page)["viewer"]["panels"]}
    assert list(panels) == ["input-S2L2A", "generated-3", "generated-5", "real", "difference", "spread"]
    assert "seed=mean" in panels["difference"]["picture"]
    ranges = {
        panels[name]["picture"].partition("range=")[2].partition("&")[0]
        for name in ("generated-3", "generated-5", "real")
    }
    assert len(ranges) == 1, "seeds and the real one share their colours"
    assert ranges != {""}


def test_a_result_can_be_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    service = serve(monkeypatch, Service(a_result(tmp_path)))
    assert service.kept
    page = opened(run=service.kept.id, sample=IDS[0])
    next(each for each in page.text_input if each.label == "Name of this result").set_value("Floods").run()
    assert service.titles == ["Floods"]


def test_a_run_that_is_not_kept_any_more_is_offered_again() -> None:
    page = opened(run=RUN, steps="5")
    assert "not kept any more" in said(page)
    live = given(page)["live"]
    assert (live["run"], live["ready"], live["body"]["timesteps"]) == ("", True, 5)


def test_a_run_under_way_is_followed(monkeypatch: pytest.MonkeyPatch) -> None:
    service = Service()
    monkeypatch.setattr(service, "job", lambda _: SimpleNamespace(state="running"))
    serve(monkeypatch, service)
    live = given(opened(run=RUN))["live"]
    assert (live["run"], live["shown"]) == (RUN, "")


def test_views_share_the_sample_and_keep_their_runs_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    service = Service()
    monkeypatch.setattr(service, "job", lambda _: SimpleNamespace(state="running"))
    serve(monkeypatch, service)
    page = opened(run=RUN)
    switch(page).set_value("embeddings").run()
    assert not page.exception
    assert page.query_params["view"] == "embeddings"
    assert "run" not in page.query_params
    switch(page).set_value("generate").run()
    assert page.query_params["run"] == RUN


def test_links_lead_here_from_compare() -> None:
    page = AppTest.from_file(str(SHELL), default_timeout=PATIENCE_S)
    page.query_params["sample"] = IDS[0]
    page.query_params["dataset"] = "terramesh"
    page.switch_page("compare.py")
    page.run()
    assert "Generate" in [link.proto.label for link in page.get("page_link")]
