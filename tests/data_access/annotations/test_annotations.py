"""Annotations, held against what pyarrow reads from the same file."""

import gc
import math
import os
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from data_access.annotations.annotation_file import COLUMNS, open_annotation_file
from data_access.annotations.annotations import Annotations
from data_access.annotations.row_store import MOST_WORDS
from data_access.kept_tables import prune
from data_access.remote.download import sweep
from data_access.tasks import TASK_COLUMNS, TASKS
from errors import FilterError, SampleFormatError, SchemaError, SourceMissingError
from tests.data_access.annotations.annotation_rows import OTHER, PATCH, row, write_rows
from tests.data_access.kept_files import files_of


def opened(path: Path, tables: Path) -> Annotations:
    return Annotations(open_annotation_file(path), tables)


@pytest.fixture
def tables(tmp_path: Path) -> Path:
    return tmp_path / "tables"


@pytest.mark.real
def test_real_rows_come_back_unchanged(real_data: Path, tables: Path) -> None:
    path = real_data / "bigearthnet_txt" / "bench_rows.parquet"
    annotations = opened(path, tables)
    truth = pq.read_table(path).sort_by("ID")
    assert annotations.patches().num_rows == 8
    assert sum(len(annotations.of(patch_id)) for patch_id in annotations.patches()["id"].to_pylist()) == 122
    for patch_id in annotations.patches()["id"].to_pylist():
        assert annotations.of(patch_id) == truth.filter(pc.equal(truth["patch_id"], patch_id)).to_pylist()
    assert annotations.notes == ()


def test_autumn_is_fall_and_no_category_is_none_while_rows_stay_as_they_are(tmp_path: Path, tables: Path) -> None:
    caption = row(1, type="captioning", category=None, season="Autumn")
    annotations = opened(write_rows(tmp_path / "text.parquet", [caption, row(2, season="Autumn")]), tables)
    (patch,) = annotations.patches().to_pylist()
    assert (patch["season"], patch["n_captioning_none"], patch["n_binary_presence"]) == ("Fall", 1, 1)
    assert annotations.notes == ()
    assert annotations.of(PATCH)[0] == caption
    assert annotations.search(["arable"])["category"].to_pylist().count("None") == 1


@pytest.mark.real
def test_counts_of_real_patches(real_data: Path, tables: Path) -> None:
    path = real_data / "bigearthnet_txt" / "bench_rows.parquet"
    patches = opened(path, tables).patches().to_pylist()
    truth = pq.read_table(path).to_pylist()
    for patch in patches:
        rows = [r for r in truth if r["patch_id"] == patch["id"]]
        assert patch["n_annotations"] == len(rows)
        for task in TASKS:
            held = [r for r in rows if (r["type"], r["category"]) == (task.type, task.category)]
            assert patch[task.column] == len(held)
        for ours, theirs in {"lon": "longitude", "lat": "latitude", "country": "country", "s1_name": "s1_name"}.items():
            assert patch[ours] == rows[0][theirs]
    assert all(any(patch[column] for patch in patches) for column in TASK_COLUMNS)


@pytest.mark.real
@pytest.mark.parametrize(
    "words", [("forest",), ("FOREST",), ("arable", "land"), ("<point>(0.29,",), ("100%",), ("a_b",), ("yes",), ("%",)]
)
def test_search_in_real_texts(real_data: Path, tables: Path, words: tuple[str, ...]) -> None:
    path = real_data / "bigearthnet_txt" / "bench_rows.parquet"
    annotations = opened(path, tables)
    expected: dict[tuple[str, str, str], int] = {}
    for r in pq.read_table(path).to_pylist():
        text = f"{r['input']}\n{r['output']}".lower()
        if all(word.lower() in text for word in words):
            key = (r["patch_id"], r["type"], r["category"])
            expected[key] = expected.get(key, 0) + 1
    found = annotations.search(words)
    assert {(r["id"], r["type"], r["category"]): r["annotations"] for r in found.to_pylist()} == expected
    assert found.schema.field("annotations").type == pa.int64()


def test_rows_come_in_order_of_their_ids(tmp_path: Path, tables: Path) -> None:
    path = write_rows(tmp_path / "a.parquet", [row(9), row(3, OTHER), row(1), row(5)])
    assert [r["ID"] for r in opened(path, tables).of(PATCH)] == [1, 5, 9]


def test_text_of_any_kind_survives(tmp_path: Path, tables: Path) -> None:
    texts = [
        "<script>alert('x')</script>",
        "'; DROP TABLE patches; --",
        "naïve İstanbul \U0001f30d",
        "",
        "a\nb\tc\x00d",
    ]
    path = write_rows(tmp_path / "a.parquet", [row(n, output=text) for n, text in enumerate(texts)])
    annotations = opened(path, tables)
    assert [r["output"] for r in annotations.of(PATCH)] == texts
    assert annotations.search(("drop", "';"))["annotations"].to_pylist() == [1]
    assert annotations.search(("NAÏVE",))["annotations"].to_pylist() == [1]


