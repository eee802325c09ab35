"""Fixtures for roots of TerraMesh."""

from collections.abc import Callable
from pathlib import Path

import pytest

from data_access.places import Places
from data_access.terramesh import sample_table
from data_access.terramesh.dataset import TerraMesh
from data_access.terramesh.opening import open_terramesh

OpenRoot = Callable[[Path], TerraMesh]


@pytest.fixture
def open_root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> OpenRoot:
    """Open a root with its tables in the test's folder; countries and climate zones have tests of their own."""
    monkeypatch.setattr(sample_table, "enrich", lambda table, _: table)
    monkeypatch.setattr(Places, "notes", ())

    def open_it(root: Path) -> TerraMesh:
        return open_terramesh(root, kind="local", tables_dir=tmp_path / "tables")

    return open_it
