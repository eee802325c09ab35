"""The Charts view without a browser: what is drawn and marked, and what it says where there is nothing to draw."""

import re
from concurrent.futures import Future
from typing import Any

import pyarrow as pa
import pytest
from streamlit.testing.v1 import AppTest

from components.annotations.charts import view as charts_view
from data_access.annotations.charts import size_of
from data_access.bigearthnet.dataset import BigEarthNet
from data_access.bigearthnet.opening import open_bigearthnet
from data_access.progress import activity
from errors import SampleFormatError
from tests.data_access.annotations.annotation_rows import write_rows
from tests.pages.small_annotations import PATCHES, made_rows, opened_page, show_alone

FINNISH = {"season": "Winter"}


@pytest.fixture(scope="module")
def dataset(tmp_path_factory: pytest.TempPathFactory) -> BigEarthNet:
    """The small annotations, with other captions and another season in Finland."""
    folder = tmp_path_factory.mktemp("charts")
    rows = [{**each, **FINNISH} if each["country"] == "Finland" else each for each in made_rows()]
    captions = {"Finland": "The lake is frozen in winter.", "Austria": "The meadows are green."}
    for each in rows:
        if each["type"] == "captioning":
            each["output"] = captions[str(each["country"])]
    file = write_rows(folder / "BigEarthNet.txt.parquet", rows)
    return open_bigearthnet(file, None, kind="demo", tables_dir=folder / "tables")


@pytest.fixture(autouse=True)
def shown(dataset: BigEarthNet, monkeypatch: pytest.MonkeyPatch) -> None:
    show_alone(dataset, monkeypatch)


def opened(**query: str | list[str]) -> AppTest:
    return opened_page(**{"view": "charts", **query})


def drawn(page: AppTest) -> dict[str, list[dict[str, Any]]]:
    """The rows of every chart, by its name; the one without clicks has none."""
    charts = page.get("vega_lite_chart")
    tables = [pa.ipc.open_stream(each.proto.data.data).read_all().to_pylist() for each in charts]
    return dict(zip([each.proto.id.rpartition("annotations_charts_")[2] for each in charts], tables, strict=True))


