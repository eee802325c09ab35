"""Checks the areas that a caption states right behind a class, such as "arable land (~306,000 sqm)"."""

import re

from data_access.annotations.checks.class_words import classes_in, plain
from data_access.annotations.checks.verdict import Verdict, name_of, unknown
from data_access.bigearthnet.map_facts import MapFacts

_STATED = re.compile(r"\s*\(~?\s?(?:about |around |approximately )?([\d,]{3,11}) (?:sqm|m2|square met(?:er|re)s?)\)")
_ROUNDED_M2 = 1_000  # captions round to this
_NEAR = 0.02  # share of the stated area that writers may have rounded away
_WRONG = 0.25  # farther off than this nobody has rounded
_SMALL_SHARE = 0.05  # "less than 5%": its bound is written where the area is smaller
NOT_STATED = "The caption states no area right behind the name of a class; the rest of its text is not checked."
NOT_SURE = "A stated area is neither near the map's nor far from it."


def check_caption(caption: str, facts: MapFacts) -> Verdict:
    """Are the stated areas those of the class, or of one of its areas?"""
    text = plain(caption)
    stated: list[tuple[int, int]] = []
    for mention in classes_in(text):
        match = _STATED.match(text, mention.end)
        if match:
            stated.append((mention.number, int(match[1].replace(",", "") or 0)))
    if not stated:
        return unknown(NOT_STATED)
    wrong = [(number, area) for number, area in stated if not _is_near(facts, number, area, _NEAR)]
    if not wrong:
        every = "The one stated area is" if len(stated) == 1 else f"All {len(stated)} stated areas are"
        return Verdict("agree", f"{every} the map's.", "The rest of the caption is not checked.")
    number, area = wrong[0]
    has = f"the map has {facts.areas[number]:,} m2" if number in facts.areas else "the map has none"
    found = f"The caption gives {name_of(number)} {area:,} m2; {has}."
    if any(not _is_near(facts, each, size, _WRONG) for each, size in wrong):
        return Verdict("differ", found, f"{len(wrong)} of {len(stated)} stated areas are not the map's.")
    return unknown(NOT_SURE, found)


def _is_near(facts: MapFacts, number: int, area: int, share: float) -> bool:
    """Whether a class, or one of its areas under any convention, is about as large as stated."""
    true = facts.areas.get(number, 0)
    small = _SMALL_SHARE * facts.area_m2
    if area == small and 0 < true < small:
        return True
    regions = (*facts.regions.get(number, ()), *facts.regions_by_edges.get(number, ()))
    sizes = [true, *(region.area_m2 for region in regions)]
    return any(abs(size - area) <= max(_ROUNDED_M2, share * area) for size in sizes if size)
