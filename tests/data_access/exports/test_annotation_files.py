"""Every file of annotations holds the rows, read back by other readers; boxes and points lie where the rows say."""

import csv
import io
import json
import re
from typing import Any
from urllib.parse import parse_qs

import duckdb
import numpy as np
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Transformer
from shapely.geometry import shape

from data_access.annotations.reading import read_row
from data_access.annotations.row_filter import RowFilter
from data_access.exports import parquet_writing
from data_access.exports.annotation_geojson import annotation_geojson
from data_access.exports.annotation_jsonl import LineOptions, annotation_lines
from data_access.exports.annotation_parquet import annotation_parquet
from data_access.exports.csv_file import csv_pieces
from tests.data_access.exports.annotation_rows import (
    LICENCE,
    NOWHERE,
    PATCH,
    S1,
    SCHEMA,
    row,
    selection,
)

TO_METRES = Transformer.from_crs(4326, 32633, always_xy=True)  # the zone of PATCH
POINT_ROW = row(3, "bounding box/point", "Box at <point>(0.29, 0.8)</point>?", "[0.06 0.59, 0.51 1.0]")
BOX_ROW = row(4, "bounding box/reference", "Mark a <ref>broad-leaved forest</ref>.", "[0.0 0.44, 0.35 1.0]")
ROWS = [
    row(1, "binary/presence", "Are there pastures?", "yes"),
    row(2, "mcq/area", 'Say "how much": a) 1, b) 2', "b", split="bench", category=None),
    POINT_ROW,
    BOX_ROW,
    row(5, "bounding box/reference", "Mark <ref>x</ref>", "[0.9 0.1, 0.2 0.3]"),
    row(6, "captioning/None", "=Describe\n\\it\\", 'A "cold" place, \u00e9, \x07'),
    row(7, "other/task", None, None, patch_id=NOWHERE, latitude=float("nan")),
    row(8, "binary/count", "More?", "no", patch_id=NOWHERE, latitude=1.5, longitude=-2.25),
]
TEXTS = st.one_of(st.none(), st.text(st.characters(exclude_categories=["Cs"]), max_size=20))
MARKED = st.one_of(TEXTS, st.sampled_from(["<point>(0.29, 0.8)</point>", "<point>(1.2, 0)</point>", "<ref>x</ref>"]))
BOXES = st.one_of(
    TEXTS, st.sampled_from(["[0.06 0.59, 0.51 1.0]", "[0.9 0.1, 0.2 0.3]", "[0 0, 1 1]", "[0.1 0.2, 1.3 1]"])
)
UNIT = st.integers(0, 100).map(lambda hundredths: hundredths / 100)


def lines(rows: list[dict[str, object]], **options: object) -> list[dict[str, Any]]:
    """The objects of a file of lines."""
    written = b"".join(annotation_lines(selection(rows), LineOptions(**options)))  # type: ignore[arg-type]
    return [json.loads(line, parse_constant=pytest.fail) for line in written.decode().split("\n")[:-1]]


def features(rows: list[dict[str, object]], **options: bool) -> list[dict[str, Any]]:
    """The features of a GeoJSON file."""
    read = json.loads(b"".join(annotation_geojson(selection(rows), **options)), parse_constant=pytest.fail)
    assert (read["type"], read["licence"], read["credit"]) == ("FeatureCollection", LICENCE.name, LICENCE.credit)
    found: list[dict[str, Any]] = read["features"]
    return found


def test_parquet_has_the_published_schema_and_row_groups(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parquet_writing, "ROW_GROUP", 120)
    many = [row(number, "binary/presence", f"Question {number}?", "yes") for number in range(1, 302)]
    wanted = RowFilter.from_query({"country": ["Austria"], "answer": ["yes"]})
    written = io.BytesIO(b"".join(annotation_parquet(selection(many, wanted))))
    metadata = pq.read_metadata(written)
    assert [metadata.row_group(place).num_rows for place in range(metadata.num_row_groups)] == [120, 120, 61]
    table = pq.read_table(written)
    assert table.schema.remove_metadata() == SCHEMA
    assert table.to_pylist() == many
    told = {key.decode(): value.decode() for key, value in table.schema.metadata.items()}
    assert (told["licence"], told["credit"], told["citation"]) == (LICENCE.name, LICENCE.credit, LICENCE.citation)
    assert RowFilter.from_query(parse_qs(told["filter"])) == wanted


