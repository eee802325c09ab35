"""Fixtures of the tests that run TerraMind, which are left out with a warning where torch is not installed."""

import warnings
from pathlib import Path

import pytest

from generation.installation import missing_packages

if missing := missing_packages():
    collect_ignore_glob = ["test_*.py"]
    warnings.warn(f"tests of generation/engine are left out: {', '.join(missing)} not installed", stacklevel=1)


@pytest.fixture(autouse=True)
def fingerprints_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is remembered in the user's cache."""
    if not missing:
        monkeypatch.setattr("generation.engine.building.default_memory", lambda: tmp_path / "fingerprints")


@pytest.fixture(scope="session")
def true_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A flat folder of random weights in TerraMind's names and shapes: tiny, three tokenizers. Not to be changed."""
    from tests.generation.engine.true_weights import save_weights  # noqa: PLC0415 - needs torch

    folder = tmp_path_factory.mktemp("true_weights")
    return save_weights(folder, ["terramind_v1_tiny"], ["LULC", "NDVI", "coordinates"])
