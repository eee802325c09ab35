"""Real annotations taken along: the file is the published one with fewer rows, every box lies where its row says."""

import io
import json
import re
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest
from pyproj import Transformer

from data_access.annotations.row_filter import RowFilter
from data_access.bigearthnet.dataset import BigEarthNet
from data_access.bigearthnet.licence import BIGEARTHNET_LICENCE
from data_access.bigearthnet.opening import open_bigearthnet
from data_access.exports.annotation_geojson import annotation_geojson
from data_access.exports.annotation_jsonl import LineOptions, annotation_lines
from data_access.exports.annotation_parquet import annotation_parquet
from data_access.exports.annotation_selection import AnnotationSelection

pytestmark = pytest.mark.real

ROWS = "bigearthnet_txt/bench_rows.parquet"
ZONES = {"T33UUP": 32633, "T34VER": 32634}  # of the tiles that the rows are of
NUMBER = r"(\d\.\d+)"
BOX = re.compile(rf"\[{NUMBER} {NUMBER}, {NUMBER} {NUMBER}\]")
POINT = re.compile(rf"<point>\({NUMBER}, {NUMBER}\)</point>")


@pytest.fixture(scope="module")
def opened(real_data: Path, tmp_path_factory: pytest.TempPathFactory) -> BigEarthNet:
    tables = tmp_path_factory.mktemp("cache") / "tables"
    return open_bigearthnet(real_data / ROWS, None, kind="local", tables_dir=tables)


@pytest.fixture(scope="module")
def selection(opened: BigEarthNet) -> AnnotationSelection:
    assert opened.rows is not None
    return AnnotationSelection(opened.info, opened.rows, RowFilter())


@pytest.fixture(scope="module")
def published(real_data: Path) -> pd.DataFrame:
    return pd.read_parquet(real_data / ROWS)


def test_the_parquet_is_the_published_file(
    selection: AnnotationSelection, real_data: Path, published: pd.DataFrame
) -> None:
    written = io.BytesIO(b"".join(annotation_parquet(selection)))
    source = pq.read_schema(real_data / ROWS)
    assert pq.read_schema(written).remove_metadata() == source.remove_metadata(), "also what may be null"
    pd.testing.assert_frame_equal(pd.read_parquet(written), published)
    assert pq.read_schema(written).metadata[b"credit"].decode() == BIGEARTHNET_LICENCE.credit


def test_every_line_is_its_row(selection: AnnotationSelection, published: pd.DataFrame) -> None:
    lines = [json.loads(line) for line in b"".join(annotation_lines(selection, LineOptions())).decode().splitlines()]
    assert [line["ID"] for line in lines] == published["ID"].tolist()
    bare = published["input"].str.replace("<ref>|</ref>|<point>|</point>", "", regex=True)
    assert [line["instruction"] for line in lines] == bare.tolist()
    assert [line["answer"] for line in lines] == published["output"].tolist()
    assert sum(line["box"] is not None for line in lines) == (published["type"] == "bounding box").sum() > 0


def test_every_box_and_point_lies_on_the_ground_where_its_row_says(
    selection: AnnotationSelection, published: pd.DataFrame
) -> None:
    boxes = json.loads(b"".join(annotation_geojson(selection, points_as_boxes=True)))["features"]
    points = json.loads(b"".join(annotation_geojson(selection)))["features"]
    seen = 0
    for row, of_box, of_point in zip(published.to_dict("records"), boxes, points, strict=True):
        to_metres = Transformer.from_crs(4326, ZONES[row["patch_id"].split("_")[5]], always_xy=True)
        # Around the stated centre; the export goes by the patch's name.
        centre = np.array(to_metres.transform(row["longitude"], row["latitude"]))
        found = BOX.fullmatch(row["output"])
        left, top, right, bottom = map(float, found.groups()) if found else (0.0, 0.0, 1.0, 1.0)
        assert of_box["properties"]["shows"] == ("box" if found else "patch")
        ring = np.array([(left, top), (left, bottom), (right, bottom), (right, top), (left, top)])
        corners = np.array(to_metres.transform(*np.array(of_box["geometry"]["coordinates"][0]).T)).T
        np.testing.assert_allclose((corners - centre) * (1, -1), (ring - 0.5) * 1200, atol=0.02)
        if place := POINT.search(row["input"]):
            metres = np.array(to_metres.transform(*of_point["geometry"]["coordinates"]))
            away = (np.array(list(map(float, place.groups()))) - 0.5) * 1200
            np.testing.assert_allclose((metres - centre) * (1, -1), away, atol=0.02)
            seen += 1
    assert seen > 0
