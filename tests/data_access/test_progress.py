"""What is under way is listed, with how far it is; what ended stays listed with its end."""

import pytest

from data_access.progress import activities, activity
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
