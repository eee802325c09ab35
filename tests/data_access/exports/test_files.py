"""Every file holds exactly the catalogue's rows, in id order, with licence and credit; read back by other readers."""

import csv
import io
import json
import math
from collections.abc import Callable, Generator
from datetime import datetime
from pathlib import Path
from urllib.parse import parse_qs

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import shapely

from data_access.catalog import TableCatalog, build_catalog
from data_access.exports import parquet_writing
from data_access.exports.csv_file import csv_pieces
from data_access.exports.geojson_file import geojson_pieces
from data_access.exports.geoparquet_file import geoparquet_pieces
from data_access.exports.selection import Selection
from data_access.sample_filter import SampleFilter
from tests.data_access.exports.selections import CREATED, FILTERS, LICENCE, rows_of, selection
from tests.data_access.sample_tables import plain_rows, random_table

ROWS = 900
TABLE = random_table(ROWS)
Pieces = Callable[[Selection], Generator[bytes]]


@pytest.fixture(scope="module")
def catalog() -> TableCatalog:
    return build_catalog(TABLE)


@pytest.fixture(autouse=True)
def small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    """Many pieces and many row groups, so that their seams are tested."""
    monkeypatch.setattr("data_access.exports.selection.ROWS_AT_ONCE", 70)
    monkeypatch.setattr(parquet_writing, "ROW_GROUP", 200)


def written(pieces: Pieces, of: Selection) -> bytes:
    return b"".join(pieces(of))


def plain(value: object) -> object:
    """A value of the catalogue as JSON holds it."""
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return f"{value.isoformat()}Z" if isinstance(value, datetime) else value


def as_field(value: object) -> str:
    """A value of the catalogue as a CSV reader gives it back, numbers aside."""
    value = plain(value)
    if isinstance(value, list):
        return json.dumps(value)
    return "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)


def number(text: str) -> object:
    """A field as a number where it is one."""
    try:
        return float(text)
    except ValueError:
        return text


@pytest.mark.parametrize("name", FILTERS)
def test_csv_holds_the_rows_of_the_catalogue(catalog: TableCatalog, name: str) -> None:
    of = selection(catalog, FILTERS[name])
    text = written(csv_pieces, of).decode()
    read = list(csv.DictReader(io.StringIO(text, newline=""), strict=True))
    expected = rows_of(of)

    assert [row["id"] for row in expected] == [row["id"] for row in plain_rows(TABLE, FILTERS[name])]
    assert text.count("\r\n") == text.count("\n") == len(expected) + 1
    assert [{key: number(field) for key, field in row.items()} for row in read] == [
        {key: number(as_field(value)) for key, value in row.items()}
        | {"licence": LICENCE.name, "credit": LICENCE.credit}
        for row in expected
    ]


@pytest.mark.parametrize("name", FILTERS)
def test_geojson_holds_the_rows_of_the_catalogue(catalog: TableCatalog, name: str) -> None:
    of = selection(catalog, FILTERS[name])
    read = json.loads(written(geojson_pieces, of), parse_constant=pytest.fail)
    expected = rows_of(of)

    assert (read["type"], read["licence"], read["credit"]) == ("FeatureCollection", LICENCE.name, LICENCE.credit)
    assert SampleFilter.from_query(parse_qs(read["filter"])) == FILTERS[name]
    assert [feature["id"] for feature in read["features"]] == [row["id"] for row in expected]
    for feature, row in zip(read["features"], expected, strict=True):
        place = (plain(row.pop("lon")), plain(row.pop("lat")))
        assert feature["geometry"] == (None if None in place else {"type": "Point", "coordinates": list(place)})
        assert feature["properties"] == {key: plain(value) for key, value in row.items()}


@pytest.mark.parametrize("name", FILTERS)
def test_geoparquet_holds_the_rows_of_the_catalogue(catalog: TableCatalog, name: str) -> None:
    of = selection(catalog, FILTERS[name])
    table = pq.read_table(io.BytesIO(written(geoparquet_pieces, of)))
    expected: pa.Table = catalog.rows(FILTERS[name], limit=ROWS)

    rows = table.drop_columns(["licence", "geometry"])
    assert rows.schema.remove_metadata() == expected.schema
    assert repr(rows.to_pylist()) == repr(expected.to_pylist()), "as text, since NaN equals nothing"
    assert set(table["licence"].to_pylist()) <= {LICENCE.name}
    for point, lon, lat in zip(*(table[key].to_pylist() for key in ("geometry", "lon", "lat")), strict=True):
        if math.isfinite(lon) and math.isfinite(lat):
            assert shapely.from_wkb(point) == shapely.Point(lon, lat)
        else:
            assert point is None


