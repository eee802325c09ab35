"""Annotations as GeoJSON by RFC 7946, each where it speaks about, on the ground.

| row | geometry |
| --- | --- |
| of the point task | the point that it asks about; or the box that answers it, if so asked |
| with a box | the box: the patch's UTM square, cut as the box says, its corners in longitude and latitude |
| any other | the whole patch |

A patch whose name tells no place has its stored centre; where that is no number, the geometry is null. All columns are
properties, `shows` says what the geometry is. Licence, credit and filter are foreign members before `features`.
"""

import json
from collections.abc import Generator

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from data_access.exports.annotation_ground import Footprints, footprints_of
from data_access.exports.annotation_readings import marks_of, numbers_json
from data_access.exports.annotation_selection import AnnotationSelection
from data_access.exports.geojson_file import BETWEEN, feature_collection
from data_access.exports.texts import json_texts

_WHOLE_PATCH = (0.0, 0.0, 1.0, 1.0)


def annotation_geojson(selection: AnnotationSelection, *, points_as_boxes: bool = False) -> Generator[bytes]:
    """The file, some thousand features at a time.

    Args:
        selection: the rows.
        points_as_boxes: rows of the point task show the box that answers them, not the point that they ask about.
    """
    return feature_collection(selection, lambda table: _features(table, points_as_boxes=points_as_boxes))


def _features(table: pa.Table, *, points_as_boxes: bool) -> pa.Array:
    """One line of text per row."""
    named: list[pa.Array | str] = []
    for name in table.column_names:
        named += [f"{json.dumps(name, ensure_ascii=False)}:", json_texts(table[name]), ","]
    geometry, shows = _geometry(table, points_as_boxes=points_as_boxes)
    start = ('{"type":"Feature","id":', json_texts(table["ID"]), ',"geometry":', geometry, ',"properties":{')
    return pc.binary_join_element_wise(*start, *named, '"shows":"', shows, '"}}', BETWEEN, "")


def _geometry(table: pa.Table, *, points_as_boxes: bool) -> tuple[pa.Array, pa.Array]:
    """Geometry of each row as JSON, and in one word what it is."""
    marks, footprints = marks_of(table), footprints_of(table["patch_id"])
    placed = footprints.known
    boxed, pointed = (np.isfinite(each).all(axis=1) for each in (marks.boxes, marks.points))
    pointed &= ~(boxed & points_as_boxes)
    boxed &= ~pointed
    boxes = np.where(boxed[:, None], marks.boxes, _WHOLE_PATCH)
    points = _points(*footprints.ground(marks.points[:, 0], marks.points[:, 1]))
    centres = _points(*(table[name].to_numpy().astype(np.float64) for name in ("longitude", "latitude")))
    of_patch = pc.if_else(pa.array(placed & pointed), points, _polygons(footprints, boxes))
    shows = np.select([~placed, pointed, boxed], ["centre", "point", "box"], "patch")
    return pc.if_else(pa.array(placed), of_patch, centres), pa.array(shows.tolist(), pa.string())


def _polygons(footprints: Footprints, boxes: np.ndarray) -> pa.Array:
    """A closed ring around each box, counter-clockwise as the standard wants it.

    Args:
        footprints: of n rows.
        boxes: (n, 4) left, top, right, bottom, 0 to 1 from the top left.
    """
    left, top, right, bottom = boxes.T
    corners = [footprints.ground(*corner) for corner in ((left, top), (left, bottom), (right, bottom), (right, top))]
    ring = [numbers_json(np.stack(corner, axis=1)) for corner in corners]
    joined = pc.binary_join_element_wise(*ring, ring[0], ",")
    return pc.binary_join_element_wise('{"type":"Polygon","coordinates":[[', joined, "]]}", "")


def _points(lon: np.ndarray, lat: np.ndarray) -> pa.Array:
    """Points as JSON, null where a coordinate is no number on the globe."""
    known = (np.abs(lon) <= 180) & (np.abs(lat) <= 90)  # false for NaN
    points = pc.binary_join_element_wise(
        '{"type":"Point","coordinates":', numbers_json(np.stack([lon, lat], axis=1)), "}", ""
    )
    return pc.if_else(pa.array(known), points, "null")
