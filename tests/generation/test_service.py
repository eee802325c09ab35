"""Jobs from the question to the result: followed, queued, cancelled, and survived where the worker does not."""

import os
import signal
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from errors import (
    BusyError,
    GenerationRequestError,
    GenerationStateError,
    ModalityMissingError,
    ShardError,
    UnknownGenerationError,
    UnknownSampleError,
)
from generation.events import Cancelled, Done, Failed, Queued, Step
from generation.jobs import Job
from generation.limits import Limits
from generation.request import Request
from generation.service import GenerationService
from tests.data_access.waiting import wait
from tests.generation.quick_engine import (
    CRASHES,
    DEAF,
    DIES,
    FAILS,
    HANGS,
    LACKS_MEMORY,
    PRINTS,
    REFUSES,
    UNSAYABLE,
)
from tests.generation.small_service import SAMPLE, finished, run_of, running, small_service, submit
from tests.memory_dataset import DAMAGED, IDS

ENDLESS = run_of(how=HANGS)


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[GenerationService]:
    with small_service(tmp_path_factory.mktemp("cache"), limits=Limits(waiting=3, cancel=0.4)) as opened:
        yield opened


def last_of(job: Job) -> Failed | Cancelled | Done:
    last = finished(job).last
    assert last is not None
    assert isinstance(last.event, Failed | Cancelled | Done)
    return last.event


def test_a_run_is_followed_to_its_result(service: GenerationService) -> None:
    job = submit(service, run_of("S1RTC", "LULC", seeds=(4, 2), how=PRINTS))
    names = [told.event.name for told in service.events(job.id)]
    assert names[-1] == "done"
    assert {"loading", "tokens", "step"} <= set(names)
    result = service.result(job.id)
    assert result.array("S1RTC").shape == (2, 2, 224, 224)
    assert [int(result.seed("LULC", seed).max()) for seed in (4, 2)] == [4, 2]
    assert (result.real_tokens("S1RTC") == 224).all()  # the worker was given the truth, as wide as the window
    assert (result.sample, result.revision, result.request) == (SAMPLE, "r1", job.asked.request)
    assert result.model_revision == "quick"
    assert result.window.width == 224
    assert result.place is not None
    assert result.place.transform[2] == 500000.0 + 10 * result.window.left
    assert job.prepared is None  # its inputs are not held any longer


def test_a_late_follower_is_told_what_counts(service: GenerationService) -> None:
    job = finished(submit(service, run_of("S1RTC", "DEM", steps=4)))
    steps = [told for told in service.events(job.id) if isinstance(told.event, Step)]
    assert [(told.event.modality, told.event.step) for told in steps] == [("S1RTC", 4), ("DEM", 4)]  # type: ignore[union-attr]
    rest = list(service.events(job.id, after=steps[0].number))
    assert [told.number for told in rest] == sorted(told.number for told in rest)
    assert rest[0].number > steps[0].number
    assert isinstance(rest[-1].event, Done)


def test_a_cancelled_run_ends_between_two_steps_and_keeps_its_worker(service: GenerationService) -> None:
    job = running(submit(service, ENDLESS))
    pid = service.pid
    service.cancel(job.id)
    assert last_of(job) == Cancelled()
    assert service.pid == pid
    with pytest.raises(UnknownGenerationError):
        service.result(job.id)


def test_a_run_that_does_not_hear_is_ended_with_its_worker(service: GenerationService) -> None:
    job = running(submit(service, run_of(how=DEAF)))
    pid = service.pid
    service.cancel(job.id)
    assert last_of(job) == Cancelled()
    assert pid is not None
    assert not alive(pid)
    assert isinstance(last_of(submit(service, run_of())), Done)
    assert service.pid != pid


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


@pytest.mark.parametrize(
    ("how", "code", "said"),
    [
        (DIES, "generation_failed", "exit status 3"),
        (CRASHES, "generation_failed", "SIGSEGV"),
        (LACKS_MEMORY, "generation_out_of_memory", "smaller window"),
        (FAILS, "generation_failed", "KeyError"),
        (UNSAYABLE, "generation_failed", "TypeError"),
    ],
)
def test_a_worker_that_fails_is_replaced(service: GenerationService, how: int, code: str, said: str) -> None:
    end = last_of(submit(service, run_of(how=how)))
    assert isinstance(end, Failed)
    assert (end.code, end.retryable) == (code, code == "generation_failed")
    assert said in end.message
    assert "secret" not in end.message
    assert service.pid is None


