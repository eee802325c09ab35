"""Sizes, durations and moments in words, as people say them."""

import time

_STEPS = (("TB", 1e12), ("GB", 1e9), ("MB", 1e6), ("kB", 1e3))  # as disks are sold
_MINUTE, _HOUR, _DAY = 60, 3600, 86_400
_SHORT_S = 10  # below this many seconds no number helps


def size(count: float) -> str:
    """Bytes: 950 B, 1.2 MB, 12 GB."""
    for unit, step in _STEPS:
        if count >= step * 0.9995:
            value = count / step
            return f"{value:,.0f} {unit}" if value >= 9.95 else f"{value:.1f} {unit}"
    return f"{count:,.0f} B"


def duration(seconds: float) -> str:
    """A time span, as precise as a person cares: 8 s, 3 min, 2 h 10 min, 3 days."""
    if seconds < _MINUTE * 1.5:
        return f"{max(round(seconds), 1)} s"
    if seconds < _HOUR:
        return f"{round(seconds / _MINUTE)} min"
    if seconds < 2 * _DAY:
        hours, rest = divmod(round(seconds / _MINUTE), 60)
        return f"{hours} h {rest} min" if rest and hours < 10 else f"{hours} h"
    return f"{round(seconds / _DAY)} days"


def remaining(seconds: float | None) -> str:
    """What is left of some work; empty where it can not be told."""
    if seconds is None:
        return ""
    return "a few seconds left" if seconds < _SHORT_S else f"about {duration(seconds)} left"


def age(moment: float) -> str:
    """How long ago something was, in seconds since 1970."""
    passed = time.time() - moment
    return "just now" if passed < _MINUTE * 1.5 else f"{duration(passed)} ago"


def amount(done: int, total: int | None, unit: str) -> str:
    """How much of some work is done: 12 of 890 shards, 1.2 of 3.4 GB; empty where nothing is counted."""
    if unit == "bytes":
        return f"{size(done)} of {size(total)}" if total else size(done)
    if total:
        return f"{done:,} of {total:,} {unit}".rstrip()
    return f"{done:,} {unit}".rstrip() if done else ""
