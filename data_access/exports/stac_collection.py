"""A selection as a collection of STAC 1.1: what it spans, what it holds, under which terms, and where its items are."""

from datetime import datetime

from data_access.exports.extent import Extent, extent_of
from data_access.exports.selection import Selection
from data_access.exports.sources import PUBLICATIONS, links_of, providers_of
from data_access.exports.stac_item import VERSION, Json

MOST_ITEMS = 10_000  # links: 2 MB; what reads more of them asks for each item, which takes hours
PARQUET, CSV, GEOJSON = "application/vnd.apache.parquet", "text/csv", "application/geo+json"
_WORLD = (-180.0, -90.0, 180.0, 90.0)
_SUMMARISED = ("country", "season", "climate_zone", "split", "source")
_FILES = {"parquet": (PARQUET, "GeoParquet"), "csv": (CSV, "CSV"), "geojson": (GEOJSON, "GeoJSON")}


def stac_collection(selection: Selection, base: str) -> Json:
    """The collection.

    Args:
        selection: the samples.
        base: address of the data set in the API, such as `http://127.0.0.1:8501/api/terramesh`.
    """
    info, about = selection.dataset.info, selection.about
    matched = selection.dataset.catalog.count(selection.sample_filter).matched
    query = f"?{about['filter']}" if about["filter"] else ""
    own = {"rel": "self", "href": f"{base}/export.stac{query}", "type": "application/json"}
    items = _items(selection, base) if matched <= MOST_ITEMS else []
    return {
        "type": "Collection",
        "stac_version": VERSION,
        "id": selection.name,
        "title": info.title if selection.sample_filter.is_empty else f"{info.title}: a selection",
        "description": _description(selection, matched),
        "keywords": ["Sentinel-1", "Sentinel-2", "Earth observation", *(["synthetic"] if info.synthetic else [])],
        "license": info.licence.name,
        "providers": providers_of(info),
        "created": about["created"].replace("+00:00", "Z"),
        "extent": _extent(extent_of(selection), PUBLICATIONS[info.dataset].span),
        "summaries": _summaries(selection),
        "links": [own, *links_of(info), *items],
        "assets": {
            ending: {
                "href": f"{base}/export.{ending}{query}",
                "type": kind,
                "title": f"All {matched:,} samples as {name}",
                "roles": ["data"],
            }
            for ending, (kind, name) in _FILES.items()
        },
        "patchwork:samples": matched,
        **{f"patchwork:{name}": about[name] for name in ("credit", "citation", "filter", "revision")},
        "patchwork:synthetic": info.synthetic,
    }


def _description(selection: Selection, matched: int) -> str:
    about = selection.about
    chosen = f" that match `{about['filter']}`" if about["filter"] else ""
    where = "Each is an item."
    if matched > MOST_ITEMS:
        where = f"They are more than {MOST_ITEMS:,}, so they are not linked as items: the asset `parquet` lists them."
    return f"{matched:,} samples of {about['title']}{chosen}, revision {about['revision']}. {where} {about['credit']}"


def _items(selection: Selection, base: str) -> list[dict[str, str]]:
    return [
        {"rel": "item", "href": f"{base}/samples/{identity}/stac.json", "type": GEOJSON}
        for table in selection.tables(("id",))
        for identity in table.column("id").to_pylist()
    ]


def _extent(found: Extent, span: tuple[str, str]) -> Json:
    """What STAC wants told even of nothing: then the world, and the years of the data set."""
    first, last = (_moment(time) for time in (found.first, found.last))
    interval = [first, last] if first and last else list(span)
    return {"spatial": {"bbox": [list(found.bbox or _WORLD)]}, "temporal": {"interval": [interval]}}


def _moment(time: datetime | None) -> str | None:
    return None if time is None else f"{time.isoformat()}Z"


def _summaries(selection: Selection) -> dict[str, list[str]]:
    """The values that occur; facets ignore a field's own restriction, so that is applied here."""
    wanted = selection.sample_filter
    facets = selection.dataset.catalog.facets(wanted)
    found = {
        f"patchwork:{name}": [
            facet.value
            for facet in facets.get(name, [])
            if not getattr(wanted, name) or facet.value in getattr(wanted, name)
        ]
        for name in _SUMMARISED
    }
    return {name: values for name, values in found.items() if values}
