"""TerraMind tiny in its true shapes, with random weights: coordinates in and out, and terratorch's own call."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from generation.engine.building import load_model
from generation.engine.resident import Resident
from generation.weights_location import WeightsLocation
from tests.generation.engine.loaded import sample
from tests.generation.engine.runs import SIZE, Run, direct, request


@pytest.fixture(scope="module")
def tiny(true_folder: Path) -> Resident:
    return load_model("terramind_v1_tiny", location=WeightsLocation("folder", folder=true_folder))


@pytest.mark.parametrize(
    ("inputs", "outputs"), [(("coordinates",), ("LULC",)), (("S2L2A", "S2RGB"), ("coordinates", "LULC"))]
)
def test_it_equals_terratorchs_own_call(tiny: Resident, inputs: tuple[str, ...], outputs: tuple[str, ...]) -> None:
    wanted = request(*outputs, inputs=inputs, model="terramind_v1_tiny", seeds=(2, 0))
    arrays = sample(*inputs, size=SIZE)
    tiny.ensure(inputs, outputs)
    told = Run(wanted, arrays, tiny)
    ours = told.outcome()
    theirs: dict[str, Any] = direct(wanted, arrays, 0, tiny)
    assert np.array_equal(ours.arrays["LULC"][1], theirs["LULC"])
    if "coordinates" in outputs:
        assert ours.coordinates is not None
        assert ours.coordinates.shape == (2, 2)
        assert ours.coordinates.dtype == np.float32
        assert np.array_equal(ours.coordinates[1], theirs["coordinates"], equal_nan=True)
    assert ours.facts["revision"] == tiny.revision
    assert ours.facts["device"] == "cpu"
