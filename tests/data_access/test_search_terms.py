"""Words and phrases of a typed search."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data_access.catalog import build_catalog
from data_access.sample_filter import SampleFilter
from data_access.search_terms import terms_of, text_of
from tests.data_access.sample_tables import random_table


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("", ()),
        (" arable  land ", ("arable", "land")),
        ('"arable   land" Is', ("arable land", "Is")),
        ('is "arable land', ("is", "arable land")),
        ('forest"s', ("forest", "s")),
        ('a"b c"d', ("a", "b c", "d")),
        ('"" " "', ()),
        ("it's <point>(0.29, 0.8)</point>", ("it's", "<point>(0.29,", "0.8)</point>")),
    ],
)
def test_terms(text: str, terms: tuple[str, ...]) -> None:
    assert terms_of(text) == terms
    assert SampleFilter(text=text).words == terms


@given(st.text(st.sampled_from('ab "\t'), max_size=12))
def test_terms_survive_being_written_down(text: str) -> None:
    assert terms_of(text_of(terms_of(text))) == terms_of(text)
    wanted = SampleFilter(text=text)
    assert wanted.is_empty == (not terms_of(text))
    assert SampleFilter.from_query({"text": [wanted.text]}) == wanted


def test_a_phrase_of_a_name_is_not_its_words() -> None:
    catalog = build_catalog(random_table(50))
    identifier = str(catalog.rows(SampleFilter(), limit=1)["id"][0].as_py())
    halves = (identifier[:-3], identifier[-3:])
    assert catalog.count(SampleFilter(text=" ".join(halves))).matched >= 1
    assert catalog.count(SampleFilter(text='"' + " ".join(halves) + '"')).matched == 0
