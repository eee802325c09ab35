"""What a check can say, and how several conventions become one answer.

Where conventions lead to different answers nobody is wrong, so a check says that it can not tell. Saying "differ" of an
answer that is right is the worst that a check can do.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from data_access.bigearthnet.classes import CLASSES

Outcome = Literal["agree", "differ", "unknown"]
OUTCOMES: tuple[Outcome, ...] = ("agree", "differ", "unknown")


@dataclass(frozen=True)
class Verdict:
    """Whether an answer agrees with the reference map.

    Attributes:
        outcome: agree, differ, or unknown where that can not be told.
        found: one sentence with what the map holds; empty where nothing was measured.
        reason: why it can not be told, or what else is to be said; empty where there is nothing.
    """

    outcome: Outcome
    found: str = ""
    reason: str = ""


def unknown(reason: str, found: str = "") -> Verdict:
    """The verdict of a check that can not tell."""
    return Verdict("unknown", found, reason)


def unanimous(answers: Iterable[bool]) -> bool | None:
    """The answer that all conventions give; None where they differ."""
    different = set(answers)
    return different.pop() if len(different) == 1 else None


def judged(claimed: bool, true: bool | None, found: str, doubt: str) -> Verdict:
    """The verdict on a yes or no.

    Args:
        claimed: the answer.
        true: what the map says; None where that is a matter of convention.
        found: what was measured.
        doubt: why it is a matter of convention, where it is.
    """
    if true is None:
        return unknown(doubt, found)
    return Verdict("agree" if claimed == true else "differ", found)


def name_of(number: int) -> str:
    """A class inside a sentence, lower case, numbered from 1."""
    return CLASSES[number - 1].lower()


def area_words(area_m2: int, patch_m2: int) -> str:
    """An area in both units, such as `351,200 m2 (24.39 % of the image)`."""
    return f"{area_m2:,} m2 ({100 * area_m2 / patch_m2:.2f} % of the image)"
