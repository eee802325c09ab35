"""Captions: one paragraph with country, season, climate zone, and what the reference map shows with its areas."""

from collections.abc import Iterator

import numpy as np

from data_access.bigearthnet.map_facts import MapFacts
from demo.bigearthnet.text.wording import Annotation, capitalised, listed, number_word, pick, words_of

_REQUESTS = (
    "Write a paragraph about this picture: where and when it was taken, its climate and its land cover.",
    "Put into words what can be seen here, with place, season, climate and the extent of each class.",
    "Summarise the scene for somebody who can not see it, from its location to its land cover.",
    "Tell where this view lies, what time of the year it is, and how the ground is used.",
)
_OPENINGS = (
    'This {season} view from {country} belongs to the climate zone "{climate}".',
    'We look down on {country} in {season}, within the climate zone "{climate}".',
    'In {country}, where the climate is "{climate}", this image was taken in {season}.',
)
_CONTINUATIONS = ("Besides, the scene holds", "To this the map adds", "Beside that one finds")
_GROUPS = (
    ("artificial surfaces", range(1, 3)),
    ("agricultural areas", range(3, 9)),
    ("forest and seminatural areas", range(9, 16)),
    ("wetlands", range(16, 18)),
    ("water bodies", range(18, 20)),
)
_SMALL_SHARE = 0.05  # below it a class is called small
_MOST_BORDERS = 3  # sentences about neighbours
_ROUNDING_M2 = 1000


def caption(facts: MapFacts, country: str, season: str, climate: str, rng: np.random.Generator) -> Annotation:
    """Describe a patch.

    Args:
        facts: what its reference map says.
        country: spelled as the column.
        season: spelled as the column; written in lower case.
        climate: climate zone as the column spells it; quoted in lower case.
        rng: chooses among phrasings.
    """
    opening = pick(rng, _OPENINGS).format(country=country, season=season.lower(), climate=climate.lower())
    sentences = [opening, *_land_cover(facts, rng), *_borders(facts), *_groups(facts)]
    return Annotation("captioning", "None", pick(rng, _REQUESTS), " ".join(sentences))


def square_metres(area_m2: int) -> str:
    """An area as captions give it, such as `351,000 sqm`; below 1,000 in full."""
    rounded = round(area_m2 / _ROUNDING_M2) * _ROUNDING_M2 if area_m2 >= _ROUNDING_M2 else area_m2
    return f"{rounded:,} sqm"


def _land_cover(facts: MapFacts, rng: np.random.Generator) -> Iterator[str]:
    classes = facts.classes
    if not classes:
        yield "None of the mapped land cover classes occurs here."
        return
    first = words_of(classes[0])
    size = square_metres(facts.areas[classes[0]])
    if facts.areas[classes[0]] == facts.area_m2:
        yield f"{capitalised(first.name)} (~{size}) {first.verb('fill')} the whole scene."
        return
    lead = pick(rng, ("take up the most ground", "come first in extent", "are the largest part of the scene"))
    lead = lead if first.plural else lead.replace("take", "takes").replace("come", "comes").replace("are", "is")
    yield f"{capitalised(first.name)} (~{size}) {lead}{_pieces(facts, classes[0])}."
    others = classes[1:]
    large = [number for number in others if facts.areas[number] >= _SMALL_SHARE * facts.area_m2]
    small = [number for number in others if number not in large]
    if large:
        yield f"{pick(rng, _CONTINUATIONS)} {_with_sizes(facts, large)}."
    if small:
        yield f"Less than 5% of the scene each: {_with_sizes(facts, small)}."


def _pieces(facts: MapFacts, number: int) -> str:
    """How a class is split, where that is beyond doubt."""
    regions = facts.regions[number]
    if number in facts.unsettled:
        return ""
    if len(regions) == 1:
        return ", all of it in one continuous area"
    largest = square_metres(regions[0].area_m2)
    return f", split into {number_word(len(regions))} separate areas, of which the largest has {largest}"


def _with_sizes(facts: MapFacts, numbers: list[int]) -> str:
    return listed([f"{words_of(number).name} (~{square_metres(facts.areas[number])})" for number in numbers])


def _borders(facts: MapFacts) -> Iterator[str]:
    told: set[tuple[int, int]] = set()
    sentences = 0
    for number in facts.classes:
        pairs = [(min(number, other), max(number, other)) for other in facts.classes if other != number]
        fresh = [pair for pair in pairs if pair in facts.touching and pair not in told]
        if not fresh or sentences == _MOST_BORDERS:
            continue
        told.update(fresh)
        sentences += 1
        names = [words_of(first + second - number).name for first, second in fresh]
        words = words_of(number)
        yield f"{capitalised(words.name)} {words.verb('border')} {listed(names)}."


def _groups(facts: MapFacts) -> Iterator[str]:
    """How the scene divides into the five kinds of land; left out where there is only one."""
    sums = [(name, sum(facts.areas.get(number, 0) for number in numbers)) for name, numbers in _GROUPS]
    shares = [(name, round(100 * area / facts.area_m2)) for name, area in sums]
    present = sorted((entry for entry in shares if entry[1] >= 1), key=lambda entry: -entry[1])
    if len(present) > 1:
        yield f"Seen as a whole, the scene is about {listed([f'{share}% {name}' for name, share in present])}."
