"""What a result says of itself, as a person reads it."""

from components.generation.provenance.view import facts
from generation.provenance import provenance
from generation.request import Request
from tests.generation.made import MadeResult


def test_every_setting_has_a_line_and_what_does_not_apply_has_none() -> None:
    told = facts(provenance(MadeResult(facts={"device": "cpu", "precision": "bf16"})))
    assert told["Model"] == "Demo model (demo)"
    assert told["Inputs"] == "S2L2A"
    assert told["Outputs"] == "S1RTC, LULC"
    assert told["Crop"] == "224 x 224 pixels from column 20, row 20"
    assert told["Seeds"] == "0, 7"
    assert told["Diffusion steps"] == "4 (asked for 3, which does not divide 1000)"
    assert told["Value range"] == "unclipped"  # whatever was asked: the demo model has no clipping
    assert (told["Precision"], told["Computed on"]) == ("bf16", "cpu")
    assert told["Made"] == "2026-11-20T16:00:00Z"
    assert "Coordinates" not in told


def test_a_place_alone_has_neither_crop_nor_sample() -> None:
    request = Request(inputs=("coordinates",), outputs=("DEM",), model="terramind_v1_base")
    told = facts(provenance(MadeResult(dataset="", sample=None, given=(11.5, 48.0), request=request)))
    assert told["Coordinates"] == "11.5, 48.0"
    assert told["Diffusion steps"] == "10"
    assert told["Value range"] == "as published"
    assert not {"Crop", "Sample"} & set(told)
