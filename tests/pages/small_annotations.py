"""A small BigEarthNet with texts alone, made of real parts over a Parquet of made-up rows."""

from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from components import data_sets
from components.annotations import counting, facet_counts
from components.annotations import page as annotations_page
from data_access.bigearthnet.dataset import BigEarthNet
from data_access.bigearthnet.opening import open_bigearthnet
from data_access.settings import REPOSITORY_ROOT
from errors import SourceMissingError
from tests.data_access.annotations.annotation_rows import row, write_rows
from tests.memory_dataset import MemoryCollections

PATIENCE_S = 60  # on two cores that other work shares
PATCHES = tuple(f"S2A_MSIL2A_20170613T101031_N9999_R022_T33UUP_{number:02d}_57" for number in range(30))
PER_PATCH = 4
ROWS = PER_PATCH * len(PATCHES) + 1  # one more, which can not be read
OPTIONS = "a) Summer, b) Winter, c) Beaches, dunes, sands, d) Autumn"
CAPTION = "In this picture broad-leaved forest <b>covers</b> most of the ground."


def made_rows() -> list[dict[str, object]]:
    """A yes or no, a multiple choice, a box and a caption for each patch, and one row of nonsense."""
    rows: list[dict[str, object]] = []
    for number, patch in enumerate(PATCHES):
        place = {"country": "Austria" if number % 2 else "Finland", "split": "test" if number % 3 else "train"}
        of_patch = (
            {"input": "Is there any water?", "output": "yes" if number % 2 else "no"},
            {"type": "mcq", "category": "season", "input": f"Which season? {OPTIONS}", "output": "abcd"[number % 4]},
            {
                "type": "bounding box",
                "category": "reference",
                "input": "Where is the <ref>largest patch of pastures</ref>?",
                "output": "[0.1 0.1, 0.5 0.5]",
            },
            {"type": "captioning", "category": "None", "input": "Describe the picture.", "output": CAPTION},
        )
        rows += [row(PER_PATCH * number + step, patch, **place, **each) for step, each in enumerate(of_patch, start=1)]
    return [*rows, row(ROWS, PATCHES[-1], output="perhaps", country="Austria", split="test")]


def small_annotations(folder: Path) -> BigEarthNet:
    """The data set; its files and tables lie in an empty folder."""
    file = write_rows(folder / "BigEarthNet.txt.parquet", made_rows())
    return open_bigearthnet(file, None, kind="demo", tables_dir=folder / "tables")


def show_alone(dataset: BigEarthNet, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """Make this the data set that the Annotations page opens, with nothing remembered of others.

    Returns:
        What the page opens, by name; a test may put something else there.
    """
    sets: dict[str, Any] = {"bigearthnet": dataset, "terramesh": SourceMissingError("Not here.")}
    collections = MemoryCollections(sets)
    monkeypatch.setattr(data_sets, "collections_of_process", lambda: collections)
    monkeypatch.setattr(annotations_page, "collections_of_process", lambda: collections)
    for remembered in (counting._count, counting._rows, counting._patches, facet_counts._counted):
        remembered.cache_clear()
    return sets


def opened_page(**query: str | list[str]) -> AppTest:
    """The Annotations page at an address, drawn once without an exception."""
    page = AppTest.from_file(str(REPOSITORY_ROOT / "pages" / "shell.py"), default_timeout=PATIENCE_S)
    for key, value in query.items():
        page.query_params[key] = value
    page.switch_page("annotations.py")
    page.run()
    assert not page.exception
    return page
