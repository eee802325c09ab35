"""What may be chosen for a sample and a model."""

from dataclasses import replace

import pytest

from components.generation.form.offer import (
    edge_of,
    inputs_of,
    model_of,
    models_for,
    outputs_of,
    settled,
    windows_for,
)
from components.generation.form.problems import _apart
from components.generation.form.toggles import window_boxes
from components.generation.state import GenerateState, Wish
from data_access.dataset import SampleRecord
from generation.models import MODELS, ModelState
from tests.memory_dataset import IDS, MemoryDataset

DEMO, BASE = (ModelState(MODELS[name], ready=True) for name in ("demo", "terramind_v1_base"))


@pytest.fixture
def record(monkeypatch: pytest.MonkeyPatch) -> SampleRecord:
    """A sample of TerraMesh's size with S2L2A, S1RTC, DEM, NDVI and LULC."""
    monkeypatch.setattr("tests.memory_dataset.PIXELS", 264)
    return MemoryDataset().describe(IDS[0])


def refused(record: SampleRecord | None, model: ModelState) -> dict[str, str]:
    return {each.name: each.why for each in inputs_of(record, model) if each.why}


def test_what_the_sample_or_the_model_lacks_can_not_be_chosen_and_says_why(record: SampleRecord) -> None:
    assert refused(record, BASE) == dict.fromkeys(("S2L1C", "S2RGB", "S1GRD"), "not in this sample")
    assert refused(record, DEMO)["coordinates"] == "Demo model does not take it"
    made = {each.name: each for each in outputs_of(record, DEMO)}
    assert made["coordinates"].why == "Demo model does not make it"
    assert (made["S1GRD"].source, made["S1GRD"].why) == ("", ""), "what is not there can be imagined"
    assert made["S1RTC"].source == "S1RTC"


def test_a_missing_tokenizer_is_named(record: SampleRecord) -> None:
    lacking = replace(BASE, modalities_missing={"NDVI": "TerraMind_Tokenizer_NDVI.pt"})
    assert refused(record, lacking)["NDVI"] == "needs TerraMind_Tokenizer_NDVI.pt"


def test_a_patch_has_its_arrays_under_names_of_its_own(record: SampleRecord) -> None:
    parts = tuple(
        replace(part, name={"S2L2A": "S2", "S1RTC": "S1"}.get(part.name, part.name)) for part in record.modalities
    )
    patch = replace(record, dataset="bigearthnet", modalities=parts)
    assert {each.name: each.source for each in inputs_of(patch, BASE) if not each.why} == {
        "S2L2A": "S2",
        "S1GRD": "S1",
        "coordinates": "coordinates",
    }


def test_a_page_without_choices_gets_some_that_can_be_judged(record: SampleRecord) -> None:
    wish = settled(GenerateState(), record, DEMO).wish
    assert (wish.inputs, wish.outputs, wish.model, wish.window) == (("S2L2A",), ("S1RTC", "LULC", "NDVI"), "demo", 224)


def test_choices_stay_where_they_are_possible(record: SampleRecord) -> None:
    state = GenerateState(wish=Wish(inputs=("S1GRD", "DEM", "LULC"), outputs=("LULC", "S2L2A"), window=256))
    wish = settled(state, record, BASE).wish
    assert (wish.inputs, wish.outputs, wish.window) == (("DEM", "LULC"), ("S2L2A",), 256)


def test_outputs_taken_away_by_hand_stay_away(record: SampleRecord) -> None:
    state = settled(GenerateState(wish=Wish(inputs=("LULC",), outputs=("LULC",))), record, BASE)
    assert state.wish.outputs == ()


def test_a_place_alone_takes_models_that_know_places(record: SampleRecord) -> None:
    models = [DEMO, BASE]
    (offered,) = models_for(models, synthetic=True, place_alone=True)
    assert offered is BASE
    wish = settled(GenerateState(coordinates=(11.0, 48.0)), None, offered).wish
    assert (wish.inputs, wish.window) == (("coordinates",), 224)
    assert "coordinates" not in wish.outputs
    assert edge_of(None) == 0 < edge_of(record)


def test_the_demo_model_serves_the_demo_collection_only() -> None:
    assert models_for([DEMO, BASE], synthetic=False) == [BASE]
    assert model_of(GenerateState(), models_for([BASE, DEMO], synthetic=True)) is DEMO
    assert model_of(GenerateState(wish=Wish(model="terramind_v1_base")), [DEMO, BASE]) is BASE
    assert model_of(GenerateState(), [DEMO, BASE], "terramind_v1_base") is BASE
    assert model_of(GenerateState(), [replace(DEMO, ready=False), BASE]) is BASE


def test_windows_fit_the_sample_and_are_drawn_where_they_lie() -> None:
    assert windows_for(264) == (224, 256, 0)
    assert windows_for(120) == (112, 0)
    ((left, top, width, height),) = window_boxes(224, 264)
    assert (left * 264, top * 264, width * 264, height * 264) == pytest.approx((20, 20, 224, 224))
    tiles = window_boxes(0, 264)
    assert len(tiles) == 4
    assert max(left + width for left, _, width, _ in tiles) == pytest.approx(1)
    assert window_boxes(224, 224) == window_boxes(224, 0) == []


def test_commands_of_a_cure_can_be_copied_line_by_line() -> None:
    cure = "Fetch them (2.2 GB) with: hf download a b.pt && hf download c d.pt. Or set X=y, and Patchwork fetches it."
    words, lines = _apart(cure)
    assert lines == ["hf download a b.pt", "hf download c d.pt"]
    assert words == "Fetch them (2.2 GB) with these lines. Or set X=y, and Patchwork fetches it."
    assert _apart("Install it.") == ("Install it.", [])
