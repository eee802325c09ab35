"""A search for words in names is made once, and what it leaves does not depend on how it is answered."""

import pytest

from data_access import name_matches
from data_access.catalog import TableCatalog, build_catalog
from data_access.sample_filter import SampleFilter
from tests.data_access.sample_tables import random_table

TABLE = random_table(3_000).drop_columns([name for name in random_table(1).column_names if name.startswith("n_")])
NARROW = SampleFilter(text="S_00 1", split=("val",), cloud_max=60.0)


def answers(catalog: TableCatalog, sample_filter: SampleFilter) -> object:
    """Count, facets, page, neighbours and row numbers of one filter."""
    page = catalog.rows(sample_filter, limit=50)
    return (
        catalog.count(sample_filter),
        catalog.facets(sample_filter),
        page["id"].to_pylist(),
        catalog.neighbours(sample_filter, page["id"][3].as_py()),
        catalog.matching_rows(sample_filter).tolist(),
    )


def test_many_matches_are_answered_as_few_are(monkeypatch: pytest.MonkeyPatch) -> None:
    few = answers(build_catalog(TABLE), NARROW)
    monkeypatch.setattr(name_matches, "MOST_ROWS", 10)

    assert answers(build_catalog(TABLE), NARROW) == few


def test_names_are_looked_at_once_for_all_questions(monkeypatch: pytest.MonkeyPatch) -> None:
    searched: list[tuple[str, ...]] = []
    search = name_matches.NameMatches._search

    def noting(self: name_matches.NameMatches, words: tuple[str, ...]) -> object:
        searched.append(words)
        return search(self, words)

    monkeypatch.setattr(name_matches.NameMatches, "_search", noting)
    catalog = build_catalog(TABLE)
    answers(catalog, NARROW)
    answers(catalog, NARROW.without("split"))

    assert searched == [("S_00", "1")]
