"""Counts beside the lists of the page, against counting the rows one value at a time."""

from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data_access.annotations.annotation_file import open_annotation_file
from data_access.annotations.annotations import Annotations
from data_access.annotations.row_facets import FACET_FIELDS, row_facets
from data_access.annotations.row_filter import ANSWERS, RowFilter
from data_access.annotations.rows import AnnotationRows
from data_access.catalog import TableCatalog, build_catalog
from data_access.sample_filter import SampleFilter
from data_access.tasks import TASKS
from tests.data_access.annotations.annotation_rows import row, write_rows

ROWS, PATCHES = 600, 23
COUNTRIES, SEASONS, SPLITS = ("Austria", "Finland", None), ("Summer", "Fall", "Winter"), ("train", "test", "bench")
OUTPUTS = {"binary": ("yes", "no", "perhaps"), "mcq": ("a", "b", "c", "d"), "captioning": ("A forest.",)}


def made_rows() -> list[dict[str, object]]:
    """Rows of all tasks and of a foreign one, on patches of many kinds and on none."""
    rng = np.random.default_rng(4)
    rows = []
    for number in range(1, ROWS + 1):
        patch = int(rng.integers(PATCHES))
        task = TASKS[int(rng.integers(len(TASKS)))]
        kind = task.type if number % 50 else "riddle"
        output = str(rng.choice(OUTPUTS.get(kind, ("[0.1 0.1, 0.5 0.5]",))))
        rows.append(
            row(
                number,
                f"S2A_MSIL2A_20170613T101031_N9999_R022_T33UUP_{patch:02d}_57" if number % 40 else None,
                type=kind,
                category=task.category,
                input="Which one? a) Water, b) Beaches, dunes, sands, c) Peat, d) Sea"
                if kind == "mcq"
                else "Is it so?",
                output=output,
                country=COUNTRIES[patch % 3],
                season=SEASONS[patch % 2],
                split=SPLITS[patch % 3],
                climate_zone=f"zone {patch % 5}",
            )
        )
    return rows


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> tuple[AnnotationRows, TableCatalog]:
    folder: Path = tmp_path_factory.mktemp("facets")
    annotations = Annotations(open_annotation_file(write_rows(folder / "a.parquet", made_rows())), folder / "tables")
    catalog = build_catalog(annotations.patches().append_column("source", pa.array(["bigearthnet"] * PATCHES)))
    return AnnotationRows(annotations.rows(), catalog), catalog


def subset(values: tuple[str, ...]) -> st.SearchStrategy[tuple[str, ...]]:
    return st.sets(st.sampled_from(values), max_size=2).map(tuple)


filters = st.builds(
    RowFilter,
    samples=st.builds(
        SampleFilter,
        type=subset(("binary", "mcq", "captioning")),
        category=subset(("presence", "season", "None")),
        country=subset(("Austria", "unknown")),
        season=subset(("Summer", "Fall")),
        split=subset(("train", "bench")),
        climate_zone=subset(("zone 1", "zone 3", "nowhere")),
        text=st.sampled_from(("", "dunes")),
    ),
    answers=subset(ANSWERS),
    per_patch=st.sampled_from((None, (1, 25))),
    malformed=st.sampled_from((False, False, True)),
)


@settings(max_examples=30)  # each is some thirty counts of all rows
@given(wanted=filters)
def test_every_number_is_what_choosing_the_value_alone_would_leave(
    opened: tuple[AnnotationRows, TableCatalog], wanted: RowFilter
) -> None:
    rows, catalog = opened
    facets = row_facets(rows, catalog, wanted)
    assert set(facets) == set(FACET_FIELDS)
    for field, values in facets.items():
        left = wanted.without(field)
        for each in values:
            chosen = (
                left.replace(answers=(each.value,))
                if field == "answers"
                else left.replace(samples=left.samples.replace(**{field: (each.value,)}))
            )
            assert each.count == rows.count(chosen).matched, (field, each.value)


def test_lists_tell_every_value_and_the_most_frequent_first(opened: tuple[AnnotationRows, TableCatalog]) -> None:
    facets = row_facets(*opened, RowFilter())
    made = made_rows()
    countries: dict[str, int] = {}
    for each in made:
        if each["patch_id"]:
            name = str(each["country"] or "unknown")
            countries[name] = countries.get(name, 0) + 1
    assert {each.value: each.count for each in facets["country"]} == countries
    counts = [each.count for each in facets["country"]]
    assert counts == sorted(counts, reverse=True)
    assert {each.value for each in facets["type"]} == {task.type for task in TASKS}, "a foreign task is no choice"
    assert sum(each.count for each in facets["type"]) == sum(each["type"] != "riddle" for each in made)
