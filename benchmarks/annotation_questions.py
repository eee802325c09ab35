"""Questions of the benchmark's BigEarthNet.txt in the grammar of the published ones: yes/no, four options, boxes.

What is asked of presence, neighbours, country, season and climate agrees with the patch's real classes and place.
Areas, counts, directions and boxes are drawn: there is no reference map of 464,044 patches to ask.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise
from random import Random
from typing import TypeVar

from benchmarks.annotation_frames import (
    ADJACENCY,
    AREA,
    COUNT,
    HOW_LARGE,
    HOW_MANY,
    POINT,
    PRESENCE,
    REFERENCE,
    WHERE,
    WHICH_CLASS,
    WHICH_CLIMATE,
    WHICH_COUNTRY,
    WHICH_PAIR,
    WHICH_SEASON,
    WORDS,
)
from benchmarks.annotation_patches import COUNTRIES
from demo.bigearthnet.text.distractors import CLIMATE_ZONES, SEASONS
from demo.bigearthnet.text.wording import DIRECTIONS, NUMBER_WORDS

T = TypeVar("T")
_COUNTRIES = tuple(COUNTRIES)
_PATCH_M2 = 1_440_000
_TENTHS = tuple(combinations(range(11), 2))
_COUNTS = ("0", "1", "2", "3", "4", "5", "More than five")
_UNITS: tuple[Callable[[int], str], ...] = (
    lambda tenths: f"{10 * tenths}%",
    lambda tenths: f"{_PATCH_M2 // 10 * tenths} m2",
    lambda tenths: f"{_PATCH_M2 // 10 * tenths} m^2",
)
_MORE = ("more than %s", "less than %s", "at least %s", "at most %s", "no more than %s", "%s or more", "below %s")
_PARTS = ("areas", "patches", "regions", "connected pieces", "continuous areas")
_SIZES = ("largest ", "smallest ", "")
_NOUNS = ("contiguous area of ", "continuous area of ", "patch of ", "")
_HUNDREDTHS = tuple(str(number / 100) for number in range(101))  # "0.0", "0.01" ... "1.0", as the published boxes


@dataclass(frozen=True, slots=True)
class Scene:
    """What a question may know of its patch: its classes' numbers from 0, and those it has not."""

    present: tuple[int, ...]
    absent: tuple[int, ...]
    country: str
    season: str
    climate_zone: str


def pick(rng: Random, choices: Sequence[T]) -> T:
    """One of the choices, at a third of the price of `Random.choice`."""
    return choices[int(rng.random() * len(choices))]


def presence(rng: Random, scene: Scene, yes: bool) -> str:
    """Is a class there?"""
    return pick(rng, PRESENCE[pick(rng, scene.present if yes else scene.absent)])


def adjacency(rng: Random, scene: Scene, yes: bool) -> str:
    """Do two classes touch? Both are there where the answer is yes, and there are two."""
    first = pick(rng, scene.present)
    if yes and len(scene.present) > 1:
        second = pick(rng, tuple(number for number in scene.present if number != first))
    else:
        second = pick(rng, scene.absent)
    return pick(rng, ADJACENCY) % (WORDS[first].name, WORDS[second].name)


def area(rng: Random, scene: Scene, _yes: bool) -> str:
    """Does a class cover so much?"""
    low, high = pick(rng, _TENTHS)
    written = pick(rng, _UNITS)
    between = rng.random() < 0.4
    claim = f"between {written(low)} and {written(high)}" if between else pick(rng, _MORE) % written(low)
    return pick(rng, AREA[pick(rng, scene.present)]) % claim


def count(rng: Random, scene: Scene, _yes: bool) -> str:
    """Is a class in so many pieces?"""
    claim = f"{pick(rng, _MORE) % pick(rng, NUMBER_WORDS[1:6])} {pick(rng, _PARTS)}"
    return pick(rng, COUNT[pick(rng, scene.present)]) % claim


def which_pair(rng: Random, scene: Scene, slot: int) -> str:
    """Which classes touch?"""
    both = rng.sample(scene.present, 2) if len(scene.present) > 1 else [scene.present[0], pick(rng, scene.absent)]
    right, wrong = _pair(*both), list[str]()
    while len(wrong) < 3:
        pair = _pair(pick(rng, scene.absent), int(rng.random() * len(WORDS)))
        if pair and pair not in (right, *wrong):
            wrong.append(pair)
    return _choice(pick(rng, WHICH_PAIR), right, wrong, slot)


def which_class(rng: Random, scene: Scene, slot: int) -> str:
    """Which class is there?"""
    wrong = [WORDS[number].title for number in rng.sample(scene.absent, 3)]
    return _choice(pick(rng, WHICH_CLASS), WORDS[pick(rng, scene.present)].title, wrong, slot)


