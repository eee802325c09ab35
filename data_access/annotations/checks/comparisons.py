"""The phrases that compare a number with bounds, and the ranges that they mean.

A number stands as `#0`, `#1` ... in the text (see `quantities`). Phrases are tried in the order of the table, and each
takes its numbers away, so that a shorter phrase never reads a part of a longer one.
"""

import math
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

_N = r"#(\d+)"
_MORE = r"(?:more|greater|larger|bigger|higher)"
_LESS = r"(?:less|fewer|smaller|lower)"
_NOT = r"(?:no|not|never)"
_BE = r"(?:be |being |fall |lie )?"
_THINGS = r"(?:[a-z-]+ ){0,4}"  # "three continuous areas or more"
_NO_NUMBER = r"\b(?! (?:than|#))"  # "above 30% and below 50%" has two bounds

_TWO_BOUNDS = (
    rf"(?:in )?between {_N} (?:and|to|-|or) {_N}",
    rf"(?:ranging |ranges? )?from {_N} (?:up )?(?:to|-|until) {_N}",
    rf"{_N} (?:to|-|through) {_N}",
)
_LEAST = (
    rf"{_MORE} than or equal(?: to)?",
    rf"equal to or {_MORE} than",
    "at least",
    "at (?:a )?minimum",
    "(?:a |the )?minimum(?: of)?",
    rf"{_NOT} {_BE}{_LESS}(?: than)?",
    rf"{_NOT} {_BE}(?:below|under)",
    ">=",
    "≥",
)
_MOST = (
    rf"{_LESS} than or equal(?: to)?",
    rf"equal to or {_LESS} than",
    "at most",
    "at (?:a )?maximum",
    "(?:a |the )?maximum(?: of)?",
    rf"{_NOT} {_BE}{_MORE}(?: than)?",
    rf"{_NOT} {_BE}(?:above|over|beyond)",
    rf"{_NOT} (?:exceed(?:s|ing)?|surpass(?:es|ing)?)",
    "up to",
    "<=",
    "≤",
)
_ABOVE = (
    rf"{_MORE} than(?: just| only)?",
    r"exceed(?:s|ing|ed)?",
    r"surpass(?:es|ing|ed)?",
    "above",
    "over",
    "beyond",
    "in excess of",
    ">",
)
_BELOW = (rf"{_LESS} than", "below", "under", "<")
_EQUAL = ("exactly", "precisely", "equals?(?: to)?", "only", "just", "a total of", "no other than", "=")
_LEAST_BEHIND = (
    rf"{_THINGS}or (?:{_MORE}|above|over){_NO_NUMBER}",
    rf"and (?:{_MORE}|above|over){_NO_NUMBER}",
    rf"{_THINGS}at (?:least|(?:a )?minimum){_NO_NUMBER}",
)
_MOST_BEHIND = (
    rf"{_THINGS}or (?:{_LESS}|below|under){_NO_NUMBER}",
    rf"and (?:{_LESS}|below|under){_NO_NUMBER}",
    rf"{_THINGS}at (?:most|(?:a )?maximum){_NO_NUMBER}",
)


@dataclass(frozen=True)
class Bounds:
    """A range of numbers; a bound is part of it where it is `closed`."""

    low: float = -math.inf
    high: float = math.inf
    low_closed: bool = True
    high_closed: bool = True

    def hold(self, value: float) -> bool:
        """Whether a number lies in the range."""
        above = value >= self.low if self.low_closed else value > self.low
        below = value <= self.high if self.high_closed else value < self.high
        return above and below


@dataclass(frozen=True)
class Comparison:
    """A kind of phrase.

    Attributes:
        pattern: finds it, with a group for the place of every number.
        meaning: every range that its numbers may mean.
    """

    pattern: re.Pattern[str]
    meaning: Callable[..., tuple[Bounds, ...]]


def _before(phrases: Iterable[str]) -> re.Pattern[str]:
    """The phrases, in front of a number."""
    return re.compile(rf"(?<![a-z])(?:{'|'.join(phrases)}) {_N}")


def _behind(phrases: Iterable[str]) -> re.Pattern[str]:
    """The phrases, behind a number."""
    return re.compile(rf"{_N} (?:{'|'.join(phrases)})(?![a-z])")


def _between(one: float, other: float) -> tuple[Bounds, ...]:
    """Nobody says whether the bounds are part of it."""
    low, high = sorted((one, other))
    return Bounds(low, high), Bounds(low, high, low_closed=False, high_closed=False)


def _at_least(bound: float) -> tuple[Bounds, ...]:
    return (Bounds(low=bound),)


def _at_most(bound: float) -> tuple[Bounds, ...]:
    return (Bounds(high=bound),)


COMPARISONS: tuple[Comparison, ...] = (
    *(Comparison(re.compile(rf"(?<![a-z]){phrase}"), _between) for phrase in _TWO_BOUNDS),
    Comparison(_before(_LEAST), _at_least),
    Comparison(_before(_MOST), _at_most),
    Comparison(_behind(_LEAST_BEHIND), _at_least),
    Comparison(_behind(_MOST_BEHIND), _at_most),
    Comparison(_before(_ABOVE), lambda bound: (Bounds(low=bound, low_closed=False),)),
    Comparison(_before(_BELOW), lambda bound: (Bounds(high=bound, high_closed=False),)),
    Comparison(_before(_EQUAL), lambda number: (Bounds(number, number),)),
)
