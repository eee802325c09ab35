"""Fixtures that every room's tests share."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

ROOT = Path(__file__).resolve().parent.parent

# Two busy cores make any example slow now and then; a time limit per example would fail without a bug.
settings.register_profile("patchwork", deadline=None)
settings.load_profile("patchwork")


@pytest.fixture(autouse=True)
def main_stays() -> Iterator[None]:
    """A page that AppTest runs takes the place of `__main__`, which every process started later would run again."""
    main = sys.modules["__main__"]
    yield
    sys.modules["__main__"] = main


@pytest.fixture(scope="session")
def real_data() -> Path:
    """Folder of real samples: PATCHWORK_REAL_DATA, or shared/data/real beside the checkout; else skips."""
    folder = Path(os.environ.get("PATCHWORK_REAL_DATA", ROOT.parent / "shared" / "data" / "real"))
    if not folder.is_dir():
        pytest.skip(f"no real samples at {folder}; set PATCHWORK_REAL_DATA to the folder that holds them")
    return folder


@pytest.fixture(scope="session")
def demo_collection() -> Path:
    """The demo collection in the cache folder, built where it is missing (under a minute on two idle cores)."""
    from data_access.settings import load_settings  # noqa: PLC0415 - tests that need no data do not load this
    from demo.build import build_demo  # noqa: PLC0415

    out = load_settings().demo_dir
    build_demo(out)
    return out
