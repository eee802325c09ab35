"""Rows in the grammar of the published texts, for tests to ask; the wording is ours."""

from data_access.annotations.checks.check import check
from data_access.annotations.checks.verdict import Verdict
from data_access.annotations.reading import read_row
from data_access.bigearthnet.map_facts import MapFacts

# As running text spells them; all others are the title in lower case.
SPOKEN = {
    "Urban fabric": "urban fabrics",
    "Land principally occupied by agriculture, with significant areas of natural vegetation": (
        "lands principally occupied by agriculture with significant areas of natural vegetation"
    ),
    "Broad-leaved forest": "broad-leaved forests",
    "Natural grassland and sparsely vegetated areas": "natural grassland or sparsely vegetated areas",
    "Moors, heathland and sclerophyllous vegetation": "moors, heathland, or sclerophyllous vegetation",
    "Transitional woodland, shrub": "transitional woodland or shrub",
    "Beaches, dunes, sands": "beaches, dunes, or sands",
    "Inland wetlands": "inland wetland",
}


def spoken(title: str) -> str:
    """A class in running text."""
    return SPOKEN.get(title, title.lower())


def ask(facts: MapFacts, kind: str, category: str, question: str, answer: str) -> Verdict:
    """The verdict on a row."""
    return check(read_row({"type": kind, "category": category, "input": question, "output": answer}), facts)


def yes_or_no(facts: MapFacts, category: str, question: str) -> bool | None:
    """What the checks take for the right answer; None where they can not tell. Both answers must be judged alike."""
    outcomes = tuple(ask(facts, "binary", category, question, answer).outcome for answer in ("yes", "no"))
    known = {("agree", "differ"): True, ("differ", "agree"): False, ("unknown", "unknown"): None}
    assert outcomes in known, (question, outcomes)
    return known[outcomes]


def right_letters(facts: MapFacts, category: str, question: str, options: list[str]) -> dict[str, str]:
    """The outcome for each letter, were it the answer."""
    inline = ", ".join(f"{letter}) {option}" for letter, option in zip("abcd", options, strict=True))
    return {letter: ask(facts, "mcq", category, f"{question} {inline}", letter).outcome for letter in "abcd"}
