"""Checks where one class lies from another.

Nobody has published the rule behind these questions. So a direction is measured between centres of gravity and between
the centres of boxes, and an answer is only said to differ where both lead far from it.
"""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

from data_access.annotations.checks.choices import weigh
from data_access.annotations.checks.class_words import Mention, plain
from data_access.annotations.checks.verdict import Verdict, name_of, unknown
from data_access.annotations.checks.wording import NEGATED, named, negated
from data_access.annotations.reading import Reading
from data_access.bigearthnet.map_facts import Box, MapFacts

PATCH_EDGE_M = 1200
_COMPASS = ("top", "top-right", "right", "bottom-right", "bottom", "bottom-left", "left", "top-left")  # clockwise
_SECTOR_DEG = 360 / len(_COMPASS)
_OWN_DEG = 30.0  # a direction is right up to here: half a sector of 45 degrees, and a third as much again
_FAR_DEG = 67.5  # ... and wrong beyond one and a half sectors
_CLEAR_DEG = 12.0  # where another option is as near as this to both measurements, the next sector is wrong as well
_MOST_AREAS = 8  # of a class, the largest ones, between which directions are measured
_NEAR = 0.08  # centres closer than this share of the edge lie in no direction
_ARTICLE = r"(?:the |an? |any )?"
_PLACE = r"(?:area|region|patch|instance|location|position|perspective|viewpoint|centre|center)s?"
_ANCHOR = re.compile(
    r"\b(?:relative(?:ly)? to|relation to|with (?:respect|regard|reference) to|in reference to|compared (?:to|with)|"
    r"(?:seen|viewed|look|looking|go|going|start|starting|move|moving|walking|measured) (?:from|at)|from|taking|using) "
    rf"{_ARTICLE}(?:{_PLACE} of )?{_ARTICLE}$"
)
_WORDS = {"above": "top", "north": "top", "upper": "top", "up": "top", "top": "top"}
_WORDS |= {"below": "bottom", "south": "bottom", "lower": "bottom", "down": "bottom", "bottom": "bottom"}
_WORDS |= {"left": "left", "west": "left", "right": "right", "east": "right"}
_PART = re.compile("|".join(sorted(_WORDS, key=len, reverse=True)))
_FILLER = re.compile(r"\b(?:to|on|at|in|towards?|the|of|it|side|corner|and|is|lies|located|ern|hand)\b|[-\s.,]")


@dataclass(frozen=True)
class _Way:
    """The way from one class to another, measured in every manner that somebody might choose.

    Attributes:
        angles: degrees clockwise from the top: between the classes' centres of gravity, between the centres of their
            boxes, and between those of every two of their areas where one has several.
        shortest: of the first two, as a share of the edge.
    """

    angles: tuple[float, ...]
    shortest: float


def check_direction(reading: Reading, facts: MapFacts) -> Verdict:
    """In which direction lies a class from another?"""
    mentions, doubt = named(reading.question, 2)
    if doubt or negated(reading.question):
        return unknown(doubt or NEGATED)
    pair = _anchor_and_subject(plain(reading.question), mentions)
    if pair is None:
        return unknown("Which of the two classes is the one to look from could not be read.")
    missing = [name_of(number) for number in pair if number not in facts.areas]
    if missing:
        return unknown(f"The map has no {' and no '.join(missing)}.")
    way = _measure(facts, *pair)
    found = _words(way, *pair)
    angles = [direction_angle(option.text) for option in reading.options]
    clear = any(angle is not None and max(_off(angle, way.angles)) <= _CLEAR_DEG for angle in angles)

    def true(text: str) -> bool | None:
        angle = direction_angle(text)
        return None if angle is None else _lies(way, angle, clear=clear)

    return weigh(reading, true, found, "The direction is not clear enough: measured in other ways it may be another.")


def direction_angle(text: str) -> float | None:
    """Degrees clockwise from the top of a direction such as "to the top-right"; None where it is none."""
    bare = plain(text)
    parts = {_WORDS[word] for word in _PART.findall(bare)}
    name = "-".join(sorted(parts, key=("top", "bottom", "left", "right").index))
    if name not in _COMPASS or _FILLER.sub("", _PART.sub("", bare)):
        return None
    return _COMPASS.index(name) * _SECTOR_DEG


def _anchor_and_subject(question: str, mentions: tuple[Mention, ...]) -> tuple[int, int] | None:
    if len(mentions) != 2:
        return None
    anchors = [mention for mention in mentions if _ANCHOR.search(question[: mention.start])]
    if len(anchors) != 1:
        return None
    (subject,) = (mention for mention in mentions if mention is not anchors[0])
    return anchors[0].number, subject.number


def _measure(facts: MapFacts, anchor: int, subject: int) -> _Way:
    from_boxes, to_boxes = _boxes(facts, anchor), _boxes(facts, subject)
    ends = [(facts.centres[anchor], facts.centres[subject]), *product(map(_centre, from_boxes), map(_centre, to_boxes))]
    ways = [(to_x - from_x, to_y - from_y) for (from_x, from_y), (to_x, to_y) in ends]
    angles = tuple(math.degrees(math.atan2(right, -down)) % 360 for right, down in ways)
    return _Way(angles, min(math.hypot(*way) for way in ways[:2]))


def _boxes(facts: MapFacts, number: int) -> list[Box]:
    """The box of a class, then those of its areas where it has several."""
    boxes = [region.box for region in facts.regions[number]]
    lefts, tops, rights, bottoms = zip(*boxes, strict=True)
    several = boxes[:_MOST_AREAS] if len(boxes) > 1 else []
    return [(min(lefts), min(tops), max(rights), max(bottoms)), *several]


def _centre(box: Box) -> tuple[float, float]:
    left, top, right, bottom = box
    return (left + right) / 2, (top + bottom) / 2


def _off(angle: float, measured: Sequence[float]) -> list[float]:
    """How far a direction lies from measurements, in degrees."""
    return [abs((angle - each + 180) % 360 - 180) for each in measured]


def _lies(way: _Way, angle: float, *, clear: bool) -> bool | None:
    """Whether a direction is right; None where that depends on how it is measured."""
    if way.shortest < _NEAR:
        return None
    if max(_off(angle, way.angles[:2])) <= _OWN_DEG:
        return True
    nearest = min(_off(angle, way.angles))
    return False if nearest > _FAR_DEG or (clear and nearest > _SECTOR_DEG - _CLEAR_DEG) else None


def _words(way: _Way, anchor: int, subject: int) -> str:
    angle = way.angles[0]
    name = _COMPASS[round(angle / _SECTOR_DEG) % len(_COMPASS)]
    distance = round(way.shortest * PATCH_EDGE_M, -1)
    return (
        f"From the centre of {name_of(anchor)}, that of {name_of(subject)} lies {angle:.0f}° clockwise from the top "
        f"({name}), and between their boxes {way.angles[1]:.0f}°; the centres are {distance:,.0f} m apart."
    )
