"""Answers the demo's questions a second time, from polygons of the stored map and the words of the question.

The generator labels pixels with scipy; here GDAL outlines polygons and shapely measures them. Nothing of the generator
is imported, so an error there can not hide itself.
"""

import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from rasterio.features import shapes
from shapely.geometry import Point, Polygon, shape
from shapely.ops import unary_union

from data_access.bigearthnet.classes import CLASS_OF_CODE, CLASSES

PIXEL_M2 = 100
PATCH_M2 = 1_440_000
NUMBERS = {word: value for value, word in enumerate(("zero", "one", "two", "three", "four", "five", "six"))}
COMPASS = {
    "top": (0, -1),
    "top-right": (1, -1),
    "right": (1, 0),
    "bottom-right": (1, 1),
    "bottom": (0, 1),
    "bottom-left": (-1, 1),
    "left": (-1, 0),
    "top-left": (-1, -1),
}
SPOKEN = {
    "Land principally occupied by agriculture, with significant areas of natural vegetation": (
        "land principally occupied by agriculture with significant areas of natural vegetation"
    ),
    "Moors, heathland and sclerophyllous vegetation": "moors, heathland or sclerophyllous vegetation",
    "Natural grassland and sparsely vegetated areas": "natural grassland or sparsely vegetated areas",
    "Transitional woodland, shrub": "transitional woodland or shrub",
    "Beaches, dunes, sands": "beaches, dunes or sands",
}
NAMES = {SPOKEN.get(title, title.lower()): title for title in CLASSES}
BY_LENGTH = sorted(NAMES, key=len, reverse=True)
OPTION = re.compile(r"(?:^|, )([abcd])\) ")
BOX = re.compile(r"\[(\d\.\d{1,2}) (\d\.\d{1,2}), (\d\.\d{1,2}) (\d\.\d{1,2})\]")
POINT = re.compile(r"<point>\((\d\.\d{1,2}), (\d\.\d{1,2})\)</point>")
REFERENCE = re.compile(r"<ref>(?:(largest|smallest) )?(?:continuous area of|contiguous area of|patch of) ([^<]+)</ref>")


@dataclass
class Truth:
    """The map of one patch as polygons, in pixels from the top left."""

    pieces: dict[str, list[Polygon]]  # per class, corners connect
    by_edges: dict[str, int]  # number of pieces per class if only edges connected

    @classmethod
    def of(cls, codes: np.ndarray) -> "Truth":
        numbers = {code: CLASSES.index(name) + 1 for code, name in CLASS_OF_CODE.items()}
        numbered = np.vectorize(lambda code: numbers.get(int(code), 0))(codes)
        pieces: dict[str, list[Polygon]] = {}
        by_edges: dict[str, int] = {}
        for number, title in enumerate(CLASSES, start=1):
            mask = numbered == number
            if mask.any():
                layer = mask.astype(np.uint8)
                found = [shape(outline) for outline, _ in shapes(layer, mask=mask, connectivity=8)]
                pieces[title] = [polygon if polygon.is_valid else polygon.buffer(0) for polygon in found]
                by_edges[title] = sum(1 for _ in shapes(layer, mask=mask, connectivity=4))
        return cls(pieces, by_edges)

    def area(self, title: str) -> int:
        return int(sum(polygon.area for polygon in self.pieces.get(title, [])) * PIXEL_M2 + 0.5)

    def count(self, title: str) -> int:
        pieces = self.pieces.get(title, [])
        assert len(pieces) == self.by_edges.get(title, 0), f"asked for a count of {title} that is a matter of opinion"
        return len(pieces)

    def touch(self, one: str, other: str) -> bool:
        """Whether they share an edge; a contact at corners alone must not be asked about."""
        if one not in self.pieces or other not in self.pieces:
            return False
        contact = unary_union(self.pieces[one]).intersection(unary_union(self.pieces[other]))
        assert contact.is_empty or contact.length > 0, f"asked about {one} and {other}, which meet at a corner only"
        return bool(contact.length > 0)

    def touching(self) -> set[frozenset[str]]:
        unions = {title: unary_union(polygons) for title, polygons in self.pieces.items()}
        pairs = combinations(unions, 2)
        return {frozenset(pair) for pair in pairs if unions[pair[0]].intersection(unions[pair[1]]).length > 0}

    def box_of(self, polygon: Polygon) -> str:
        values = (round(value / 120, 2) for value in polygon.bounds)
        return "[{} {}, {} {}]".format(*values)


def split_options(text: str) -> tuple[str, list[str]]:
    """A multiple choice question and its options: `a) ..., b) ...` with commas inside options."""
    question, _, tail = text.partition(" a) ")
    parts = OPTION.split("a) " + tail)
    assert parts[1::2] == list("abcd"), text
    return question, parts[2::2]


