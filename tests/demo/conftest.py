"""A small part of the collection, built once: four places of Major TOM and one place in four seasons."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from demo.terramesh.build import build_terramesh
from demo.terramesh.plan import SamplePlan, make_plan

SEED = 5


def small_plan(seed: int = SEED) -> Sequence[SamplePlan]:
    """Eight samples of the plan, both sources."""
    plans = make_plan(seed)
    return [*plans[:4], *plans[72:76]]


@pytest.fixture(scope="session")
def small_terramesh(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Root of a TerraMesh of eight samples."""
    out = tmp_path_factory.mktemp("small")
    build_terramesh(out, SEED, lambda *_: None, plans=small_plan())
    return out / "terramesh"
