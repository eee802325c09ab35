"""Annotations as files over HTTP: their rows are those of the published file, chosen by pandas; their names, HEAD."""

import csv
import gzip
import io
import json
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from starlette.testclient import TestClient

from api import annotation_rows
from api.application import create_api
from api.opening import Opening
from data_access.annotations.rows import AnnotationRows
from data_access.bigearthnet.dataset import BigEarthNet
from data_access.bigearthnet.licence import BIGEARTHNET_LICENCE
from data_access.collections import open_collections
from data_access.settings import load_settings

URL = "/bigearthnet/annotations/export"
MEDIA = {
    "parquet": "application/vnd.apache.parquet",
    "csv": "text/csv; charset=utf-8",
    "jsonl": "application/jsonl",
    "geojson": "application/geo+json",
}
Rows = pd.DataFrame
PATIENCE_S = 20.0


def _text(rows: Rows) -> "pd.Series[str]":
    return (rows["input"] + "\n" + rows["output"]).str.lower()


# What is asked for, and how a user of pandas would choose it.
CASES: dict[str, Callable[[Rows], Any]] = {
    "": lambda rows: rows["ID"] > 0,
    "type=mcq&category=season&country=Austria&country=Finland": lambda rows: (
        (rows["type"] == "mcq") & (rows["category"] == "season") & rows["country"].isin(["Austria", "Finland"])
    ),
    "season=Autumn&split=train&category=captioning": lambda rows: (
        (rows["season"] == "Fall") & (rows["split"] == "train") & (rows["category"] == "None")
    ),
    "text=%22arable%20land%22%20YES": lambda rows: (
        _text(rows).str.contains("arable land") & _text(rows).str.contains("yes")
    ),
    # A letter counts where there is an option of it: the demo has a row without.
    "answer=c&answer=no": lambda rows: (
        (rows["output"] == "no") | (rows["output"] == "c") & rows["input"].str.contains(", c) ", regex=False)
    ),
    "bbox=10,45,20,60&type=bounding%20box": lambda rows: (
        rows["longitude"].between(10, 20) & rows["latitude"].between(45, 60) & (rows["type"] == "bounding box")
    ),
    "per_patch=1,20": lambda rows: rows.groupby("patch_id")["ID"].transform("size") <= 20,
    "country=Atlantis": lambda rows: rows["country"] == "Atlantis",
}


@pytest.fixture(scope="module")
def client(demo_collection: Path) -> Iterator[TestClient]:
    assert demo_collection.is_dir()
    collections = open_collections(load_settings())
    api = create_api(Opening(lambda: collections))
    with TestClient(api) as opened:
        yield opened
    api.state.hall.close()


@pytest.fixture(scope="module")
def published(demo_collection: Path) -> Rows:
    return pd.read_parquet(demo_collection / "BigEarthNet.txt.parquet")


@pytest.mark.parametrize("query", CASES)
def test_every_file_holds_the_rows_that_pandas_chooses(client: TestClient, published: Rows, query: str) -> None:
    expected = published[CASES[query](published)]
    ids = expected["ID"].tolist()
    table = pq.read_table(io.BytesIO(client.get(f"{URL}.parquet?{query}").content))
    pd.testing.assert_frame_equal(table.to_pandas(), expected.reset_index(drop=True), check_dtype=bool(ids))
    rows = csv.DictReader(io.StringIO(client.get(f"{URL}.csv?{query}").text, newline=""))
    assert [int(row["ID"]) for row in rows] == ids
    lines = [json.loads(line) for line in client.get(f"{URL}.jsonl?{query}&tags=keep").text.splitlines()]
    texts = expected[["ID", "input", "output"]].astype(object)
    texts = texts.where(texts.notna(), None)
    assert [(line["ID"], line["instruction"], line["answer"]) for line in lines] == list(
        texts.itertuples(index=False, name=None)
    )
    read = client.get(f"{URL}.geojson?{query}").json()
    assert [feature["id"] for feature in read["features"]] == ids
    assert read["licence"] == BIGEARTHNET_LICENCE.name