def how_large(rng: Random, scene: Scene, slot: int) -> str:
    """How much does a class cover? Four ranges without overlap, in per cent or square metres."""
    cuts = sorted(rng.sample(range(11), 6))
    ranges = rng.sample(list(pairwise(cuts)), 4)
    unit, scale = pick(rng, (("%", 10), (" m2", _PATCH_M2 // 10), (" square meters", _PATCH_M2 // 10)))
    right, *wrong = [f"{low * scale} to {high * scale}{unit}" for low, high in ranges]
    return _choice(pick(rng, HOW_LARGE[pick(rng, scene.present)]), right, wrong, slot)


def how_many(rng: Random, scene: Scene, slot: int) -> str:
    """Into how many pieces does a class fall?"""
    right, *wrong = rng.sample(_COUNTS, 4)
    return _choice(pick(rng, HOW_MANY[pick(rng, scene.present)]), right, wrong, slot)


def where(rng: Random, scene: Scene, slot: int) -> str:
    """Where does one class lie, seen from another?"""
    first, second = scene.present[0], (scene.present[1:] or scene.absent)[0]
    right, *wrong = [f"to the {direction}" for direction in rng.sample(DIRECTIONS, 4)]
    return _choice(pick(rng, WHERE) % (WORDS[first].name, WORDS[second].name), right, wrong, slot)


def which_country(rng: Random, scene: Scene, slot: int) -> str:
    """Which country is it?"""
    return _choice(pick(rng, WHICH_COUNTRY), scene.country, _others(rng, _COUNTRIES, scene.country), slot)


def which_season(rng: Random, scene: Scene, slot: int) -> str:
    """Which season is it? The column's Fall is Autumn among the options."""
    right = "Autumn" if scene.season == "Fall" else scene.season
    return _choice(pick(rng, WHICH_SEASON), right, _others(rng, SEASONS, right), slot)


def which_climate(rng: Random, scene: Scene, slot: int) -> str:
    """Which climate zone is it?"""
    return _choice(pick(rng, WHICH_CLIMATE), scene.climate_zone, _others(rng, CLIMATE_ZONES, scene.climate_zone), slot)


def box(rng: Random, scene: Scene) -> tuple[str, tuple[int, int, int, int]]:
    """A box as its answer writes it, and its hundredths; a patch of one class is one region, as large as itself."""
    if len(scene.present) == 1:
        left, top, right, bottom = 0, 0, 100, 100
    else:
        left, right = _side(rng)
        top, bottom = _side(rng)
    h = _HUNDREDTHS
    return f"[{h[left]} {h[top]}, {h[right]} {h[bottom]}]", (left, top, right, bottom)


def at_point(rng: Random, corners: tuple[int, int, int, int]) -> str:
    """Asks for the region at a point within the corners."""
    left, top, right, bottom = corners
    x, y = left + int(rng.random() * (right - left + 1)), top + int(rng.random() * (bottom - top + 1))
    return pick(rng, POINT) % f"{_HUNDREDTHS[x]}, {_HUNDREDTHS[y]}"


def at_reference(rng: Random, scene: Scene) -> str:
    """Asks for the region that a phrase names."""
    size, noun = pick(rng, _SIZES), pick(rng, _NOUNS)
    return pick(rng, REFERENCE) % ("the" if size else "a", f"{size}{noun}{WORDS[pick(rng, scene.present)].name}")


def _side(rng: Random) -> tuple[int, int]:
    """Where a region begins and ends along one side: two of five touch the border they are near."""
    low, high = sorted((int(rng.random() * 101), int(rng.random() * 101)))
    if rng.random() < 0.4:
        low = 0
    if rng.random() < 0.4:
        high = 100
    return low, max(high, min(low + 2, 100))


def _choice(stem: str, right: str, wrong: list[str], slot: int) -> str:
    options = [*wrong[:slot], right, *wrong[slot:]]
    return f"{stem} a) {options[0]}, b) {options[1]}, c) {options[2]}, d) {options[3]}"


def _others(rng: Random, choices: Sequence[str], right: str) -> list[str]:
    return rng.sample([choice for choice in choices if choice != right], 3)


def _pair(first: int, second: int) -> str:
    """Two classes as an option names them, in alphabetical order; empty for one class and itself."""
    if first == second:
        return ""
    titles = sorted((WORDS[first].title, WORDS[second].title))
    return f"{titles[0]} and {titles[1]}"


BINARY: Mapping[str, Callable[[Random, Scene, bool], str]] = {
    "adjacency": adjacency,
    "area": area,
    "count": count,
    "presence": presence,
}
MCQ: Mapping[str, Callable[[Random, Scene, int], str]] = {
    "adjacency": which_pair,
    "area": how_large,
    "climate zone": which_climate,
    "count": how_many,
    "country": which_country,
    "presence": which_class,
    "relative pos": where,
    "season": which_season,
}
