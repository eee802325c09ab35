"""Query parameters to the fields of a `SampleFilter`, every value checked."""

import math
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from data_access.measures import MEASURE_COLUMNS, MeasureRange
from data_access.tasks import TASKS
from errors import FilterError

MAX_VALUES = 100  # per field: more than any page offers, few enough to keep SQL and URLs short
MAX_VALUE_LENGTH = 100  # the longest country and climate names have about 60 characters
MAX_TEXT_LENGTH = 200
MIN_VERTICES, MAX_VERTICES = 3, 200  # of a lasso
MAX_QUERY_LENGTH = 20_000  # of one lasso or bbox parameter, before it is split
RANGE_ENDS = ("_min", "_max")  # after the name of a measure
MAX_LONGITUDE = 540.0  # a map that repeats the world hands out longitudes one turn to either side

_UNKNOWN = "unknown"
_ENUMERATIONS: dict[str, tuple[str, ...]] = {
    "season": ("Spring", "Summer", "Fall", "Winter", _UNKNOWN),
    "split": ("train", "val", "validation", "test", "bench", _UNKNOWN),
    "source": ("majortom", "ssl4eos12", "bigearthnet", _UNKNOWN),
    "type": tuple(dict.fromkeys(task.type for task in TASKS)),
    "category": tuple(dict.fromkeys(task.category for task in TASKS)),
}
_ALIASES = {("season", "autumn"): "Fall", ("category", "captioning"): "None"}