def test_the_parquet_has_the_schema_of_the_published_file(client: TestClient, demo_collection: Path) -> None:
    source = pq.read_schema(demo_collection / "BigEarthNet.txt.parquet").remove_metadata()
    for query in ("", "country=Atlantis"):
        schema = pq.read_schema(io.BytesIO(client.get(f"{URL}.parquet?{query}").content))
        assert schema.remove_metadata() == source
        assert schema.metadata[b"licence"].decode() == BIGEARTHNET_LICENCE.name
        assert schema.metadata[b"filter"].decode() == query


@pytest.mark.parametrize("ending", MEDIA)
def test_a_file_is_named_and_head_makes_none(client: TestClient, monkeypatch: pytest.MonkeyPatch, ending: str) -> None:
    monkeypatch.setattr(AnnotationRows, "batches", _refuse)
    answer = client.head(f"{URL}.{ending}?country=Austria")
    assert (answer.status_code, answer.content, answer.headers["content-type"]) == (200, b"", MEDIA[ending])
    name = answer.headers["content-disposition"]
    assert name.startswith('attachment; filename="bigearthnet-annotations-')
    assert name.endswith(f'.{ending}"')
    assert name != client.head(f"{URL}.{ending}").headers["content-disposition"]
    assert answer.headers["cache-control"] == "no-store"


def _refuse(*_: object) -> Iterator[pa.RecordBatch]:
    raise AssertionError("HEAD asked for rows")


def test_text_is_compressed_on_the_way(client: TestClient) -> None:
    query = "type=captioning&country=Austria"
    with client.stream("GET", f"{URL}.jsonl?{query}", headers={"Accept-Encoding": "gzip"}) as answer:
        packed = b"".join(answer.iter_raw())
    plain = client.get(f"{URL}.jsonl?{query}", headers={"Accept-Encoding": "identity"})
    assert gzip.decompress(packed) == plain.content
    assert len(packed) < len(plain.content) / 4


def test_pictures_in_lines_are_where_they_say(client: TestClient) -> None:
    lines = [json.loads(line) for line in client.get(f"{URL}.jsonl?type=captioning").text.splitlines()]
    addresses = {line["image"]["picture"] for line in lines}
    address = min(each for each in addresses if each)
    answer = client.get(address)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "image/png")
    assert "immutable" in answer.headers["cache-control"]


@pytest.mark.parametrize(
    ("ending", "query", "code"),
    [
        ("parquet", "answer=maybe", "bad_filter"),
        ("csv", "box_at=2,2", "bad_filter"),
        ("jsonl", "tags=drop", "bad_request"),
        ("jsonl", "boxes=metres", "bad_request"),
        ("geojson", "point_rows=line", "bad_request"),
    ],
)
def test_what_means_nothing_is_an_error_and_not_a_file(client: TestClient, ending: str, query: str, code: str) -> None:
    answer = client.get(f"{URL}.{ending}?{query}")
    assert (answer.status_code, answer.json()["error"]) == (400, code)
    assert "content-disposition" not in answer.headers


def test_rows_that_are_being_prepared_are_told_and_prepared_once(
    demo_collection: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert demo_collection.is_dir()
    collections = open_collections(load_settings())
    begun: list[int] = []
    ready = threading.Event()

    def slow(dataset: BigEarthNet) -> AnnotationRows | None:
        begun.append(1)
        assert ready.wait(PATIENCE_S)
        return prepare(dataset)

    prepare = BigEarthNet._open_rows
    monkeypatch.setattr(BigEarthNet, "_open_rows", slow)
    monkeypatch.setattr(annotation_rows, "OPENING_WAIT_S", 0.05)
    api = create_api(Opening(lambda: collections))
    with TestClient(api) as client:
        for _ in range(2):
            answer = client.get(f"{URL}.csv?country=Austria")
            assert (answer.status_code, answer.json()["error"], answer.json()["retryable"]) == (503, "opening", True)
        ready.set()
        monkeypatch.setattr(annotation_rows, "OPENING_WAIT_S", PATIENCE_S)
        assert client.get(f"{URL}.csv?country=Austria").status_code == 200
    assert len(begun) == 1
    api.state.hall.close()
