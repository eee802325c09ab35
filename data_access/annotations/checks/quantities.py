"""Finds the numbers of a text, in digits and in words, with and without a unit of area."""

import re
from dataclasses import dataclass

_ONES = (
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"),
    *("eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"),
)
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety", "hundred")
_VALUES = {word: value for value, word in enumerate(_ONES)} | {word: 10 * ten for ten, word in enumerate(_TENS, 2)}

# How units are written, and square metres per unit; of a per cent that depends on the patch.
_UNITS: dict[str, tuple[str, float]] = {
    "percent": (r"%|per\s?cent\b|percentage points?\b", 0.0),
    "km2": (r"km\s?(?:\^\s?2|2|²)|sq(?:uare|\.)?\s?(?:kilomet(?:er|re)s?|km)\b|sqkm\b", 1e6),
    "ha": (r"hectares?\b|ha\b", 1e4),
    "m2": (r"m\s?(?:\^\s?2|2|²)(?!\w)|sq(?:uare|\.)?\s?(?:met(?:er|re)s?|m)\b|sqm\b", 1.0),
}
_UNIT = "|".join(f"(?P<{name}>{pattern})" for name, (pattern, _) in _UNITS.items())
_WORD = "|".join(sorted(_VALUES, key=len, reverse=True))
_QUANTITY = re.compile(
    rf"(?P<single>\bsingle-one\b)|"
    rf"(?<![\w.#^])(?:(?P<digits>\d+(?:\.\d+)?)|(?P<word>{_WORD})(?![\w-]))(?:\s?(?:{_UNIT}))?"
)
_SINGLE = re.compile(
    r"\b(?:(?:an?|one|1|the|only a|just a) )?single\b(?!-)|\b(?:the )?only one\b|\bthe only\b|\bsole\b"
)
_MULTIPLE = re.compile(r"\bmultiple\b")
_THOUSANDS = re.compile(r"(?<=\d)[,'](?=\d{3}(?!\d))")
# "can one see": somebody, not a number.
_SOMEBODY = re.compile(
    r"\b(can|could|would|does|do|may|might|should|will|if) one\b|\bone (can|could|would|may|might)\b"
)
_IMAGE = r"(?:satellite )?(?:image|picture|scene|tile|frame|view|patch)"
_WHOLE = rf"(?:the |an? )?(?:whole|entire|full|complete) (?:of the )?{_IMAGE}"
_SHARES: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(rf"\b(?:{pattern})\b"), f" {share} ")
    for pattern, share in (
        (rf"(?:of|in|within) {_WHOLE}", ""),  # what amounts are told of is no amount
        (_WHOLE, "100%"),
        (r"three[ -]quarters", "75%"),
        (r"(?:an? |one[ -])?half", "50%"),
        (r"(?:an? |one[ -])quarter", "25%"),
        (r"(?:the |an? )(?:majority|greater part|larger part)|(?<!at )most", "more than 50%"),
    )
)


@dataclass(frozen=True)
class Quantity:
    """A number of a text.

    Attributes:
        value: the number.
        unit: "percent", "m2", "ha", "km2" or empty.
        exact: whether its words mean this number and no more, as "a single" does.
    """

    value: float
    unit: str = ""
    exact: bool = False

    def in_square_metres(self, unit: str, patch_m2: int) -> float:
        """Its size, read in a unit, of a patch of `patch_m2` square metres."""
        return self.value * patch_m2 / 100 if unit == "percent" else self.value * _UNITS[unit][1]


def tokens_of(text: str, *, of_areas: bool) -> tuple[str, tuple[Quantity, ...]]:
    """Take the numbers out of a text.

    Args:
        text: lower case, single spaces.
        of_areas: whether it speaks of areas, where shares have names and a bare "one" is no number.

    Returns:
        The text with `#0`, `#1` ... in place of its numbers, in their order, and the numbers.
    """
    found: list[Quantity] = []

    def token(match: re.Match[str]) -> str:
        quantity = _quantity(match)
        if match["word"] and of_areas and not quantity.unit:
            return match[0]
        found.append(quantity)
        return f" #{len(found) - 1} "

    text = text.replace("#", " ").replace("n't ", " not ")  # "#" stands for numbers from here on
    text = _THOUSANDS.sub("", _SOMEBODY.sub(" ", text))
    if of_areas:
        for pattern, share in _SHARES:
            text = pattern.sub(share, text)
    else:
        text = _SINGLE.sub(" single-one ", _MULTIPLE.sub("more than one", text))
    text = _QUANTITY.sub(token, text)
    return " ".join(text.split()), tuple(found)


def _quantity(match: re.Match[str]) -> Quantity:
    if match["single"]:
        return Quantity(1.0, exact=True)
    unit = next((name for name in _UNITS if match[name]), "")
    return Quantity(float(match["digits"]) if match["digits"] else float(_VALUES[match["word"]]), unit)