def test_no_rows_are_files_too() -> None:
    nothing = selection([])
    table = pq.read_table(io.BytesIO(b"".join(annotation_parquet(nothing))))
    assert (table.num_rows, table.schema.remove_metadata()) == (0, SCHEMA)
    assert b"".join(csv_pieces(nothing)).decode() == ",".join([*SCHEMA.names, "licence", "credit"]) + "\r\n"
    assert lines([]) == features([]) == []


def test_csv_holds_the_rows_with_licence_and_credit() -> None:
    text = b"".join(csv_pieces(selection(ROWS))).decode()
    read = list(csv.DictReader(io.StringIO(text, newline=""), strict=True))
    assert [int(each["ID"]) for each in read] == [each["ID"] for each in ROWS]
    assert [each["output"] for each in read] == [each["output"] or "" for each in ROWS]
    assert read[5]["input"] == "'=Describe\n\\it\\", "a spreadsheet runs nothing"
    assert {(each["licence"], each["credit"]) for each in read} == {(LICENCE.name, LICENCE.credit)}


def test_a_line_is_ready_for_training() -> None:
    first, _, third = lines(ROWS, pictures=lambda ids: [f"http://here/{each}.png" for each in ids])[:3]
    assert first == {
        "ID": 1,
        "image": {
            "patch_id": PATCH,
            "s1_name": S1,
            "lmdb": {"S2": PATCH, "S1": S1},
            "picture": f"http://here/{PATCH}.png",
        },
        "instruction": "Are there pastures?",
        "answer": "yes",
        "type": "binary",
        "category": "presence",
        "split": "train",
        "box": None,
        "point": None,
        "messages": [
            {
                "role": "user",
                "content": [
                    {"type": "image", "url": f"http://here/{PATCH}.png"},
                    {"type": "text", "text": "Are there pastures?"},
                ],
            },
            {"role": "assistant", "content": [{"type": "text", "text": "yes"}]},
        ],
        "licence": LICENCE.name,
        "credit": LICENCE.credit,
    }
    assert third["instruction"] == "Box at (0.29, 0.8)?"
    assert (third["box"], third["point"]) == ([0.06, 0.59, 0.51, 1.0], [0.29, 0.8])


@given(st.lists(st.tuples(MARKED, BOXES, st.sampled_from(["point", "reference", "none", None])), max_size=8))
def test_marks_are_those_that_the_reader_of_all_pages_finds(texts: list[tuple[str | None, str | None, str]]) -> None:
    rows = [
        row(number, "bounding box/point", asked, said, category=kind)
        for number, (asked, said, kind) in enumerate(texts)
    ]
    for line, each in zip(lines(rows), rows, strict=True):
        reading = read_row(each)
        assert line["box"] == (
            reading.box and [reading.box.left, reading.box.top, reading.box.right, reading.box.bottom]
        )
        assert line["point"] == (reading.point and [reading.point.x, reading.point.y])


def test_marks_are_kept_and_boxes_are_in_pixels_where_asked() -> None:
    found = lines(ROWS, keep_tags=True, pixels=True)
    assert [each["instruction"] for each in found] == [each["input"] for each in ROWS]
    assert [each["messages"][0]["content"][1]["text"] for each in found] == [each["input"] for each in ROWS]
    assert (found[2]["box_px"], found[2]["point_px"]) == ([7.2, 70.8, 61.2, 120.0], [34.8, 96.0])
    assert (found[3]["box_px"], found[3]["point_px"]) == ([0.0, 52.8, 42.0, 120.0], None)
    assert found[4]["box"] is found[4]["box_px"] is None, "it is reversed, so it is none"
    assert len({tuple(each) for each in found}) == 1, "one schema for all lines"


