"""Phrases of a caption that give away what the questions of the same patch ask: its country, season or climate zone.

Every caption of BigEarthNet.txt names all three, so a model that reads captions can answer those questions unseen.
Only the patch's own values count, wherever they stand as whole words: "warm summer" inside a climate zone says nothing
of the season, and areas that fall into a class say nothing of autumn.
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import Literal

LeakKind = Literal["country", "season", "climate_zone"]

LONGEST_VALUE = 200  # characters; no country, season or climate zone has 50, and patterns grow with what they look for

# Other words for the same, beside the value itself; keys in lower case.
_OF_COUNTRY = MappingProxyType(
    {
        "austria": ("Austrian",),
        "belgium": ("Belgian",),
        "finland": ("Finnish",),
        "ireland": ("Irish",),
        "kosovo": ("Kosovan", "Kosovar"),
        "lithuania": ("Lithuanian",),
        "luxembourg": ("Luxembourgish", "Luxembourgian"),
        "portugal": ("Portuguese",),
        "serbia": ("Serbian",),
        "switzerland": ("Swiss",),
    }
)
# "Fall" and "spring" are verbs and things too: they count only behind such a word, or before one.
_WORDS_BEFORE = ("the", "in", "during", "this", "of", "early", "late", "mid", "from", "season is")
_BEFORE = "(?:" + "|".join([*(rf"(?<=\b{words} )" for words in _WORDS_BEFORE), r"(?<=\bmid-)", r"(?<=\()"]) + ")"
_AFTER = (
    r"(?=[ -](?:season|seasons|months?|scene|image|picture|view|period|day|afternoon|morning|weather|light|setting"
    r"|landscape|vegetation|foliage|conditions|colou?rs|of 20\d\d|20\d\d)\b)"
)
_FALL = rf"{_BEFORE}fall|fall{_AFTER}"
_SPRING = rf"{_BEFORE}spring|spring{_AFTER}"
_OF_SEASON = MappingProxyType(
    {
        "spring": rf"{_SPRING}|springtime",
        "summer": "summer|summertime|summery",
        "fall": rf"{_FALL}|autumn|autumnal",
        "autumn": rf"{_FALL}|autumn|autumnal",
        "winter": "winter|wintertime|wintry",
    }
)


@dataclass(frozen=True, slots=True)
class Leak:
    """A phrase of a caption that states one of the patch's own properties.

    Attributes:
        kind: which property.
        start: index of its first character in the caption.
        end: index behind its last character.
    """

    kind: LeakKind
    start: int
    end: int


def find_leaks(caption: str, country: str, season: str, climate_zone: str) -> tuple[Leak, ...]:
    """Find every phrase that states the patch's own country, season or climate zone, ignoring case.

    Args:
        caption: any text.
        country: as the column spells it; its adjective counts too.
        season: as the column spells it; Fall and Autumn are one season.
        climate_zone: as the column spells it, such as "Cold, no dry season, warm summer"; quotes stay outside.

    Returns:
        Phrases that do not overlap, in their order. Empty values, and such as no data set has, find nothing.
    """
    found: list[Leak] = []
    taken: list[tuple[int, int]] = []
    pattern = _climate_pattern(_value(climate_zone))
    if pattern:
        taken = [match.span() for match in pattern.finditer(caption)]
        found += [Leak("climate_zone", start, end) for start, end in taken]
    kinds: tuple[tuple[LeakKind, re.Pattern[str] | None], ...] = (
        ("country", _country_pattern(_value(country))),
        ("season", _season_pattern(_value(season))),
    )
    for kind, words in kinds:
        spans = [match.span() for match in words.finditer(caption)] if words else []
        found += [Leak(kind, start, end) for start, end in _outside(spans, taken)]
    return tuple(sorted(found, key=lambda leak: (leak.start, leak.end)))


def _outside(spans: list[tuple[int, int]], taken: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The spans that touch none of `taken`; both in order, so one walk is enough."""
    kept, at = [], 0
    for start, end in spans:
        while at < len(taken) and taken[at][1] <= start:
            at += 1
        if at == len(taken) or taken[at][0] >= end:
            kept.append((start, end))
    return kept


@lru_cache(maxsize=64)
def _country_pattern(country: str) -> re.Pattern[str] | None:
    if not country:
        return None
    return _whole_words("|".join(map(re.escape, (country, *_OF_COUNTRY.get(country.lower(), ())))))


@lru_cache(maxsize=64)
def _season_pattern(season: str) -> re.Pattern[str] | None:
    words = _OF_SEASON.get(season.lower())
    return _whole_words(words) if words else None


@lru_cache(maxsize=64)
def _climate_pattern(climate_zone: str) -> re.Pattern[str] | None:
    if not climate_zone:
        return None
    return _whole_words(r"\s+".join(map(re.escape, climate_zone.split())))


def _value(text: str) -> str:
    return text.strip() if len(text) <= LONGEST_VALUE else ""


def _whole_words(pattern: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{pattern})(?!\w)", re.IGNORECASE)