@pytest.mark.parametrize("patch_id", ["", "nothing", "x" * 600_000, "a\x00b", "' OR 1=1 --", "../../etc/passwd"])
def test_foreign_ids_have_no_annotations(tmp_path: Path, tables: Path, patch_id: str) -> None:
    assert opened(write_rows(tmp_path / "a.parquet", [row(1)]), tables).of(patch_id) == []


def test_too_many_words_are_refused(tmp_path: Path, tables: Path) -> None:
    annotations = opened(write_rows(tmp_path / "a.parquet", [row(1)]), tables)
    with pytest.raises(FilterError, match=str(MOST_WORDS)):
        annotations.search(["word"] * (MOST_WORDS + 1))


def test_rows_without_patch_or_task_are_named(tmp_path: Path, tables: Path) -> None:
    rows = [row(1), row(2, None), row(3, type="essay"), row(4, category=None)]
    annotations = opened(write_rows(tmp_path / "a.parquet", rows), tables)
    assert annotations.patches()["n_annotations"].to_pylist() == [3]
    assert [note.partition(":")[0] for note in annotations.notes] == [
        "1 annotation without a patch",
        f"2 annotations of none of the {len(TASKS)} known tasks",
    ]
    assert len(annotations.of(PATCH)) == 3
    assert annotations.search(("arable",))["annotations"].to_pylist() == [1]


def test_one_row_that_lacks_values_does_not_hide_those_of_its_patch(tmp_path: Path, tables: Path) -> None:
    words = dict.fromkeys(("s1_name", "split", "country", "season", "climate_zone"), "")
    odd = [
        row(0, **dict.fromkeys(words, "  ")),
        row(1, **words),
        row(2, latitude=math.nan, longitude=-math.inf),
        row(3, latitude=-1e308, longitude=-181.0),
    ]
    patches = opened(write_rows(tmp_path / "a.parquet", [*odd, row(4)]), tables).patches().to_pylist()
    assert [patches[0][name] for name in (*words, "lat", "lon")] == [
        row(4)[name] for name in (*words, "latitude", "longitude")
    ]
    assert patches[0]["n_annotations"] == 5


def test_ids_that_no_integer_with_a_sign_holds_are_named(tmp_path: Path, tables: Path) -> None:
    whole = pq.read_table(write_rows(tmp_path / "a.parquet", [row(1), row(2)]))
    pq.write_table(whole.set_column(0, "ID", pa.array([1, 2**64 - 1], pa.uint64())), tmp_path / "b.parquet")
    with pytest.raises(SchemaError, match="Column 'ID'"):
        opened(tmp_path / "b.parquet", tables).rows()


@pytest.mark.parametrize("column", COLUMNS)
def test_a_missing_column_is_named(tmp_path: Path, column: str) -> None:
    path = write_rows(tmp_path / "a.parquet", [{k: v for k, v in row(1).items() if k != column}])
    with pytest.raises(SchemaError, match=repr(column)):
        open_annotation_file(path)


@pytest.mark.parametrize(("column", "value"), [("ID", "one"), ("latitude", "north"), ("input", 7), ("split", [1])])
def test_a_wrong_type_is_named(tmp_path: Path, column: str, value: object) -> None:
    path = write_rows(tmp_path / "a.parquet", [row(1) | {column: value}])
    with pytest.raises(SchemaError, match=column):
        open_annotation_file(path)


def test_other_writers_types_and_columns_are_accepted(tmp_path: Path, tables: Path) -> None:
    table = pa.Table.from_pylist([row(1, note="extra"), row(2, note="extra")])
    for column in table.column_names:
        kind = {"ID": pa.int32(), "latitude": pa.float32(), "type": pa.dictionary(pa.int8(), pa.large_string())}
        wanted = kind.get(column, table.schema.field(column).type)
        if wanted == pa.string():
            wanted = pa.large_string()
        table = table.set_column(table.column_names.index(column), column, table[column].cast(wanted))
    pq.write_table(table.select(table.column_names[::-1]), tmp_path / "a.parquet", compression="zstd")
    rows = opened(tmp_path / "a.parquet", tables).of(PATCH)
    assert [r["ID"] for r in rows] == [1, 2]
    assert tuple(rows[0]) == COLUMNS


def test_a_path_with_wildcards_means_itself(tmp_path: Path, tables: Path) -> None:
    write_rows(tmp_path / "ab.parquet", [row(1), row(2)])
    path = write_rows(tmp_path / "a*.parquet", [row(1)])
    assert opened(path, tables).patches()["n_annotations"].to_pylist() == [1]