def test_numbers_never_look_whole_to_a_reader_that_guesses() -> None:
    text = b"".join(annotation_lines(selection(ROWS), LineOptions(pixels=True))).decode()
    listed = re.findall(r'"(?:box|point)(?:_px)?":\[([^\]]*)\]', text)
    assert listed
    assert all("." in number for each in listed for number in each.split(","))


@settings(max_examples=60)
@given(st.lists(st.tuples(TEXTS, TEXTS, st.sampled_from(["binary/area", "bounding box/point", "mcq/x"])), max_size=8))
def test_any_text_survives(texts: list[tuple[str | None, str | None, str]]) -> None:
    rows = [row(number, task, asked, answered) for number, (asked, answered, task) in enumerate(texts)]
    kept = lines(rows, keep_tags=True)
    assert [(each["instruction"], each["answer"]) for each in kept] == [(asked, said) for asked, said, _ in texts]
    marks = re.compile("</?(?:ref|point)>")
    bare = [asked if asked is None else marks.sub("", asked) for asked, _, _ in texts]
    assert [each["instruction"] for each in lines(rows)] == bare
    properties = [each["properties"] for each in features(rows)]
    assert [(each["input"], each["output"]) for each in properties] == [(asked, said) for asked, said, _ in texts]


@settings(max_examples=30)
@given(st.tuples(UNIT, UNIT, UNIT, UNIT), st.tuples(UNIT, UNIT))
def test_boxes_and_points_lie_on_the_ground_where_the_rows_say(
    numbers: tuple[float, float, float, float], point: tuple[float, float]
) -> None:
    left, right, top, bottom = *sorted(numbers[:2]), *sorted(numbers[2:])
    asked = row(1, "bounding box/point", f"Box at <point>{point}</point>?", f"[{left} {top}, {right} {bottom}]")
    of_box, of_point = (features([asked], points_as_boxes=each)[0]["geometry"] for each in (True, False))
    # Not by the patch's name, as the export does it, but around the centre that the row states.
    easting, northing = TO_METRES.transform(asked["longitude"], asked["latitude"])

    def on_the_ground(x: float, y: float) -> tuple[float, float]:
        lon, lat = TO_METRES.transform(easting + 1200 * (x - 0.5), northing + 1200 * (0.5 - y), direction="INVERSE")
        return lon, lat

    ring = [(left, top), (left, bottom), (right, bottom), (right, top), (left, top)]
    np.testing.assert_allclose(of_box["coordinates"], [[on_the_ground(*each) for each in ring]], atol=1e-7)
    np.testing.assert_allclose(of_point["coordinates"], on_the_ground(*point), atol=1e-7)


def test_every_row_has_the_geometry_of_what_it_speaks_about() -> None:
    found = features(ROWS)
    assert [each["id"] for each in found] == [each["ID"] for each in ROWS]
    shown = [each["properties"]["shows"] for each in found]
    assert shown == ["patch", "patch", "point", "box", "patch", "patch", "centre", "centre"]
    patch, box = shape(found[0]["geometry"]), shape(found[3]["geometry"])
    assert patch.exterior.is_ccw
    assert box.exterior.is_ccw
    assert box.area / patch.area == pytest.approx(0.35 * 0.56, rel=1e-3)
    assert shape(features(ROWS, points_as_boxes=True)[2]["geometry"]).contains(shape(found[2]["geometry"]))
    assert found[6]["geometry"] is None
    assert found[7]["geometry"] == {"type": "Point", "coordinates": [-2.25, 1.5]}


def test_other_readers_read_the_files(tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("files")
    (folder / "rows.jsonl").write_bytes(b"".join(annotation_lines(selection(ROWS), LineOptions())))
    (folder / "rows.parquet").write_bytes(b"".join(annotation_parquet(selection(ROWS))))
    with duckdb.connect() as connection:
        for name in ("rows.jsonl", "rows.parquet"):
            read = connection.execute(f"SELECT \"ID\", category FROM '{folder / name}' ORDER BY ALL").fetchall()
            assert read == [(each["ID"], each["category"]) for each in ROWS]
