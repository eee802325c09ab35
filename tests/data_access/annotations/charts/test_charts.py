"""The numbers of every chart against pandas, each chart without its own restriction."""

import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from data_access.annotations import charts
from data_access.annotations.charts import word_keeping
from data_access.annotations.row_filter import ANSWERS, RowFilter
from data_access.annotations.rows import AnnotationRows
from data_access.sample_filter import SampleFilter
from data_access.tasks import TASKS
from tests.data_access.annotations.charts.charted_rows import framed, left_of, made_rows, opened_rows

FILTERS = (
    RowFilter(),
    RowFilter(SampleFilter(country=("Finland",), type=("mcq",)), answers=("a", "d")),
    RowFilter(SampleFilter(season=("Fall",), split=("train", "bench"), category=("presence", "point"))),
    RowFilter(SampleFilter(text="arable land"), per_patch=(10, 40)),
    RowFilter(SampleFilter(text='"island forest" peat'), box_at=(0.3125, 0.4875)),
    RowFilter(SampleFilter(type=("bounding box", "captioning")), box_at=(0.2125, 0.4125), box_size=(0.16, 0.46, 0, 1)),
    RowFilter(SampleFilter(country=("Atlantis",))),
)


# Column and line of every bin of sizes.
_BINS = [[(column, line) for column in range(len(charts.SIZE_EDGES) - 1)] for line in range(len(charts.SIZE_EDGES) - 1)]


@pytest.fixture(scope="module")
def frame() -> pd.DataFrame:
    return framed(made_rows())


@pytest.fixture(scope="module")
def rows(tmp_path_factory: pytest.TempPathFactory) -> AnnotationRows:
    return opened_rows(tmp_path_factory.mktemp("charts"), made_rows())


@pytest.mark.parametrize("wanted", FILTERS)
def test_tasks_are_counted_by_split_and_answer(rows: AnnotationRows, frame: pd.DataFrame, wanted: RowFilter) -> None:
    left = left_of(frame, wanted.without("type", "category", "split", "answers")).dropna(subset=["patch_id"])
    expected = left.groupby(["type", "category", "split", "answer"])["ID"].count().to_dict()
    table = charts.tasks(rows, wanted).to_pylist()
    assert {
        (each["type"], each["category"], each["split"], each["answer"]): each["annotations"] for each in table
    } == expected


@pytest.mark.parametrize("wanted", FILTERS)
def test_each_of_two_charts_adds_what_the_other_filters_by(
    rows: AnnotationRows, frame: pd.DataFrame, wanted: RowFilter
) -> None:
    cube = charts.task_cube(rows, wanted)
    by_split = left_of(frame, wanted.without("type", "category", "split"))
    by_answer = left_of(frame, wanted.without("type", "category", "answers")).dropna(subset=["patch_id"])
    for number, task in enumerate(TASKS):
        of_task = [
            each[(each["type"] == task.type) & (each["category"] == task.category)] for each in (by_split, by_answer)
        ]
        assert cube.by_split(wanted)[number].tolist() == [
            int((of_task[0]["split"] == split).sum()) for split in charts.SPLITS
        ]
        assert cube.by_answer(wanted)[number].tolist() == [
            int((of_task[1]["answer"] == answer).sum()) for answer in ANSWERS
        ]


@pytest.mark.parametrize("wanted", FILTERS)
def test_boxes_are_counted_by_place_and_size(rows: AnnotationRows, frame: pd.DataFrame, wanted: RowFilter) -> None:
    boxes = left_of(frame, wanted.without("box_at")).dropna(subset=["left"])
    heat = charts.box_heat(rows, wanted, "box_at")
    assert heat.boxes == len(boxes) == heat.sizes.sum()
    for column, line in ((0, 0), (12, 19), (20, 20), (39, 39), (5, 30)):
        at = RowFilter(box_at=charts.centre_of(column, line))
        assert heat.coverage[line, column] == len(left_of(boxes, at))
        assert charts.cell_of(*charts.centre_of(column, line)) == (column, line)
    boxes = left_of(frame, wanted.without("box_size")).dropna(subset=["left"])
    heat = charts.box_heat(rows, wanted, "box_size")
    edges = [-1, *charts.SIZE_EDGES[1:]]
    wide = pd.cut(boxes["right"] - boxes["left"], edges, labels=False)
    high = pd.cut(boxes["bottom"] - boxes["top"], edges, labels=False)
    expected = np.zeros_like(heat.sizes)
    np.add.at(expected, (high.astype(int), wide.astype(int)), 1)
    assert (heat.sizes == expected).all()


def test_the_box_chart_agrees_with_the_filter_that_it_sets(rows: AnnotationRows) -> None:
    train = RowFilter(SampleFilter(split=("train",)))
    heat = charts.box_heat(rows, train, "box_at")
    for column, line in ((10, 10), (25, 14)):
        wanted = train.replace(box_at=charts.centre_of(column, line))
        assert rows.count(wanted).matched == heat.coverage[line, column] > 0
    counted = [[rows.count(train.replace(box_size=charts.size_of(*bin_))).matched for bin_ in line] for line in _BINS]
    assert counted == heat.sizes.tolist(), "every box is of one size"
    assert np.count_nonzero(heat.sizes) > 3


