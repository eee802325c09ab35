"""Directions between classes, given only where nobody could say otherwise."""

import math

from data_access.bigearthnet.map_facts import MapFacts
from demo.bigearthnet.text.wording import DIRECTIONS

_SHORTEST = 0.2  # distance of the centres as a share of the edge; nearer ones lie "within" each other
_SECTOR_DEG = 360 / len(DIRECTIONS)
_CLEAR_DEG = 16.0  # a direction must be this close to its compass point; the sector's border is at 22.5
_SMALLEST_M2 = 20_000  # nobody asks where a sliver at the edge of the image lies
_MOST_OVERLAP = 0.25  # of the smaller box with the larger: overlapping areas lie in no clear direction


def direction_between(facts: MapFacts, anchor: int, number: int) -> str | None:
    """Where class `number` lies as seen from class `anchor`, such as "top-right"; None where that is not clear."""
    if min(facts.areas[anchor], facts.areas[number]) < _SMALLEST_M2:
        return None
    (from_x, from_y), (to_x, to_y) = facts.centres[anchor], facts.centres[number]
    right, down = to_x - from_x, to_y - from_y
    if math.hypot(right, down) < _SHORTEST or _overlap(facts, anchor, number) > _MOST_OVERLAP:
        return None
    angle = math.degrees(math.atan2(right, -down)) % 360  # clockwise from the top
    sector = round(angle / _SECTOR_DEG)
    if abs(angle - sector * _SECTOR_DEG) > _CLEAR_DEG:
        return None
    return DIRECTIONS[sector % len(DIRECTIONS)]


def sideways(direction: str) -> tuple[str, str, str]:
    """The three directions at right angles and opposite: wrong by at least 90 degrees."""
    index = DIRECTIONS.index(direction)
    second, third, fourth = (DIRECTIONS[(index + turn) % len(DIRECTIONS)] for turn in (2, 4, 6))
    return second, third, fourth


def _overlap(facts: MapFacts, one: int, other: int) -> float:
    """Share of the smaller box that the larger covers."""
    first, second = facts.regions[one][0].box, facts.regions[other][0].box
    width = min(first[2], second[2]) - max(first[0], second[0])
    height = min(first[3], second[3]) - max(first[1], second[1])
    smaller = min((box[2] - box[0]) * (box[3] - box[1]) for box in (first, second))
    return max(width, 0.0) * max(height, 0.0) / smaller
