"""Claims about amounts, such as "between 20% and 50%": made with a wanted truth value, in per cent or square metres."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from demo.bigearthnet.text.wording import number_word, pick

PERCENT_STEP = 10
_TRIES = 40  # enough to meet a claim of the wanted truth; a full or empty patch allows only some of them


@dataclass(frozen=True)
class Claim:
    """A comparison with one or two bounds, and whether it holds.

    Attributes:
        text: the comparison in words.
        holds: whether it is true.
    """

    text: str
    holds: bool


_COMPARISONS: tuple[tuple[tuple[str, ...], Callable[[float, float], bool]], ...] = (
    (("at least {}", "no less than {}"), lambda value, bound: value >= bound),
    (("at most {}", "no more than {}"), lambda value, bound: value <= bound),
    (("more than {}",), lambda value, bound: value > bound),
    (("less than {}",), lambda value, bound: value < bound),
)


def area_claim(rng: np.random.Generator, area_m2: int, patch_m2: int, *, wanted: bool) -> Claim | None:
    """A claim about an area that never lies on a bound.

    Args:
        rng: source of randomness.
        area_m2: the true area.
        patch_m2: the area of the whole patch.
        wanted: whether the claim shall be true.

    Returns:
        The claim, such as "at least 30% of the image" or "between 144000 m2 and 720000 m2"; None if none was found.
    """
    step = patch_m2 // (100 // PERCENT_STEP)
    written = pick(rng, (_percent, _square_metres))
    for _ in range(_TRIES):
        if rng.random() < 0.4:
            low, high = sorted(rng.choice(11, size=2, replace=False).tolist())
            bounds, text = [low, high], f"between {written(low, patch_m2)} and {written(high, patch_m2)}"
            holds = low * step <= area_m2 <= high * step
        else:
            phrases, compare = pick(rng, _COMPARISONS)
            low = int(rng.integers(1, 10))
            bounds, text = [low], pick(rng, phrases).format(written(low, patch_m2))
            holds = compare(area_m2, low * step)
        if holds == wanted and all(area_m2 != bound * step for bound in bounds):
            return Claim(f"{text} of the image" if "%" in text else text, holds)
    return None


def count_claim(rng: np.random.Generator, count: int, noun: tuple[str, str], *, wanted: bool) -> Claim | None:
    """A claim about a number of things (singular, plural), such as "exactly three areas"; None if none was found."""
    comparisons = (*_COMPARISONS, (("exactly {}",), lambda value, bound: value == bound))
    for _ in range(_TRIES):
        phrases, compare = pick(rng, comparisons)
        bound = int(np.clip(count + rng.integers(-2, 3), 1, 6))
        sensible = any(compare(value, bound) for value in (1, 2))  # nothing can be less than one
        if compare(count, bound) == wanted and sensible:
            things = noun[0] if bound == 1 else noun[1]
            return Claim(f"{pick(rng, phrases).format(number_word(bound))} {things}", wanted)
    return None


def area_ranges(rng: np.random.Generator, area_m2: int, patch_m2: int, count: int) -> list[str]:
    """Ranges of area without overlap, the first of them holding the true area strictly inside; empty if on a bound.

    Args:
        rng: source of randomness.
        area_m2: the true area.
        patch_m2: the area of the whole patch.
        count: how many ranges.

    Returns:
        Texts such as "20 to 40%", "288000 to 432000 m2" or "288000 to 432000 square meters", all in one unit.
    """
    step = patch_m2 // (100 // PERCENT_STEP)
    for _ in range(_TRIES):
        cuts = sorted(rng.choice(11, size=count + 1, replace=False).tolist())
        bounds = list(pairwise(cuts))
        # A full patch lies on the bound 100%, with nothing above it: still only one range holds it.
        right = [
            (low, high)
            for low, high in bounds
            if low * step < area_m2 < high * step or area_m2 == patch_m2 == high * step
        ]
        if right:
            wrong = [bound for bound in bounds if bound not in right]
            unit = pick(rng, ("%", " m2", " square meters"))
            scale = PERCENT_STEP if unit == "%" else step
            return [f"{low * scale} to {high * scale}{unit}" for low, high in (*right, *wrong)]
    return []


def _percent(tenths: int, _patch_m2: int) -> str:
    return f"{tenths * PERCENT_STEP}%"


def _square_metres(tenths: int, patch_m2: int) -> str:
    return f"{tenths * patch_m2 * PERCENT_STEP // 100} m2"
