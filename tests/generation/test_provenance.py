"""Whoever finds a result alone can tell what it is and what it is not."""

import json
import subprocess
import sys
from dataclasses import replace

from data_access.dataset import CollectionInfo
from data_access.settings import REPOSITORY_ROOT
from data_access.terramesh.licence import TERRAMESH_LICENCE
from generation.provenance import MENTAL_IMAGE, provenance, software_versions
from generation.request import Request
from tests.generation.made import MadeResult


def test_every_fact_that_the_result_depends_on_is_told() -> None:
    told = provenance(MadeResult())
    assert told["notice"] == MENTAL_IMAGE == "mental image, not a reconstruction"
    assert told["model"] == "demo"
    assert told["model_revision"] == "sha256:feed"
    assert told["inputs"] == ["S2L2A"]
    assert told["outputs"] == ["S1RTC", "LULC"]
    assert told["crop"] == {"left": 20, "top": 20, "width": 224, "height": 224}
    assert told["seeds"] == [0, 7]
    assert (told["timesteps"], told["steps"]) == (3, 4)  # what does not divide 1000 runs one step more
    assert (told["temperature"], told["top_p"], told["decoding_steps"]) == (1.0, 0.8, 1)
    assert told["precision"] == "auto"
    assert (told["sample"], told["collection_revision"]) == ("majortom_val_0000001", "0123abcd")
    assert told["made_at"] == "2026-11-20T16:00:00Z"
    assert json.loads(json.dumps(told)) == told


def test_the_choice_of_the_value_range_is_told_in_words() -> None:
    own = Request(inputs=("DEM",), outputs=("NDVI",), model="terramind_v1_tiny")
    clipped, free = (provenance(MadeResult(request=replace(own, clipped=each))) for each in (True, False))
    assert "clipped to one standard deviation" in str(clipped["value_range"])
    assert str(free["value_range"]).startswith("unclipped: the scheduler's clipping")
    for asked in (True, False):  # the demo model does not listen
        told = provenance(MadeResult(request=replace(own, model="demo", clipped=asked)))
        assert told["value_range"] == "unclipped: this model was trained without clipping, and has none"


def test_a_reconstruction_is_no_mental_image() -> None:
    request = Request(inputs=("DEM",), kind="reconstruct")
    told = provenance(MadeResult(request=request))
    assert told["notice"] == "tokenizer reconstruction of the real image"
    assert "no token guessed" in str(told["explanation"])
    for kind in ("generate", "matrix", "think"):
        other = provenance(MadeResult(request=replace(request, kind=kind, outputs=("LULC",))))
        assert other["notice"] == MENTAL_IMAGE


def test_licences_of_model_and_data_are_told() -> None:
    told = provenance(MadeResult())
    assert told["model_licence"] == "Apache-2.0"
    assert told["data_licence"] == "CC-BY-SA-4.0"
    assert "licence goes with it" in str(told["data_licence_note"])
    other = provenance(MadeResult(dataset="bigearthnet"))
    assert (other["data_licence"], other["data_licence_note"]) == ("CDLA-Permissive-1.0", "")


def test_a_place_that_stood_for_a_sample_is_told() -> None:
    told = provenance(MadeResult(dataset="", sample=None, given=(11.5, 48.0)))
    assert told["coordinates"] == [11.5, 48.0]
    assert told["crop"] is None
    assert "data_licence" not in told


def test_the_demo_says_that_it_is_synthetic() -> None:
    real = Request(model="terramind_v1_base", inputs=("S2L2A",), outputs=("LULC",))
    info = CollectionInfo("terramesh", "local", "TerraMesh", "root", "r", TERRAMESH_LICENCE, synthetic=False)
    assert provenance(MadeResult())["synthetic"] is True
    assert provenance(MadeResult(request=real), info=info)["synthetic"] is False
    assert provenance(MadeResult(request=real), info=replace(info, synthetic=True))["synthetic"] is True


def test_versions_are_told_without_loading_what_they_are_of() -> None:
    words = "import sys; from generation.provenance import software_versions as s; s(); print('torch' in sys.modules)"
    told = subprocess.run(
        [sys.executable, "-c", words], cwd=REPOSITORY_ROOT, capture_output=True, text=True, check=True
    )
    assert told.stdout.strip() == "False"
    assert software_versions()["numpy"]
    of_the_run = {"software": {"torch": "1"}, "device": "cpu", "precision": "bf16"}
    told_by_engine = provenance(MadeResult(facts=of_the_run))
    assert {name: told_by_engine[name] for name in of_the_run} == of_the_run
