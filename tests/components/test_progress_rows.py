"""Rows on work: what they tell, and that nothing of a file becomes markup."""

import time

from components.progress_rows import activity_row, bar, countdown_row, row
from data_access.progress import Activity


def test_running_work_tells_how_far_it_is() -> None:
    work = Activity("Building the catalogue", total=200, unit="samples", started=time.time() - 10)
    work.tell(100, "val")
    told = activity_row(work)
    assert "50% · 100 of 200 samples · about 10 s left" in told
    assert 'aria-valuenow="50"' in told
    assert "<small>val</small>" in told


def test_work_of_unknown_size_has_a_bar_without_a_number() -> None:
    told = activity_row(Activity("Listing shards"))
    assert "unknown" in told
    assert "aria-valuenow" not in told


def test_ended_work_has_no_bar_and_failed_work_a_reason() -> None:
    done = Activity("Reading", status="done", ended=time.time())
    assert "progressbar" not in activity_row(done)
    failed = Activity("Reading", status="failed", detail="a.tar is cut.", ended=time.time())
    assert "a.tar is cut." in activity_row(failed)


def test_nothing_of_a_file_becomes_markup() -> None:
    evil = "<img src=x onerror=alert(1)>"
    told = row(evil, (evil,), 0.5, detail=evil) + bar(None, '"><script>')
    assert "<img" not in told
    assert "<script" not in told


def test_a_bar_never_leaves_its_frame() -> None:
    assert "width:100%" in bar(7.0, "x")
    assert "width:0%" in bar(-1.0, "x")


def test_a_countdown_counts() -> None:
    assert "41 s left" in countdown_row(41.2)
