"""Questions of which a check can not be sure that it understands them: these it leaves alone, and says why."""

import re
from functools import lru_cache

from data_access.annotations.checks.class_words import Mention, classes_in, plain, stray_words, without_classes

_REMEMBERED = 4096  # questions: the same few thousand are put to all patches
_NEGATED = re.compile(
    r"\b(?:no|not|none|never|neither|nor|without|except|excluding|absent|absence|missing|lack\w*|devoid|"
    r"free (?:of|from)|fail\w*|cannot|incorrect|false|wrong|untrue|avoid\w*)\b|n't\b"
)
_RANKED = re.compile(
    r"\b(?:largest|smallest|biggest|most|least|mostly|mainly|dominant|dominat\w+|predominant\w*|majority|main|more|less|"
    r"fewer|only|solely|exclusively|entirely|completely|fully|second|third|(?<!at )all|every|each|rare\w*)\b"
)
_APART = re.compile(
    r"\b(?:separate[ds]?|apart|isolated?|disjoint|distant|distance|away|surround\w*|enclos\w*|encircl\w*|detached|"
    r"disconnected|gaps?|overlap\w*|near|nearby|close to|vicinity|proximity|"
    r"(?:inside|within)(?! (?:the|this) (?:satellite )?(?:image|scene|picture|view|area shown|patch|frame)))\b"
)
# Ways to ask for a class that is not there, which leave no doubt; a second negation would.
_ABSENT = re.compile(r"\b(?:absent|missing|lacks?|lacking|devoid of|free (?:of|from)|without)\b")
_AT_LEAST_ONE = re.compile(r"\b(?:at least (?:one|a|an|1|some)|one or more|1 or more)\b")
NEGATED = "The question is put in the negative, or seems to be: what its answer means is left to a reader."
RANKED = "The question asks for more than whether a class is there."
APART = "The question asks for something else than a common border, or seems to."


def strange(question: str) -> str:
    """Why the classes of a question are not sure to be all it speaks of; empty where they are."""
    words = stray_words(plain(question))
    if words:
        return f"The question says {words[0]!r} outside the names of the map's 19 classes."
    return ""


def negated(question: str) -> bool:
    """Whether a question seems to be put in the negative."""
    return bool(_NEGATED.search(_bare(question)))


def ranked(question: str) -> bool:
    """Whether a question seems to compare classes, or to ask for one alone."""
    return bool(_RANKED.search(_bare(question)))


def asked_for_absence(question: str) -> tuple[str, bool]:
    """A question on presence without what turns it round, and whether it asks for absence: "Is it free of shrubs?"."""
    words = _AT_LEAST_ONE.sub("any", plain(question))
    absent = _ABSENT.findall(words)
    return (_ABSENT.sub(" ", words), True) if len(absent) == 1 else (words, False)


def about_distance(question: str) -> bool:
    """Whether a question on neighbours seems to ask for their being apart, or one inside the other."""
    return bool(_APART.search(_bare(question)))


@lru_cache(maxsize=_REMEMBERED)
def named(question: str, wanted: int) -> tuple[tuple[Mention, ...], str]:
    """The classes that a question names, and why they are not what it speaks of; empty where they are.

    Args:
        question: as it was put.
        wanted: how many classes it should name.
    """
    mentions = classes_in(plain(question))
    found = len({mention.number for mention in mentions})
    if found != wanted:
        return mentions, f"The question names {found} of the 19 classes in a spelling known here, and not {wanted}."
    return mentions, strange(question)


@lru_cache(maxsize=_REMEMBERED)
def _bare(question: str) -> str:
    return without_classes(plain(question))
