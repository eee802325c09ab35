"""Searching and filtering all rows, held against pandas and against the catalogue."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from data_access.annotations import row_files
from data_access.annotations import rows as rows_module
from data_access.annotations.annotation_file import COLUMNS
from data_access.annotations.reading import Box, Reading, read_row
from data_access.annotations.row_arrays import ANSWER_CODES, NO_ANSWER, NO_BOX
from data_access.annotations.row_filter import RowFilter
from data_access.annotations.rows import AnnotationRows
from data_access.bigearthnet.dataset import BigEarthNet
from data_access.bigearthnet.opening import open_bigearthnet
from data_access.sample_filter import SampleFilter
from data_access.search_terms import text_of
from data_access.tasks import TASKS, Task
from tests.data_access.annotations.annotation_rows import write_rows
from tests.data_access.annotations.wild_rows import WORDS, wild_rows


class Opened:
    """A data set beside the same file in pandas, in the order of the IDs."""

    def __init__(self, path: Path, tables: Path) -> None:
        self.dataset: BigEarthNet = open_bigearthnet(path, None, kind="demo", tables_dir=tables)
        self.table = pq.read_table(path, columns=list(COLUMNS))
        frame = self.table.to_pandas()
        frame["place"] = np.arange(len(frame))
        self.frame = frame.sort_values(["ID", "place"], kind="stable", na_position="last").reset_index(drop=True)
        self.expected = self.table.take(pa.array(self.frame["place"].to_numpy()))
        self.frame["season"] = self.frame["season"].replace("Autumn", "Fall")
        self.read = [read_row(each) for each in self.expected.to_pylist()]
        self.tasks = [reading.task for reading in self.read]
        texts = [pc.fill_null(pc.utf8_lower(self.expected[name].cast(pa.string())), "") for name in ("input", "output")]
        self.texts = pc.binary_join_element_wise(*texts, "\n").to_pylist()

    @property
    def rows(self) -> AnnotationRows:
        found = self.dataset.rows
        assert found is not None
        return found

    def matching(self, wanted: RowFilter) -> np.ndarray:
        """Which rows of `expected` match, told the slow way."""
        frame, samples = self.frame, wanted.samples
        by_patch = frame.groupby("patch_id")
        conditions: list[object] = [np.ones(len(frame), dtype=bool)]
        chosen = {name: getattr(samples, name) for name in ("country", "season", "split") if getattr(samples, name)}
        conditions += [by_patch[name].transform("min").isin(values) for name, values in chosen.items()]
        if samples.bbox:
            west, south, east, north = samples.bbox
            conditions.append(by_patch["longitude"].transform("min").between(west, east))
            conditions.append(by_patch["latitude"].transform("min").between(south, north))
        if wanted.per_patch:
            conditions.append(by_patch["place"].transform("size").between(*wanted.per_patch))
        if samples.type or samples.category:
            conditions.append([each is not None and _allowed(each, samples) for each in self.tasks])
        words = [pc.utf8_lower(word).as_py() for word in samples.words]
        conditions.append([all(word in text for word in words) for text in self.texts])
        if wanted.answers:
            conditions.append([_answer(reading) in wanted.answers for reading in self.read])
        if wanted.malformed:
            conditions.append([bool(reading.problem) for reading in self.read])
        if wanted.box_at:
            conditions.append([_holds(reading.box, *wanted.box_at) for reading in self.read])
        if wanted.box_size:
            conditions.append([_is_sized(reading.box, *wanted.box_size) for reading in self.read])
        return np.asarray(np.logical_and.reduce([np.asarray(each, dtype=bool) for each in conditions]))


def _holds(box: Box | None, x: float, y: float) -> bool:
    if box is None:
        return False
    left, top, right, bottom = (_hundredths(edge) / 100 for edge in (box.left, box.top, box.right, box.bottom))
    return left <= x <= right and top <= y <= bottom


def _is_sized(box: Box | None, narrowest: float, widest: float, lowest: float, highest: float) -> bool:
    if box is None:
        return False
    wide, high = _hundredths(box.right) - _hundredths(box.left), _hundredths(box.bottom) - _hundredths(box.top)
    return narrowest <= wide / 100 <= widest and lowest <= high / 100 <= highest


def _hundredths(edge: float) -> int:
    return int(edge * 100 + 0.5)


def _allowed(task: Task, samples: SampleFilter) -> bool:
    fits = not samples.type or task.type in samples.type
    return fits and (not samples.category or task.category in samples.category)


def _answer(reading: Reading) -> str:
    return reading.letter or ("yes" if reading.yes else "no" if reading.yes is False else "")


@pytest.fixture(scope="module")
def wild(tmp_path_factory: pytest.TempPathFactory) -> Opened:
    folder = tmp_path_factory.mktemp("wild")
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(row_files, "BATCH_ROWS", 97)  # as many batches as a large file has
        opened = Opened(write_rows(folder / "text.parquet", wild_rows(600)), folder / "tables")
        assert opened.rows
    return opened


@pytest.fixture(scope="module")
def demo(demo_collection: Path, tmp_path_factory: pytest.TempPathFactory) -> Opened:
    (path,) = demo_collection.rglob("BigEarthNet.txt.parquet")
    return Opened(path, tmp_path_factory.mktemp("tables"))


SAMPLES = st.builds(
    SampleFilter,
    country=st.sampled_from([(), (), ("Austria",), ("Finland", "Serbia")]),
    season=st.sampled_from([(), (), ("Fall",), ("Summer", "Winter")]),
    split=st.sampled_from([(), (), ("train",)]),
    type=st.sampled_from([(), (), ("mcq",), ("binary", "bounding box")]),
    category=st.sampled_from([(), (), ("area",), ("None", "point")]),
    text=st.lists(st.sampled_from([*WORDS, "one", "which one", "ÆRØ", ", b) ", "LAND"]), max_size=2).map(
        lambda words: text_of(" ".join(word.split()) for word in words)
    ),
    bbox=st.sampled_from([None, None, (5.0, 40.0, 22.0, 52.0)]),
)
FILTERS = st.builds(
    RowFilter,
    samples=SAMPLES,
    answers=st.sampled_from([(), (), (), ("yes",), ("a", "no")]),
    box_at=st.sampled_from([None, None, None, (0.06, 0.8), (0.3, 0.6), (1.0, 1.0)]),
    box_size=st.sampled_from([None, None, None, (0.0, 1.0, 0.0, 1.0), (0.29, 0.58, 0.0, 0.7), (0.0, 0.125, 0.0, 1.0)]),
    malformed=st.sampled_from([False, False, False, True]),
    per_patch=st.sampled_from([None, None, None, (1, 28), (30, 40)]),
)


def pages(rows: AnnotationRows, wanted: RowFilter, limit: int) -> Iterator[pa.Table]:
    """All pages, one after the other."""
    after = None
    while len(page := rows.page(wanted, limit=limit, after=after)):
        yield page
        last = page["ID"][-1].as_py()
        if last is None:
            return
        after = last


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(wanted=FILTERS, limit=st.sampled_from([1, 7, 1000]))
def test_count_pages_patches_and_stream_are_what_pandas_finds(wild: Opened, wanted: RowFilter, limit: int) -> None:
    held = wild.matching(wanted)
    expected = wild.expected.filter(pa.array(held))

    counted = wild.rows.count(wanted)
    patches = wild.frame["patch_id"][held].value_counts()
    assert (counted.total, counted.matched, counted.patches) == (600, int(held.sum()), len(patches))
    assert np.array_equal(wild.rows.selected(wanted), held)
    assert same(pa.concat_tables([*pages(wild.rows, wanted, limit), expected.slice(0, 0)]), expected)
    streamed = pa.Table.from_batches(wild.rows.batches(wanted), expected.schema)
    assert same(streamed, expected)
    found = wild.rows.patches(wanted, limit=100)
    assert dict(zip(found["id"].to_pylist(), found["annotations"].to_pylist(), strict=True)) == patches.to_dict()
    assert found["id"].to_pylist() == sorted(patches.index)
    if len(found):
        assert (
            wild.rows.patches(wanted, limit=1, after=found["id"][0].as_py())["id"].to_pylist()
            == sorted(patches.index)[1:2]
        )


def same(found: pa.Table, expected: pa.Table) -> bool:
    """Whether two tables hold the same values bit by bit, and the same types."""
    assert found.schema.types == expected.schema.types
    return [repr(row) for row in found.to_pylist()] == [repr(row) for row in expected.to_pylist()]


def test_what_rows_say_is_what_reading_them_says(wild: Opened) -> None:
    arrays = wild.rows.arrays
    for place, reading in enumerate(wild.read):
        row = wild.frame.iloc[place]
        assert arrays.answer[place] == ANSWER_CODES.get(_answer(reading), NO_ANSWER), row.to_dict()
        assert arrays.malformed[place] == bool(reading.problem), row.to_dict()
        box = [NO_BOX] * 4
        if reading.box:
            edges = (reading.box.left, reading.box.top, reading.box.right, reading.box.bottom)
            box = [_hundredths(edge) for edge in edges]
        assert arrays.box[place].tolist() == box, row.to_dict()
    assert {bool(reading.problem) for reading in wild.read} == {True, False}
    assert any(reading.box for reading in wild.read)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(samples=SAMPLES)
def test_rows_are_as_many_as_the_catalogue_counts(demo: Opened, samples: SampleFilter) -> None:
    wanted = RowFilter(samples=samples)
    counted, of_catalogue = demo.rows.count(wanted), demo.dataset.catalog.count(samples)
    assert counted.matched == of_catalogue.annotations == int(demo.matching(wanted).sum())
    assert counted.patches == of_catalogue.matched


def test_demo_rows_come_back_unchanged(demo: Opened) -> None:
    assert same(pa.Table.from_batches(demo.rows.batches(RowFilter())), demo.expected)
    assert sum(len(page) for page in pages(demo.rows, RowFilter(), 1000)) == len(demo.expected)
    arrays = demo.rows.arrays
    assert np.bincount(arrays.task, minlength=len(TASKS)).tolist() == [
        demo.dataset.catalog.count(SampleFilter(type=(task.type,), category=(task.category,))).annotations
        for task in TASKS
    ]


@pytest.mark.real
def test_real_rows_come_back_unchanged_and_can_all_be_read(real_data: Path, tmp_path: Path) -> None:
    opened = Opened(real_data / "bigearthnet_txt" / "bench_rows.parquet", tmp_path)
    assert same(pa.Table.from_batches(opened.rows.batches(RowFilter())), opened.expected)
    assert opened.rows.count(RowFilter(malformed=True)).matched == 0
    box = RowFilter(box_at=(0.3, 0.8))
    assert opened.rows.count(box).matched == int(opened.matching(box).sum()) > 0
    small = RowFilter(box_size=(0.0, 0.5, 0.0, 0.5))
    assert opened.rows.count(small).matched == int(opened.matching(small).sum()) > 0
    assert (opened.rows.arrays.box != NO_BOX).all(axis=1).sum() == (opened.frame["type"] == "bounding box").sum()


def test_a_row_is_found_by_its_id(wild: Opened) -> None:
    for place in (0, 17, 300):
        expected = wild.expected.slice(place, 1).to_pylist()[0]
        found = wild.rows.row(expected["ID"])
        assert found is not None
        assert found["ID"] == expected["ID"]
    assert wild.rows.row(-5) is None
    assert wild.rows.row(10**15) is None


def test_rows_of_one_id_beyond_all_measure_are_cut(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rows_module, "MOST_TIES", 5)
    rows = [each | {"ID": 1} for each in wild_rows(30)]
    opened = Opened(write_rows(tmp_path / "text.parquet", rows), tmp_path / "tables")
    assert len(opened.rows.page(RowFilter(), limit=2)) == 7
    assert opened.rows.count(RowFilter()).matched == 30


def test_types_of_other_writers_come_back(tmp_path: Path) -> None:
    table = pq.read_table(write_rows(tmp_path / "plain.parquet", wild_rows(40, seed=1)), columns=list(COLUMNS)[::-1])
    kinds = {"ID": pa.int32(), "latitude": pa.float32(), "type": pa.dictionary(pa.int8(), pa.string())}
    fields = [pa.field(each.name, kinds.get(each.name, pa.large_string() if each.name == "input" else each.type))
              for each in table.schema]  # fmt: skip
    pq.write_table(table.cast(pa.schema(fields)), tmp_path / "text.parquet")
    opened = Opened(tmp_path / "text.parquet", tmp_path / "tables")
    assert same(pa.Table.from_batches(opened.rows.batches(RowFilter())), opened.expected)
