"""What is green when: the year of grass, leaves and crops in each climate."""

import math

import numpy as np

from demo.scene.moment import Moment
from demo.scene.noise import Field
from demo.scene.setting import Climate

# climate: (greenest time of the local year, half width of the green season, least and most green)
_GRASS = {
    Climate.POLAR: (0.56, 0.12, 0.05, 0.70),
    Climate.BOREAL: (0.54, 0.17, 0.12, 0.90),
    Climate.TEMPERATE: (0.43, 0.27, 0.42, 0.95),
    Climate.MEDITERRANEAN: (0.24, 0.19, 0.10, 0.85),
    Climate.STEPPE: (0.42, 0.13, 0.10, 0.70),
    Climate.DESERT: (0.20, 0.15, 0.04, 0.14),
    Climate.SAVANNA: (0.62, 0.24, 0.14, 0.85),
    Climate.RAINFOREST: (0.50, 0.50, 0.75, 0.90),
}
# climate: (leaves come out, leaves fall), local year; climates not named keep their leaves
_LEAVES = {
    Climate.POLAR: (0.44, 0.70),
    Climate.BOREAL: (0.38, 0.75),
    Climate.TEMPERATE: (0.31, 0.84),
    Climate.STEPPE: (0.33, 0.80),
}
_LEAF_DAYS = 0.035  # half of the time that leaves take to come or go, in years


def grass(moment: Moment, climate: Climate) -> float:
    """Green share (0-1) of natural grass."""
    peak, width, low, high = _GRASS[climate]
    return low + (high - low) * _bump(moment.local_year - peak, width)


def leaves(moment: Moment, climate: Climate) -> tuple[float, float]:
    """(share of leaves on broad-leaved trees, share of those that are coloured by autumn)."""
    if climate not in _LEAVES:
        return (1.0 if climate is not Climate.SAVANNA else 0.45 + 0.5 * grass(moment, climate)), 0.0
    out, fall = _LEAVES[climate]
    year = moment.local_year
    on = _step((year - out) / _LEAF_DAYS) * (1 - _step((year - fall) / _LEAF_DAYS))
    return on, _step((year - fall + 1.6 * _LEAF_DAYS) / _LEAF_DAYS)


def crops(moment: Moment, climate: Climate, roll: Field, second: Field) -> tuple[Field, Field]:
    """Green share of each field and the straw share of what is not green.

    Args:
        moment: when.
        climate: winter and summer crops where there is a winter, any time of year under irrigation and in the tropics.
        roll: a uniform number per field: which crop.
        second: another: how early and how well it stands.
    """
    if climate in (Climate.DESERT, Climate.RAINFOREST):
        peak, width = roll, np.full_like(roll, 0.17)
    elif climate is Climate.SAVANNA:
        peak, width = 0.60 + 0.12 * roll, np.full_like(roll, 0.13)
    elif climate is Climate.MEDITERRANEAN:
        peak, width = np.where(roll < 0.7, 0.27, 0.56), np.full_like(roll, 0.11)
    else:
        peak, width = np.where(roll < 0.5, 0.40, np.where(roll < 0.82, 0.60, 0.5)), np.full_like(roll, 0.10)
    since = (moment.local_year - peak - 0.05 * (second - 0.5) + 0.5) % 1.0 - 0.5
    vigour = 0.55 + 0.45 * second
    green = vigour * np.exp(-0.5 * (since / width) ** 2)
    # young winter crops already cover part of the ground
    sown = (climate in (Climate.TEMPERATE, Climate.MEDITERRANEAN)) & (roll < 0.5)
    green = np.where(sown & ((since > 0.35) | (since < -0.12)), np.maximum(green, 0.28 * second), green)
    fallow = second < 0.06
    straw = np.clip(1.2 - np.abs(since - 0.14) / 0.10, 0, 1) * (second > 0.35)
    return np.where(fallow, 0.05, green).astype(np.float32), straw.astype(np.float32)


def _bump(distance: float, width: float) -> float:
    wrapped = (distance + 0.5) % 1.0 - 0.5
    return math.exp(-0.5 * (wrapped / width) ** 2)


def _step(t: float) -> float:
    """0 before -1, 1 after 1, smooth between."""
    t = min(1.0, max(0.0, (t + 1) / 2))
    return t * t * (3 - 2 * t)
