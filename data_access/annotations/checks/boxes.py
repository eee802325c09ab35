"""Checks bounding boxes: around the area at a point, or around an area that is described."""

import re
from collections.abc import Iterator, Sequence

import numpy as np

from data_access.annotations.checks import measured
from data_access.annotations.checks.class_words import classes_in, plain
from data_access.annotations.checks.verdict import Verdict, name_of, unknown
from data_access.annotations.checks.wording import strange
from data_access.annotations.reading import Box, Point, Reading
from data_access.bigearthnet.map_facts import Box as MapBox
from data_access.bigearthnet.map_facts import MapFacts, Region

# Corners are written in steps of 0.01; whether a box ends at a pixel's centre or behind it makes up to 0.008 more.
TOLERANCE = 0.02
_POINT_STEP = 0.005  # a point stands for every place that is written like it
_LARGEST = re.compile(r"\b(?:largest|biggest|greatest|most extensive)\b")
_SMALLEST = re.compile(r"\b(?:smallest|tiniest|least extensive)\b")
_OTHER_RANK = re.compile(
    r"\b(?:second|third|fourth|2nd|3rd|next|every|all|both|not|except|left-?most|right-?most|top-?most|bottom-?most|"
    r"(?:upper|lower|northern|southern|eastern|western|central|middle|longest|widest|closest|nearest|larger|smaller)\w*)\b"
)
_ONE_AREA = re.compile(
    r"\b(?:areas?|patch\w*|regions?|instances?|parts?|pieces?|zones?|segments?|polygons?|clusters?)\b"
)


def check_point(reading: Reading, facts: MapFacts) -> Verdict:
    """Is it the box around the area of one class at a point?"""
    if reading.box is None or reading.point is None:
        return unknown("The row has no point or no box that can be read.")
    here = list(_regions_at(facts, reading.point))
    if not here:
        return unknown("At the point the map has none of the 19 classes.")
    return _compared(reading.box, [region.box for _, region in here], f"the {name_of(here[0][0])} at the point")


def check_reference(reading: Reading, facts: MapFacts) -> Verdict:
    """Is it the box around an area that the phrase describes?"""
    if reading.box is None or reading.reference is None:
        return unknown("The row has no phrase or no box that can be read.")
    phrase, question = plain(reading.reference), plain(reading.question)
    mentions = classes_in(phrase)
    if len(mentions) != 1 or strange(phrase):
        return unknown(strange(phrase) or "The phrase does not name one of the 19 classes in a spelling known here.")
    largest, smallest = bool(_LARGEST.search(question)), bool(_SMALLEST.search(question))
    if _OTHER_RANK.search(question) or (largest and smallest):
        return unknown("The phrase asks for an area by something else than largest, smallest, or any.")
    number = mentions[0].number
    if number not in facts.areas:
        return Verdict("differ", f"The map has no {name_of(number)}.")
    rank = "largest " if largest else "smallest " if smallest else ""
    boxes = [region.box for region in _described(facts, number, rank)]
    if not rank and not _ONE_AREA.search(question):
        boxes.append(_around([region.box for region in facts.regions[number]]))
    what = f"the {rank}continuous area of {name_of(number)}" if rank else f"a continuous area of {name_of(number)}"
    return _compared(reading.box, boxes, what, measured.count_words(facts, number))


def _regions_at(facts: MapFacts, point: Point) -> Iterator[tuple[int, Region]]:
    """The areas at the pixels that a rounded point can mean, the pixel of the point itself first, both conventions."""
    steps = (0.0, -_POINT_STEP, _POINT_STEP)
    for regions in (facts.regions, facts.regions_by_edges):
        for down in steps:
            for right in steps:
                for number, found in regions.items():
                    label = _label_at(found[0].labels, point.x + right, point.y + down)
                    yield from ((number, region) for region in found if region.label == label)


def _label_at(labels: np.ndarray, x: float, y: float) -> int:
    height, width = labels.shape
    column = min(max(int(x * width), 0), width - 1)
    row = min(max(int(y * height), 0), height - 1)
    return int(labels[row, column])


def _described(facts: MapFacts, number: int, rank: str) -> list[Region]:
    """Every area that a phrase can mean, under both conventions."""
    found: list[Region] = []
    for regions in (facts.regions[number], facts.regions_by_edges[number]):
        sizes = [region.pixels for region in regions]
        wanted = {"largest ": {max(sizes)}, "smallest ": {min(sizes)}}.get(rank, set(sizes))
        found += [region for region in regions if region.pixels in wanted]
    return found


def _compared(box: Box, candidates: Sequence[MapBox], what: str, more: str = "") -> Verdict:
    """The verdict on a box beside every box that would be right."""
    given = (box.left, box.top, box.right, box.bottom)
    nearest = min(candidates, key=lambda candidate: _farthest(given, candidate))
    off = _farthest(given, nearest)
    corners = "[{} {}, {} {}]".format(*nearest)
    found = f"The box around {what} is {corners}; sides are off by {off:.2f} at most, IoU {_iou(given, nearest):.2f}."
    return Verdict("agree" if off <= TOLERANCE + 1e-9 else "differ", f"{found} {more}".strip())


def _farthest(one: MapBox, other: MapBox) -> float:
    return max(abs(first - second) for first, second in zip(one, other, strict=True))


def _iou(one: MapBox, other: MapBox) -> float:
    """Area of the intersection over the area of the union."""
    width = min(one[2], other[2]) - max(one[0], other[0])
    height = min(one[3], other[3]) - max(one[1], other[1])
    common = max(width, 0.0) * max(height, 0.0)
    union = sum((box[2] - box[0]) * (box[3] - box[1]) for box in (one, other)) - common
    return common / union if union > 0 else 0.0


def _around(boxes: Sequence[MapBox]) -> MapBox:
    lefts, tops, rights, bottoms = zip(*boxes, strict=True)
    return min(lefts), min(tops), max(rights), max(bottoms)
