"""What checks measure on a map, under every convention, and the sentences that tell it."""

from collections.abc import Sequence

from data_access.annotations.checks.verdict import area_words, name_of
from data_access.bigearthnet.map_facts import MapFacts, Pair

EDGE_M = 10  # of a pixel
CONNECTED = "It depends on whether areas that meet only at a corner of pixels are one."
TOUCHING = "They meet only at corners of pixels; whether that is touching is a matter of convention."


def counts(facts: MapFacts, number: int) -> tuple[int, int]:
    """How many contiguous areas a class has: with corners connecting, and with edges alone."""
    return len(facts.regions.get(number, ())), len(facts.regions_by_edges.get(number, ()))


def count_words(facts: MapFacts, number: int) -> str:
    """The sentence on them, such as "The map has 3 continuous areas of urban fabric (4 with corners apart)"."""
    joined, apart = counts(facts, number)
    areas = "1 continuous area" if joined == 1 else f"{joined or 'no'} continuous areas"
    doubt = f" ({apart} with corners apart)" if apart != joined else ""
    return f"The map has {areas} of {name_of(number)}{doubt}."


def share_words(facts: MapFacts, number: int) -> str:
    """The sentence on the area of a class."""
    area = facts.areas.get(number, 0)
    if not area:
        return f"The map has no {name_of(number)}."
    return f"The map has {area_words(area, facts.area_m2)} of {name_of(number)}."


def touch(facts: MapFacts, pair: Pair) -> bool | None:
    """Whether two classes touch; None where they meet at corners only."""
    if pair in facts.touching_at_corners:
        return None
    return pair in facts.borders


def touch_words(facts: MapFacts, pair: Pair) -> str:
    """The sentence on the border of two classes, the smaller number first."""
    missing = [name_of(number) for number in pair if number not in facts.areas]
    if missing:
        return f"The map has no {' and no '.join(missing)}."
    one, other = map(name_of, pair)
    if pair in facts.touching_at_corners:
        return f"On the map {one} and {other} meet at a corner of pixels, and share no edge."
    if pair not in facts.borders:
        return f"On the map {one} and {other} do not touch."
    return f"On the map {one} and {other} share a border of {facts.borders[pair] * EDGE_M:,} m."


def present_words(facts: MapFacts, numbers: Sequence[int] = ()) -> str:
    """The sentence on the classes of the map, or on some of them."""
    shown = [name_of(number) for number in facts.classes if not numbers or number in numbers]
    if not shown:
        return "The map has none of these classes." if numbers else "The map has none of the 19 classes."
    return f"The map has {'; '.join(shown)}."
