"""The SQL view without a browser: links run, problems are told, the history remembers, patches open."""

import time

import pytest
from streamlit.testing.v1 import AppTest

from components.annotations.console import session as console_session
from data_access.bigearthnet.dataset import BigEarthNet
from data_access.console.saved import SAVED
from tests.pages.small_annotations import PATIENCE_S, ROWS, opened_page, show_alone, small_annotations

COUNT = "SELECT type, count(*) AS rows FROM annotations GROUP BY type ORDER BY type"
FOR_AN_HOUR = "SELECT count(*) FROM range(10000000) a, range(10000000) b WHERE (a.range * b.range) % 7 = 1"


@pytest.fixture(scope="module")
def dataset(tmp_path_factory: pytest.TempPathFactory) -> BigEarthNet:
    return small_annotations(tmp_path_factory.mktemp("sql-page"))


@pytest.fixture(autouse=True)
def shown(dataset: BigEarthNet, monkeypatch: pytest.MonkeyPatch) -> None:
    show_alone(dataset, monkeypatch)
    monkeypatch.setattr(console_session, "_PATIENCE_S", 30.0)  # no browser asks again here


def opened(**query: str) -> AppTest:
    return opened_page(**{"view": "sql", **query})


def facts(page: AppTest) -> str:
    return " ".join(each.proto.body for each in page.get("html"))


def test_a_page_without_a_query_waits_for_one() -> None:
    page = opened()
    assert page.text_area(key="annotations_console_sql").value == SAVED[0].sql
    assert not page.dataframe


def test_a_link_runs_its_query_and_offers_the_files() -> None:
    page = opened(sql=COUNT)
    assert page.text_area(key="annotations_console_sql").value == COUNT
    assert int(page.dataframe[0].value["rows"].sum()) == ROWS
    assert "<b>4</b> rows \u00b7 2 columns" in facts(page)
    assert "/api/sql.parquet?q=SELECT+type" in facts(page)


def test_a_chosen_query_runs_and_is_part_of_the_address() -> None:
    page = opened()
    page.selectbox(key="annotations_console_saved").set_value(SAVED[1]).run()
    assert not page.exception
    assert page.query_params["sql"] == SAVED[1].sql
    assert list(page.dataframe[0].value["country"]) == ["Austria", "Finland"]
    assert SAVED[1].tells in " ".join(each.value for each in page.caption).replace("\\", "")


def test_a_query_that_is_written_runs_with_the_button() -> None:
    page = opened()
    page.text_area(key="annotations_console_sql").set_value("SELECT 42 AS answer")
    next(each for each in page.button if each.label == "Run").click().run()
    assert page.dataframe[0].value["answer"].tolist() == [42]
    assert page.query_params["sql"] == "SELECT 42 AS answer"


@pytest.mark.parametrize(
    ("sql", "said", "place"),
    [
        ("SELECT *\nFROM read_text('/etc/passwd')", "no files", "LINE 2: FROM read_text"),
        ("SELEC 1", "syntax error", "LINE 1: SELEC 1"),
        ("SELECT error('<b>bold</b> [link](https://example.org)')", "bold", ""),
    ],
)
def test_a_problem_is_told_with_its_place_and_as_plain_text(sql: str, said: str, place: str) -> None:
    page = opened(sql=sql)
    assert said in page.error[0].value.replace("\\", "")
    assert "<b>" not in page.error[0].value
    assert place in "".join(each.value for each in page.code)


def test_rows_that_name_patches_can_be_read_and_drawn_on_a_map() -> None:
    page = opened(sql="SELECT ID, patch_id FROM annotations ORDER BY ID", sql_shape="map")
    assert not page.exception
    assert len(page.get("deck_gl_json_chart")) == 1
    opened_table = opened(sql="SELECT ID, patch_id FROM annotations ORDER BY ID")
    assert "Choose a row to read its patch." in [each.value for each in opened_table.caption]


def test_a_running_query_tells_for_how_long_and_can_be_cancelled(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(console_session, "_PATIENCE_S", 0.2)
    page = opened(sql=FOR_AN_HOUR)
    cancel = next(each for each in page.button if each.label == "Cancel")
    cancel.click().run()
    deadline = time.monotonic() + PATIENCE_S
    while not page.info and time.monotonic() < deadline:
        page.run()
    assert "cancelled" in page.info[0].value
