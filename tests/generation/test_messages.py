"""Messages between app and worker: whatever the pieces in which a pipe gives them, arrays come out as they went in."""

import json
import pickle
from dataclasses import fields

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as st_numpy

from generation.events import Cancelled, Done, Event, Failed, Loading, Queued, Step, Tokens
from generation.messages import (
    EVENTS,
    LONGEST_FRAME,
    Frames,
    Kind,
    Message,
    event_message,
    event_of,
    outcome_message,
    outcome_of,
    run_message,
    run_of,
)
from generation.outcome import Outcome
from generation.request import Request

TYPES = st.sampled_from([np.float32, np.int32, np.uint8, np.bool_, np.float64])
ARRAYS = TYPES.flatmap(lambda kind: st_numpy.arrays(kind, st_numpy.array_shapes(max_dims=4, max_side=3)))
MESSAGES = st.builds(
    Message,
    st.sampled_from(list(Kind)),
    st.dictionaries(st.text(max_size=5), st.integers() | st.text(max_size=5) | st.none(), max_size=3),
    st.dictionaries(st.text(max_size=9), ARRAYS, max_size=3),
)
GRID = np.arange(8, dtype=np.int32).reshape(2, 2, 2)
HAPPENED: list[Event] = [
    Queued(3, None),
    Loading("TerraMind base", 1.0, 4.0),
    Tokens("S2L2A>DEM", 1, 2, GRID, GRID > 3),
    Step("S1RTC", 1, 10, 2.5, np.ones((2, 3, 4), np.float32)),
    Step("S1RTC", 1, 10, None, None),
    Done(1.25),
    Failed("bad_weights", "It is damaged.", retryable=True),
    Cancelled(),
]


@settings(max_examples=30)
@given(st.lists(MESSAGES, max_size=3), st.lists(st.integers(1, 60), min_size=1, max_size=20))
def test_messages_survive_any_cut(sent: list[Message], cuts: list[int]) -> None:
    stream, frames, got = b"".join(message.packed() for message in sent), Frames(), []
    place = number = 0
    while place < len(stream):
        end = place + cuts[number % len(cuts)]
        got += list(frames.feed(stream[place:end]))
        place, number = end, number + 1
    assert [message.kind for message in got] == [message.kind for message in sent]
    for one, other in zip(got, sent, strict=True):
        assert one.told == other.told
        assert set(one.arrays) == set(other.arrays)
        for name, array in one.arrays.items():
            assert array.dtype == other.arrays[name].dtype
            np.testing.assert_array_equal(array, other.arrays[name])


@pytest.mark.parametrize("event", HAPPENED, ids=lambda event: event.name)
def test_events_arrive_as_they_were_told(event: Event) -> None:
    (message,) = Frames().feed(event_message(event).packed())
    again = event_of(message)
    assert type(again) is type(event)
    for each in fields(event):
        np.testing.assert_array_equal(getattr(again, each.name), getattr(event, each.name))


def test_every_event_has_a_name_of_its_own() -> None:
    assert set(EVENTS) == {event.name for event in HAPPENED}


@pytest.mark.parametrize("coordinates", [None, np.array([[1.5, np.nan]], np.float32)])
def test_outcomes_arrive_whole(coordinates: np.ndarray | None) -> None:
    strided = np.ones((1, 4, 4, 4), np.float32)[:, ::2]
    made = Outcome(
        {"S2L2A>DEM": strided},
        {"S2L2A>DEM": GRID},
        coordinates,
        {"attention/DEM": GRID},
        {"total": 1.5},
        {"tiles": None},
        {"DEM": GRID[0]},
    )
    (message,) = Frames().feed(outcome_message(made).packed())
    again = outcome_of(message)
    for group in ("arrays", "tokens", "extras", "real_tokens"):
        assert set(getattr(again, group)) == set(getattr(made, group))
        for name, array in getattr(made, group).items():
            np.testing.assert_array_equal(getattr(again, group)[name], array)
    assert (again.timings, again.facts) == (made.timings, made.facts)
    np.testing.assert_array_equal(again.coordinates, made.coordinates)


def test_a_run_arrives_with_its_inputs_and_its_truth() -> None:
    request, given, truth = Request(inputs=("DEM",), outputs=("LULC",)), {"DEM": GRID}, {"DEM": GRID + 1, "LULC": GRID}
    (message,) = Frames().feed(run_message(request, given, truth).packed())
    again = run_of(message)
    assert again[0] == request
    for one, other in zip(again[1:], (given, truth), strict=True):
        assert set(one) == set(other)
        for name, array in other.items():
            np.testing.assert_array_equal(one[name], array)


def framed(kind: bytes, body: bytes, length: int | None = None) -> bytes:
    return kind + (len(body) if length is None else length).to_bytes(8, "big") + body


@pytest.mark.parametrize(
    "stream",
    [
        framed(b"?", b"\0\0\0\2{}"),
        framed(b"D", b"", LONGEST_FRAME + 1),
        framed(b"D", b"\0"),
        framed(b"D", b"\0\0\0\4null"),
        framed(b"D", b"\0\0\0\3{]}"),
        framed(b"D", b"\0\0\0\2{}" + pickle.dumps(GRID)),
        framed(b"D", b"\0\0\0\2{}" + json.dumps({"a": 1}).encode()),
    ],
)
def test_what_is_no_message_is_refused(stream: bytes) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - whatever it is, the worker is ended
        list(Frames().feed(stream))
