"""One sample as an item of STAC 1.1: its place, its times, and an asset for every way to get every modality.

Used beside the core are the extensions `projection` 2.0, `eo` 2.0 and `sar` 1.2; each is named only where its fields
are there. What neither knows of (country, season, split) carries the prefix `patchwork`.
"""

import math
from collections.abc import Iterator
from datetime import datetime

from pyproj import Transformer
from shapely.affinity import translate
from shapely.geometry import Polygon, box, mapping

from data_access.bigearthnet.modalities import STACKED_S2
from data_access.dataset import CollectionInfo, Corners, ModalitySummary, SampleRecord
from data_access.exports.bands import POLARISATIONS, RADAR, bands_of
from data_access.exports.selection import name_of
from data_access.exports.sources import PUBLICATIONS, links_of, providers_of
from data_access.sample_filter import SampleFilter

VERSION = "1.1.0"
PROJECTION = "https://stac-extensions.github.io/projection/v2.0.0/schema.json"
EO = "https://stac-extensions.github.io/eo/v2.0.0/schema.json"
SAR = "https://stac-extensions.github.io/sar/v1.2.0/schema.json"
GEOTIFF, NPY, PNG, WEBP = "image/tiff; application=geotiff", "application/octet-stream", "image/png", "image/webp"
THUMBNAIL_PX = 256
OWN_FIELDS = ("country", "season", "climate_zone", "split", "source", "sample", "tar")  # of the catalogue's row
_IN_GEOTIFF = {"float16": "float32", "bool": "uint8"}  # what a GeoTIFF has no type for, and what stands in
_HALF_TURN, _TURN = 180.0, 360.0
_MM = 3  # decimals of metres: what corners in degrees still tell

Json = dict[str, object]


def stac_item(record: SampleRecord, info: CollectionInfo, base: str) -> Json:
    """The item.

    Args:
        record: everything known of the sample but its pixels.
        info: the collection it is from.
        base: address of the data set in the API, such as `http://127.0.0.1:8501/api/terramesh`.
    """
    geometry, bbox = _geometry(record)
    properties = _properties(record, info)
    assets = dict(_assets(record, info, base))
    item: Json = {
        "type": "Feature",
        "stac_version": VERSION,
        "stac_extensions": _extensions(record, properties),
        "id": record.id,
        "collection": name_of(info, SampleFilter()),
        "geometry": geometry,
        "properties": properties,
        "links": _links(record, info, base),
        "assets": assets,
    }
    return item if bbox is None else item | {"bbox": bbox}


def _links(record: SampleRecord, info: CollectionInfo, base: str) -> list[dict[str, str]]:
    whole = {"href": f"{base}/export.stac", "type": "application/json", "title": info.title}
    own = {"rel": "self", "href": f"{base}/samples/{record.id}/stac.json", "type": "application/geo+json"}
    return [own, *({"rel": rel, **whole} for rel in ("parent", "collection")), *links_of(info)]


def _properties(record: SampleRecord, info: CollectionInfo) -> Json:
    row = record.properties
    properties: Json = {"title": record.id, **_time(record), "license": info.licence.name}
    properties["providers"] = providers_of(info)
    properties |= {f"patchwork:{name}": row[name] for name in OWN_FIELDS if row.get(name) not in (None, "", "unknown")}
    properties |= {"patchwork:credit": info.licence.credit, "patchwork:citation": info.licence.citation}
    properties |= {"patchwork:revision": info.revision, "patchwork:synthetic": info.synthetic}
    cloud = row.get("cloud_cover")
    if isinstance(cloud, int | float) and 0 <= cloud <= 100:
        properties["eo:cloud_cover"] = cloud
    if record.epsg is not None:
        properties["proj:code"] = f"EPSG:{record.epsg}"
    if any(summary.name in RADAR for summary in record.modalities):
        properties |= {"sar:frequency_band": "C", "sar:polarizations": list(POLARISATIONS), "sar:instrument_mode": "IW"}
    return properties


def _extensions(record: SampleRecord, properties: Json) -> list[str]:
    optical = any("eo:common_name" in band for summary in record.modalities for band in bands_of(summary))
    used = {
        PROJECTION: "proj:code" in properties,
        EO: optical or "eo:cloud_cover" in properties,
        SAR: "sar:frequency_band" in properties,
    }
    return [extension for extension, is_used in used.items() if is_used]


