"""The samples of BigEarthNet: every patch that has annotations, imagery, or both, as one table.

A sample's id is its patch id. A Sentinel-1 patch whose partner no table names is a sample of its own, under its own
name, so that it can be opened too.
"""

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from data_access.bigearthnet.imagery import ImageStore
from data_access.bigearthnet.modalities import PRODUCTS
from data_access.bigearthnet.pairing import PairingTables
from data_access.bigearthnet.patch_grid import places_in
from data_access.tasks import TASK_COLUMNS

SOURCE = "bigearthnet"
_EXAMPLES = 3  # ids named in a note

_NO_ANNOTATIONS = pa.schema(
    [(name, pa.string()) for name in ("id", "s1_name", "split", "country", "season", "climate_zone")]
    + [(name, pa.float64()) for name in ("lon", "lat")]
    + [(name, pa.uint8()) for name in ("n_annotations", *TASK_COLUMNS)]
).empty_table()

_UNION_SQL = f"""
WITH partners AS (
    SELECT s1_name FROM annotated WHERE s1_name IS NOT NULL UNION SELECT s1_name FROM pairs
), ids AS (
    SELECT id FROM annotated UNION SELECT name FROM s2 UNION SELECT name FROM reference_map
    UNION SELECT patch_id FROM pairs WHERE s1_name IN (FROM s1)
    UNION SELECT name FROM s1 WHERE name NOT IN (FROM partners)
), named AS (
    SELECT ids.id, coalesce(a.s1_name, p.s1_name, CASE WHEN ids.id IN (FROM s1) THEN ids.id END) AS s1_name,
        coalesce(a.split, p.split) AS split, coalesce(a.country, p.country) AS country, a.season, a.climate_zone,
        a.lon, a.lat, a.id IS NOT NULL AS has_annotations, a.n_annotations, {", ".join(f"a.{c}" for c in TASK_COLUMNS)}
    FROM ids LEFT JOIN annotated a ON a.id = ids.id LEFT JOIN pairs p ON p.patch_id = ids.id
)
SELECT id, s1_name, split, country, season, climate_zone, lon, lat, has_annotations,
    id IN (FROM s2) AS has_s2, coalesce(s1_name IN (FROM s1), FALSE) AS has_s1,
    id IN (FROM reference_map) AS has_reference_map,
    coalesce(n_annotations, 0) AS n_annotations, {", ".join(f"coalesce({c}, 0) AS {c}" for c in TASK_COLUMNS)}
FROM named ORDER BY id
"""


def patch_table(
    annotated: pa.Table | None, images: ImageStore | None, pairing: PairingTables
) -> tuple[pa.Table, tuple[str, ...]]:
    """Unite annotations and imagery.

    Args:
        annotated: `Annotations.patches`, or None without annotations.
        images: the image store, or None without imagery.
        pairing: tables beside the imagery.

    Returns:
        The table, sorted by id: id, s1_name, split, country, season, climate_zone (strings, null where unknown),
        source, lon, lat (float64 degrees, null where the coordinate is none), time and s1_time (timestamp[us], UTC),
        epsg (int32), cloud_cover (float32, all null), has_annotations, has_imagery, has_s2, has_s1,
        has_reference_map (bool), n_annotations and a count per task (unsigned integers). Beside it, sentences on what
        a user should know of it.
    """
    annotated = _NO_ANNOTATIONS if annotated is None else annotated
    names = {product: images.names(product) if images else pa.array([], pa.string()) for product in PRODUCTS}
    wanted = pa.concat_arrays([annotated["id"].combine_chunks(), names["S2"], names["reference_map"]])
    pairs = pairing.read(wanted, names["S1"])
    with duckdb.connect() as connection:
        connection.register("annotated", annotated)
        connection.register("pairs", pairs)
        for product, column in names.items():
            connection.register(product.lower(), pa.table({"name": column}))
        united = connection.sql(_UNION_SQL).to_arrow_table()
    return _placed(united)


def _placed(united: pa.Table) -> tuple[pa.Table, tuple[str, ...]]:
    """Add what names tell (place, times), and take the coordinates that are none off the map."""
    places, s1_times = places_in(united["id"]), places_in(united["s1_name"])["time"]
    stated = united["has_annotations"].combine_chunks()
    lon, lat = (_coordinate(united[name], places[name], stated, limit) for name, limit in (("lon", 180), ("lat", 90)))
    lost = pc.or_(pc.is_null(lon), pc.is_null(lat))
    lon, lat = (pc.if_else(lost, None, values) for values in (lon, lat))
    imagery = pc.or_(pc.or_(united["has_s2"], united["has_s1"]), united["has_reference_map"])
    table = united.drop_columns(["lon", "lat"])
    for name, values in (
        ("lon", lon),
        ("lat", lat),
        ("has_imagery", imagery),
        ("source", pa.repeat(SOURCE, united.num_rows)),
        ("time", places["time"]),
        ("s1_time", s1_times),
        ("epsg", places["epsg"]),
        ("cloud_cover", pa.nulls(united.num_rows, pa.float32())),
    ):
        table = table.append_column(name, values)
    return table, _notes(table, lost)


def _coordinate(stored: pa.ChunkedArray, named: pa.ChunkedArray, stated: pa.Array, limit: int) -> pa.Array:
    """The annotations' coordinate where they have one, else the name's; null where it is no number on the globe."""
    values = pc.if_else(stated, stored, named)
    on_globe = pc.less_equal(pc.abs(values), float(limit))  # false for NaN
    return pc.if_else(pc.fill_null(on_globe, fill_value=False), values, None)


def _notes(table: pa.Table, lost: pa.Array) -> tuple[str, ...]:
    notes = []
    off_map = table["id"].filter(lost)
    if len(off_map):
        examples = ", ".join(off_map[:_EXAMPLES].to_pylist())
        more = " and others" if len(off_map) > _EXAMPLES else ""
        patches = "1 patch" if len(off_map) == 1 else f"{len(off_map):,} patches"
        notes.append(f"{patches} without a valid coordinate, not on the map: {examples}{more}.")
    total, imaged, annotated = (
        table.num_rows,
        *(pc.sum(table[name]).as_py() or 0 for name in ("has_imagery", "has_annotations")),
    )
    if 0 < imaged < total:
        notes.append(f"{total - imaged:,} of {total:,} patches have annotations but no imagery here.")
    if 0 < annotated < total:
        notes.append(f"{total - annotated:,} of {total:,} patches have imagery but no annotations here.")
    alone = pc.sum(pc.starts_with(table["id"], "S1")).as_py() or 0
    if alone:
        notes.append(
            f"{alone:,} Sentinel-1 patches are named in no table with a partner and are samples of their own: put the "
            "metadata.parquet of BigEarthNet v2 beside the imagery to pair them."
        )
    return tuple(notes)
