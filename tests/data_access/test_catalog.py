"""Counts, facets, pages and neighbours against plain Python over the same rows; text search; many threads."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from data_access.catalog import TableCatalog, build_catalog, open_catalog
from data_access.sample_filter import SampleFilter
from data_access.tasks import TASKS
from errors import SchemaError, UnknownSampleError
from tests.data_access.sample_tables import counted, plain_facets, plain_rows, random_table

BLOCK_BYTES = 262_144  # of a DuckDB file
ROWS = 3000  # more than two fences of remembered ids
TABLE = random_table(ROWS)
FILTERS = {
    "empty": SampleFilter(),
    "country": SampleFilter(country=("Austria", "Nowhere")),
    "unknown": SampleFilter(country=("unknown",)),
    "two fields": SampleFilter(season=("Fall", "Winter"), source=("majortom",)),
    "task": SampleFilter(type=("mcq",), category=("area", "season")),
    "no such task": SampleFilter(type=("captioning",), category=("area",)),
    "time": SampleFilter(time_from=date(2020, 3, 1), time_to=date(2020, 9, 30), country=("Chile",)),
    "clouds": SampleFilter(cloud_max=10.0, split=("val",)),
    "seam": SampleFilter(bbox=(170.0, -60.0, -170.0, 60.0)),
    "lasso": SampleFilter(lasso=((0.0, 0.0), (60.0, 0.0), (0.0, 70.0)), type=("binary",)),
    "id text": SampleFilter(text="S_000"),
    "nothing": SampleFilter(bbox=(0.0, 1.0, 0.0, 1.0)),
}


@pytest.fixture(scope="module")
def catalog() -> TableCatalog:
    return build_catalog(TABLE)


@pytest.mark.parametrize("name", FILTERS)
def test_counts_and_facets_equal_counting_row_by_row(catalog: TableCatalog, name: str) -> None:
    sample_filter = FILTERS[name]
    rows = plain_rows(TABLE, sample_filter)
    tasks = [
        task.column
        for task in TASKS
        if (not sample_filter.type or task.type in sample_filter.type)
        and (not sample_filter.category or task.category in sample_filter.category)
    ]

    count = catalog.count(sample_filter)

    assert (count.total, count.matched) == (ROWS, len(rows))
    assert count.annotations == sum(int(str(row[column])) for row in rows for column in tasks)
    assert counted(catalog.facets(sample_filter)) == plain_facets(TABLE, sample_filter)


@pytest.mark.parametrize("name", FILTERS)
def test_pages_walk_all_rows_in_id_order(catalog: TableCatalog, name: str) -> None:
    expected = plain_rows(TABLE, FILTERS[name])
    found: list[dict[str, object]] = []
    after = None
    while page := catalog.rows(FILTERS[name], limit=701, after=after).to_pylist():
        found += page
        after = str(page[-1]["id"])

    assert [row["id"] for row in found] == [row["id"] for row in expected]
    assert found[:1] == [] or found[0].keys() == expected[0].keys()


def test_a_page_may_start_behind_an_id_that_is_not_there(catalog: TableCatalog) -> None:
    page = catalog.rows(SampleFilter(), limit=2, after="s_01023zzz")

    assert page["id"].to_pylist() == ["s_01024", "s_01025"]
    assert catalog.rows(SampleFilter(), limit=1, after="")["id"].to_pylist() == ["s_00000"]
    assert len(catalog.rows(SampleFilter(), limit=1, after="t")) == 0


@pytest.mark.parametrize("name", ["empty", "country", "seam", "nothing"])
def test_neighbours_are_those_of_the_ordered_selection(catalog: TableCatalog, name: str) -> None:
    ids = [str(row["id"]) for row in plain_rows(TABLE, FILTERS[name])]
    for sample_id in ("s_00000", "s_01024", "s_02999", *ids[:2], *ids[-1:]):
        found = catalog.neighbours(FILTERS[name], sample_id)

        assert found.previous == max((other for other in ids if other < sample_id), default=None)
        assert found.next == min((other for other in ids if other > sample_id), default=None)
        assert found.position == (ids.index(sample_id) + 1 if sample_id in ids else None)
        assert found.matched == len(ids)


def test_row_gives_every_column_unchanged(catalog: TableCatalog) -> None:
    expected = next(row for row in TABLE.to_pylist() if row["id"] == "s_01234")

    found = catalog.row("s_01234")

    assert list(found) == TABLE.column_names
    assert {name: found[name] for name in ("time", "cloud_cover", "labels", "split")} == {
        name: expected[name] for name in ("time", "cloud_cover", "labels", "split")
    }
    for wrong in ("s_1", "", "'; DROP TABLE samples; --", "\0"):
        with pytest.raises(UnknownSampleError, match="No sample has the id"):
            catalog.row(wrong)


def test_a_tally_counts_every_combination(catalog: TableCatalog) -> None:
    tallied = catalog.tally(["split", "country", "not a column"])
    assert tallied.column_names == ["split", "country", "samples"]
    found = {(row["split"], row["country"]): row["samples"] for row in tallied.to_pylist()}
    rows = plain_rows(TABLE, SampleFilter())
    expected = Counter((str(row["split"] or "unknown"), str(row["country"] or "unknown")) for row in rows)
    assert found == dict(expected)
    assert catalog.tally([]).to_pylist() == [{"samples": ROWS}]


def test_take_keeps_the_order_asked_for(catalog: TableCatalog) -> None:
    found = catalog.take(np.array([7, 3, 3, 2999]), ("id", "no_such_column"))

    assert found.to_pydict() == {"id": ["s_00007", "s_00003", "s_00003", "s_02999"]}


def test_batches_walk_all_rows_in_id_order() -> None:
    numbers = np.random.default_rng(0).permutation(300_000)
    ids = [f"{number:06d}" for number in numbers]
    table = pa.table({"id": ids, "lon": np.zeros(len(ids)), "lat": np.zeros(len(ids)), "number": numbers})
    batches = list(build_catalog(table).batches(("number", "no_such_column")))

    assert max(len(batch) for batch in batches) <= 122_880
    assert pa.Table.from_batches(batches).to_pydict() == {"number": list(range(300_000))}


@pytest.mark.parametrize("name", ["country", "clouds", "nothing"])
def test_batches_of_a_filter_are_its_rows(catalog: TableCatalog, name: str) -> None:
    found = [row for batch in catalog.batches(["id", "lon"], FILTERS[name]) for row in batch.to_pylist()]

    assert [row["id"] for row in found] == [row["id"] for row in plain_rows(TABLE, FILTERS[name])]


def search(words: tuple[str, ...]) -> pa.Table:
    """A text search that knows three annotated samples and one that is not in the table."""
    assert words == ("river", "town")
    return pa.table(
        {
            "id": ["s_00001", "s_00001", "s_00005", "s_02000", "gone"],
            "type": ["mcq", "binary", "mcq", "captioning", "mcq"],
            "category": ["area", "area", "season", "None", "area"],
            "annotations": [2, 1, 4, 1, 9],
        }
    )


def test_text_counts_only_the_annotations_that_match() -> None:
    catalog = build_catalog(TABLE, text_search=search)
    words = SampleFilter(text=" river  town ")

    assert (catalog.count(words).matched, catalog.count(words).annotations) == (3, 8)
    mcq = words.replace(type=("mcq",))
    assert (catalog.count(mcq).matched, catalog.count(mcq).annotations) == (2, 6)
    assert catalog.matching_rows(mcq).tolist() == [1, 5]
    assert [batch["id"].to_pylist() for batch in catalog.batches(["id"], mcq)] == [["s_00001", "s_00005"]]
    assert counted(catalog.facets(mcq))["type"] == {"mcq": 2, "binary": 1, "captioning": 1}
    assert counted(catalog.facets(mcq))["category"] == {"area": 1, "season": 1}
    assert sum(counted(catalog.facets(mcq))["split"].values()) == 2
    assert catalog.rows(mcq, limit=9)["id"].to_pylist() == ["s_00001", "s_00005"]
    assert catalog.rows(mcq, limit=1)["n_mcq_area"].to_pylist() == [catalog.row("s_00001")["n_mcq_area"]]


@pytest.mark.parametrize("encode", [False, True])
def test_a_search_may_find_nothing_or_answer_with_dictionaries(encode: bool) -> None:
    answers = {"river": search(("river", "town")), "gone": search(("river", "town")).slice(4), "none": None}

    def other_search(words: tuple[str, ...]) -> pa.Table:
        answer = answers[words[0]]
        answer = search(("river", "town")).slice(0, 0) if answer is None else answer
        if encode:
            encoded = [answer[name].dictionary_encode() for name in ("id", "type", "category")]
            return pa.table([*encoded, answer["annotations"]], names=answer.column_names)
        return answer

    catalog = build_catalog(TABLE, text_search=other_search)

    assert [catalog.count(SampleFilter(text=word)).annotations for word in ("river", "gone", "none", "river")] == [
        8,
        0,
        0,
        8,
    ]
    assert catalog.facets(SampleFilter(text="none"))["split"] == []


def test_only_id_and_position_are_needed() -> None:
    catalog = build_catalog(pa.table({"id": ["a"], "lon": [1], "lat": [2]}))

    assert catalog.count(SampleFilter()).annotations is None
    assert all(facet == [] for facet in catalog.facets(SampleFilter(country=("Austria",))).values())
    assert catalog.count(SampleFilter(cloud_max=100.0)).matched == 0


@pytest.mark.parametrize(
    ("columns", "reason"),
    [
        ({"id": ["a"], "lon": [1.0]}, "no column lat"),
        ({"id": ["a", "a"], "lon": [1.0, 1.0], "lat": [1.0, 1.0]}, "'a' occurs twice"),
        ({"id": ["a", None], "lon": [1.0, 1.0], "lat": [1.0, 1.0]}, "have no id"),
        ({"id": ["a"], "lon": ["east"], "lat": [1.0]}, "Column lon"),
        ({"id": ["a"], "lon": [1.0], "lat": [1.0], "time": ["yesterday"]}, "Column time"),
    ],
)
def test_tables_that_can_not_be_read_are_named(columns: dict[str, list[object]], reason: str) -> None:
    with pytest.raises(SchemaError, match=reason):
        build_catalog(pa.table(columns))


def test_kept_table_is_the_same_again(tmp_path: Path) -> None:
    path = tmp_path / "tables" / "revision.duckdb"
    build_catalog(TABLE, path, notes=["3 skipped."])

    again = open_catalog(path)

    assert again is not None
    assert again.notes == ("3 skipped.",)
    assert counted(again.facets(FILTERS["time"])) == plain_facets(TABLE, FILTERS["time"])
    assert [file.name for file in path.parent.iterdir() if file.stat().st_size] == ["revision.duckdb"]


@pytest.mark.parametrize("damage", ["truncated", "flipped", "foreign", "empty"])
def test_broken_file_is_a_miss_and_is_removed(tmp_path: Path, damage: str) -> None:
    path = tmp_path / "revision.duckdb"
    build_catalog(TABLE, path)
    content = bytearray(path.read_bytes())
    if damage == "truncated":
        content = content[: len(content) // 2]
    elif damage == "flipped":
        for place in range(len(content) // 3, len(content), BLOCK_BYTES):
            content[place] ^= 0x40
    path.write_bytes(b"DUCK not a table" if damage == "foreign" else b"" if damage == "empty" else content)

    assert open_catalog(path) is None
    assert not path.exists()
    assert open_catalog(path) is None


def test_unwritable_folder_costs_nothing_but_time(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")

    assert build_catalog(TABLE, tmp_path / "file" / "revision.duckdb").total == ROWS


def test_many_threads_get_the_same_answers(catalog: TableCatalog) -> None:
    expected = {name: plain_facets(TABLE, sample_filter) for name, sample_filter in FILTERS.items()}

    def ask(number: int) -> bool:
        name = list(FILTERS)[number % len(FILTERS)]
        return counted(catalog.facets(FILTERS[name])) == expected[name]

    with ThreadPoolExecutor(12) as pool:
        assert all(pool.map(ask, range(72)))
