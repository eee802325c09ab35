"""Checks answers of yes and no: presence, area, count and adjacency."""

import re

from data_access.annotations.checks import measured
from data_access.annotations.checks.claims import area_claim, count_claim
from data_access.annotations.checks.class_words import plain, without_classes
from data_access.annotations.checks.verdict import Verdict, judged, name_of, unknown
from data_access.annotations.checks.wording import (
    APART,
    NEGATED,
    RANKED,
    about_distance,
    asked_for_absence,
    named,
    negated,
    ranked,
)
from data_access.bigearthnet.map_facts import MapFacts

BOUND = "The area lies on a bound of the question, or the number can be meant as exactly or as at least."
UNREAD_CLAIM = "What the question claims of the number could not be read with certainty."
_PART = re.compile(
    r"\b(?:largest|smallest|biggest|single|individual|each|every|"
    r"(?:one|an?|any) (?:\w+ )?(?:patch|instance|region|area))\b"
)
_SOLE_CLASS = re.compile(
    r"\b(?:only|sole) (?:one|class|land|cover|type|category|thing)\b|\ball there is\b|\bnothing (?:but|other|else)\b"
)
_MADE_OF = r"(?:consist\w*|contain\w*|compris\w*|composed|made up|show\w*)"
_WHOLE = re.compile(
    r"\b(?:completely|entirely|fully|wholly|totally|exclusively|solely|edge to edge|all of the|everywhere|entirety|"
    rf"only {_MADE_OF}|{_MADE_OF}(?: of)? only|"
    r"(?:whole|entire|full|complete) (?:satellite )?(?:image|picture|scene|tile|frame|view))\b"
)
_HEDGED = re.compile(
    r"\b(?:no|not|never|less|more|fewer|almost|nearly|about|part\w*|half|most\w*|quarters?|thirds?|fifths?|tenths?|"
    r"fraction|share|percent\w*|least|majority|largely|portion|section|little|small|tiny|some|several|corner|"
    r"north\w*|south\w*|east\w*|west\w*|left|right|top|bottom|upper|lower|cent(?:er|re|ral)|middle)\b|n't\b|[#\d%<>=]"
)


def check_presence(question: str, yes: bool, facts: MapFacts) -> Verdict:
    """Is a class on the map?"""
    mentions, doubt = named(question, 1)
    positive, absence = asked_for_absence(question)
    if doubt or negated(positive) or ranked(positive):
        return unknown(doubt or (NEGATED if negated(positive) else RANKED))
    number = mentions[0].number
    return judged(yes, (number in facts.areas) != absence, measured.share_words(facts, number), "")


def check_adjacency(question: str, yes: bool, facts: MapFacts) -> Verdict:
    """Do two classes touch?"""
    mentions, doubt = named(question, 2)
    if doubt or negated(question) or about_distance(question):
        return unknown(doubt or (NEGATED if negated(question) else APART))
    low, high = sorted({mention.number for mention in mentions})
    found = measured.touch_words(facts, (low, high))
    return judged(yes, measured.touch(facts, (low, high)), found, measured.TOUCHING)


def check_count(question: str, yes: bool, facts: MapFacts) -> Verdict:
    """Has a class as many contiguous areas as is claimed?"""
    mentions, doubt = named(question, 1)
    if doubt:
        return unknown(doubt)
    number = mentions[0].number
    found = measured.count_words(facts, number)
    claim = count_claim(without_classes(plain(question)))
    if claim is None:
        return unknown(UNREAD_CLAIM, found)
    true = claim.holds(measured.counts(facts, number))
    return judged(yes, true, found, measured.CONNECTED if number in facts.unsettled else BOUND)


def check_area(question: str, yes: bool, facts: MapFacts) -> Verdict:
    """Is the area of a class as is claimed?"""
    mentions, doubt = named(question, 1)
    if doubt:
        return unknown(doubt)
    number = mentions[0].number
    text = without_classes(plain(question))
    found = measured.share_words(facts, number)
    if _PART.search(text):
        return unknown("The question seems to ask for one area of the class, not for all of it.", found)
    claim = area_claim(text, facts.area_m2)
    if claim is None:
        return unknown(UNREAD_CLAIM, found) if _HEDGED.search(text) else _check_whole(text, yes, number, facts)
    return judged(yes, claim.holds([facts.areas.get(number, 0)]), found, BOUND)


def _check_whole(text: str, yes: bool, number: int, facts: MapFacts) -> Verdict:
    """Is a class all there is? No number stands in such a question."""
    found = measured.share_words(facts, number)
    full = facts.areas.get(number, 0) == facts.area_m2
    if _SOLE_CLASS.search(text):
        alone = set(facts.areas) == {number}
        doubt = f"No other class is there, but a part of the map is none of the 19, beside {name_of(number)}."
        return judged(yes, None if alone and not full else full, found, doubt)
    if _WHOLE.search(text):
        return judged(yes, full, found, "")
    return unknown(UNREAD_CLAIM, found)
