"""Questions with four options, answered with a letter: what the patch shows."""

from collections.abc import Iterator, Sequence
from itertools import combinations

import numpy as np

from data_access.bigearthnet.classes import CLASSES
from data_access.bigearthnet.map_facts import MapFacts, Pair
from demo.bigearthnet.text.amounts import area_ranges
from demo.bigearthnet.text.directions import direction_between, sideways
from demo.bigearthnet.text.distractors import absent_classes
from demo.bigearthnet.text.wording import Annotation, capitalised, pick, some, words_of

LETTERS = "abcd"
MORE_THAN_FIVE = "More than five"
_MOST_COUNTED = 5

_ADJACENCY = (
    "Two of these classes have an edge in common; which pair is it?",
    "Name the pair of classes that meet in the picture:",
    "Which of these pairs lie side by side here?",
    "Only one of the following pairs touches; which one?",
)
_AREA = (
    "Into which range does the extent of {name} fall?",
    "Estimate how much of the scene is {name}:",
    "What amount of ground do you see mapped as {name}?",
    "Give the range that holds the surface under {name}:",
)
_COUNT = (
    "Into how many connected areas {does} {name} fall?",
    "Count the separate pieces of {name} in the scene:",
    "What is the number of unconnected regions of {name} here?",
)
_PRESENCE = (
    "One of these classes is part of the picture; which?",
    "What can be found in this scene?",
    "Name the class that occurs here:",
)
_RELATIVE = (
    "Seen from {anchor}, in which direction {does} {name} lie?",
    "Which way would you look from {anchor} to find {name}?",
    "Starting at {anchor}, where {is_} {name}?",
)
_ADJACENCY_QUESTIONS = 2
_RELATIVE_QUESTIONS = 2


def choice(category: str, question: str, right: str, wrong: Sequence[str], rng: np.random.Generator) -> Annotation:
    """A question with its options inline and the letter of the right one.

    Args:
        category: what is asked.
        question: ends in a question mark or a colon.
        right: the true option.
        wrong: three others.
        rng: decides the order.
    """
    options = some(rng, [right, *wrong], 1 + len(wrong))
    inline = ", ".join(f"{letter}) {option}" for letter, option in zip(LETTERS, options, strict=True))
    return Annotation("mcq", category, f"{question} {inline}", LETTERS[options.index(right)])


def adjacency(facts: MapFacts, rng: np.random.Generator) -> Iterator[Annotation]:
    """Which pair touches: wrong pairs have at least one class of the patch, and surely do not touch."""
    for pair in some(rng, sorted(facts.touching), _ADJACENCY_QUESTIONS):
        here = [other for other in facts.apart if other != pair]
        wrong = some(rng, here, int(rng.integers(1, 4)))
        half = [other for other in _pairs_with_absent(facts) if other not in wrong]
        wrong += some(rng, half, len(LETTERS) - 1 - len(wrong))
        names = [_pair_name(other) for other in wrong]
        yield choice("adjacency", pick(rng, _ADJACENCY), _pair_name(pair), names, rng)


def _pairs_with_absent(facts: MapFacts) -> list[Pair]:
    numbers = range(1, len(CLASSES) + 1)
    return [pair for pair in combinations(numbers, 2) if sum(number in facts.areas for number in pair) == 1]


def _pair_name(pair: Pair) -> str:
    return " and ".join(sorted(words_of(number).title for number in pair))


def area(facts: MapFacts, rng: np.random.Generator) -> Iterator[Annotation]:
    """Which of four ranges holds the area of a class."""
    for number in some(rng, facts.classes, 1):
        ranges = area_ranges(rng, facts.areas[number], facts.area_m2, len(LETTERS))
        if ranges:
            question = pick(rng, _AREA).format(name=words_of(number).name)
            yield choice("area", question, ranges[0], ranges[1:], rng)


def count(facts: MapFacts, country: str, rng: np.random.Generator) -> Iterator[Annotation]:
    """How many contiguous areas a class has; sometimes of a class that is not there at all."""
    absent = absent_classes(facts, country)
    candidates = [(number, len(facts.regions[number])) for number in facts.settled]
    if not candidates or rng.random() < 0.12:
        candidates = [(number, 0) for number in absent]
    number, pieces = pick(rng, candidates)
    right = min(pieces, _MOST_COUNTED + 1)
    others = [value for value in range(_MOST_COUNTED + 2) if value != right]
    likely = sorted(others, key=lambda value: abs(value - right))[: len(LETTERS)]  # near the truth, one left out
    words = words_of(number)
    question = pick(rng, _COUNT).format(name=words.name, does=words.does)
    wrong = [_count_option(value) for value in some(rng, likely, len(LETTERS) - 1)]
    yield choice("count", question, _count_option(right), wrong, rng)


def _count_option(value: int) -> str:
    return str(value) if value <= _MOST_COUNTED else MORE_THAN_FIVE


def presence(facts: MapFacts, country: str, rng: np.random.Generator) -> Iterator[Annotation]:
    """Which class occurs."""
    absent = [words_of(number).title for number in absent_classes(facts, country)]
    for number in some(rng, facts.classes, 1):
        wrong = some(rng, absent, len(LETTERS) - 1)
        yield choice("presence", pick(rng, _PRESENCE), words_of(number).title, wrong, rng)


def relative_position(facts: MapFacts, rng: np.random.Generator) -> Iterator[Annotation]:
    """In which direction one class lies from another; only for single areas with a clear direction between them."""
    single = [number for number in facts.settled if len(facts.regions[number]) == 1]
    clear = [pair for pair in combinations(single, 2) if direction_between(facts, *pair)]
    for pair in some(rng, clear, _RELATIVE_QUESTIONS):
        anchor, number = some(rng, pair, 2)
        direction = direction_between(facts, anchor, number)
        if direction:
            words = words_of(number)
            question = pick(rng, _RELATIVE).format(
                anchor=f"the {words_of(anchor).name}", name=f"the {words.name}", does=words.does, is_=words.is_
            )
            wrong = [f"to the {other}" for other in sideways(direction)]
            yield choice("relative pos", capitalised(question), f"to the {direction}", wrong, rng)
