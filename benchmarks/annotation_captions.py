"""Captions of the benchmark's BigEarthNet.txt: one paragraph each, as long as the published ones, in our own words.

A caption names the patch's real country, season, climate zone and classes; areas and neighbours are drawn. Its length
grows with the classes: about 200 characters for one, 700 for three, 1,600 for eight, as on the real rows.
"""

from random import Random

from benchmarks.annotation_frames import WORDS
from benchmarks.annotation_questions import Scene, pick
from demo.bigearthnet.text.wording import NUMBER_WORDS, capitalised, listed

_ABOUT = ("where and when it was taken", "its place, season and climate", "the country, the time of year and the land")
_REQUESTS = tuple(
    f"{request} {about}{end}."
    for request in ("Write a paragraph on this picture:", "Put the scene into words:", "Tell what is seen here:")
    for about in _ABOUT
    for end in ("", ", and what covers the ground", ", and how its classes lie beside each other")
)
_OPENINGS = (
    'Taken over {country} during the {season}, this view lies in the "{climate}" climate zone',
    'This {season} picture of {country} belongs to the climate zone "{climate}"',
    'Under the "{climate}" climate of {country}, this scene was recorded in {season}',
    'In {season}, a satellite looked down on a part of {country} whose climate is "{climate}"',
)
_WHOLE = (
    "and is filled by {name} alone (~1,440,000 sqm)",
    "and shows nothing but {name}, about 1,440,000 sqm of it",
    "and from edge to edge, on 1,440,000 square metres, all is {name}",
)
_NOTHING_ELSE = tuple(
    f", {how} {what}"
    for how in ("leaving no room for another class", "so that no border runs through it", "an even ground without gaps")
    for what in ("at any of its sides", "from its centre to its corners", "as far as the frame reaches", "anywhere")
)
_MAIN = (
    "{Name} leads by a wide margin with about {area} square metres",
    "Most of its ground, some {area} sqm, is {name}",
    "What strikes first is {name}, which takes nearly {area} sqm",
)
_FURTHER = (
    "{Name} follows with (~{area} sqm)",
    "Beside it, {name} covers roughly {area} square metres",
    "A further {area} sqm belong to {name}",
    "{Name} (~{area} sqm) has its share as well",
)
_SMALL = (
    "a remainder of {name} stays below 5% of the whole ({area} sqm)",
    "{name} is marginal with no more than {area} sqm",
)
_PIECES = (
    ", in {pieces} parts of which the largest measures about {largest} sqm",
    ", spread over {pieces} separate areas, the widest of them ~{largest} sqm",
    ", all of it in one continuous area",
)
_TOUCH = (
    "{Name} runs along {others}.",
    "On its edges {name} meets {others}.",
    "Neighbours of {name} are {others}.",
)
_CLOSINGS = (
    "Seen as a whole, the land is a patchwork of {first} and {second} that people and nature have shaped together.",
    "So the picture tells of {first} next to {second}, with gentle changes from one to the other.",
    "Between {first} and {second} the eye finds a landscape of many uses, typical for its surroundings.",
    "Little else interrupts the pattern that {first} and {second} draw.",
)
_PATCH_KM2_1000 = 1_440  # thousands of square metres, the unit captions round to


def caption(rng: Random, scene: Scene) -> tuple[str, str]:
    """A request and its caption."""
    opening = pick(rng, _OPENINGS).format(
        country=scene.country, season=scene.season.lower(), climate=scene.climate_zone.lower()
    )
    names = [WORDS[number].name for number in rng.sample(scene.present, len(scene.present))]
    if len(names) == 1:
        told = pick(rng, _WHOLE).format(name=names[0]) + pick(rng, _NOTHING_ELSE)
        return pick(rng, _REQUESTS), f"{opening} {told}."
    sentences = [f"{opening}."]
    for place, (name, area) in enumerate(zip(names, _areas(rng, len(names)), strict=True)):
        frames = _MAIN if place == 0 else _SMALL if area < _PATCH_KM2_1000 // 20 else _FURTHER
        told = pick(rng, frames).format(name=name, Name=capitalised(name), area=f"{area:,},000")
        sentences.append(f"{capitalised(told)}{_pieces(rng, area)}.")
    for name in names[: max(1, len(names) - 1)]:
        others = [other for other in names if other != name and rng.random() < 0.6] or [next(iter({*names} - {name}))]
        sentences.append(pick(rng, _TOUCH).format(name=name, Name=capitalised(name), others=listed(others)))
    sentences.append(pick(rng, _CLOSINGS).format(first=names[0], second=names[1]))
    return pick(rng, _REQUESTS), " ".join(sentences)


def _areas(rng: Random, count: int) -> list[int]:
    """Areas in thousands of square metres, the largest first, that fill the patch."""
    cuts = sorted(rng.sample(range(1, _PATCH_KM2_1000), count - 1))
    return sorted((high - low for low, high in zip([0, *cuts], [*cuts, _PATCH_KM2_1000], strict=True)), reverse=True)


def _pieces(rng: Random, area: int) -> str:
    if area < 3:
        return ""
    pieces = 2 + int(rng.random() * 4)
    largest = area // pieces + int(rng.random() * (area - area // pieces))
    return pick(rng, _PIECES).format(pieces=NUMBER_WORDS[pieces], largest=f"{largest:,},000")
