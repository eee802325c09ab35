"""Code to copy for annotations is run as it stands, and finds the rows that the page finds."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest

from data_access.annotations.row_filter import RowFilter
from data_access.bigearthnet.dataset import BigEarthNet
from data_access.collections import Collections, open_collections
from data_access.exports.annotation_code import (
    RowsRequest,
    curl_rows,
    duckdb_rows,
    messages_code,
    pandas_rows,
    rows_request,
)
from data_access.exports.annotation_loaders import data_module_code, dataset_code
from data_access.settings import load_settings
from tests.data_access.exports.ben_txt_stand_in import stand_in
from tests.data_access.exports.served_demo import run, served

FILE = "BigEarthNet.txt.parquet"
BY_COLUMNS: dict[str, dict[str, list[str]]] = {
    "everything": {},
    "places": {"country": ["Austria", "Finland", "Côte d'Ivoire"], "season": ["Fall", "Winter"]},
    "climate": {"climate_zone": ["Cold, no dry season, warm summer"], "split": ["train", "bench"]},
    "tasks": {"type": ["mcq"], "category": ["season", "country"]},
    "captions": {"category": ["None"], "split": ["test", "bench"]},
    "captions and more": {"category": ["None", "point"], "split": ["bench"]},
    "words": {"text": ["ARABLE land"], "split": ["train"]},
    "phrase": {"text": ['"arable land" "in this" yes'], "type": ["binary"]},
    "box": {"bbox": ["5,40,30,65"], "type": ["bounding box"]},
    "seam": {"bbox": ["12,-80,-9,80"], "category": ["presence"]},
    "time": {"time_from": ["2017-07-01"], "time_to": ["2018-03-31"], "type": ["captioning"]},
    "hostile": {"country": ["'); DROP TABLE x; --", '"""\\', "\u202e"], "text": ["\\ ''' {x} %s"]},
}
BY_SERVER: dict[str, dict[str, list[str]]] = {
    "unknown": {"climate_zone": ["unknown"]},
    "lasso": {"lasso": ["0 35,30 35,30 60,0 60"], "season": ["Fall"], "type": ["mcq"]},
    "answers": {"answer": ["a", "yes"], "country": ["Austria"]},
    "box at": {"box_at": ["0.5,0.5"]},
    "box size": {"box_size": ["0,0.5,0,0.5"]},
    "malformed": {"malformed": ["1"]},
    "per patch": {"per_patch": ["3,20"], "split": ["validation"]},
    "letters": {"text": ["\u00e9t\u00e9"]},
    "source": {"source": ["majortom"]},
}
QUERIES = BY_COLUMNS | BY_SERVER


@pytest.fixture(scope="module")
def collections(demo_collection: Path) -> Collections:
    assert demo_collection.is_dir()
    return open_collections(load_settings())


@pytest.fixture(scope="module")
def dataset(collections: Collections) -> BigEarthNet:
    found = collections.get("bigearthnet")
    assert isinstance(found, BigEarthNet)
    return found


@pytest.fixture(scope="module")
def address(collections: Collections) -> Iterator[str]:
    with served(collections) as found:
        yield found


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, demo_collection: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Programs lie beside the published file and write others there."""
    (tmp_path / FILE).symlink_to(demo_collection / FILE)
    monkeypatch.chdir(tmp_path)


def request_of(dataset: BigEarthNet, name: str, address: str) -> RowsRequest:
    return rows_request(dataset, RowFilter.from_query(QUERIES[name]), address)


def expected(dataset: BigEarthNet, request: RowsRequest) -> list[int]:
    """IDs of the rows that the page finds."""
    assert dataset.rows is not None
    ids: list[int] = dataset.rows.page(request.wanted, limit=100_000)["ID"].to_pylist()
    return ids


@pytest.mark.parametrize("name", QUERIES)
def test_duckdb_and_pandas_find_the_rows(dataset: BigEarthNet, address: str, name: str) -> None:
    request = request_of(dataset, name, address)
    assert request.by_columns == (name in BY_COLUMNS)
    ids = expected(dataset, request)
    assert [row[0] for row in run(duckdb_rows(request))["selection"].project("ID").fetchall()] == ids
    assert run(pandas_rows(request))["selection"]["ID"].tolist() == ids


def test_the_cases_find_something(dataset: BigEarthNet, address: str) -> None:
    empty = {name for name in QUERIES if not expected(dataset, request_of(dataset, name, address))}
    assert empty <= {"hostile", "unknown", "letters", "source", "malformed"}


@pytest.mark.parametrize("name", QUERIES)
def test_the_loaders_of_the_data_set_hand_out_the_rows(
    dataset: BigEarthNet, address: str, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    request = request_of(dataset, name, address)
    for program in (data_module_code, dataset_code):
        seen: list[pd.DataFrame] = []
        monkeypatch.setitem(sys.modules, "ben_txt_datamodule", stand_in(seen))
        run(program(request))
        assert sorted(pd.concat(seen)["ID"]) == expected(dataset, request)


def test_the_data_module_is_asked_where_its_arguments_say_it_all(dataset: BigEarthNet, address: str) -> None:
    asked = {name: data_module_code(request_of(dataset, name, address)) for name in QUERIES}
    told = {name for name, program in asked.items() if "export.parquet" not in program}
    assert told == {"everything", "places", "tasks", "captions"}, "no loader hands out bench without test"
    assert 'categories=["None"]' in asked["captions"]
    assert "test_dataloader" in asked["captions"]
    assert 'seasons=["Fall", "Winter"]' in asked["places"]


def test_marks_stay_where_the_tokens_are_given(
    dataset: BigEarthNet, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "ben_txt_datamodule", stand_in([]))
    request = request_of(dataset, "tasks", address)
    assert run(data_module_code(request))["module"].tokens == (None, None)
    kept = ["<point>", "</point>"], ["<ref>", "</ref>"]
    assert run(data_module_code(request, keep_marks=True))["module"].tokens == kept
    assert run(data_module_code(request).replace("    # point_token", "    point_token"))["module"].tokens == kept


def test_chat_messages_are_read_as_they_come(dataset: BigEarthNet, address: str) -> None:
    request = request_of(dataset, "tasks", address)
    examples = run(messages_code(request))["examples"]
    assert [each["ID"] for each in examples] == expected(dataset, request)
    pictures = {each["image"]["picture"] for each in examples}
    point = rows_request(dataset, RowFilter.from_query({"category": ["point"]}), address)
    marked = run(messages_code(point, [("tags", "keep"), ("boxes", "pixels")]))["examples"][0]
    assert "<point>" in marked["instruction"]
    assert marked["point_px"] == [round(each * 120, 2) for each in marked["point"]]
    assert any(each and each.startswith(f"{address}/bigearthnet/samples/") for each in pictures)


def test_a_shell_sees_one_word_per_address_and_saves_named_files(dataset: BigEarthNet, address: str) -> None:
    for name in QUERIES:
        for line in curl_rows(request_of(dataset, name, address)).splitlines()[1:]:
            quoted = line.partition("'")[2]
            assert (quoted.count("'"), quoted[-1], quoted.isascii()) == (1, "'", True)
    subprocess.run(["bash", "-e"], input=curl_rows(request_of(dataset, "captions", address)), text=True, check=True)
    saved = sorted(path.suffix for path in Path().glob("bigearthnet-annotations-*"))
    assert saved == [".csv", ".geojson", ".jsonl", ".parquet"]