@pytest.mark.parametrize("wanted", FILTERS)
def test_patches_are_counted_by_their_annotations(rows: AnnotationRows, wanted: RowFilter) -> None:
    everything = pd.DataFrame(made_rows()).dropna(subset=["patch_id"])
    everything["per_patch"] = everything.groupby("patch_id")["ID"].transform("count")
    everything["answer"] = everything["output"].where(everything["type"].isin(["binary", "mcq"]), "")
    boxes = framed(made_rows())[["ID", "left", "top", "right", "bottom"]]
    left = left_of(everything.merge(boxes, on="ID", how="left"), wanted.without("per_patch"))
    expected = left.drop_duplicates("patch_id")["per_patch"].value_counts().to_dict()
    table = charts.per_patch(rows, wanted)
    assert table["annotations"].to_pylist() == list(range(1, everything["per_patch"].max() + 1))
    assert {each["annotations"]: each["patches"] for each in table.to_pylist() if each["patches"]} == expected


def captions_with(captions: pd.DataFrame, word: str) -> np.ndarray:
    """Which captions hold a word as a whole, (n,) bool."""
    found = [word in re.findall(r"[a-z]+(?:-[a-z]+)*", text.lower()) for text in captions["output"]]
    return np.array(found, dtype=bool)


@pytest.mark.parametrize("kind", charts.KINDS)
@pytest.mark.parametrize("wanted", FILTERS)
def test_words_are_counted_by_group(
    rows: AnnotationRows, frame: pd.DataFrame, wanted: RowFilter, kind: charts.GroupKind
) -> None:
    words = {"arable", "land", "broad-leaved", "forest", "island", "water", "dunes", "the", "austrian", "summer", "sqm"}
    counts = charts.word_counts(rows, wanted, kind)
    assert set(counts.words) == words
    # Words of the vocabulary are what the chart filters by, phrases and other words are not.
    others = " ".join(f'"{term}"' for term in wanted.samples.words if term not in words)
    own = wanted.without("type", "category", "answers", "box_at", "box_size", kind, "text")
    captions = left_of(frame[frame["type"] == "captioning"], own.replace(samples=own.samples.replace(text=others)))
    for place, group in enumerate(counts.groups):
        of_group = captions[captions[kind] == group]
        assert counts.totals[place] == len(of_group)
        for number, word in enumerate(counts.words):
            with_word = int(captions_with(of_group, word).sum())
            assert counts.captions[number, place] == with_word
            assert counts.share[number, place] == pytest.approx(with_word / max(len(of_group), 1))


def test_lift_compares_a_group_with_all(rows: AnnotationRows, frame: pd.DataFrame) -> None:
    captions = frame[frame["type"] == "captioning"]
    found = {(each["word"], each["group"]): each["lift"] for each in charts.words(rows, RowFilter()).to_pylist()}
    for word in ("dunes", "forest"):
        has = captions_with(captions, word)
        for group in ("Finland", "Fall"):
            mine = (captions["country"] == group) | (captions["season"] == group)
            assert found[word, group] == pytest.approx(has[mine].mean() / has.mean())


def test_stop_words_and_words_that_leak_can_be_hidden(rows: AnnotationRows) -> None:
    assert {"the"} <= charts.hidden_words(rows, stop=True, leaks=False)
    assert charts.hidden_words(rows, stop=False, leaks=True) == {"austrian", "summer"}
    assert not charts.hidden_words(rows, stop=False, leaks=False)


def test_an_answer_is_not_counted_twice(rows: AnnotationRows, monkeypatch: pytest.MonkeyPatch) -> None:
    wanted = RowFilter(SampleFilter(country=("Kosovo",)))
    first = charts.task_cube(rows, wanted)
    monkeypatch.setattr(AnnotationRows, "selected", lambda *_: pytest.fail("counted again"))
    assert charts.task_cube(rows, wanted.replace(answers=("yes",))) is first


def test_the_words_are_kept_and_built_again_once_damaged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = made_rows()
    expected = charts.word_counts(opened_rows(tmp_path, made), RowFilter(), "season").captions
    with monkeypatch.context() as forbidding:
        forbidding.setattr(word_keeping, "index_words", lambda _: pytest.fail("built again"))
        assert (charts.word_counts(opened_rows(tmp_path, made), RowFilter(), "season").captions == expected).all()
    (bits,) = tmp_path.rglob("chart_*_words_bits.npy")
    bits.write_bytes(bits.read_bytes()[:-9] + b"scrambled")
    assert (charts.word_counts(opened_rows(tmp_path, made), RowFilter(), "season").captions == expected).all()
