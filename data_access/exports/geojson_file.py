"""A selection as GeoJSON by RFC 7946: one FeatureCollection of points, written feature by feature.

Licence, credit and filter are foreign members before `features`, which readers keep or pass over. A sample whose place
is not known has the geometry null.
"""

import json
from collections.abc import Callable, Generator

import pyarrow as pa
import pyarrow.compute as pc

from data_access.exports.selection import Selection, Taken
from data_access.exports.texts import content, json_texts

MEDIA_TYPE = "application/geo+json"
BETWEEN = ",\n"
_PLACE = ("lon", "lat")  # in the geometry, so not among the properties


def geojson_pieces(selection: Selection) -> Generator[bytes]:
    """The file, some thousand features at a time."""
    return feature_collection(selection, _features)


def feature_collection(taken: Taken, features: Callable[[pa.Table], pa.Array]) -> Generator[bytes]:
    """A collection of what is taken.

    Args:
        taken: the rows.
        features: writes rows as JSON, each ended by `BETWEEN`.
    """
    told = taken.about.items()
    members = ",".join(f"{json.dumps(key)}:{json.dumps(text, ensure_ascii=False)}" for key, text in told)
    yield f'{{"type":"FeatureCollection",{members},"features":[\n'.encode()
    between = ""
    for table in taken.tables():
        if table.num_rows:
            yield between.encode() + bytes(content(features(table))).removesuffix(BETWEEN.encode())
            between = BETWEEN
    yield b"\n]}\n"


def _features(table: pa.Table) -> pa.Array:
    """One line of text per row."""
    named: list[pa.Array | str] = []
    for name in table.column_names:
        if name not in _PLACE:
            named += [f"{',' if named else ''}{json.dumps(name, ensure_ascii=False)}:", json_texts(table.column(name))]
    identity, geometry = json_texts(table.column("id")), _geometry(table)
    start = ('{"type":"Feature","id":', identity, ',"geometry":', geometry, ',"properties":{')
    return pc.binary_join_element_wise(*start, *named, "}}", BETWEEN, "")


def _geometry(table: pa.Table) -> pa.Array:
    """The point of every row as JSON; null where longitude or latitude is none."""
    lon, lat = (json_texts(table.column(name)) for name in _PLACE)
    known = pc.and_(pc.not_equal(lon, "null"), pc.not_equal(lat, "null"))
    points = pc.binary_join_element_wise('{"type":"Point","coordinates":[', lon, ",", lat, "]}", "")
    return pc.if_else(known, points, "null")
