"""Packed columns read back by an independent reader written from the format's description."""

import json
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.testclient import TestClient

from api.packed_columns import MEDIA_TYPE, pack
from tests.memory_dataset import IDS

ROWS = st.lists(
    st.fixed_dictionaries(
        {
            "id": st.text(max_size=12).filter(lambda text: text < "\ud800" or text > "\udfff"),
            "lon": st.one_of(st.none(), st.floats(-180, 180, width=32)),
            "cloud": st.one_of(st.none(), st.floats(allow_nan=False, allow_infinity=False)),
            "country": st.one_of(st.none(), st.sampled_from(["Österreich", "日本", "", "a"])),
        }
    ),
    max_size=30,
)
SCHEMA = pa.schema([("id", pa.string()), ("lon", pa.float64()), ("cloud", pa.float64()), ("country", pa.string())])


def unpack(content: bytes) -> tuple[int, dict[str, list[Any]]]:
    length = int.from_bytes(content[:4], "little")
    header = json.loads(content[4 : 4 + length])
    start = 4 + length
    assert start % 8 == 0
    columns: dict[str, list[Any]] = {}
    for column in header["columns"]:
        assert column["offset"] % 8 == 0
        data = content[start + column["offset"] : start + column["offset"] + column["length"]]
        assert len(data) == column["length"]
        if column["dtype"] == "utf8-json":
            values = json.loads(data)
        else:
            values = np.frombuffer(data, f"<{column['dtype']}").tolist()
            if "categories" in column:
                values = [column["categories"][code] for code in values]
        assert len(values) == header["n"]
        columns[column["name"]] = values
    return header["n"], columns


@given(ROWS)
def test_every_value_comes_back(rows: list[dict[str, Any]]) -> None:
    table = pa.Table.from_pylist(rows, SCHEMA)
    coded = table.set_column(3, "country", table["country"].dictionary_encode())
    for each in (table, coded, pa.concat_tables([table, table]).slice(len(rows))):
        n, columns = unpack(pack(each))
        assert n == len(rows)
        for name, values in columns.items():
            expected = [row[name] for row in rows]
            if name in {"lon", "cloud"}:
                numbers = [np.nan if value is None else value for value in expected]
                np.testing.assert_array_equal(np.array(values, float), np.array(numbers, float))
            else:
                assert values == expected


def test_many_categories_get_wider_codes() -> None:
    words = [f"word {number}" for number in range(70_000)]
    _, columns = unpack(pack(pa.table({"country": words})))
    assert columns["country"] == words


def test_other_types_are_refused_by_name() -> None:
    with pytest.raises(TypeError, match="column time is timestamp"):
        pack(pa.table({"time": pa.array([0], pa.timestamp("s"))}))


def test_the_route_answers_columns_or_arrow_by_accept(client: TestClient) -> None:
    packed = client.get("/terramesh/points?country=Germany", headers={"Accept": MEDIA_TYPE})
    assert packed.headers["content-type"] == MEDIA_TYPE
    assert packed.headers["content-encoding"] == "identity"
    assert packed.headers["vary"] == "Accept"
    n, columns = unpack(packed.content)
    arrow = client.get("/terramesh/points?country=Germany")
    table = pa.ipc.open_stream(arrow.content).read_all()
    assert n == table.num_rows == 2
    assert columns["id"] == table["id"].to_pylist() == list(IDS[:2])
    assert columns["season"] == ["Spring", "Summer"]
    np.testing.assert_allclose(columns["lat"], table["lat"].to_numpy(), atol=2e-5)
    assert table.schema.metadata[b"licence"] == b"CC-BY-SA-4.0"
