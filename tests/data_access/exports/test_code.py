"""Code to copy is run as it stands, against a server, and finds the samples that the catalogue finds."""

import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import duckdb
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data_access.collections import Collections, open_collections
from data_access.dataset import Dataset
from data_access.exports.code import CodeRequest, code_request, curl_code, duckdb_code, python_code
from data_access.exports.code_loaders import loader_code
from data_access.exports.code_text import python_literal, sql_block, sql_conditions, where
from data_access.filter_mask import typed_columns
from data_access.sample_filter import SampleFilter
from data_access.settings import load_settings
from tests.data_access.exports.ben_txt_stand_in import stand_in
from tests.data_access.exports.served_demo import run, served
from tests.data_access.test_filter_agreement import FILTERS, ROW, TYPES

QUERIES: dict[str, dict[str, list[str]]] = {
    "everything": {},
    "places": {"country": ["Austria", "Finland", "Côte d'Ivoire"], "season": ["Summer", "Winter"]},
    "unknown": {"climate_zone": ["unknown"]},
    "box and time": {"bbox": ["5,40,30,65"], "time_from": ["2017-06-01"], "time_to": ["2021-12-31"]},
    "seam": {"bbox": ["100,-80,-60,80"]},
    "lasso": {"lasso": ["0 35,30 35,30 60,0 60"], "season": ["Fall"]},
    "clouds": {"cloud_max": ["20"], "source": ["majortom"]},
    "tasks": {"type": ["mcq"], "category": ["season", "country"]},
    "words": {"text": ["Water the"], "split": ["train"]},
    "hostile": {"country": ["'); DROP TABLE x; --", '"""\\', "\u202e"], "text": ['\\ """ \'\' {x} %s']},
}
CASES = [(dataset, name) for dataset in ("terramesh", "bigearthnet") for name in QUERIES]


@pytest.fixture(scope="module")
def collections(demo_collection: Path) -> Collections:
    assert demo_collection.is_dir()
    return open_collections(load_settings())


@pytest.fixture(scope="module")
def address(collections: Collections) -> Iterator[str]:
    """The API over the demo collection, served on the loopback address."""
    with served(collections) as found:
        yield found


@pytest.fixture(autouse=True)
def empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Programs write files beside themselves."""
    monkeypatch.chdir(tmp_path)


def request_of(collections: Collections, dataset: str, name: str, address: str) -> CodeRequest:
    return code_request(collections.get(dataset), SampleFilter.from_query(QUERIES[name]), address)


def expected(dataset: Dataset, request: CodeRequest) -> list[str]:
    ids: list[str] = dataset.catalog.rows(request.sample_filter, limit=100_000)["id"].to_pylist()
    return ids


@pytest.mark.parametrize(("dataset", "name"), CASES)
def test_duckdb_finds_the_samples_and_their_annotations(
    collections: Collections, demo_collection: Path, address: str, dataset: str, name: str
) -> None:
    Path("BigEarthNet.txt.parquet").symlink_to(demo_collection / "BigEarthNet.txt.parquet")
    request = request_of(collections, dataset, name, address)
    left = run(duckdb_code(request))
    assert [row[0] for row in left["selection"].project("id").fetchall()] == expected(collections.get(dataset), request)
    if dataset == "bigearthnet":
        count = collections.get(dataset).catalog.count(request.sample_filter)
        assert len(left["annotations"].project("ID").fetchall()) == count.annotations


@pytest.mark.parametrize(("dataset", "name"), CASES)
def test_the_api_gives_the_rows_and_the_first_sample(
    collections: Collections, address: str, dataset: str, name: str
) -> None:
    request = request_of(collections, dataset, name, address)
    left = run(python_code(request))
    ids = expected(collections.get(dataset), request)
    assert [row["id"] for row in left["rows"]] == ids
    assert left["count"]["matched"] == len(ids)
    if ids:
        assert left["values"].ndim == 3
        assert left["picture"][:4] == b"RIFF"


@pytest.mark.parametrize(("dataset", "name"), CASES)
def test_a_shell_sees_one_word_per_address(collections: Collections, address: str, dataset: str, name: str) -> None:
    request = request_of(collections, dataset, name, address)
    for line in curl_code(request).splitlines()[1:]:
        quoted = line.partition("'")[2]
        assert quoted.count("'") == 1
        assert quoted.endswith("'")
        assert quoted.isascii()


class Torch(ModuleType):
    """As much of torch as the programs import."""

    @staticmethod
    def install(monkeypatch: pytest.MonkeyPatch) -> None:
        data = ModuleType("torch.utils.data")
        data.DataLoader = lambda dataset, batch_size: dataset  # type: ignore[attr-defined] # noqa: ARG005 - its name
        monkeypatch.setitem(sys.modules, "torch", ModuleType("torch"))
        monkeypatch.setitem(sys.modules, "torch.utils", ModuleType("torch.utils"))
        monkeypatch.setitem(sys.modules, "torch.utils.data", data)


class Column(list[str]):
    """A batch's values, indexed as tensors are; notes what was chosen."""

    chosen: list[str]

    def __getitem__(self, places: Any) -> Any:  # noqa: ANN401 - as a tensor has it
        found = [list.__getitem__(self, place) for place in places]
        self.chosen += found
        return found


