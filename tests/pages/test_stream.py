"""The Stream page as a script: what its address shows, what its menus change, what it says where nothing plays."""

import json
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from components import opening
from components.player import page as stream_page
from components.player.component import PICTURE_PIXELS
from data_access.playing import ShardSet
from data_access.settings import REPOSITORY_ROOT
from errors import PatchworkError, SourceMissingError
from tests.memory_dataset import MemoryCollections, MemoryDataset

PATIENCE_S = 30  # on two cores that other work shares
FIRST, SECOND = "majortom_shard_000001.tar", "ssl4eos12_shard_000002.tar"
SHARDS = (
    ShardSet("val", FIRST, 24, {"S2L2A": 16_000_000, "S2RGB": 5_000_000, "DEM": 1_000_000}),
    ShardSet("val", SECOND, 24, {"S2L2A": 16_000_000, "S1GRD": 6_000_000}),
)


@dataclass
class _Player:
    found: tuple[ShardSet, ...]

    def shards(self) -> tuple[ShardSet, ...]:
        return self.found


@dataclass
class Sharded(MemoryDataset):
    """A data set that lies in shards, which nobody plays here."""

    found: tuple[ShardSet, ...] = SHARDS

    @property
    def player(self) -> _Player:
        return _Player(self.found)


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> Any:  # noqa: ANN401 - a function with optional parameters
    def open_page(dataset: MemoryDataset | PatchworkError | None = None, **query: str) -> AppTest:
        collections = MemoryCollections({"terramesh": dataset or Sharded()})
        monkeypatch.setattr(stream_page, "collections_of_process", lambda: collections)
        page = AppTest.from_file(str(REPOSITORY_ROOT / "pages" / "shell.py"), default_timeout=PATIENCE_S)
        for key, value in query.items():
            page.query_params[key] = value
        page.switch_page("stream.py")
        page.run()
        assert not page.exception
        return page

    return open_page


def told(page: AppTest) -> dict[str, Any]:
    """What the player was given."""
    (component,) = page.get("bidi_component")
    data: dict[str, Any] = json.loads(component.proto.json)
    return data


def choose(page: AppTest, label: str, value: object) -> None:
    next(box for box in page.selectbox if box.label == label).set_value(value).run()
    assert not page.exception


def test_the_first_shard_is_there_to_be_played(opened: Any) -> None:  # noqa: ANN401 - see the fixture
    data = told(opened())
    assert data["listen"] == (
        f"/api/terramesh/shards/val/{FIRST}/play?modality=S2RGB&preset=as-is&size={PICTURE_PIXELS}"
    )
    assert data["place"] == {"split": "val", "shard": FIRST, "modality": "S2RGB"}
    assert (data["samples"], data["bytes"], data["start"]) == (24, 5_000_000, "")


def test_while_the_data_set_is_opened_the_page_says_how_far_it_is(
    opened: Any,  # noqa: ANN401 - see the fixture
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    coming: Future[Sharded] = Future()
    monkeypatch.setattr(MemoryCollections, "opening", lambda *_: coming)
    monkeypatch.setattr(opening, "LOOK_S", 0.01)

    def look(_works: object) -> str:
        if not coming.done():
            coming.set_result(Sharded())
        return "wait"

    monkeypatch.setattr(opening, "_opening", look)
    assert told(opened())["place"]["shard"] == FIRST
    assert coming.done(), "it was looked at what is under way"


def test_a_link_restores_shard_look_pace_and_place(opened: Any) -> None:  # noqa: ANN401 - see the fixture
    query = {"shard": SECOND, "modality": "S1GRD", "preset": "vv", "pace": "4", "sample": "ssl4eos12_val_0000003"}
    page = opened(split="val", **query)
    data = told(page)
    assert f"/{SECOND}/play?modality=S1GRD&preset=vv&" in data["listen"]
    assert data["listen"].endswith("per_second=4")
    assert data["start"] == query["sample"]
    assert not page.warning


def test_choices_are_written_into_the_address(opened: Any) -> None:  # noqa: ANN401 - see the fixture
    page = opened(sample="majortom_val_0000005")
    choose(page, "Modality", "DEM")
    assert page.query_params["modality"] == "DEM"
    assert page.query_params["sample"] == "majortom_val_0000005", "the same place in another modality"
    assert "modality=DEM&preset=relief" in told(page)["listen"]
    choose(page, "Pace", 4)
    assert page.query_params["pace"] == "4"
    choose(page, "Shard", SECOND)
    assert (page.query_params["shard"], page.query_params["modality"]) == (SECOND, "S2L2A")
    assert "sample" not in page.query_params
    assert page.query_params["pace"] == "4"


def test_what_is_not_there_is_named(opened: Any) -> None:  # noqa: ANN401 - see the fixture
    page = opened(shard="<b>nothing</b>.tar", modality="S1GRD", pace="-3")
    text = " ".join(warning.value for warning in page.warning)
    for word in ("nothing", "S1GRD", "pace"):
        assert word in text
    assert told(page)["place"]["shard"] == FIRST


@pytest.mark.parametrize(
    ("dataset", "reason"),
    [
        (SourceMissingError("The demo collection is not built: run make demo."), "make demo"),
        (Sharded(found=()), "has no shards here"),
        (MemoryDataset(), "has no shards here"),
    ],
)
def test_where_nothing_plays_the_page_says_why(opened: Any, dataset: Any, reason: str) -> None:  # noqa: ANN401 - see the fixture
    page = opened(dataset)
    assert any(reason in error.value.replace("\\", "") for error in page.error)
    assert not page.get("bidi_component")
