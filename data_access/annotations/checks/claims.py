"""Reads what a text claims of a number: "at least 30%", "between 144000 m^2 and 720000 m^2", "fewer than three areas".

Every number of the text has to belong to a comparison. A claim is all the ways in which its words can be meant: whether
"between" holds its bounds, and whether "three areas" means three exactly. A text that says more than was understood
gives no claim at all: then nobody can tell whether it is true.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import product

from data_access.annotations.checks.comparisons import COMPARISONS, Bounds
from data_access.annotations.checks.quantities import Quantity, tokens_of
from data_access.annotations.checks.verdict import unanimous

_REMEMBERED = 4096  # texts: the same few thousand are put to all patches
_ALONE = re.compile(r"#(\d+)")
_EXACTLY = re.compile(r"\b(?:exactly|precisely|only|just)\b")
# "spread over three areas" compares nothing.
_PLACED_OVER = re.compile(r"\b(spread|distributed|scattered|divided|split|dispersed|stretch\w*|extend\w*|found) over\b")
# What may not be left once every comparison was read: the text then says something else, or its opposite.
_UNREAD = re.compile(
    r"\b(?:no|not|none|never|neither|nor|without|except|excluding|outside|about|around|approximately|roughly|nearly|"
    r"almost|least|most|fewer|less|more|greater|larger|smaller|higher|lower|bigger|equal\w*|exceed\w*|double|twice|"
    r"times|half|halves|thirds?|quarters?|each|every|per|maximum|minimum|between|than|majority|several|multiple|many|"
    r"dominant|predominant\w*|mostly|mainly|largest|smallest|biggest|individual|average|mean|if|unless)\b|[<>=≤≥#]"
)


@dataclass(frozen=True)
class Claim:
    """What is said of a number.

    Attributes:
        readings: every way to mean it, each a list of ranges that all have to hold the number.
    """

    readings: tuple[tuple[Bounds, ...], ...]

    def holds(self, values: Iterable[float]) -> bool | None:
        """Whether it is true of all `values` (one number under several conventions); None where readings differ."""
        values = tuple(values)
        return unanimous(all(each.hold(value) for each in ranges) for ranges in self.readings for value in values)


@lru_cache(maxsize=_REMEMBERED)
def count_claim(text: str, *, plainly: bool = False) -> Claim | None:
    """What a text says of a number of areas; None where it says nothing, or more than can be read.

    Args:
        text: as `class_words.plain` makes it, without the classes it names.
        plainly: whether a number alone means just that number, as in an option, or perhaps also more than that.
    """
    words, numbers = tokens_of(text, of_areas=False)
    return None if any(each.unit for each in numbers) else _claim(words, numbers, plainly=plainly)


@lru_cache(maxsize=_REMEMBERED)
def area_claim(text: str, patch_m2: int, *, plainly: bool = False) -> Claim | None:
    """What a text says of an area in square metres; None where it says nothing, or more than can be read.

    Args:
        text: as for `count_claim`; amounts in per cent of the patch or in units of area.
        patch_m2: area of the whole patch.
        plainly: as for `count_claim`.
    """
    words, numbers = tokens_of(text, of_areas=True)
    unit = ""
    scaled: list[Quantity] = []
    for quantity in reversed(numbers):  # "between 30 and 90%": the unit stands behind the last of them
        unit = quantity.unit or unit
        if not unit and quantity.value:
            return None
        scaled.append(Quantity(quantity.in_square_metres(unit or "percent", patch_m2)))
    return _claim(words, scaled[::-1], plainly=plainly)


def _claim(words: str, numbers: Sequence[Quantity], *, plainly: bool) -> Claim | None:
    text, read = _compared(_PLACED_OVER.sub(r"\1 across", words), numbers)
    alone = [numbers[int(match[1])] for match in _ALONE.finditer(text)]
    if len(alone) + bool(read) != 1:  # a number beside a comparison belongs to something that was not understood
        return None
    if alone:
        exact = plainly or alone[0].exact or bool(_EXACTLY.search(text))
        read = [_meanings_alone(alone[0].value, exact=exact)]
        text = _ALONE.sub(" ", text)
    return None if _UNREAD.search(text) else Claim(tuple(product(*read)))


def _compared(text: str, numbers: Sequence[Quantity]) -> tuple[str, list[tuple[Bounds, ...]]]:
    """The text without its comparisons, and what each of them may mean."""
    read: list[tuple[Bounds, ...]] = []
    for comparison in COMPARISONS:
        matches = list(comparison.pattern.finditer(text))
        read += [comparison.meaning(*(numbers[int(place)].value for place in match.groups())) for match in matches]
        text = comparison.pattern.sub(" ", text)
    return text, read


def _meanings_alone(value: float, *, exact: bool) -> tuple[Bounds, ...]:
    """Whoever sees five areas sees three of them too."""
    return (Bounds(value, value),) if exact else (Bounds(value, value), Bounds(low=value))
