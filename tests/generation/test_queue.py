"""The line: who is next, who is told where they stand, who is refused."""

import pytest

from errors import GenerationQueueError, GenerationStateError
from generation.events import Cancelled, Done
from generation.jobs import Asked, Job
from generation.queue import Line
from generation.request import Request

REQUEST = Request(inputs=("S2L2A",), outputs=("S1RTC",))


def job_of(session: str, request: Request = REQUEST) -> Job:
    return Job(Asked(session.rjust(24, "0"), request, "terramesh", "a", "r", session), None)


def place_of(job: Job) -> tuple[int, float | None] | None:
    return (job.queued.position, job.queued.wait_s) if job.queued else None


def line_of(places: int, expected_s: float = 0.0) -> Line:
    return Line(places, lambda _: expected_s)


def test_first_come_first_served_and_everyone_knows_their_place() -> None:
    line = line_of(3, 60.0)
    jobs = [job_of(name) for name in "abc"]
    for job in jobs:
        line.join(job)
    assert [place_of(job) for job in jobs] == [(1, 0.0), (2, 60.0), (3, 120.0)]
    assert line.turn(0) is jobs[0]
    assert line.leave(jobs[1])
    jobs[1].tell(Cancelled())
    assert not line.leave(jobs[1])
    assert place_of(jobs[2]) == (1, 60.0)
    jobs[0].tell(Done(1.0))
    line.end()
    assert place_of(jobs[2]) == (1, 0.0)
    assert line.turn(0) is jobs[2]
    assert line.turn(0) is None
    assert [told.number for told in jobs[2].after(0)] == [4]  # told once for each change, not for each look


def test_a_session_has_one_unfinished_job() -> None:
    line = line_of(5)
    first, again = job_of("a"), job_of("a")
    line.join(first)
    with pytest.raises(GenerationStateError, match=first.id) as refused:
        line.join(again)
    assert refused.value.run == first.id
    assert line.turn(0) is first
    with pytest.raises(GenerationStateError):
        line.check("a")
    first.tell(Done(1.0))
    line.join(again)


def test_a_full_line_says_when_to_come_back() -> None:
    line = line_of(2, 10.0)
    for name in "ab":
        line.join(job_of(name))
    with pytest.raises(GenerationQueueError, match="2 runs wait") as refused:
        line.join(job_of("c"))
    assert refused.value.retry_after_s == 20.0
    assert [job.asked.session for job in line.close()] == ["a", "b"]
    assert line.turn(0) is None
