"""Words that hide what is worth seeing: those of every sentence, and those that only repeat the group they stand in."""

from collections.abc import Iterable

import pyarrow as pa

from data_access.annotations.charts.word_tokens import words_of
from data_access.annotations.leaks import find_leaks
from data_access.places import SEASONS

_FUNCTION_WORDS = """
about above across after against all along also although among an and another any are around as at be because been
before being below beneath beside besides between both but by can could did do does down due during each either every
few for from further had has have having he her here his how if in into is it its itself just less like made make many
may might more most much must near next no nor not of off on once one only onto or other others our out over own per
quite rather same several she should since so some such than that the their them themselves then there these they this
those through throughout thus to together too toward towards two three four five first second under until up upon us
very via was we well were what when where whereas whether which while who whole whose why will with within without
would you your
"""
STOP_WORDS = frozenset(_FUNCTION_WORDS.split())  # they hold English sentences together and say nothing of a place
_OTHER_NAMES = ("autumn", "season", "climate", "zone")  # of what the columns call Fall; and what announces the rest


def leaking_words(vocabulary: Iterable[str], countries: Iterable[str], climates: Iterable[str]) -> frozenset[str]:
    """Words that name a season, a country or its people, or belong to the name of a climate zone.

    Args:
        vocabulary: the words to choose from.
        countries: names of all countries.
        climates: names of all climate zones, such as "Cold, no dry season, warm summer".
    """
    texts = pa.array([*SEASONS, *_OTHER_NAMES, *countries, *climates], pa.string())
    named = set(words_of(texts)[0].to_pylist())
    names = tuple(countries)
    return frozenset(
        word for word in vocabulary if word in named or any(find_leaks(word, country, "", "") for country in names)
    )
