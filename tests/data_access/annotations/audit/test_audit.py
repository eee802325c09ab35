"""An audit checks every row of the patches asked for once, keeps what it found, and can be stopped and gone on with."""

import gc
from collections import Counter
from pathlib import Path
from threading import Event
from weakref import ref

import pyarrow as pa
import pytest
from filelock import FileLock

from data_access.annotations.audit import run as running
from data_access.annotations.audit.audit import Audit, Coverage, audit_of
from data_access.annotations.audit.verdicts import SCHEMA
from data_access.annotations.checks.verdict import Outcome
from data_access.annotations.row_filter import RowFilter
from data_access.bigearthnet.dataset import BigEarthNet
from data_access.bigearthnet.map_facts import MapFacts
from data_access.progress import activities
from errors import JobError, SampleFormatError
from tests.data_access.annotations.audit.audited_patches import CHECKED, DAMAGED, PATCHES, PER_PATCH, audited_patches

ALL = RowFilter()
PATIENCE_S = 20.0


@pytest.fixture(scope="module")
def patches(tmp_path_factory: pytest.TempPathFactory) -> BigEarthNet:
    return audited_patches(tmp_path_factory.mktemp("audited"))


def opened(dataset: BigEarthNet, folder: Path | None) -> Audit:
    assert dataset.rows
    return Audit(dataset, dataset.rows, folder)


def checked(audit: Audit, wanted: RowFilter = ALL) -> None:
    run = audit.start(wanted)
    run.wait(PATIENCE_S)
    assert not run.running
    assert not run.problem or DAMAGED in run.problem


