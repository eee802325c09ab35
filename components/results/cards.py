"""Rows of the catalogue as the gallery and the table show them."""

import math
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from components.filters.vocabulary import label
from components.results.paging import Row

DAYS = 10  # characters of an ISO day
_UNKNOWN = {"", "unknown", "None", "nan"}


def day(value: object) -> str:
    """A time as a day, or an empty string."""
    if isinstance(value, datetime | date):
        text = value.isoformat()
        return "" if text == "NaT" else text[:DAYS]
    return str(value)[:DAYS] if value else ""


def known(value: object) -> str:
    """A value as text, or an empty string where it is not known."""
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return ""
    text = str(value)
    return "" if text in _UNKNOWN else text


def named(field: str, row: Row) -> str:
    """A value of a row in the words of the filters, or an empty string where it is not known."""
    return label(field, value) if (value := known(row.get(field))) else ""


def place(row: Row) -> str:
    """Where a sample is, in words, or in rough degrees where no country is known: what fits below a thumbnail."""
    return known(row.get("country")) or degrees(row, 1)


def degrees(row: Row, decimals: int = 3) -> str:
    """Latitude and longitude with their hemispheres."""
    lat, lon = row.get("lat"), row.get("lon")
    if lat is None or lon is None or math.isnan(lat) or math.isnan(lon):
        return "place unknown"
    north, east = "NS"[lat < 0], "EW"[lon < 0]
    return f"{abs(lat):.{decimals}f}\u00b0 {north}, {abs(lon):.{decimals}f}\u00b0 {east}"


def short_id(sample_id: str) -> str:
    """The end of an id, which is what tells neighbours apart."""
    parts = sample_id.split("_")
    return "_".join(parts[-3:]) if len(parts) > 4 else sample_id


def table_row(dataset_title: str, row: Row) -> dict[str, Any]:
    """One line of the table."""
    return {
        "Sample": row["id"],
        "Country": known(row.get("country")),
        "Acquired": day(row.get("time")),
        "Season": named("season", row),
        "Climate zone": known(row.get("climate_zone")),
        "Clouds %": row.get("cloud_cover"),
        "Split": known(row.get("split")),
        "Source": named("source", row),
        "Latitude": row.get("lat"),
        "Longitude": row.get("lon"),
        "Data set": dataset_title,
    }


def has_imagery(row: Mapping[str, Any]) -> bool:
    """Whether there is anything to look at; data sets without such a column always have it."""
    return bool(row.get("has_imagery", True) and row.get("available", True))


def has_thumbnail(row: Mapping[str, Any]) -> bool:
    """Whether there is an optical picture."""
    return has_imagery(row) and bool(row.get("has_s2", True))
