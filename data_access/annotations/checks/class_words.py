"""Finds the 19 classes in running text, in the many spellings that questions and options use.

Titles hold commas and the word "and" themselves, so no text is ever split at those: it is matched against the classes.
"""

import re
from dataclasses import dataclass

from data_access.bigearthnet.classes import CLASSES

_AND = r",?\s*(?:and/or|and|or|&|/)\s*"
_BREAK = rf"(?:{_AND}|,\s*|\s*-\s*|\s+)"
_SPELLINGS: dict[str, str] = {
    "Urban fabric": r"urban\s+fabrics?",
    "Industrial or commercial units": rf"industrial{_AND}commercial\s+(?:units?|areas?)",
    "Arable land": r"arable\s+lands?",
    "Permanent crops": r"permanent\s+crops?",
    "Pastures": r"pastures?",
    "Complex cultivation patterns": r"complex\s+cultivation\s+patterns?",
    "Land principally occupied by agriculture, with significant areas of natural vegetation": (
        r"lands?\s+(?:(?:that\s+(?:is|are)|which\s+(?:is|are))\s+)?principally\s+occupied\s+by\s+agriculture,?"
        r"\s+(?:and\s+|but\s+)?with\s+significant\s+areas?\s+of\s+natural\s+vegetation"
    ),
    "Agro-forestry areas": r"agro\s*-?\s*forestry(?:\s+areas?)?",
    "Broad-leaved forest": r"broad\s*-?\s*lea(?:ved|f)\s+forests?",
    "Coniferous forest": r"coniferous\s+forests?",
    "Mixed forest": r"mixed\s+forests?",
    "Natural grassland and sparsely vegetated areas": (
        rf"natural\s+grasslands?{_BREAK}sparsely\s+vegetated\s+(?:areas?|lands?)"
    ),
    "Moors, heathland and sclerophyllous vegetation": rf"moors?{_BREAK}heathlands?{_BREAK}sclerophyllous\s+vegetation",
    "Transitional woodland, shrub": rf"transitional\s+woodlands?{_BREAK}shrubs?",
    "Beaches, dunes, sands": rf"beach(?:es)?{_BREAK}dunes?{_BREAK}sands?",
    "Inland wetlands": r"inland\s+wetlands?",
    "Coastal wetlands": r"coastal\s+wetlands?",
    "Inland waters": r"inland\s+waters?(?:\s+bod(?:y|ies))?",
    "Marine waters": r"marine\s+waters?(?:\s+bod(?:y|ies))?",
}
_ANY = "|".join(f"(?P<class_{number}>{_SPELLINGS[title]})" for number, title in enumerate(CLASSES, start=1))
_CLASS = re.compile(rf"(?<![\w-])(?:{_ANY})(?![\w-])")
_ARTICLES = re.compile(r"^(?:the|an?|any) ")
# Words of land cover that stand outside a class's name: such a text speaks of more than the classes that were found.
_STEMS = re.compile(
    r"\b(?:urban|artificial|industr\w+|commercial|arable|crops?|cropland\w*|cultivat\w+|agricultur\w+|agro\w*|forest\w*|"
    r"wood(?:land|s|ed)\w*|tree\w*|grass\w*|vegetat\w+|moor\w*|heath\w*|sclerophyll\w*|shrub\w*|beach\w*|dunes?|sands?|"
    r"wetland\w*|waters?|marine|coastal|inland|lakes?|rivers?|seas?|oceans?|bogs?|marsh\w*|built-up|snow|ice)\b"
)
_JOINING = frozenset({"and", "&", "/", "-", ",", "with", "to"})
_HYPHENS = str.maketrans({"\u2010": "-", "\u2011": "-", "\u2012": "-", "\u2013": "-", "\u2014": "-", "\u00a0": " "})


@dataclass(frozen=True)
class Mention:
    """A class in a text.

    Attributes:
        number: of the class, from 1.
        start: where it begins.
        end: behind its last character.
    """

    number: int
    start: int
    end: int


def plain(text: str) -> str:
    """Lower case, with plain hyphens and single spaces: what every pattern of this room is written for."""
    return " ".join(text.translate(_HYPHENS).lower().split())


def classes_in(text: str) -> tuple[Mention, ...]:
    """The classes that a plain text names, in its order. No class's spelling is part of another's."""
    return tuple(Mention(_number(match), match.start(), match.end()) for match in _CLASS.finditer(text))


def without_classes(text: str) -> str:
    """A plain text with a blank for every class it names."""
    return " ".join(_CLASS.sub(" ", text).split())


def stray_words(text: str) -> tuple[str, ...]:
    """Words of land cover outside the classes that a plain text names: it speaks of something else as well."""
    return tuple(_STEMS.findall(without_classes(text)))


def class_named(text: str) -> int | None:
    """The class that a text names and says nothing else; None where there is none."""
    match = _CLASS.fullmatch(_ARTICLES.sub("", plain(text).strip(" .?!\"'")))
    return _number(match) if match else None


def pair_named(text: str) -> tuple[int, int] | None:
    """The two classes of an option such as `Arable land and Beaches, dunes, sands`, the smaller number first."""
    words = plain(text)
    mentions = classes_in(words)
    if len(mentions) != 2 or without_classes(words).strip(" .?!") not in _JOINING:
        return None
    low, high = sorted(mention.number for mention in mentions)
    return low, high


def _number(match: re.Match[str]) -> int:
    return int((match.lastgroup or "").removeprefix("class_"))