def classes_in(text: str) -> list[str]:
    """Titles of the classes named in running text, longest names first so that none is found inside another."""
    low = text.lower()
    found: list[tuple[int, str]] = []
    for name in BY_LENGTH:
        matches = re.finditer(rf"(?<![\w-]){re.escape(name)}(?![\w-])", low)
        found.extend((match.start(), NAMES[name]) for match in matches)
        low = low.replace(name, " " * len(name))
    return [title for _, title in sorted(found)]


def holds(text: str, value: float, scale: float = 1.0) -> bool:
    """Whether a comparison in words is true of a value; numbers in the text times `scale` are in its unit."""
    numbers = [float(number) for number in re.findall(r"\d+(?=%| m2)", text)]
    numbers += [NUMBERS[word] for word in re.findall(r"\b(?:one|two|three|four|five|six)\b", text)]
    bounds = [number * scale for number in numbers]
    if "between" in text:
        low, high = bounds
        return low <= value <= high
    (bound,) = bounds
    phrases: dict[str, Callable[[], bool]] = {
        "at least": lambda: value >= bound,
        "no less than": lambda: value >= bound,
        "at most": lambda: value <= bound,
        "no more than": lambda: value <= bound,
        "more than": lambda: value > bound,
        "less than": lambda: value < bound,
        "exactly": lambda: value == bound,
    }
    return next(test() for phrase, test in phrases.items() if phrase in text)


def in_range(option: str, area_m2: int) -> bool:
    low, high = (int(number) for number in re.findall(r"\d{2,}|\d", option.removesuffix(" m2"))[:2])
    scale = PATCH_M2 // 100 if option.endswith("%") else 1
    inside = low * scale < area_m2 < high * scale
    return inside or area_m2 == PATCH_M2 == high * scale


def binary(category: str, text: str, truth: Truth) -> str:
    """The answer to a yes/no question."""
    titles = classes_in(text)
    if category == "adjacency":
        answer = truth.touch(*titles)
    elif category == "presence":
        answer = titles[0] in truth.pieces
    elif category == "count":
        answer = holds(text, truth.count(titles[0]))
    elif re.search(r"\d", text):
        answer = holds(text, truth.area(titles[0]), PATCH_M2 / 100 if "%" in text else 1.0)
    else:
        answer = truth.area(titles[0]) == PATCH_M2
    return "yes" if answer else "no"


def box(text: str, truth: Truth) -> str:
    """The answer to a bounding box question."""
    point = POINT.search(text)
    if point:
        spot = Point(float(point[1]) * 120, float(point[2]) * 120)
        (piece,) = (one for polygons in truth.pieces.values() for one in polygons if one.contains(spot))
        return truth.box_of(piece)
    reference = REFERENCE.search(text)
    assert reference, text
    title = NAMES[reference[2]]
    truth.count(title)
    pieces = sorted(truth.pieces[title], key=lambda polygon: polygon.area)
    if reference[1] is None:
        assert len(pieces) == 1, text
    else:
        assert len(pieces) > 1, text
        assert pieces[0].area < pieces[1].area or reference[1] == "largest", text
        assert pieces[-1].area > pieces[-2].area or reference[1] == "smallest", text
    return truth.box_of(pieces[0] if reference[1] == "smallest" else pieces[-1])


def right_options(category: str, text: str, truth: Truth, row: dict[str, str]) -> list[str]:
    """Letters of every option that is true: a good question has one."""
    question, options = split_options(text)
    titles = classes_in(question)

    def true(option: str) -> bool:
        if category == "adjacency":
            pairs = [tuple(pair.split("|")) for pair in _pairs(option)]
            return any(truth.touch(*pair) for pair in pairs)
        if category == "area":
            return in_range(option, truth.area(titles[0]))
        if category == "count":
            count = truth.count(titles[0])
            return option == (str(count) if count <= 5 else "More than five")
        if category == "presence":
            return option in truth.pieces
        if category == "relative pos":
            return _points_to(titles, option.removeprefix("to the "), truth)
        column = {"country": "country", "season": "season", "climate zone": "climate_zone"}[category]
        return option.replace("Autumn", "Fall") == row[column]

    return [letter for letter, option in zip("abcd", options, strict=True) if true(option)]


def _pairs(option: str) -> list[str]:
    """Ways to read `A and B` as two titles; titles contain "and" themselves."""
    cuts = [match.start() for match in re.finditer(" and ", option)]
    pairs = [(option[:cut], option[cut + 5 :]) for cut in cuts]
    return ["|".join(pair) for pair in pairs if all(title in CLASSES for title in pair)]


def _points_to(titles: list[str], direction: str, truth: Truth) -> bool:
    """Whether the class named second lies in a direction from the one named first."""
    anchor, target = titles
    one, other = (unary_union(truth.pieces[title]).centroid for title in (anchor, target))
    right, down = other.x - one.x, other.y - one.y
    toward = COMPASS[direction]
    cosine = (right * toward[0] + down * toward[1]) / (math.hypot(right, down) * math.hypot(*toward))
    return bool(cosine > math.cos(math.radians(22.5)))
