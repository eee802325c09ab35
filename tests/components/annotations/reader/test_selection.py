"""Where a patch stands among those with matching rows, against a list made by hand."""

from itertools import pairwise

import pytest

from components.annotations.reader.selection import first_of, matching_rows, neighbours_of
from data_access.annotations.row_filter import RowFilter
from data_access.annotations.rows import AnnotationRows
from data_access.bigearthnet.opening import open_bigearthnet
from data_access.sample_filter import SampleFilter
from tests.data_access.annotations.annotation_rows import row, write_rows

A, B, C, D = (f"S2A_MSIL2A_20170613T101031_N9999_R022_T33UUP_{number}_57" for number in (10, 20, 30, 40))
EVERYTHING = RowFilter()
YES = RowFilter(answers=("yes",))
LAKES = RowFilter(SampleFilter(text="lake"))


@pytest.fixture(scope="module")
def rows(tmp_path_factory: pytest.TempPathFactory) -> AnnotationRows:
    """Three patches with rows out of order, and one row without a patch."""
    folder = tmp_path_factory.mktemp("rows")
    made = [
        row(1, A, output="no"),
        row(2, A, input="Is there a lake?"),
        row(3, B, output="no"),
        row(4, D),
        row(5, A, output="no", input="Is there a lake?"),
        row(6, None),
    ]
    found = open_bigearthnet(
        write_rows(folder / "a.parquet", made), None, kind="local", tables_dir=folder / "tables"
    ).rows
    assert found is not None
    return found


@pytest.mark.parametrize(("wanted", "chosen"), [(EVERYTHING, [A, B, D]), (YES, [A, D]), (LAKES, [A])])
def test_steps_go_through_the_patches_with_matching_rows(
    rows: AnnotationRows, wanted: RowFilter, chosen: list[str]
) -> None:
    assert first_of(rows, wanted) == chosen[0]
    for one, other in pairwise(chosen):
        assert neighbours_of(rows, wanted, one).next == other
        assert neighbours_of(rows, wanted, other).previous == one
    for position, sample in enumerate(chosen, start=1):
        around = neighbours_of(rows, wanted, sample)
        assert (around.position, around.matched) == (position, len(chosen))
    assert neighbours_of(rows, wanted, chosen[0]).previous is None
    assert neighbours_of(rows, wanted, chosen[-1]).next is None


@pytest.mark.parametrize("sample", [B, C])
def test_a_patch_outside_the_selection_stands_between_its_neighbours(rows: AnnotationRows, sample: str) -> None:
    around = neighbours_of(rows, YES, sample)
    assert (around.previous, around.next, around.position) == (A, D, None)


def test_a_filter_that_nothing_meets_leads_nowhere(rows: AnnotationRows) -> None:
    nothing = RowFilter(SampleFilter(text="volcano"))
    assert first_of(rows, nothing) is None
    assert neighbours_of(rows, nothing, A).matched == 0


def test_matching_rows_are_places_in_the_order_of_ids(rows: AnnotationRows) -> None:
    assert matching_rows(rows, YES, A) == (1,)
    assert matching_rows(rows, LAKES, A) == (1, 2)
    assert matching_rows(rows, YES, B) == ()
    assert matching_rows(rows, YES, D) is None, "all match"
    assert matching_rows(rows, EVERYTHING, A) is None
    assert matching_rows(rows, YES, C) is None, "there are none"
