"""Python values of any room as strict JSON: no NaN, no infinity, numpy and dates included."""

import dataclasses
import json
import math
from collections.abc import Mapping
from datetime import date, datetime, timedelta

import numpy as np


def plain(value: object) -> object:
    """The JSON form of a value: NaN and infinity become null, dates ISO 8601, dataclasses objects, tuples lists.

    Raises:
        TypeError: the value has no JSON form.
    """
    if value is None or isinstance(value, str | bool | int):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(item) for item in value]
    return _plain_rare(value)


def _plain_rare(value: object) -> object:
    """The JSON form of values that are not JSON's own types."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {each.name: plain(getattr(value, each.name)) for each in dataclasses.fields(value)}
    if isinstance(value, np.generic | np.ndarray):
        return plain(value.tolist())
    if isinstance(value, datetime | date):  # pandas' Timestamp is a datetime, and so is its NaT, whose text is "NaT"
        text = value.isoformat()
        return None if text == "NaT" else text
    if isinstance(value, timedelta):
        return value.total_seconds()
    raise TypeError(f"{type(value).__name__} has no JSON form")


def dumps(value: object) -> bytes:
    """UTF-8 JSON without spaces, as small as it gets."""
    return json.dumps(plain(value), ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()