def test_the_next_run_works_after_a_kill_from_outside(service: GenerationService) -> None:
    job = running(submit(service, ENDLESS))
    waiting = submit(service, run_of(), "two")
    assert service.pid is not None
    os.kill(service.pid, signal.SIGKILL)
    end = last_of(job)
    assert isinstance(end, Failed)
    assert "killed" in end.message
    assert end.retryable
    assert isinstance(last_of(waiting), Done)


def test_an_error_that_the_engine_names_is_passed_on_and_costs_no_worker(service: GenerationService) -> None:
    pid = service.pid
    assert last_of(submit(service, run_of(how=REFUSES))) == Failed("bad_weights", "file.pt is damaged. Fetch it again.")
    assert service.pid == pid


def test_sessions_wait_in_line_and_can_leave_it(service: GenerationService) -> None:
    first = running(submit(service, ENDLESS, "a"))
    second, third = submit(service, run_of(), "b"), submit(service, run_of(), "c")
    assert [job.queued.position for job in (second, third) if job.queued] == [1, 2]
    with pytest.raises(GenerationStateError, match=second.id):
        submit(service, run_of(), "b")
    submit(service, run_of(), "d")
    with pytest.raises(BusyError):
        submit(service, run_of(), "e")
    service.cancel(second.id)
    assert last_of(second) == Cancelled()
    assert third.queued is not None
    assert third.queued.position == 1
    service.cancel(first.id)
    assert isinstance(last_of(third), Done)
    assert [type(told.event) for told in third.after(0)].count(Queued) == 0


def test_what_is_wrong_with_the_question_is_told_at_once(service: GenerationService) -> None:
    with pytest.raises(UnknownSampleError):
        service.submit("terramesh", "nowhere", run_of(), session="x")
    with pytest.raises(ShardError):
        service.submit("terramesh", DAMAGED, run_of(), session="x")
    with pytest.raises(ModalityMissingError):
        service.submit("terramesh", SAMPLE, replace(run_of(), inputs=("S1GRD",)), session="x")
    with pytest.raises(GenerationRequestError, match="model"):
        service.submit("terramesh", SAMPLE, replace(run_of(), model="terramind_v9"), session="x")
    with pytest.raises(GenerationRequestError, match="take coordinates"):
        service.submit("terramesh", None, Request(("coordinates",), ("LULC",)), session="x", coordinates=(1.0, 2.0))


def test_a_place_alone_is_an_input(service: GenerationService) -> None:
    request = Request(("coordinates",), ("LULC",), model="terramind_v1_tiny", timesteps=1)
    job = finished(service.submit("terramesh", None, request, session="x", coordinates=(12.5, 41.9)))
    result = service.result(job.id)
    assert (result.dataset, result.sample, result.given, result.place) == ("", None, (12.5, 41.9), None)


def test_results_are_found_after_a_restart(service: GenerationService, tmp_path: Path) -> None:
    job = finished(submit(service, run_of(seeds=(5,))))
    with small_service(service.folder.parent) as again:
        known = again.job(job.id)
        assert (known.state, known.number) == ("done", job.number)
        np.testing.assert_array_equal(again.result(job.id).array("S1RTC"), service.result(job.id).array("S1RTC"))
        assert again.cancel(job.id).state == "done"
        assert [told.number for told in again.events(job.id)] == [job.number]
        assert again.pid is None  # looking starts nothing
    with small_service(tmp_path) as other, pytest.raises(UnknownGenerationError):
        other.job(job.id)


def test_a_run_that_takes_too_long_is_stopped(tmp_path: Path) -> None:
    with small_service(tmp_path, limits=Limits(run=0.3)) as hasty:
        end = last_of(submit(hasty, run_of(how=DEAF)))
        assert isinstance(end, Failed)
        assert (end.code, end.retryable) == ("generation_timeout", False)
        assert hasty.pid is None


def test_a_worker_that_nobody_asks_ends_and_old_jobs_are_forgotten(tmp_path: Path) -> None:
    with small_service(tmp_path, limits=Limits(idle=0.2, finished=1)) as brief:
        brief.warm()
        wait(lambda: brief.pid is not None)
        jobs = [finished(submit(brief, run_of(), str(number))) for number in range(2)]
        wait(lambda: brief.pid is None)
        wait(lambda: brief.job(jobs[0].id) is not jobs[0])
        assert brief.job(jobs[0].id).state == "done"  # from its result


def test_nothing_is_started_by_asking_for_what_is_not_there(tmp_path: Path) -> None:
    with small_service(tmp_path) as idle:
        for run in ("0" * 24, "../../etc/passwd", IDS[0]):
            for ask in (idle.job, idle.result, idle.cancel, lambda each: list(idle.events(each))):
                with pytest.raises(UnknownGenerationError):
                    ask(run)
        assert idle.pid is None
