"""What is under way is listed, with how far it is; what ended stays listed with its end."""

import pytest

from data_access.progress import Activity, activities, activity
from errors import ShardError


def test_an_activity_is_listed_while_it_runs_and_after() -> None:
    with activity("Counting sheep", total=4, unit="sheep") as counting:
        counting.advance(detail="Dolly")
        assert activities()[0] is counting or counting in activities()
        assert (counting.fraction, counting.detail, counting.status) == (0.25, "Dolly", "running")
        assert counting.remaining_s is not None
    assert counting.status == "done"
    assert counting in activities()
    assert counting.remaining_s is None


def test_a_failed_activity_says_why() -> None:
    with pytest.raises(ShardError), activity("Reading") as reading:
        raise ShardError("a.tar is cut. Fetch it again.")
    assert (reading.status, reading.detail) == ("failed", "a.tar is cut. Fetch it again.")


class Clock:
    """A clock that a test moves."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = 1_000.0
        monkeypatch.setattr("data_access.progress.time.time", lambda: self.now)


def test_the_time_left_follows_the_latest_pace(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Clock(monkeypatch)
    work = Activity("Indexing", total=1_000, started=clock.now)
    for second in range(1, 11):  # ten seconds of ten units each
        clock.now += 1
        work.tell(second * 10)
    assert work.remaining_s == pytest.approx(90)
    for second in range(1, 61):  # then a minute at a tenth of that
        clock.now += 1
        work.tell(100 + second)
    assert work.remaining_s == pytest.approx(840, rel=0.05)


def test_what_was_there_before_does_not_count_as_pace(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Clock(monkeypatch)
    work = Activity("Downloading", total=1_000, unit="bytes", started=clock.now)
    work.resume(900)
    assert (work.fraction, work.remaining_s) == (0.9, None)
    clock.now += 5
    work.tell(910)
    assert work.remaining_s == pytest.approx(45)