def test_geoparquet_says_what_the_standard_asks_for(catalog: TableCatalog) -> None:
    """The members of GeoParquet 1.1's JSON schema; no CRS means longitude and latitude, OGC:CRS84."""
    data = written(geoparquet_pieces, selection(catalog, FILTERS["country"]))
    schema = pq.read_schema(io.BytesIO(data))
    geo = json.loads(schema.metadata[b"geo"])
    places = [(row["lon"], row["lat"]) for row in rows_of(selection(catalog, FILTERS["country"]))]
    known = [place for place in places if all(math.isfinite(each) for each in place)]  # type: ignore[arg-type]
    lons, lats = zip(*known, strict=True)

    assert geo == {
        "version": "1.1.0",
        "primary_column": "geometry",
        "columns": {
            "geometry": {
                "encoding": "WKB",
                "geometry_types": ["Point"],
                "bbox": [min(lons), min(lats), max(lons), max(lats)],
            }
        },
    }
    assert pa.types.is_dictionary(schema.field("licence").type)
    told = {key.decode(): value.decode() for key, value in schema.metadata.items()}
    assert told["credit"] == LICENCE.credit
    assert told["citation"] == LICENCE.citation
    assert (told["licence"], told["revision"]) == (LICENCE.name, "rev/1")
    assert told["created"] == CREATED.isoformat()
    assert SampleFilter.from_query(parse_qs(told["filter"])) == FILTERS["country"]
    parts = pq.ParquetFile(io.BytesIO(data)).metadata
    groups = [parts.row_group(place).num_rows for place in range(parts.num_row_groups)]
    assert len(groups) > 1
    assert set(groups[:-1]) == {200}
    assert 0 < groups[-1] <= 200
    assert parts.row_group(0).column(0).compression == "ZSTD"


def test_other_readers_read_the_geoparquet(catalog: TableCatalog, tmp_path: Path) -> None:
    path = tmp_path / "selection.parquet"
    path.write_bytes(written(geoparquet_pieces, selection(catalog, FILTERS["time"])))
    with duckdb.connect() as connection:
        ids = connection.execute("SELECT id FROM read_parquet(?)", [str(path)]).fetchall()
    assert [row[0] for row in ids] == [row["id"] for row in rows_of(selection(catalog, FILTERS["time"]))]


def test_a_spreadsheet_runs_nothing_of_a_csv() -> None:
    harmful = ["=1+1", "+x", "-x", "@SUM(A1)", "\tx", "fine, but quoted", 'a "b"', "two\r\nlines", "a-b", "", "Ærø"]
    table = pa.table(
        {
            "id": [f"s_{number:02d}" for number in range(len(harmful))],
            "lon": [-1.5] * len(harmful),
            "lat": [0.0] * len(harmful),
            "sample": harmful,
        }
    )
    text = written(csv_pieces, selection(build_catalog(table), SampleFilter())).decode()
    read = list(csv.DictReader(io.StringIO(text, newline=""), strict=True))
    assert [row["sample"] for row in read] == [f"'{each}" if each[:1] in set("=+-@\t") else each for each in harmful]
    assert {row["lon"] for row in read} == {"-1.5"}, "a negative number is no formula"
    members = json.loads(written(geojson_pieces, selection(build_catalog(table), SampleFilter())))
    assert [feature["properties"]["sample"] for feature in members["features"]] == harmful


def test_names_of_files_tell_data_set_filter_and_revision(catalog: TableCatalog) -> None:
    names = [selection(catalog, wanted).name for wanted in FILTERS.values()]
    assert names[0] == "terramesh-all-rev-1"
    assert len(set(names)) == len(names)
    assert all(set(name) <= set("abcdefghijklmnopqrstuvwxyz0123456789-") for name in names)


class Paged:
    """The same catalogue, answering in pages alone; notes what it was asked for."""

    def __init__(self, catalog: TableCatalog) -> None:
        self.catalog = catalog
        self.asked: list[str | None] = []

    def rows(self, wanted: SampleFilter, *, limit: int, after: str | None = None) -> pa.Table:
        self.asked.append(after)
        return self.catalog.rows(wanted, limit=limit, after=after)


def paged(catalog: TableCatalog, wanted: SampleFilter) -> tuple[Selection, list[str | None]]:
    """A selection of such a catalogue, and what it is asked for."""
    of, pages = selection(catalog, wanted), Paged(catalog)
    object.__setattr__(of.dataset, "catalog", pages)  # the data set is frozen, as the real ones are
    return of, pages.asked


@pytest.mark.parametrize("name", FILTERS)
def test_a_catalogue_that_answers_in_pages_gives_the_same_file(catalog: TableCatalog, name: str) -> None:
    of, asked = paged(catalog, FILTERS[name])
    assert written(csv_pieces, of) == written(csv_pieces, selection(catalog, FILTERS[name]))
    assert len(set(asked)) == len(asked)


def test_nothing_is_asked_for_before_it_is_needed(catalog: TableCatalog) -> None:
    of, asked = paged(catalog, SampleFilter())
    pieces = csv_pieces(of)
    assert next(pieces).startswith(b"id,")
    next(pieces)
    assert len(asked) == 1
    pieces.close()
    assert len(asked) == 1