def test_an_absent_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(SourceMissingError, match=r"none\.parquet"):
        open_annotation_file(tmp_path / "none.parquet")


@pytest.mark.parametrize(
    "content", [b"", b"PAR1", b"PAR1PAR1", b"hello world, not a table", b"PAR1" + b"\xff" * 40 + b"PAR1"]
)
def test_a_foreign_file_is_named(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a.parquet").write_bytes(content)
    with pytest.raises(SchemaError, match=r"a\.parquet"):
        open_annotation_file(tmp_path / "a.parquet")


def test_an_empty_table_has_no_patches(tmp_path: Path, tables: Path) -> None:
    full = pa.Table.from_pylist([row(1)])
    pq.write_table(full.slice(0, 0), tmp_path / "a.parquet")
    annotations = opened(tmp_path / "a.parquet", tables)
    assert annotations.patches().num_rows == 0
    assert annotations.search(("yes",)).num_rows == 0
    assert annotations.notes == ()


def test_tables_are_kept_and_follow_the_file(tmp_path: Path, tables: Path) -> None:
    path = write_rows(tmp_path / "a.parquet", [row(1)])
    opened(path, tables).search(["arable"])
    kept = files_of(tables)
    assert {file.parent.name for file in kept if file.suffix == ".npy"} == {"rows"}
    opened(path, tables).search(["arable"])
    assert files_of(tables) == kept
    write_rows(path, [row(1), row(2, OTHER)])
    assert opened(path, tables).patches().num_rows == 2
    assert not list(tables.rglob("*.tmp"))


@pytest.mark.parametrize("name", ["patches.parquet", "text.npy", "rows.json", "records.npy", "malformed.npy"])
@pytest.mark.parametrize("damage", ["truncate", "flip", "empty"])
def test_broken_kept_tables_are_built_again(tmp_path: Path, tables: Path, name: str, damage: str) -> None:
    path = write_rows(tmp_path / "a.parquet", [row(n) for n in range(50)])
    opened(path, tables).search(["arable"])
    (kept,) = tables.rglob(name)
    content = bytearray(kept.read_bytes())
    if damage == "flip":
        content[40] ^= 0xFF
    kept.write_bytes(content[: len(content) // 2] if damage == "truncate" else b"" if damage == "empty" else content)
    annotations = opened(path, tables)
    assert annotations.patches()["n_annotations"].to_pylist() == [50]
    assert annotations.search(("arable",))["annotations"].to_pylist() == [50]


def test_tables_that_can_not_be_kept_cost_nothing_but_time(tmp_path: Path) -> None:
    (tmp_path / "tables").write_text("a file where the folder should be")
    annotations = opened(write_rows(tmp_path / "a.parquet", [row(1)]), tmp_path / "tables")
    assert annotations.patches().num_rows == 1
    assert annotations.search(("arable", "yes"))["annotations"].to_pylist() == [1]


def test_many_threads_get_their_own_answers(tmp_path: Path, tables: Path) -> None:
    names = [PATCH.replace("_57", f"_{n:02d}") for n in range(40)]
    path = write_rows(tmp_path / "a.parquet", [row(n, name) for n, name in enumerate(names)])
    annotations = opened(path, tables)
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(annotations.of, names * 3))
    assert [answer[0]["patch_id"] for answer in answers] == names * 3


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(position=st.floats(0, 1, exclude_max=True), mask=st.integers(1, 255), cut=st.booleans())
def test_damaged_files_give_named_errors(tmp_path: Path, position: float, mask: int, cut: bool) -> None:
    source = write_rows(tmp_path / "whole.parquet", [row(n, output="yes " * n) for n in range(30)])
    content = bytearray(source.read_bytes())
    index = int(position * len(content))
    content[index] ^= mask
    path = tmp_path / "damaged.parquet"
    path.write_bytes(content[:index] if cut else content)
    with suppress(SchemaError, SampleFormatError, SourceMissingError):
        annotations = opened(path, tmp_path / "tables")
        with suppress(SampleFormatError):
            annotations.of(PATCH)
        annotations.search(("yes",))


def test_a_downloaded_file_that_is_read_is_not_swept_up(tmp_path: Path, tables: Path) -> None:
    (tmp_path / "downloads" / "0").mkdir(parents=True)
    path = write_rows(tmp_path / "downloads" / "0" / "text.parquet", [row(1)])
    annotations = opened(path, tables)
    os.utime(path, (1, 1))
    sweep(tmp_path / "downloads", 0)
    prune(tmp_path / "downloads", 0)
    assert len(annotations.of(PATCH)) == 1
    del annotations
    gc.collect()
    assert path.stat().st_mtime == 1, "its revision is told by it"
    os.utime(path, (1, 1))
    sweep(tmp_path / "downloads", 0)
    assert not path.exists()
