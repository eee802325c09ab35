"""What is remembered of a job: numbers that rise, the latest of each kind, and an end after which nothing comes."""

from threading import Thread

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from generation.events import Cancelled, Done, Event, Failed, Loading, Queued, Step, Tokens
from generation.jobs import FINAL, STATES, Asked, Job
from generation.request import Request

GRID = np.zeros((1, 2, 2), np.int32)
EVENTS = st.sampled_from(
    [
        Queued(2, None),
        Queued(1, 3.0),
        Loading("weights", 1, 2),
        Tokens("DEM", 1, 1, GRID, GRID == 0),
        Tokens("LULC", 1, 1, GRID, GRID == 0),
        Step("DEM", 1, 2, 1.0, None),
        Step("DEM", 2, 2, 0.0, None),
        Done(1.0),
        Failed("x", "y"),
        Cancelled(),
    ]
)


def job() -> Job:
    return Job(Asked("0" * 24, Request(inputs=("DEM",), outputs=("LULC",)), "terramesh", "a", "r", "s"), None)


@settings(max_examples=50)
@given(st.lists(EVENTS, max_size=20), st.integers(0, 20))
def test_who_comes_late_is_told_the_latest_of_each_kind(happened: list[Event], seen: int) -> None:
    followed = job()
    told: list[Event] = []
    for event in happened:
        if told and STATES[type(told[-1])] in FINAL:
            break
        followed.tell(event)
        told.append(event)
    if len(told) < len(happened):
        followed.tell(happened[len(told)])  # after the end: dropped
    late = followed.after(0)
    assert [each.number for each in late] == sorted({each.number for each in late})
    assert all(told[each.number - 1] is each.event for each in late)
    assert [each.number for each in followed.after(seen)] == [each.number for each in late if each.number > seen]
    keys = [(each.event.name, getattr(each.event, "modality", "")) for each in late]
    assert len(set(keys)) == len(keys)
    assert followed.state == (STATES[type(told[-1])] if told else "queued")
    if told:
        assert late[-1].event is told[-1]
        assert followed.number == len(told)
    if any(not isinstance(event, Queued) for event in told[-1:]):
        assert followed.queued is None


def test_followers_are_woken_and_end_with_the_job() -> None:
    followed = job()
    heard: list[str] = []
    woken: list[int] = []
    end = followed.listen(lambda: woken.append(followed.number))
    thread = Thread(target=lambda: heard.extend(told.event.name for told in followed.events()))
    thread.start()
    for event in (Queued(1, None), Loading("x", 0, 0), Done(0.5)):
        followed.tell(event)
    thread.join(10)
    assert not thread.is_alive()
    assert heard[-2:] == ["loading", "done"]
    assert woken == [1, 2, 3]
    end()
    end()
    assert [told.event.name for told in followed.events()] == ["loading", "done"]
    assert list(followed.events(3)) == []
