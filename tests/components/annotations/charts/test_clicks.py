"""What clicks on charts make of a filter, and that a second click takes it back."""

from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.annotations.charts import clicks
from components.annotations.charts.look import row_of
from data_access.annotations.charts import CELLS, SIZE_EDGES
from data_access.annotations.row_filter import ANSWERS, RowFilter
from data_access.sample_filter import SampleFilter
from data_access.tasks import TASKS, Task

splits = st.sampled_from(("", "train", "validation", "test", "bench"))
tasks = st.sampled_from(TASKS)
filters = st.builds(
    RowFilter,
    samples=st.builds(
        SampleFilter,
        country=st.sets(st.sampled_from(("Finland", "Kosovo"))).map(tuple),
        type=st.sets(st.sampled_from(("mcq", "binary", "captioning"))).map(tuple),
        category=st.sets(st.sampled_from(("area", "None"))).map(tuple),
        split=st.sets(st.sampled_from(("train", "test"))).map(tuple),
        text=st.sampled_from(("", "beach", '"arable land" Beach')),
    ),
    answers=st.sets(st.sampled_from(ANSWERS)).map(tuple),
    box_at=st.none() | st.tuples(st.floats(0, 1), st.floats(0, 1)),
    box_size=st.none() | st.just((0.0, 0.5, 0.25, 1.0)),
    per_patch=st.none() | st.just((3, 20)),
)
places = st.integers(0, CELLS - 1)
bins = st.integers(0, len(SIZE_EDGES) - 2)


@given(filters, tasks, splits)
def test_a_task_and_its_split_are_taken_together(wanted: RowFilter, task: Task, split: str) -> None:
    picked = {"type": task.type, "category": task.category, "split": split}
    wanted = wanted.without("type", "category", "split")
    chosen = clicks.choose_task(wanted, picked)
    assert (chosen.samples.type, chosen.samples.category) == ((task.type,), (task.category,))
    assert chosen.samples.split == ((split,) if split else ())
    assert clicks.has_task(chosen, task.type, task.category, split)
    assert chosen.without("type", "category", "split") == wanted == clicks.choose_task(chosen, picked)


@given(filters, tasks)
def test_another_task_takes_the_place_of_the_first(wanted: RowFilter, task: Task) -> None:
    heading = {"type": task.type, "category": "", "split": "test"}
    chosen = clicks.choose_task(clicks.choose_task(wanted, heading), {**heading, "category": task.category})
    assert clicks.has_task(chosen, task.type, task.category, "test")


@given(filters, tasks, st.sampled_from(ANSWERS))
def test_an_answer_is_taken_with_its_task(wanted: RowFilter, task: Task, answer: str) -> None:
    picked = {"type": task.type, "category": task.category, "answer": answer}
    wanted = wanted.without("type", "category", "answers")
    chosen = clicks.choose_answer(wanted, picked)
    assert chosen.answers == (answer,)
    assert clicks.has_answer(chosen, task.type, task.category, answer)
    assert clicks.choose_answer(chosen, picked) == wanted == chosen.without("type", "category", "answers")


@given(filters, places, places)
def test_a_cell_takes_the_boxes_that_hold_its_middle(wanted: RowFilter, column: int, row: int) -> None:
    picked = {"column": column, "row": row}
    wanted = wanted.without("box_at")
    chosen = clicks.choose_place(wanted, picked)
    assert chosen.box_at == ((column + 0.5) / CELLS, (row + 0.5) / CELLS)
    assert clicks.choose_place(chosen, picked) == wanted == chosen.without("box_at")


@given(filters, bins, bins)
def test_a_bin_takes_the_boxes_of_its_sizes(wanted: RowFilter, wide: int, high: int) -> None:
    picked = {"wide": wide, "high": high}
    wanted = wanted.without("box_size")
    chosen = clicks.choose_size(wanted, picked)
    assert chosen.box_size is not None
    assert chosen.box_size[1::2] == (SIZE_EDGES[wide + 1] / 100, SIZE_EDGES[high + 1] / 100)
    assert [clicks.has_size(chosen, wide, each) for each in range(len(SIZE_EDGES) - 1)].count(True) == 1
    assert RowFilter.from_query(dict(parse_qs(chosen.query_string()))) == chosen
    assert clicks.choose_size(chosen, picked) == wanted == chosen.without("box_size")


@given(filters, st.sampled_from((("season", "Fall"), ("country", "Kosovo"))))
def test_a_word_is_looked_for_in_a_group_of_captions(wanted: RowFilter, group: tuple[str, str]) -> None:
    picked = {"word": "dunes", "kind": group[0], "group": group[1]}
    chosen = clicks.choose_word(wanted, picked)
    assert getattr(chosen.samples, group[0]) == (group[1],)
    assert chosen.samples.words == (*wanted.samples.words, "dunes")
    assert chosen.samples.type == ("captioning",)
    assert (chosen.answers, chosen.box_at, chosen.box_size) == ((), None, None)  # captions have none
    assert clicks.has_word(chosen, "dunes", *group)
    taken_back = clicks.choose_word(chosen, picked)
    assert taken_back.samples.words == wanted.samples.words
    assert taken_back == wanted.without("type", "category", "answers", "box_at", "box_size", group[0])


def test_a_word_that_was_typed_in_capitals_is_not_asked_for_twice() -> None:
    wanted = RowFilter(SampleFilter(text="Dunes sea"))
    chosen = clicks.choose_word(wanted, {"word": "dunes", "kind": "season", "group": "Fall"})
    assert chosen.samples.words == ("sea", "dunes")


@given(filters, st.integers(1, 67), st.integers(1, 67))
def test_bars_take_the_patches_with_as_many_annotations(wanted: RowFilter, first: int, second: int) -> None:
    wanted = wanted.without("per_patch")
    one = clicks.choose_per_patch(wanted, {"annotations": first})
    assert one.per_patch == (first, first)
    both = clicks.choose_per_patch(one, {"annotations": second})
    if first == second:
        assert both == wanted
        return
    assert both.per_patch == (min(first, second), max(first, second))
    assert clicks.choose_per_patch(both, {"annotations": (first + second) // 2}) == wanted


@pytest.mark.parametrize(
    ("choose", "picked"),
    [
        (clicks.choose_answer, {"type": "mcq", "category": "area", "answer": ""}),
        (clicks.choose_answer, {"type": "mcq", "category": "area", "answer": "perhaps"}),
        (clicks.choose_word, {"word": "sea", "kind": "text", "group": "x"}),
    ],
)
def test_what_no_mark_can_mean_changes_nothing(
    choose: Callable[[RowFilter, dict[str, Any]], RowFilter], picked: dict[str, Any]
) -> None:
    assert choose(RowFilter(), picked) == RowFilter()


def test_only_what_was_drawn_can_be_clicked() -> None:
    data = pd.DataFrame({"column": [0, 1], "row": [3, 4], "boxes": [7, 8]})
    assert row_of(data, {"column": 1, "row": 4, "turn": 2}) == {"column": 1, "row": 4, "boxes": 8}
    for forged in ({"column": 1, "row": 3}, {"column": "1"}, {"column": [1]}, {"turn": 2}, {}):
        assert row_of(data, forged) is None
