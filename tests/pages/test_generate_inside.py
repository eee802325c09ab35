"""The views of the Generate page that look inside: what they ask for, what they show, which files they offer."""

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from streamlit.testing.v1 import AppTest

from generation.embedding_parts import Part
from generation.kept_result import KeptResult
from generation.models import MODELS, ModelState
from generation.outcome import Outcome
from generation.request import Merge, Request
from tests.generation.judging.kept import keep, values_like
from tests.memory_dataset import IDS
from tests.pages.selection_in_memory import collections_in_memory
from tests.pages.test_compare import PATIENCE_S, SHELL
from tests.pages.test_generate import said

LAYERS, GRID, DIMENSIONS = 3, (2, 2), 8
TITLES = {"patchwork_generation": "live", "patchwork_patches": "patches", "patchwork_viewer": "viewer"}


class Service:
    """As much of the service as the page asks: one result, or none."""

    def __init__(self) -> None:
        self.kept: KeptResult | None = None

    def job(self, _run: str) -> SimpleNamespace:
        return SimpleNamespace(state="done")

    def result(self, _run: str) -> KeptResult:
        assert self.kept
        return self.kept


@pytest.fixture(autouse=True)
def service(monkeypatch: pytest.MonkeyPatch) -> Service:
    """The page's collections in memory, the demo model ready, and the service that it asks."""
    monkeypatch.setattr("tests.memory_dataset.PIXELS", 264)
    collections = collections_in_memory()
    monkeypatch.setattr("components.compare.collections_of_process", lambda: collections)
    states = tuple(ModelState(model, ready=True) for model in MODELS.values())
    monkeypatch.setattr("components.generation.form.view.states", lambda _: states)
    given = Service()
    monkeypatch.setattr("components.generation.runs.service", lambda: given)
    return given


def opened(view: str, run: str = "", **query: str) -> AppTest:
    page = AppTest.from_file(str(SHELL), default_timeout=PATIENCE_S)
    for key, value in {"view": view, "sample": IDS[0], **({"run": run} if run else {}), **query}.items():
        page.query_params[key] = value
    page.switch_page("generate.py")
    page.run()
    assert not page.exception
    return page


def given(page: AppTest) -> dict[str, dict[str, Any]]:
    """What the components of these views were given."""
    return {
        TITLES[each.proto.component_name]: json.loads(each.proto.json or each.proto.mixed.json)
        for each in page.get("bidi_component")
        if each.proto.component_name in TITLES
    }


def embedded(folder: Path, kind: Any, names: tuple[str, ...], merge: Merge = "mean") -> KeptResult:  # noqa: ANN401
    rng = np.random.default_rng(1)
    stacks: dict[str, NDArray[np.float32]] = {
        name: rng.normal(size=(LAYERS, *GRID, DIMENSIONS)).astype(np.float32) for name in names
    }
    extras = {name: each[-1] for name, each in stacks.items()} | {
        f"{name}_layers": each for name, each in stacks.items()
    }
    facts = {
        "layers": LAYERS,
        "layer": LAYERS - 1,
        "all_layers": True,
        "dimensions": DIMENSIONS,
        "parts": [Part(name, name.partition("_")[2], *GRID, name).to_json() for name in names],
    }
    outputs = ("LULC",) if kind == "think" else ()
    arrays = {name: values_like(name, (32, 32), 0)[None] for name in outputs}
    tokens = {name: np.zeros((1, 2, 2), np.int32) for name in outputs}
    request = Request(inputs=("S2L2A", "DEM"), outputs=outputs, kind=kind, merge=merge)
    return keep(folder, Outcome(arrays, tokens, extras=extras, facts=facts), request, sample=IDS[0], revision="gone")


def test_embeddings_ask_for_the_encoder_alone(service: Service) -> None:
    page = opened("embeddings", inputs="S2L2A,DEM", merge="dict")
    body = given(page)["live"]["body"]
    assert (body["kind"], body["inputs"], body["outputs"], body["merge"]) == ("embed", ["S2L2A", "DEM"], [], "dict")
    assert "patches" not in given(page)
    assert service.kept is None


