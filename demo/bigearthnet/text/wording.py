"""How classes, amounts and directions are put into words, and the one way to choose among words."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np

from data_access.bigearthnet.classes import CLASSES

T = TypeVar("T")


@dataclass(frozen=True)
class Annotation:
    """One row of text before it gets its place in the table.

    Attributes:
        type: binary, mcq, bounding box or captioning.
        category: what is asked; the word "None" for captions.
        input: the question.
        output: the answer.
    """

    type: str
    category: str
    input: str
    output: str


@dataclass(frozen=True)
class ClassWords:
    """How one class is written inside a sentence.

    Attributes:
        title: as an option of a multiple choice question.
        name: in running text, lower case.
        plural: whether it takes a verb in the plural.
    """

    title: str
    name: str
    plural: bool

    @property
    def does(self) -> str:
        """Does or do, after the number of the class."""
        return "do" if self.plural else "does"

    @property
    def is_(self) -> str:
        """Is or are, after the number of the class."""
        return "are" if self.plural else "is"

    def verb(self, stem: str) -> str:
        """A regular verb in the third person, such as border or borders."""
        return stem if self.plural else f"{stem}s"


# In running text a class reads better without the commas of its title; all others are the title in lower case.
_NAMES = {
    "Land principally occupied by agriculture, with significant areas of natural vegetation": (
        "land principally occupied by agriculture with significant areas of natural vegetation"
    ),
    "Moors, heathland and sclerophyllous vegetation": "moors, heathland or sclerophyllous vegetation",
    "Natural grassland and sparsely vegetated areas": "natural grassland or sparsely vegetated areas",
    "Transitional woodland, shrub": "transitional woodland or shrub",
    "Beaches, dunes, sands": "beaches, dunes or sands",
}
_SINGULAR = frozenset(
    {
        "Urban fabric",
        "Arable land",
        "Land principally occupied by agriculture, with significant areas of natural vegetation",
        "Broad-leaved forest",
        "Coniferous forest",
        "Mixed forest",
        "Transitional woodland, shrub",
    }
)
_WORDS: tuple[ClassWords, ...] = tuple(
    ClassWords(title, _NAMES.get(title, title.lower()), title not in _SINGULAR) for title in CLASSES
)

# Clockwise from the top; an angle of 0 points up.
DIRECTIONS = ("top", "top-right", "right", "bottom-right", "bottom", "bottom-left", "left", "top-left")

NUMBER_WORDS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


def words_of(number: int) -> ClassWords:
    """The words for a class, numbered from 1 as in the reference map's classes."""
    return _WORDS[number - 1]


def number_word(number: int) -> str:
    """A number as a word up to ten, in digits beyond."""
    return NUMBER_WORDS[number] if number < len(NUMBER_WORDS) else str(number)


def listed(parts: Sequence[str]) -> str:
    """Join words as English does: a, b and c."""
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"


def capitalised(sentence: str) -> str:
    """The sentence with its first letter in upper case, the rest as it is."""
    return sentence[:1].upper() + sentence[1:]


def pick(rng: np.random.Generator, choices: Sequence[T]) -> T:
    """One of the choices, each as likely."""
    return choices[int(rng.integers(len(choices)))]


def some(rng: np.random.Generator, choices: Sequence[T], count: int) -> list[T]:
    """Up to `count` different choices in random order."""
    order = rng.permutation(len(choices))[:count]
    return [choices[int(index)] for index in order]