def _time(record: SampleRecord) -> Json:
    """When the optical image was taken; where nobody knows, the years of the data set, as STAC asks."""
    value = record.properties.get("time")
    known = f"{value.isoformat()}Z" if isinstance(value, datetime) else value
    known = known or next((summary.time for summary in record.modalities if summary.time), None)
    if known:
        return {"datetime": known}
    start, end = PUBLICATIONS[record.dataset].span
    return {"datetime": None, "start_datetime": start, "end_datetime": end}


def _assets(record: SampleRecord, info: CollectionInfo, base: str) -> Iterator[tuple[str, Json]]:
    """Names and assets: GeoTIFF, NumPy array and picture of every modality; the first one's picture as thumbnail."""
    for place, summary in enumerate(record.modalities):
        address = f"{base}/samples/{record.id}/{summary.name}"
        version = f"v={info.revision}"
        common: Json = {"bands": bands_of(summary), "patchwork:offset_state": summary.offset_state}
        if summary.time:
            common["datetime"] = summary.time
        if place == 0:
            href = f"{address}.webp?size={THUMBNAIL_PX}&{version}"
            yield "thumbnail", {"href": href, "type": WEBP, "roles": ["thumbnail"]}
        if summary.name != STACKED_S2:  # made by resampling: a picture, whose values no file stores
            stored = {**common, "unit": summary.unit, "roles": ["data"], **_grid(record, summary)}
            dtype = _IN_GEOTIFF.get(summary.dtype, summary.dtype)
            title = f"{summary.name} as GeoTIFF"
            yield summary.name, _asset(f"{address}.tif?{version}", GEOTIFF, title, {**stored, "data_type": dtype})
            title = f"{summary.name} as NumPy array [band, y, x], values exactly as stored"
            yield (
                f"{summary.name}_npy",
                _asset(f"{address}.npy?{version}", NPY, title, {**stored, "data_type": summary.dtype}),
            )
        picture = {**common, "roles": ["visual"]}
        yield f"{summary.name}_png", _asset(f"{address}.png?{version}", PNG, f"{summary.name} as picture", picture)


def _asset(href: str, media_type: str, title: str, members: Json) -> Json:
    return {"href": href, "type": media_type, "title": title, **members}


def _grid(record: SampleRecord, summary: ModalitySummary) -> Json:
    """Shape and affine transform of one array, where the sample has a place."""
    _, height, width = summary.shape
    if record.corners is None or record.epsg is None or not record.size_m:
        return {}
    left, top = Transformer.from_crs(4326, record.epsg, always_xy=True).transform(*record.corners[0])
    pixel = record.size_m / width
    transform = [pixel, 0.0, round(left, _MM), 0.0, -pixel, round(top, _MM)]
    return {"gsd": pixel, "proj:shape": [height, width], "proj:transform": transform}


def _geometry(record: SampleRecord) -> tuple[object, list[float] | None]:
    """The footprint and its box; the centre where no corners are known; nothing where not even that is."""
    if record.corners is not None:
        return _footprint(record.corners)
    if math.isfinite(record.lon) and math.isfinite(record.lat):
        point = {"type": "Point", "coordinates": [record.lon, record.lat]}
        return point, [record.lon, record.lat, record.lon, record.lat]
    return None, None


def _footprint(corners: Corners) -> tuple[object, list[float]]:
    """A polygon, counterclockwise; on both sides of the antimeridian two, and a box whose west is east of its east."""
    upper_left, upper_right, lower_right, lower_left = corners
    ring = [upper_left, lower_left, lower_right, upper_right, upper_left]
    lons, lats = zip(*ring, strict=True)
    if max(lons) - min(lons) <= _HALF_TURN:
        polygon: Json = {"type": "Polygon", "coordinates": [[list(corner) for corner in ring]]}
        return polygon, [min(lons), min(lats), max(lons), max(lats)]
    turned = Polygon([(lon % _TURN, lat) for lon, lat in ring])
    west = turned.intersection(box(0, -90, _HALF_TURN, 90))
    east = translate(turned.intersection(box(_HALF_TURN, -90, _TURN, 90)), -_TURN)
    parts = [mapping(part)["coordinates"] for part in (west, east)]
    return {"type": "MultiPolygon", "coordinates": parts}, [west.bounds[0], min(lats), east.bounds[2], max(lats)]