def chosen(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [row for row in rows if row.get("chosen")]


def lit(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Marks that can be clicked and do not stand back."""
    return [row for row in rows if row["dim"] is False]


def empty(page: AppTest) -> list[str]:
    """Headings of what is empty."""
    return re.findall(r"patchwork-empty\"><b>([^<]*)", " ".join(each.proto.body for each in page.get("html")))


def test_all_charts_are_drawn_and_nothing_is_chosen() -> None:
    page = opened()
    charts = drawn(page)
    assert set(charts) == {"tasks", "balance", "places", "sizes", "words_season", "per_patch"}
    (presence,) = [row for row in charts["tasks"] if row["task"] == "Yes or no, presence" and not row["split"]]
    assert presence["count"] == str(len(PATCHES) + 1)
    assert sum(row["boxes"] for row in charts["sizes"]) == len(PATCHES)
    assert {row["annotations"]: row["patches"] for row in charts["per_patch"]} == {1: 0, 2: 0, 3: 0, 4: 29, 5: 1}
    assert not any(chosen(rows) for rows in charts.values())
    assert not empty(page)


def test_what_is_chosen_is_marked_and_everything_else_stays() -> None:
    everything = drawn(opened())
    charts = drawn(opened(type="binary", category="presence", split="test"))
    assert [(row["task"], row["where"]) for row in chosen(charts["tasks"])] == [("Yes or no, presence", "test")]
    counts = [[row["count"] for row in rows["tasks"]] for rows in (charts, everything)]
    assert counts[0] == counts[1]

    charts = drawn(opened(type="mcq", category="season", answer="b"))
    assert [(row["task"], row["answer"]) for row in lit(charts["balance"])] == [("Multiple choice, season", "b")]
    charts = drawn(opened(box_at="0.31,0.3", per_patch="4,4"))
    assert [(row["column"], row["row"], row["boxes"]) for row in chosen(charts["places"])] == [(12, 12, 29)]
    assert [(row["annotations"], row["patches"]) for row in chosen(charts["per_patch"])] == [(4, 29)]
    (largest,) = (row for row in everything["sizes"] if row["boxes"])
    charts = drawn(opened(box_size=",".join(map(str, size_of(largest["wide"], largest["high"])))))
    assert chosen(charts["sizes"]) == [largest | {"chosen": True}]
    assert [row["boxes"] for row in charts["sizes"]] == [row["boxes"] for row in everything["sizes"]]


def test_marks_that_the_filter_leaves_out_stand_back() -> None:
    tasks = lit(drawn(opened(type=["mcq", "captioning"], split=["test", "bench"]))["tasks"])
    assert {row["where"] for row in tasks} == {"test", "bench"}
    assert {row["type"] for row in tasks} == {"mcq", "captioning"}
    tasks = lit(drawn(opened(category=["None", "season"]))["tasks"])
    assert {row["task"] for row in tasks} == {"Multiple choice, season", "Caption"}
    assert {row["where"] for row in tasks} == {"all splits", "train", "validation", "test", "bench"}
    words = drawn(opened(text="lake nowhere", charts_words="country"))
    assert "words_country" not in words  # no caption holds the other word
    words = drawn(opened(text="lake", season="Winter"))
    assert [(row["word"], row["group"]) for row in lit(words["words_season"])] == [("frozen", "Winter")]


def words(page: AppTest, kind: str) -> dict[str, set[str]]:
    """The words that are drawn, each with those that always stand beside it."""
    rows = drawn(page)[f"words_{kind}"]
    return {row["word"]: set(row["together"].split(", ")) - {"–"} for row in rows}


def test_words_stand_by_season_or_country_and_hidden_ones_can_be_shown() -> None:
    assert words(opened(), "season") == {"meadows": {"green"}, "frozen": {"lake"}}
    assert words(opened(charts_words="country", charts_also="stop"), "country") == {
        "meadows": {"green", "are"},
        "frozen": {"lake", "is", "in"},
    }
    assert words(opened(charts_also="leaks"), "season")["frozen"] == {"lake", "winter"}


def test_a_word_that_is_looked_for_is_marked_beside_the_others() -> None:
    charts = drawn(opened(season="Winter", type="captioning", text="frozen"))
    assert [(row["word"], row["group"]) for row in chosen(charts["words_season"])] == [("frozen", "Winter")]
    assert {row["group"] for row in charts["words_season"]} == {"Summer", "Winter"}


def test_what_is_not_there_is_said() -> None:
    boxes, answers, words = (
        f"No {what}"
        for what in ("boxes among these annotations", "answers among these annotations", "words to compare")
    )
    assert empty(opened(box_at="0.99,0.99")) == [answers, "No boxes over this place"]
    assert empty(opened(type="binary", country="Finland")) == [boxes, words]
    assert empty(opened(country="Atlantis")) == [answers, boxes, words]


def test_while_words_are_counted_the_page_tells_how_far_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(charts_view, "word_index_soon", lambda _: Future())
    monkeypatch.setattr(charts_view, "PATIENCE_S", 0.0)
    with activity("Finding the words of the captions", total=100, unit="captions") as under_way:
        under_way.advance(25)
        page = opened()
    assert any("Finding the words" in each.proto.body and "25%" in each.proto.body for each in page.get("html"))
    assert "per_patch" in drawn(page)


def test_words_that_can_not_be_read_cost_their_chart_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    failed: Future[Any] = Future()
    failed.set_exception(SampleFormatError("Rows of the file are damaged: download it again."))
    monkeypatch.setattr(charts_view, "word_index_soon", lambda _: failed)
    page = opened()
    assert [error.value for error in page.error] == ["Rows of the file are damaged\\: download it again."]
    assert set(drawn(page)) == {"tasks", "balance", "places", "sizes", "per_patch"}
