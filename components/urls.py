"""Every address of the API and the assets that a page's Python hands to the browser is built here, and nowhere else.

Addresses are relative to the host, so they work behind any name and port. Those of pictures and values carry the
collection's revision as `v`, which lets browsers keep them without asking again. What the browser asks for by itself,
it builds in `browser/requests.js`.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from urllib.parse import quote, urlencode

API = "/api"
ASSETS = "/assets"
COMPONENTS = Path(__file__).resolve().parent
HASH_CHARACTERS = 16  # as api/assets.py reads it


@dataclass(frozen=True)
class Look:
    """How a modality is drawn; what is not given, the API chooses."""

    preset: str | None = None
    offset: str | None = None  # "keep" or "remove" Sentinel-2's +1000


AS_USUAL = Look()


def picture(
    dataset: str, sample_id: str, modality: str, look: Look = AS_USUAL, *, revision: str, form: str = "webp"
) -> str:
    """A modality as a picture; `form` is webp or png."""
    return _modality(dataset, sample_id, f"{modality}.{form}", revision, look)


def legend(dataset: str, sample_id: str, modality: str, look: Look = AS_USUAL, *, revision: str) -> str:
    """How the picture with the same look was made."""
    return _modality(dataset, sample_id, f"{modality}/legend", revision, look)


def values(dataset: str, sample_id: str, modality: str, *, revision: str) -> str:
    """Values as stored, in numpy's format."""
    return _modality(dataset, sample_id, f"{modality}.npy", revision)


def geotiff(dataset: str, sample_id: str, modality: str, *, revision: str) -> str:
    """Values as GeoTIFF."""
    return _modality(dataset, sample_id, f"{modality}.tif", revision)


def export(dataset: str, ending: str, query: str) -> str:
    """A selection as a file; `ending` is parquet, csv, geojson or stac, `query` that of the filter."""
    return f"{API}/{dataset}/export.{ending}{'?' if query else ''}{query}"


def annotation_export(ending: str, query: str) -> str:
    """Annotations as a file; `ending` is parquet, csv, jsonl or geojson, `query` that of the filter and of options."""
    return f"{API}/bigearthnet/annotations/export.{ending}{'?' if query else ''}{query}"


def audit(ending: str, query: str) -> str:
    """What checking annotations has found, as a file; `ending` is parquet or csv, `query` filter and outcomes."""
    return f"{API}/bigearthnet/annotations/audit.{ending}{'?' if query else ''}{query}"


def generated(run: str, rest: str, query: Mapping[str, str | int | None] = MappingProxyType({})) -> str:
    """What a run made; `rest` is a modality with its ending, such as S1RTC.webp, or S1RTC/legend."""
    given = {name: value for name, value in query.items() if value is not None}
    return f"{API}/generations/{quote(run, safe='')}/{quote(rest, safe='/')}{'?' if given else ''}{urlencode(given)}"


def generated_run(run: str) -> str:
    """A run as it is, with all that is said of its result, as JSON."""
    return f"{API}/generations/{quote(run, safe='')}"


def readings(dataset: str, sample_id: str, *, revision: str) -> str:
    """The annotations of a sample as a reader sees them."""
    return _modality(dataset, sample_id, "readings", revision)


def query_answer(ending: str, sql: str) -> str:
    """The answer of a query of the SQL console as a file; `ending` is parquet, csv or json."""
    return f"{API}/sql.{ending}?{urlencode({'q': sql})}"


def stac_item(dataset: str, sample_id: str, *, revision: str) -> str:
    """A sample as an item of STAC."""
    return _modality(dataset, sample_id, "stac.json", revision)


def sheet(dataset: str, sample_id: str, *, revision: str) -> str:
    """Every modality of a sample on one sheet, PNG."""
    return _modality(dataset, sample_id, "sheet.png", revision)


def play(dataset: str, split: str, shard: str, query: Mapping[str, str]) -> str:
    """Where a shard is listened to; parameters without a value are left out, and the browser adds where to begin."""
    given = {name: value for name, value in query.items() if value}
    return f"{API}/{dataset}/shards/{quote(split, safe='')}/{quote(shard, safe='')}/play?{urlencode(given)}"


@lru_cache(maxsize=64)
def component_file(name: str) -> str:
    """A .js or .css file of a component, such as `map/map.js`, with the hash of its content.

    Raises:
        FileNotFoundError: there is no such file.
    """
    digest = hashlib.sha256((COMPONENTS / name).read_bytes()).hexdigest()[:HASH_CHARACTERS]
    return f"{ASSETS}/components/{name}?v={digest}"


def _modality(dataset: str, sample_id: str, rest: str, revision: str, look: Look = AS_USUAL) -> str:
    """An address below one sample; parameters that have a value, and the revision."""
    query = {"preset": look.preset, "offset": look.offset, "v": revision}
    given = {name: value for name, value in query.items() if value is not None}
    return f"{API}/{dataset}/samples/{quote(sample_id, safe='')}/{rest}?{urlencode(given)}"