def parse_query(query: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    """Fields of a filter from query parameters; unknown keys and empty values are dropped.

    Raises:
        FilterError: a value means nothing; the message names it, the reason and the cure.
    """
    found: dict[str, Any] = {}
    for key, parse in _PARSERS.items():
        if values := _given(query, key):
            found[key] = parse(key, values)
    _check_order(found)
    if ranges := tuple(each for each in (_range(query, name) for name in MEASURE_COLUMNS) if each):
        found["ranges"] = ranges
    return found


def range_query(ranges: Iterable[MeasureRange]) -> list[tuple[str, str]]:
    """Ranges of measures as query parameters; `parse_query` reads them back unchanged."""
    ends = [(f"{name}{end}", bound) for name, *pair in ranges for end, bound in zip(RANGE_ENDS, pair, strict=True)]
    return [(key, repr(float(bound))) for key, bound in ends if isinstance(bound, float | int)]


def _given(query: Mapping[str, Sequence[str]], key: str) -> list[str]:
    """The values of a parameter that are not empty."""
    given = query.get(key, ())
    return [value for value in ([given] if isinstance(given, str) else given) if value.strip()]


def _range(query: Mapping[str, Sequence[str]], name: str) -> MeasureRange | None:
    keys = [f"{name}{end}" for end in RANGE_ENDS]
    low, high = (_number(key, _single(key, values)) if (values := _given(query, key)) else None for key in keys)
    if low is None and high is None:
        return None
    if low is not None and high is not None and low > high:
        raise FilterError(f"{keys[0]} {low:g} is above {keys[1]} {high:g}, so nothing can match: swap the two.")
    return name, low, high


def _check_order(found: dict[str, Any]) -> None:
    first, last = found.get("time_from"), found.get("time_to")
    if first and last and first > last:
        raise FilterError(f"time_from {first} is after time_to {last}, so nothing can match: swap the two.")


def _shown(value: str) -> str:
    """A value as it appears in a message: quoted, escaped and short."""
    return repr(value if len(value) <= 60 else value[:57] + "...").encode("ascii", "backslashreplace").decode("ascii")


def _clean(key: str, value: str, longest: int) -> str:
    if len(value) > longest:
        raise FilterError(f"{key} {_shown(value)} has {len(value)} characters; at most {longest} are read. Shorten it.")
    if any(unicodedata.category(character) in {"Cc", "Cs"} for character in value):
        raise FilterError(f"{key} {_shown(value)} holds a control character, which no value has. Remove it.")
    return value.strip()


def _choices(key: str, values: list[str]) -> tuple[str, ...]:
    if len(values) > MAX_VALUES:
        raise FilterError(f"{key} has {len(values)} values; at most {MAX_VALUES} are read. Choose fewer.")
    return tuple(_choice(key, _clean(key, value, MAX_VALUE_LENGTH)) for value in values)


def _choice(key: str, value: str) -> str:
    allowed = _ENUMERATIONS.get(key)
    if allowed is None:
        return value
    lowered = value.lower()
    for name in allowed:
        if name.lower() == lowered:
            return name
    if (key, lowered) in _ALIASES:
        return _ALIASES[key, lowered]
    raise FilterError(f"{key} {_shown(value)} is not one of its values. Use one of: {', '.join(allowed)}.")


def _single(key: str, values: list[str]) -> str:
    if len(set(values)) > 1:
        raise FilterError(f"{key} is given {len(values)} times; it takes one value. Keep one of them.")
    return values[0]


def _text(key: str, values: list[str]) -> str:
    return _clean(key, _single(key, values), MAX_TEXT_LENGTH)


def _number(key: str, word: str) -> float:
    try:
        number = float(word)
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        raise FilterError(f"{key} holds {_shown(word)}, which is not a finite number. Write it like 12.5.")
    return number


def _cloud(key: str, values: list[str]) -> float:
    percent = _number(key, _single(key, values))
    if not 0 <= percent <= 100:
        raise FilterError(f"{key} is {percent:g}; cloud cover is a percentage. Use a number from 0 to 100.")
    return percent


def _day(key: str, values: list[str]) -> date:
    word = _single(key, values).strip()
    try:
        if len(word) == len("YYYY-MM-DD"):
            return date.fromisoformat(word)
    except ValueError:
        pass
    raise FilterError(f"{key} {_shown(word)} is not a day of the calendar. Write it as YYYY-MM-DD, like 2020-05-31.")


def _words(key: str, values: list[str], separator: str) -> list[str]:
    value = _single(key, values)
    if len(value) > MAX_QUERY_LENGTH:
        raise FilterError(f"{key} has {len(value)} characters; at most {MAX_QUERY_LENGTH} are read. Simplify it.")
    return value.split(separator)


def _check_position(key: str, lon: float, lat: float) -> None:
    if abs(lon) > MAX_LONGITUDE:
        raise FilterError(f"{key} has longitude {lon:g}; the globe ends at 180. Use degrees from -180 to 180.")
    if abs(lat) > 90:
        raise FilterError(f"{key} has latitude {lat:g}; the globe ends at the poles. Use degrees from -90 to 90.")


def _bbox(key: str, values: list[str]) -> tuple[float, float, float, float]:
    words = _words(key, values, ",")
    if len(words) != 4:
        raise FilterError(f"{key} has {len(words)} numbers; it needs four. Write west,south,east,north in degrees.")
    west, south, east, north = (_number(key, word) for word in words)
    _check_position(key, west, south)
    _check_position(key, east, north)
    if south > north:
        raise FilterError(
            f"{key} is upside down: south {south:g} is above north {north:g}. Write west,south,east,north."
        )
    west, east = _turned(west, east)
    return west, south, east, north


def _turned(west: float, east: float) -> tuple[float, float]:
    """Both longitudes between -180 and 180; a view as wide as the world becomes the world."""
    if max(abs(west), abs(east)) <= 180:
        return west, east
    if abs(east - west) >= 360:
        return -180.0, 180.0
    return (west + 180) % 360 - 180, (east + 180) % 360 - 180


def _lasso(key: str, values: list[str]) -> tuple[tuple[float, float], ...]:
    words = _words(key, values, ",")
    if not MIN_VERTICES <= len(words) <= MAX_VERTICES:
        raise FilterError(
            f"{key} has {len(words)} vertices; {MIN_VERTICES} to {MAX_VERTICES} make a polygon. "
            "Write them as lon lat,lon lat,lon lat."
        )
    return tuple(_vertex(key, word) for word in words)


def _vertex(key: str, word: str) -> tuple[float, float]:
    numbers = word.split()
    if len(numbers) != 2:
        raise FilterError(f"{key} has the vertex {_shown(word)}; a vertex is two numbers. Write it as lon lat.")
    lon, lat = (_number(key, number) for number in numbers)
    _check_position(key, lon, lat)
    return lon, lat


_PARSERS: dict[str, Callable[[str, list[str]], Any]] = {
    "country": _choices,
    "season": _choices,
    "climate_zone": _choices,
    "split": _choices,
    "source": _choices,
    "type": _choices,
    "category": _choices,
    "text": _text,
    "bbox": _bbox,
    "lasso": _lasso,
    "time_from": _day,
    "time_to": _day,
    "cloud_max": _cloud,
}

# Parameters whose values depend on each other are read together; each group else stands for itself.
PARAMETER_GROUPS: tuple[tuple[str, ...], ...] = (
    *((key,) for key in _PARSERS if key not in {"time_from", "time_to"}),
    ("time_from", "time_to"),
    *(tuple(f"{name}{end}" for end in RANGE_ENDS) for name in MEASURE_COLUMNS),
)
