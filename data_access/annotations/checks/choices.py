"""Checks answers of multiple choice: the option that was chosen, and whether another would be right as well."""

from collections.abc import Callable

from data_access.annotations.checks import measured
from data_access.annotations.checks.binary import BOUND
from data_access.annotations.checks.claims import area_claim, count_claim
from data_access.annotations.checks.class_words import class_named, pair_named, plain
from data_access.annotations.checks.verdict import Verdict, unknown
from data_access.annotations.checks.wording import APART, NEGATED, RANKED, about_distance, named, negated, ranked
from data_access.annotations.reading import Choice, Reading
from data_access.bigearthnet.map_facts import MapFacts

UNREAD_OPTION = "The chosen option could not be read with certainty."
_NONE_OF_THEM = frozenset({"none", "no", "zero", "no areas", "no area", "not present"})

Truth = Callable[[str], bool | None]  # of an option's text; None where nobody can tell


def weigh(reading: Reading, true: Truth, found: str, doubt: str) -> Verdict:
    """The verdict on a choice: does the option hold, and do others hold as well?

    Args:
        reading: of a row that could be read, so one of its options is chosen.
        true: what the map says of an option.
        found: what was measured.
        doubt: why it may be a matter of convention.
    """
    chosen = next(option for option in reading.options if option.letter == reading.letter)
    holds = {option.letter: true(option.text) for option in reading.options}
    verdict = holds[chosen.letter]
    right = [option for option in reading.options if holds[option.letter] and option is not chosen]
    if verdict is None:
        return unknown(doubt, found)
    if verdict:
        return Verdict("agree", found, f"{_quoted(right)} would be right as well." if right else "")
    if right:
        return Verdict("differ", found, f"{_quoted(right)} would be right.")
    open_ones = any(answer is None for answer in holds.values())
    return Verdict("differ", found, "" if open_ones else "None of the options would be right.")


def check_presence_choice(reading: Reading, facts: MapFacts) -> Verdict:
    """Which class is on the map?"""
    if negated(reading.question) or ranked(reading.question):
        return unknown(NEGATED if negated(reading.question) else RANKED)
    numbers = [number for option in reading.options if (number := class_named(option.text))]

    def true(text: str) -> bool | None:
        number = class_named(text)
        return None if number is None else number in facts.areas

    return weigh(reading, true, measured.present_words(facts, numbers), UNREAD_OPTION)


def check_adjacency_choice(reading: Reading, facts: MapFacts) -> Verdict:
    """Which pair of classes touches?"""
    if negated(reading.question) or about_distance(reading.question):
        return unknown(NEGATED if negated(reading.question) else APART)
    chosen = next(option for option in reading.options if option.letter == reading.letter)
    pair = pair_named(chosen.text)
    if pair is None:
        return unknown(UNREAD_OPTION)

    def true(text: str) -> bool | None:
        named_pair = pair_named(text)
        return None if named_pair is None else measured.touch(facts, named_pair)

    return weigh(reading, true, measured.touch_words(facts, pair), measured.TOUCHING)


def check_count_choice(reading: Reading, facts: MapFacts) -> Verdict:
    """How many contiguous areas has a class?"""
    mentions, doubt = named(reading.question, 1)
    if doubt:
        return unknown(doubt)
    number = mentions[0].number

    def true(text: str) -> bool | None:
        bare = plain(text).strip(" .")
        claim = count_claim("0" if bare in _NONE_OF_THEM else bare, plainly=True)
        return None if claim is None else claim.holds(measured.counts(facts, number))

    found = measured.count_words(facts, number)
    return weigh(reading, true, found, measured.CONNECTED if number in facts.unsettled else UNREAD_OPTION)


def check_area_choice(reading: Reading, facts: MapFacts) -> Verdict:
    """In which range lies the area of a class?"""
    mentions, doubt = named(reading.question, 1)
    if doubt:
        return unknown(doubt)
    area = facts.areas.get(mentions[0].number, 0)
    claims = {option.letter: area_claim(plain(option.text), facts.area_m2, plainly=True) for option in reading.options}
    including = [letter for letter, claim in claims.items() if claim and claim.holds([area]) is not False]

    def true(text: str) -> bool | None:
        letter = next(option.letter for option in reading.options if option.text == text)
        claim = claims[letter]
        if claim is None:
            return None
        # On a bound of one range alone nobody can mean another: 0 and 100% are part of the first and the last.
        return True if including == [letter] else claim.holds([area])

    return weigh(reading, true, measured.share_words(facts, mentions[0].number), BOUND)


def _quoted(options: list[Choice]) -> str:
    return " and ".join(f"{option.letter}) {option.text}" for option in options)
