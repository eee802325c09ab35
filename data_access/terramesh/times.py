"""Acquisition times as TerraMesh members carry them, in every encoding that writers use.

Published members hold int64 nanoseconds since 1970 and 0 where a modality has no time (DEM). xarray also writes
`<unit> since <date>` and datetime64; others write ISO 8601 text, or seconds to microseconds without a unit.
"""

import datetime as dt
import math
import re
from collections.abc import Mapping

import numpy as np
import pandas as pd

from errors import SampleFormatError

NO_TIME_NS = 1_000_000  # up to a millisecond after 1970 means "no time", as in the dataset's own loader
_NOT_A_TIME = -(2**63)  # NaT, as NumPy and xarray store it
_NS_LIMIT = 2**63 - 1  # years 1677 to 2262
_NANOSECONDS = {
    "nanosecond": 1,
    "microsecond": 10**3,
    "millisecond": 10**6,
    "second": 10**9,
    "minute": 60 * 10**9,
    "hour": 3600 * 10**9,
    "day": 86400 * 10**9,
    "week": 7 * 86400 * 10**9,
}
_SHORT = {"ns": "nanosecond", "us": "microsecond", "ms": "millisecond", "s": "second", "sec": "second"}
# Numbers without a unit that would be nanoseconds of the first days of 1970, decades before these satellites, are of a
# coarser unit: below each limit (the year 2096 in seconds) that many nanoseconds make one.
_COARSER_UNITS = ((4 * 10**9, 10**9), (4 * 10**12, 10**6), (4 * 10**15, 10**3))
_SINCE = re.compile(r"\s*([A-Za-z]+)\s+since\s+(.{1,60}?)\s*", re.DOTALL)


def decode_time(values: np.ndarray, attributes: Mapping[str, object]) -> int | None:
    """The time of a member in nanoseconds since 1970, UTC; None where it says that there is none.

    Args:
        values: the `time` array, a scalar or of length 1: integers, floats, datetime64 or ISO 8601 text.
        attributes: its attributes; `units` as in the CF conventions, where the numbers are not nanoseconds.

    Raises:
        SampleFormatError: more than one time, or one that can not be understood.
    """
    if values.size != 1:
        raise SampleFormatError(f"The sample has {values.size} times; a TerraMesh sample has one.")
    if values.dtype.kind == "M":
        moment = int(values.astype("datetime64[ns]").astype(np.int64).reshape(-1)[0])
    elif values.dtype.kind in "iuf":
        moment = _from_number(values.reshape(-1)[0].item(), attributes.get("units"))
    elif values.dtype.kind in "USO":
        moment = _from_text(values.reshape(-1)[0])
    else:
        raise SampleFormatError(f"The time is stored as {values.dtype}; write int64 nanoseconds since 1970.")
    return None if moment == _NOT_A_TIME or 0 <= moment <= NO_TIME_NS else moment


def iso(moment: int | None) -> str | None:
    """ISO 8601 in UTC of nanoseconds since 1970, with a fraction only where there is one: 2023-06-10T07:46:21Z."""
    if moment is None:
        return None
    return str(np.datetime64(moment // 1000, "us")).removesuffix(".000000") + "Z"


def _from_number(value: float, units: object) -> int:
    """A number of `units`, or of nanoseconds since 1970 where there are none, in nanoseconds since 1970."""
    if isinstance(value, float) and not math.isfinite(value):
        return _NOT_A_TIME
    factor, reference = (_likely_unit(value), 0) if units is None else _parse_units(str(units))
    moment = reference + (value * factor if isinstance(value, int) else round(value * factor))
    if value != _NOT_A_TIME and abs(moment) > _NS_LIMIT:
        raise SampleFormatError(f"The time {value} {units or 'nanoseconds since 1970'} is no date of a satellite.")
    return _NOT_A_TIME if value == _NOT_A_TIME else moment


def _likely_unit(value: float) -> int:
    """Nanoseconds per unit of a number without one."""
    if value <= NO_TIME_NS:
        return 1
    return next((factor for limit, factor in _COARSER_UNITS if value < limit), 1)


def _from_text(value: object) -> int:
    """A time in words, UTC where it names no zone; empty means none."""
    text = value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)
    if text.strip() in ("", "NaT"):
        return _NOT_A_TIME
    try:
        moment = pd.Timestamp(dt.datetime.fromisoformat(text.strip()))
        moment = moment if moment.tzinfo is None else moment.tz_convert("UTC").tz_localize(None)
        return int(moment.as_unit("ns").value)
    except (ValueError, OverflowError) as error:
        raise SampleFormatError(f"The time {text[:40]!r} is not understood; write 2020-05-03T02:07:17.") from error


def _parse_units(units: str) -> tuple[int, int]:
    """Nanoseconds per unit, and the reference date in nanoseconds since 1970."""
    match = _SINCE.fullmatch(units)
    unit = match[1].lower() if match else ""
    factor = _NANOSECONDS.get(_SHORT.get(unit, unit.removesuffix("s")))
    if match is None or factor is None:
        raise SampleFormatError(f"The unit of time {units[:60]!r} is not understood; write 'seconds since 1970-01-01'.")
    try:
        reference = pd.Timestamp(match[2])
    except (ValueError, OverflowError) as error:
        raise SampleFormatError(f"The date in the unit of time {units[:60]!r} is not understood.") from error
    if pd.isna(reference):
        raise SampleFormatError(f"The unit of time {units[:60]!r} has no date.")
    reference = reference if reference.tzinfo is None else reference.tz_convert("UTC").tz_localize(None)
    return factor, int(reference.as_unit("ns").value)
