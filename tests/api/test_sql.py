"""The SQL console over HTTP: the three forms, named errors, and a client that goes away."""

import io
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

import pyarrow as pa
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient

from api.application import create_api
from api.opening import Opening
from api.routes import sql
from data_access.console.console import Answer
from data_access.console.limits import MOST_CHARACTERS, ON_PAGE
from data_access.console.saved import SAVED
from data_access.console.taken import cut_text, tidy
from data_access.dataset import Dataset
from tests.data_access.console.small_console import ROWS, small_dataset
from tests.memory_dataset import MemoryCollections, MemoryDataset

MIXED = (
    "SELECT 1.5::DECIMAL(9, 2) AS d, DATE '2017-06-13' AS day, TIME '10:10' AS clock, [1, 2] AS list, sum(1) AS whole, "
    "TIMESTAMP '2017-06-13 10:10:31' AS time, '=1+1' AS text, DATE 'infinity' AS never, 'NaN'::DOUBLE AS n"
)


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    dataset = small_dataset(tmp_path_factory.mktemp("sql"))
    opened_sets: dict[str, Dataset] = {"terramesh": MemoryDataset(), "bigearthnet": dataset}
    api = create_api(Opening(lambda: MemoryCollections(opened_sets)))
    with TestClient(api) as opened:
        yield opened
    api.state.hall.close()


def test_rows_as_json_as_parquet_and_as_csv(client: TestClient) -> None:
    query = "FROM annotations ORDER BY ID"
    answer = client.get("/sql.json", params={"q": query}).json()
    assert answer["items"] == ROWS
    assert [column["name"] for column in answer["columns"]] == list(ROWS[0])
    assert answer["cut"] == ""
    file = client.get("/sql.parquet", params={"q": query})
    table = pq.read_table(io.BytesIO(file.content))
    assert table.to_pylist() == ROWS
    assert table.schema.metadata[b"query"].decode() == query
    assert b"CDLA" in table.schema.metadata[b"licence"]
    assert file.headers["content-disposition"].startswith('attachment; filename="bigearthnet-query-')
    assert file.headers["cache-control"] == "no-store"
    read = pa_csv.read_csv(io.BytesIO(client.get("/sql.csv", params={"q": query}).content))
    assert read.column_names == [*ROWS[0], "licence", "credit"]
    assert read["ID"].to_pylist() == [row["ID"] for row in ROWS]
    assert read["output"].to_pylist() == [row["output"] for row in ROWS]


def test_every_form_has_a_word_for_every_type(client: TestClient) -> None:
    (item,) = client.get("/sql.json", params={"q": MIXED}).json()["items"]
    assert [item[name] for name in ("d", "day", "clock", "list")] == [1.5, "2017-06-13", "10:10:00.000000", [1, 2]]
    assert [item[name] for name in ("whole", "time", "text")] == [1, "2017-06-13T10:10:31", "=1+1"]
    assert item["never"] is item["n"] is None
    (line,) = client.get("/sql.csv", params={"q": MIXED}).text.splitlines()[1:]
    assert line.startswith('1.5,2017-06-13,10:10:00.000000,"[1, 2]",1,2017-06-13T10:10:31Z,\'=1+1,,,')
    table = pq.read_table(io.BytesIO(client.get("/sql.parquet", params={"q": MIXED}).content))
    assert table["time"].to_pylist() == [datetime(2017, 6, 13, 10, 10, 31, tzinfo=UTC).replace(tzinfo=None)]


@pytest.mark.parametrize(
    ("query", "status", "code", "said"),
    [
        ("SELEC 1", 400, "bad_query", "syntax error"),
        ("SELECT nothing FROM patches", 400, "bad_query", "nothing"),
        ("FROM read_text('/etc/passwd')", 400, "query_refused", "no files"),
        ("DROP TABLE patches", 400, "query_refused", "DROP"),
        ("", 400, "query_refused", "no query"),
        ("SELECT " + "1" * MOST_CHARACTERS, 400, "query_refused", "characters"),
        ("SELECT sum(a.range + b.range) FROM range(9999999) a, range(9999999) b", 504, "query_timeout", "stopped"),
        ("SELECT string_agg(repeat('x', 1000), '') FROM range(10000000)", 413, "query_too_large", "memory"),
    ],
)
def test_errors_are_named(
    client: TestClient, monkeypatch: pytest.MonkeyPatch, query: str, status: int, *, code: str, said: str
) -> None:
    seconds = 1.0 if status == 504 else 20.0
    monkeypatch.setattr(sql, "IN_JSON", replace(ON_PAGE, seconds=seconds))
    answer = client.get("/sql.json", params={"q": query})
    assert (answer.status_code, answer.json()["error"]) == (status, code)
    assert said in answer.json()["message"]


def test_a_file_that_can_not_be_made_is_an_error(client: TestClient) -> None:
    answer = client.get("/sql.parquet", params={"q": "FROM read_text('/etc/passwd')"})
    assert (answer.status_code, answer.json()["error"]) == (400, "query_refused")


def test_head_runs_no_query_for_a_file(client: TestClient) -> None:
    answer = client.head("/sql.parquet", params={"q": "SELECT error('it ran')"})
    assert answer.status_code == 200
    assert answer.content == b""


def test_a_cut_answer_says_so(client: TestClient) -> None:
    answer = client.get("/sql.json", params={"q": "FROM range(1000000)"}).json()
    assert (answer["cut"], len(answer["items"])) == ("rows", 10_000)
    assert cut_text(Answer(pa.table({"a": [1, 2]}), "rows", 1.0, ON_PAGE)) == "Cut at 2 rows: more is not sent at once."
    assert "8 MB" in cut_text(Answer(pa.table({"a": [1]}), "size", 1.0, ON_PAGE))
    assert cut_text(Answer(pa.table({"a": [1]}), "", 1.0, ON_PAGE)) == ""


def test_a_data_set_without_annotations_says_so() -> None:
    opened_sets: dict[str, Dataset] = {"terramesh": MemoryDataset(), "bigearthnet": MemoryDataset()}
    with TestClient(create_api(Opening(lambda: MemoryCollections(opened_sets)))) as without:
        answer = without.get("/sql.json", params={"q": "SELECT 1"})
    assert (answer.status_code, answer.json()["error"]) == (404, "modality_missing")


@given(
    st.one_of(
        st.text(max_size=60),
        st.sampled_from([each.sql for each in SAVED]).flatmap(
            lambda text: st.integers(0, len(text)).map(lambda place: text[:place])
        ),
    )
)
@settings(max_examples=40, suppress_health_check=list(HealthCheck))
def test_junk_is_answered_with_a_named_error_or_rows(client: TestClient, query: str) -> None:
    answer = client.get("/sql.json", params={"q": query.encode(errors="ignore").decode()})
    assert answer.status_code in {200, 400}, answer.text
    assert len(answer.content) < 4000 or answer.status_code == 200


def test_numbers_too_large_for_int64_become_floats() -> None:
    table = pa.table({"a": pa.array([2**70], pa.decimal128(38, 0)), "b": pa.array([7], pa.decimal128(38, 0))})
    assert tidy(table).to_pylist() == [{"a": float(2**70), "b": 7}]
