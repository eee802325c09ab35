"""Counts, facets, rows, tiles and footprints say the same as the data set behind them."""

import io
import json

import numpy as np
import pyarrow as pa
from PIL import Image
from starlette.testclient import TestClient

from tests.memory_dataset import CORNERS, DAMAGED, IDS, NOWHERE


def test_count_with_and_without_annotations(client: TestClient) -> None:
    assert client.get("/terramesh/count?country=Germany").json() == {"total": 8, "matched": 2}
    assert client.get("/bigearthnet/count?country=Germany").json() == {"total": 8, "matched": 2, "annotations": 4}


def test_unknown_parameters_are_dropped_and_values_repeat(client: TestClient) -> None:
    answer = client.get("/terramesh/count?country=Germany&country=Spain&utm_source=mail&season=Fall&season=Autumn")
    assert answer.json()["matched"] == 1


def test_a_box_may_cross_the_antimeridian(client: TestClient) -> None:
    assert client.get("/terramesh/count?bbox=179,-20,-179,-10").json()["matched"] == 2


def test_facets_name_value_and_count(client: TestClient) -> None:
    body = client.get("/terramesh/facets?country=Spain").json()
    assert (body["total"], body["matched"]) == (8, 1)
    assert {"value": "unknown", "count": 1} in body["facets"]["country"]


def test_pages_of_rows_join_without_gap_or_repeat(client: TestClient) -> None:
    seen: list[str] = []
    after = ""
    while True:
        page = client.get("/terramesh/samples", params={"limit": 3, **({"after": after} if after else {})}).json()
        assert page["matched"] == 8
        seen += [row["id"] for row in page["items"]]
        if page["next"] is None:
            break
        after = page["next"]
    assert seen == list(IDS)


def test_rows_hold_no_nan(client: TestClient) -> None:
    text = client.get("/terramesh/samples").text
    rows = json.loads(text, parse_constant=lambda constant: constant)["items"]
    assert rows[2]["cloud_cover"] is None
    assert rows[0]["time"] == "2020-01-03T00:00:00"


def test_rows_as_arrow_carry_licence_and_the_next_page(client: TestClient) -> None:
    media_type = "application/vnd.apache.arrow.stream"
    answer = client.get("/terramesh/samples?limit=2", headers={"Accept": media_type})
    assert answer.headers["content-type"] == media_type
    table = pa.ipc.open_stream(answer.content).read_all()
    assert table["id"].to_pylist() == list(IDS[:2])
    assert table.schema.metadata[b"next"] == IDS[1].encode()
    assert table.schema.metadata[b"matched"] == b"8"


def test_a_record_tells_everything_but_pixels(client: TestClient) -> None:
    record = client.get(f"/terramesh/samples/{IDS[0]}").json()
    assert record["id"] == IDS[0]
    assert record["licence"]["name"] == "CC-BY-SA-4.0"
    assert record["s1_s2_gap_hours"] is None
    assert record["corners"] == [list(corner) for corner in CORNERS]
    assert record["modalities"][0]["provenance"]["byte_offset"] == 512
    assert (record["revision"], record["synthetic"]) == ("tm1", True)


def test_footprints_leave_out_what_has_no_place(client: TestClient) -> None:
    items = client.get("/terramesh/footprints").json()["items"]
    assert [item["id"] for item in items] == [each for each in IDS if each not in {NOWHERE, DAMAGED}]
    assert items[0]["corners"] == [list(corner) for corner in CORNERS]
    assert "S2L2A" in items[0]["modalities"]


def test_annotations_are_data_not_markup(client: TestClient) -> None:
    answer = client.get(f"/bigearthnet/samples/{IDS[0]}/annotations")
    assert answer.headers["content-type"] == "application/json"
    item = answer.json()["items"][0]
    assert (item["input"], item["latitude"]) == ("<script>alert(1)</script>", None)


def test_a_tile_is_clear_but_for_its_samples(client: TestClient) -> None:
    answer = client.get("/terramesh/tiles/0/0/0.png")
    assert answer.headers["content-type"] == "image/png"
    alpha = np.asarray(Image.open(io.BytesIO(answer.content)).convert("RGBA"))[..., 3]
    assert alpha.shape == (256, 256)
    assert (alpha[100:102, 40:42] > 200).all()
    inside = np.zeros_like(alpha, dtype=bool)
    inside[98:104, 38:44] = True
    assert not alpha[~inside].any()
    empty = client.get("/terramesh/tiles/3/0/0.png")
    assert empty.status_code == 200
    assert not np.asarray(Image.open(io.BytesIO(empty.content)).convert("RGBA"))[..., 3].any()