def test_embeddings_of_a_run_are_pictures_that_can_be_compared(service: Service, tmp_path: Path) -> None:
    service.kept = embedded(tmp_path, "embed", ("embedding_S2L2A", "embedding_DEM"), "dict")
    page = opened("embeddings", service.kept.id, inputs="S2L2A,DEM", merge="dict")
    figures = given(page)["patches"]["figures"]
    pictures = [figure for figure in figures if figure["kind"] == "picture"]
    assert [figure["title"] for figure in pictures] == ["S2 L2A", "DEM"]
    assert f"{service.kept.id}/embeddings/embedding_DEM.webp?layer=2&components=1%2C2%2C3" in pictures[1]["url"]
    assert pictures[1]["likeness"].endswith("/embeddings/embedding_DEM/likeness?layer=2")
    assert pictures[1]["grid"] == [2, 2]
    assert "16 × 16 pixels" in said(page)
    assert "embedding_S2L2A.npy?layer=2" in said(page)


def test_another_layer_is_another_picture_and_in_the_address(service: Service, tmp_path: Path) -> None:
    service.kept = embedded(tmp_path, "embed", ("embedding",))
    page = opened("embeddings", service.kept.id, layer="0")
    slider = next(each for each in page.select_slider if each.label == "Layer")
    assert slider.value == 1
    slider.set_value(2).run()
    assert page.query_params["layer"] == "1"
    assert "layer=1" in given(page)["patches"]["figures"][-1]["url"]
    colours = next(each for each in page.selectbox if each.label == "Colours")
    colours.set_value("layers").run()
    assert "basis=layers" in given(page)["patches"]["figures"][-1]["url"]


def test_a_tokenizer_is_shown_with_what_it_keeps(service: Service, tmp_path: Path) -> None:
    names = ("LULC", "DEM")
    outcome = Outcome(
        {name: values_like(name, (32, 32), 0)[None] for name in names},
        {name: np.arange(4, dtype=np.int32).reshape(1, 2, 2) for name in names},
        facts={"codes": {"LULC": 4375, "DEM": 1024}, "used": {"LULC": 4, "DEM": 4}},
    )
    request = Request(inputs=names, outputs=names, kind="reconstruct")
    service.kept = keep(tmp_path, outcome, request, sample=IDS[0], revision="gone")
    page = opened("reconstruction", service.kept.id, inputs="LULC,DEM")
    body = given(page)["live"]["body"]
    assert (body["kind"], body["inputs"], body["outputs"]) == ("reconstruct", ["DEM", "LULC"], ["DEM", "LULC"])
    tokens = [figure for figure in given(page)["patches"]["figures"] if figure["kind"] == "tokens"]
    assert [figure["codes"] for figure in tokens] == [4375, 1024]
    # 4 tokens of 10 bits are 5 bytes; 32 x 32 heights in float32 take 4096
    assert "4 tokens of 1,024 codes (10.0 bits each, 4 different here) are 5 B" in said(page)
    assert "819 times as much" in said(page)
    assert "Tokenizer reconstruction of the real image" in said(page)
    assert "ental image" not in said(page), "nothing was imagined"
    panels = given(page)["viewer"]["panels"]
    assert [each["about"] for each in panels] == ["reconstructed", "real", "reconstructed minus real"]


def test_thinking_shows_without_and_with_in_the_same_colours(service: Service, tmp_path: Path) -> None:
    service.kept = embedded(tmp_path, "think", ("without", "with"))
    page = opened("thinking", service.kept.id, inputs="S2L2A,DEM", outputs="LULC")
    figures = given(page)["patches"]["figures"]
    titles = [figure["title"] for figure in figures if figure["kind"] == "picture"]
    assert titles == ["Without thoughts", "With thoughts", "Change by thinking"]
    urls = {figure["title"]: figure["url"] for figure in figures}
    assert "embeddings/without.webp?layer=2&basis=with" in urls["Without thoughts"]
    assert "embeddings/with.webp?layer=2&basis=without" in urls["With thoughts"]
    assert "embeddings/change.webp" in urls["Change by thinking"]
    assert "tokens/LULC.npy" in urls["LULC tokens"]


def test_thinking_begins_with_land_cover(service: Service) -> None:
    page = opened("thinking", inputs="S2L2A")
    body = given(page)["live"]["body"]
    assert (body["kind"], body["outputs"], body["merge"]) == ("think", ["LULC"], "mean")
    assert service.kept is None
