"""Every address of the API and the assets that a page hands to the browser is built here, and nowhere else.

Addresses are relative to the host, so they work behind any name and port. Those of pictures and values carry the
collection's revision as `v`, which lets browsers keep them without asking again.
"""

import hashlib
from functools import lru_cache
from pathlib import Path
from urllib.parse import quote, urlencode

from data_access.sample_filter import SampleFilter

API = "/api"
ASSETS = "/assets"
COMPONENTS = Path(__file__).resolve().parent
HASH_CHARACTERS = 16  # as api/assets.py reads it
Query = list[tuple[str, str]]

DECK_RUNTIME = f"{ASSETS}/deck/index.js"
COUNTRIES = f"{ASSETS}/countries.geojson"
HEALTH = f"{API}/health"
PRESETS = f"{API}/presets"
DOCS = f"{API}/docs"


def count(dataset: str, wanted: SampleFilter) -> str:
    """Samples that the filter leaves."""
    return _address(f"/{dataset}/count", wanted.to_query())


def facets(dataset: str, wanted: SampleFilter) -> str:
    """Counts per value of every filter field."""
    return _address(f"/{dataset}/facets", wanted.to_query())


def rows(dataset: str, wanted: SampleFilter, *, limit: int, after: str | None = None) -> str:
    """One page of rows."""
    return _address(f"/{dataset}/samples", [*wanted.to_query(), ("limit", str(limit)), *_given(after=after)])


def tiles(dataset: str, wanted: SampleFilter, *, theme: str, revision: str) -> str:
    """Template of density tiles with {z}, {x} and {y}."""
    query = _address("", [*wanted.to_query(), ("theme", theme), ("v", revision)]).removeprefix(API)
    return f"{API}/{dataset}/tiles/{{z}}/{{x}}/{{y}}.png{query}"


def points(dataset: str, wanted: SampleFilter, *, limit: int) -> str:
    """The samples themselves, as Arrow or packed columns by Accept."""
    return _address(f"/{dataset}/points", [*wanted.to_query(), ("limit", str(limit))])


def footprints(dataset: str, wanted: SampleFilter, *, limit: int) -> str:
    """Corners and modalities of the first samples in view."""
    return _address(f"/{dataset}/footprints", [*wanted.to_query(), ("limit", str(limit))])


def sample(dataset: str, sample_id: str) -> str:
    """Everything known of a sample but its pixels."""
    return _address(f"/{dataset}/samples/{quote(sample_id, safe='')}", [])


def annotations(sample_id: str) -> str:
    """Annotations of a BigEarthNet patch."""
    return f"{sample('bigearthnet', sample_id)}/annotations"


def picture(
    dataset: str,
    sample_id: str,
    modality: str,
    *,
    revision: str,
    form: str = "webp",
    preset: str | None = None,
    bands: str | None = None,
    range_text: str | None = None,
    gamma: str | None = None,
    expression: str | None = None,
    offset: str | None = None,
    size: int | None = None,
) -> str:
    """A modality as a picture; parameters as the API documents them."""
    look = _given(preset=preset, bands=bands, range=range_text, gamma=gamma, expression=expression, offset=offset)
    look += _given(size=None if size is None else str(size))
    return _modality(dataset, sample_id, f"{modality}.{form}", [*look, ("v", revision)])


def legend(
    dataset: str,
    sample_id: str,
    modality: str,
    *,
    revision: str,
    preset: str | None = None,
    bands: str | None = None,
    range_text: str | None = None,
    gamma: str | None = None,
    expression: str | None = None,
    offset: str | None = None,
) -> str:
    """How the picture with the same parameters was made."""
    look = _given(preset=preset, bands=bands, range=range_text, gamma=gamma, expression=expression, offset=offset)
    return _modality(dataset, sample_id, f"{modality}/legend", [*look, ("v", revision)])


def values(dataset: str, sample_id: str, modality: str, *, revision: str) -> str:
    """Values as stored, in numpy's format."""
    return _modality(dataset, sample_id, f"{modality}.npy", [("v", revision)])


def geotiff(dataset: str, sample_id: str, modality: str, *, revision: str) -> str:
    """Values as GeoTIFF."""
    return _modality(dataset, sample_id, f"{modality}.tif", [("v", revision)])


@lru_cache(maxsize=64)
def component_file(name: str) -> str:
    """A .js or .css file of a component, such as `map/map.js`, with the hash of its content.

    Raises:
        FileNotFoundError: there is no such file.
    """
    digest = hashlib.sha256((COMPONENTS / name).read_bytes()).hexdigest()[:HASH_CHARACTERS]
    return f"{ASSETS}/components/{name}?v={digest}"


def _modality(dataset: str, sample_id: str, rest: str, query: Query) -> str:
    """An address below one sample."""
    return _address(f"/{dataset}/samples/{quote(sample_id, safe='')}/{rest}", query)


def _address(path: str, query: Query) -> str:
    """A path of the API with a query, if there is one."""
    return f"{API}{path}?{urlencode(query)}" if query else f"{API}{path}"


def _given(**parameters: str | None) -> Query:
    """Parameters that have a value."""
    return [(name, value) for name, value in parameters.items() if value is not None]