@pytest.mark.parametrize("name", QUERIES)
def test_the_loader_of_terramesh_is_called_as_it_is_published(
    collections: Collections, address: str, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    request = request_of(collections, "terramesh", name, address)
    dataset = collections.get("terramesh")
    every = dataset.catalog.rows(SampleFilter(), limit=100_000).to_pylist()
    chosen: list[str] = []
    asked: list[dict[str, Any]] = []

    # Names, order and defaults of the published loader's parameters.
    def build_terramesh_dataset(  # noqa: PLR0917 - as published
        path: str,
        modalities: list[str],
        split: str = "val",
        urls: object = None,
        transform: object = None,
        batch_size: int = 8,
        return_metadata: bool = False,
        shuffle: bool | None = None,
    ) -> Iterator[dict[str, Any]]:
        assert (urls, transform, return_metadata, shuffle) == (None, None, False, False)
        asked.append({"path": path, "modalities": modalities, "split": split})
        keys = [row["id"] for row in every if row["split"] == split]
        for start in range(0, len(keys), batch_size):
            values = Column(keys[start : start + batch_size])
            values.chosen = chosen
            yield {"__key__": keys[start : start + batch_size], "__url__": [], "S2L2A": values}

    module = ModuleType("terramesh")
    module.build_terramesh_dataset = build_terramesh_dataset  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "terramesh", module)
    Torch.install(monkeypatch)
    run(loader_code(request))
    assert sorted(chosen) == expected(dataset, request)
    assert {each["split"] for each in asked} <= {"train", "val"}
    assert all("cloud_mask" not in each["modalities"] for each in asked)
    if name == "clouds":
        assert all("S1GRD" not in each["modalities"] for each in asked), "majortom has S1RTC alone"


@pytest.mark.parametrize("name", QUERIES)
def test_the_data_module_of_bigearthnet_is_called_as_it_is_published(
    collections: Collections, demo_collection: Path, address: str, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    Path("BigEarthNet.txt.parquet").symlink_to(demo_collection / "BigEarthNet.txt.parquet")
    request = request_of(collections, "bigearthnet", name, address)
    found: list[pd.DataFrame] = []

    monkeypatch.setitem(sys.modules, "ben_txt_datamodule", stand_in(found))
    run(loader_code(request))
    rows = pd.concat(found)
    annotated = collections.get("bigearthnet").catalog.rows(request.sample_filter, limit=100_000)
    patches = {row["id"] for row in annotated.to_pylist() if row["has_annotations"]}
    assert set(rows["patch_id"]) == patches
    assert len(rows) == collections.get("bigearthnet").catalog.count(request.sample_filter).annotations


@settings(max_examples=200, deadline=None)
@given(rows=st.lists(ROW, min_size=1, max_size=12), sample_filter=FILTERS)
def test_sql_with_its_values_written_out_chooses_what_the_filter_chooses(
    rows: list[dict[str, object]], sample_filter: SampleFilter
) -> None:
    table = pa.Table.from_pylist(rows, schema=pa.schema(list(TYPES.items())))
    conditions = sql_conditions(sample_filter, table.column_names)
    with duckdb.connect() as connection:
        connection.register("samples", table.append_column("place", pa.array(range(len(rows)))))
        chosen = connection.execute(f"SELECT place FROM samples {where(conditions)} ORDER BY place").fetchall()
    assert [row[0] for row in chosen] == sample_filter.mask(typed_columns(table)).nonzero()[0].tolist()


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_python_literals_read_back_and_hide_nothing(text: str) -> None:
    written = python_literal([text, (text, None), 1.5])
    assert written.isprintable()
    assert eval(written) == [text, (text, None), 1.5]  # noqa: S307 - reading it back is what is tested


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1))
def test_a_block_of_sql_is_the_sql(text: str) -> None:
    block = sql_block(f"SELECT '{text}'")
    assert eval(block).split() == f"SELECT '{text}'".split()  # noqa: S307 - reading it back is what is tested
    assert block.replace("\n", "").isprintable()
