"""Questions answered with yes or no, about adjacency, area, count and presence."""

from collections.abc import Iterator, Sequence

import numpy as np

from data_access.bigearthnet.map_facts import MapFacts, Pair
from demo.bigearthnet.text.amounts import area_claim, count_claim
from demo.bigearthnet.text.distractors import absent_classes
from demo.bigearthnet.text.wording import Annotation, ClassWords, capitalised, pick, some, words_of

_ADJACENCY = (
    "Do {first} and {second} meet along a common edge somewhere in this picture?",
    "Is there a spot in the scene at which {first} and {second} meet?",
    "Looking at the image, do {first} and {second} touch?",
    "Could one step straight from {first} into {second} here?",
    "Do {first} and {second} have a common border in the area shown?",
)
_AREA = (
    "{Does} {name} cover {claim}?",
    "Judging from the picture, {does} {name} fill {claim}?",
    "Is the surface under {name} {claim}?",
    "Would it be right to say that the extent of {name} is {claim}?",
)
_WHOLE = ("{Is} {name} all there is in this image?", "{Does} {name} fill the scene from edge to edge?")
_COUNT = (
    "{Does} {name} occur here in {claim}?",
    "Can {claim} of {name} be told apart in the scene?",
    "Would you count {claim} of {name}?",
    "{Is} {name} made up of {claim} in this picture?",
)
_COUNT_NOUNS = (
    ("connected area", "connected areas"),
    ("separate patch", "separate patches"),
    ("contiguous region", "contiguous regions"),
)
_PRESENCE = (
    "Would {name} be on a list of what this image shows?",
    "{Does} {name} occur anywhere in the scene?",
    "Has any part of the picture been mapped as {name}?",
    "Looking closely, can one make out {name} here?",
)
_PAIRS_PER_ANSWER = 2
_QUESTIONS = 2  # per patch for area, count and presence


def binary_questions(facts: MapFacts, country: str, rng: np.random.Generator) -> Iterator[Annotation]:
    """All yes/no questions of one patch, categories in alphabetical order.

    Args:
        facts: what its reference map says.
        country: decides which absent classes are plausible.
        rng: source of randomness.
    """
    yield from _adjacency(facts, rng)
    yield from _area(facts, rng)
    yield from _count(facts, rng)
    yield from _presence(facts, country, rng)


def _answer(category: str, question: str, *, holds: bool) -> Annotation:
    return Annotation("binary", category, question, "yes" if holds else "no")


def _fill(frames: Sequence[str], rng: np.random.Generator, words: ClassWords, claim: str = "") -> str:
    return pick(rng, frames).format(
        name=words.name,
        does=words.does,
        Does=capitalised(words.does),
        Is=capitalised(words.is_),
        claim=claim,
    )


def _adjacency(facts: MapFacts, rng: np.random.Generator) -> Iterator[Annotation]:
    for pairs, holds in ((sorted(facts.touching), True), (facts.apart, False)):
        for pair in some(rng, pairs, _PAIRS_PER_ANSWER):
            yield _answer("adjacency", _pair_question(pair, rng), holds=holds)


def _pair_question(pair: Pair, rng: np.random.Generator) -> str:
    first, second = some(rng, [words_of(number).name for number in pair], 2)
    return pick(rng, _ADJACENCY).format(first=first, second=second)


def _area(facts: MapFacts, rng: np.random.Generator) -> Iterator[Annotation]:
    for number in some(rng, facts.classes, _QUESTIONS):
        words = words_of(number)
        if rng.random() < 0.15:
            holds = facts.areas[number] == facts.area_m2
            yield _answer("area", _fill(_WHOLE, rng, words), holds=holds)
            continue
        claim = area_claim(rng, facts.areas[number], facts.area_m2, wanted=bool(rng.random() < 0.5))
        if claim:
            yield _answer("area", _fill(_AREA, rng, words, claim.text), holds=claim.holds)


def _count(facts: MapFacts, rng: np.random.Generator) -> Iterator[Annotation]:
    for number in some(rng, facts.settled, _QUESTIONS):
        noun = pick(rng, _COUNT_NOUNS)
        claim = count_claim(rng, len(facts.regions[number]), noun, wanted=bool(rng.random() < 0.5))
        if claim:
            yield _answer("count", _fill(_COUNT, rng, words_of(number), claim.text), holds=claim.holds)


def _presence(facts: MapFacts, country: str, rng: np.random.Generator) -> Iterator[Annotation]:
    known = [(number, True) for number in facts.classes]
    missing = [(number, False) for number in absent_classes(facts, country)]
    pool = some(rng, known, _QUESTIONS) + some(rng, missing, _QUESTIONS)
    for number, holds in some(rng, pool, _QUESTIONS):
        yield _answer("presence", _fill(_PRESENCE, rng, words_of(number)), holds=holds)