def counting(audit: Audit, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The patches whose maps are read from now on."""
    read: list[str] = []
    original = BigEarthNet.map_facts

    def counted(self: BigEarthNet, sample_id: str) -> MapFacts | None:
        read.append(sample_id)
        return original(self, sample_id)

    monkeypatch.setattr(BigEarthNet, "map_facts", counted)
    assert audit
    return read


@pytest.mark.parametrize("in_memory", [False, True])
def test_every_row_of_a_patch_with_a_map_is_checked(patches: BigEarthNet, tmp_path: Path, in_memory: bool) -> None:
    audit = opened(patches, None if in_memory else tmp_path)
    assert audit.coverage(ALL) == Coverage(patches=12, with_map=11, checked=0)
    checked(audit)
    assert audit.coverage(ALL) == Coverage(patches=12, with_map=11, checked=CHECKED)
    assert audit.run
    assert audit.run.problem.startswith("The reference map of 1 patch can not be read, so nothing there is checked.")
    summary = {(line["type"], line["category"]): line for line in audit.summary(ALL).to_pylist()}
    season = summary["mcq", "season"]
    assert (season["agree"], season["differ"], season["not_checked"]) == (CHECKED, 0, 2)
    presence = summary["binary", "presence"]
    assert [presence[name] for name in ("agree", "differ", "unknown", "not_checked")] == [CHECKED, CHECKED, CHECKED, 6]
    found = pa.concat_tables(audit.tables(ALL)).to_pylist()
    assert Counter(each["outcome"] for each in found) == {
        "agree": 2 * CHECKED,
        "differ": CHECKED,
        "unknown": 2 * CHECKED,
    }
    wrong = [each for each in found if each["outcome"] == "differ"]
    assert {each["ID"] for each in wrong} == {PER_PATCH * number + 2 for number in range(CHECKED)}
    assert wrong[0]["found"] == "The map has no pastures."
    assert wrong[0]["answer"] == "yes"


def test_what_is_kept_is_not_checked_again(
    patches: BigEarthNet, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench = RowFilter.from_query({"split": ["bench"]})
    first = opened(patches, tmp_path)
    checked(first, bench)
    assert first.coverage(bench) == Coverage(patches=8, with_map=7, checked=6)
    assert first.coverage(ALL).checked == 6
    again = opened(patches, tmp_path)
    assert again.coverage(bench) == first.coverage(bench)
    read = counting(again, monkeypatch)
    checked(again)
    benched = {patch for number, patch in enumerate(PATCHES) if number % 3} - {DAMAGED}
    assert read
    assert not benched & set(read)
    assert again.summary(ALL).equals(opened(patches, tmp_path).summary(ALL))
    identifiers = pa.concat_tables(again.tables(ALL))["ID"].to_pylist()
    assert identifiers == list(range(1, CHECKED * PER_PATCH + 1)), "by ID, whichever were checked first"


def test_a_filter_of_rows_lists_its_rows_alone(patches: BigEarthNet, tmp_path: Path) -> None:
    audit = opened(patches, tmp_path)
    checked(audit, RowFilter.from_query({"category": ["season"], "country": ["Austria"]}))
    wanted = RowFilter.from_query({"category": ["presence"], "country": ["Austria"]})
    differ: list[Outcome] = ["differ"]
    page = audit.page(wanted, differ, limit=3, start=1)
    assert page.schema.names == SCHEMA.names
    assert page["ID"].to_pylist() == [17, 27, 37]
    assert audit.count(wanted, differ) == 5
    assert set(page["category"].to_pylist()) == {"presence"}
    assert audit.page(wanted, differ, limit=3, start=99).num_rows == 0


def test_a_check_can_be_stopped_and_gone_on_with(
    patches: BigEarthNet, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    audit = opened(patches, tmp_path)
    reached, go_on = Event(), Event()
    original = BigEarthNet.map_facts

    def slow(self: BigEarthNet, sample_id: str) -> MapFacts | None:
        if sample_id == PATCHES[4]:
            reached.set()
            assert go_on.wait(PATIENCE_S)
        return original(self, sample_id)

    monkeypatch.setattr(BigEarthNet, "map_facts", slow)
    run = audit.start(ALL)
    assert reached.wait(PATIENCE_S)
    with pytest.raises(JobError, match="under way"):
        audit.start(ALL)
    assert any(each.title == running.TITLE and each.done == 4 for each in activities())
    run.cancel()
    go_on.set()
    run.wait(PATIENCE_S)
    assert opened(patches, tmp_path).coverage(ALL).checked == 5, "the patch at hand is finished and kept"
    checked(audit)
    assert audit.coverage(ALL).checked == CHECKED


def test_two_processes_do_not_check_at_once(patches: BigEarthNet, tmp_path: Path) -> None:
    audit = opened(patches, tmp_path)
    with FileLock(tmp_path / ".lock"):
        run = audit.start(ALL)
        run.wait(PATIENCE_S)
    assert "Another process" in run.problem
    other = opened(patches, tmp_path)
    checked(other)
    checked(audit)  # takes over what the other has kept
    assert audit.summary(ALL).equals(other.summary(ALL))


@pytest.mark.parametrize("damage", ["bytes", "half", "foreign", "gone"])
def test_a_damaged_part_is_checked_again(patches: BigEarthNet, tmp_path: Path, damage: str) -> None:
    audit = opened(patches, tmp_path)
    checked(audit)
    (part,) = tmp_path.glob("part-*")
    content = part.read_bytes()
    if damage == "gone":
        part.unlink()
        assert list(audit.tables(ALL))[1:] == []
        assert audit.summary(ALL)["agree"].to_pylist() == [0, 0, 0], "its rows count as not checked"
        checked(audit)
        assert audit.count(ALL) == PER_PATCH * CHECKED
        return
    changed = {"bytes": b"\0" * len(content), "half": content[: len(content) // 2], "foreign": b"PAR1"}[damage]
    part.write_bytes(changed)
    again = opened(patches, tmp_path)
    assert again.coverage(ALL).checked == 0
    assert not part.exists()
    checked(again)
    assert again.coverage(ALL).checked == CHECKED


def test_a_folder_that_can_not_be_written_costs_nothing_else(patches: BigEarthNet, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    audit = opened(patches, tmp_path / "file")
    run = audit.start(ALL)
    run.wait(PATIENCE_S)
    assert audit.coverage(ALL).checked == CHECKED
    assert DAMAGED in run.problem


def test_memory_takes_only_so_much_of_what_can_not_be_written(
    patches: BigEarthNet, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("data_access.annotations.audit.parts.MOST_IN_MEMORY", 0)
    (tmp_path / "file").write_text("no folder")
    run = opened(patches, tmp_path / "file").start(ALL)
    run.wait(PATIENCE_S)
    assert "set PATCHWORK_CACHE_DIR to another" in run.problem


def test_what_was_found_before_an_audit_breaks_off_is_kept(
    patches: BigEarthNet, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    original = BigEarthNet.map_facts

    def failing(self: BigEarthNet, sample_id: str) -> MapFacts | None:
        if sample_id == PATCHES[4]:
            raise SampleFormatError("The imagery has gone.")
        return original(self, sample_id)

    monkeypatch.setattr(BigEarthNet, "map_facts", failing)
    run = opened(patches, tmp_path).start(ALL)
    run.wait(PATIENCE_S)
    assert run.problem == "The imagery has gone."
    assert opened(patches, tmp_path).coverage(ALL).checked == 4


def test_one_audit_serves_all_sessions(patches: BigEarthNet) -> None:
    assert audit_of(patches) is audit_of(patches)


def test_an_audit_keeps_no_data_set_that_nobody_else_has(tmp_path: Path) -> None:
    dataset = audited_patches(tmp_path)
    audit, gone = audit_of(dataset), ref(dataset)
    del dataset
    gc.collect()
    assert gone() is None
    with pytest.raises(JobError, match="opened anew"):
        audit.start(ALL)
