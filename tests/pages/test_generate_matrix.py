"""Judging and the any-to-any matrix on the Generate page, on results beside what the samples really hold."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from components.generation.matrix import view
from components.generation.state import GenerateState
from generation.kept_result import KeptResult
from generation.outcome import Outcome
from generation.prepared import Window
from generation.request import Request
from tests.generation.judging.kept import keep, values_like
from tests.memory_dataset import IDS, MemoryCollections, MemoryDataset
from tests.pages.test_generate import TITLES, Service, given, memory, opened, said, serve

assert memory  # the fixture of every test here
SIDE = 224
WINDOW = Window(20, 20, SIDE, SIDE)
INPUTS = ("S2L2A", "DEM", "LULC")


@pytest.fixture
def revision(memory: MemoryCollections[MemoryDataset]) -> str:
    return memory.get("terramesh").info.revision


def made(*names: str, seeds: int = 1) -> dict[str, np.ndarray]:
    return {
        name: np.stack([values_like(name.rpartition(">")[2], (SIDE, SIDE), n) for n in range(seeds)]) for name in names
    }


def shown(monkeypatch: pytest.MonkeyPatch, result: KeptResult, **query: str) -> Any:  # noqa: ANN401 - AppTest
    monkeypatch.setitem(TITLES, "matrix", "patchwork_matrix")
    serve(monkeypatch, Service(result))
    return opened(dataset="terramesh", sample=IDS[0], run=result.id, **query)


def a_matrix(folder: Path, revision: str) -> KeptResult:
    request = Request(inputs=INPUTS, outputs=("S2L2A", "DEM", "LULC", "coordinates"), kind="matrix")
    cells = [f"{one}>{other}" for one in INPUTS for other in INPUTS if one != "LULC" or one != other]
    places = {"DEM>coordinates": np.array([[10.5, 50.5]], np.float32)}
    outcome = Outcome(made(*cells), extras=places)
    return keep(folder, outcome, request, sample=IDS[0], revision=revision, window=WINDOW)


def test_a_result_is_judged_beside_a_constant_guess(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, revision: str
) -> None:
    request = Request(inputs=("S2L2A",), outputs=("DEM", "LULC", "S1GRD", "coordinates"), seeds=(0, 1))
    places = np.array([[10.5, 50.5], [12, 51]], np.float32)
    outcome = Outcome(made("DEM", "LULC", "S1GRD", seeds=2), coordinates=places)
    result = keep(tmp_path, outcome, request, sample=IDS[0], revision=revision, window=WINDOW)
    page = shown(monkeypatch, result)
    words = said(page)
    assert "mean of 2 seeds" in words
    assert "Constant guess" in words
    assert "Not compared: S1 GRD, since the sample has no S1GRD" in words
    assert "km** from the truth" in words
    assert len(page.get("vega_lite_chart") or page.get("arrow_vega_lite_chart")) == 1


def test_a_matrix_starts_with_all_that_the_sample_offers() -> None:
    page = opened(dataset="terramesh", sample=IDS[0], view="matrix")
    body = given(page)["live"]["body"]
    assert body["kind"] == "matrix"
    assert body["inputs"] == ["S2L2A", "S1RTC", "DEM", "LULC", "NDVI"]
    assert body["outputs"] == body["inputs"]
    chosen = opened(dataset="terramesh", sample=IDS[0], view="matrix", inputs="S2L2A,DEM", outputs="DEM,LULC")
    assert given(chosen)["live"]["body"]["inputs"] == ["S2L2A", "DEM"]


def test_cells_have_pictures_numbers_and_grounds(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, revision: str
) -> None:
    page = shown(monkeypatch, a_matrix(tmp_path, revision), view="matrix")
    data = given(page)["matrix"]
    assert [row["title"] for row in data["rows"]] == ["S2 L2A", "DEM", "LULC"]
    optical, heights, cover = (row["cells"] for row in data["rows"])
    assert [each["kind"] for each in (optical[0], heights[1], cover[2])] == ["real"] * 3
    assert "DEM/real.webp" in heights[1]["picture"]
    assert heights[1]["name"] == "DEM>DEM"
    assert cover[2]["name"] == ""  # the same tokens in and out
    assert "S2L2A%3EDEM.webp" in optical[1]["picture"]
    assert optical[1]["said"].endswith(" m")
    assert -1 <= optical[1]["skill"] <= 1
    assert "best constant guess" in optical[1]["about"]
    assert optical[1]["picture"].partition("?")[2] == cover[1]["picture"].partition("?")[2]  # the same colours
    assert heights[3]["said"].endswith(" km")
    assert optical[3]["kind"] == "none"
    assert "viewer" not in given(page)


def test_a_chosen_cell_is_shown_at_large(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, revision: str) -> None:
    page = shown(monkeypatch, a_matrix(tmp_path, revision), view="matrix", cell="DEM>LULC")
    panels = given(page)["viewer"]["panels"]
    assert [each["about"] for each in panels] == ["input", "generated", "real", "generated minus real"]
    assert panels[0]["cut"] is not None
    assert all("LULC" in each["picture"] for each in panels[1:])
    assert "Accuracy" in said(page)
    assert given(page)["matrix"]["chosen"] == "DEM>LULC"
    assert page.query_params["cell"] == "DEM>LULC"
    assert "viewer" not in given(shown(monkeypatch, a_matrix(tmp_path, revision), view="matrix", cell="DEM>NDVI"))


def test_a_click_opens_a_cell_and_a_second_one_closes_it(monkeypatch: pytest.MonkeyPatch) -> None:
    states = [GenerateState(view="matrix")]
    monkeypatch.setattr(view, "chosen_cell", lambda: "DEM>LULC")
    monkeypatch.setattr(view, "current", lambda: states[-1])
    monkeypatch.setattr(view, "change", states.append)
    view.take_cell()
    view.take_cell()
    assert [each.cell for each in states] == ["", "DEM>LULC", ""]
    assert ("cell", "DEM>LULC") in states[1].to_query()


def test_a_run_of_another_kind_or_a_place_alone_is_no_matrix(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, revision: str
) -> None:
    request = Request(inputs=("S2L2A",), outputs=("DEM",))
    other = keep(tmp_path, Outcome(made("DEM")), request, sample=IDS[0], revision=revision, window=WINDOW)
    assert "matrix" not in given(shown(monkeypatch, other, view="matrix"))
    assert "A matrix needs a sample" in said(opened(dataset="terramesh", coordinates="11,48", view="matrix"))
