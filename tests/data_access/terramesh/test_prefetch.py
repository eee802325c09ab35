"""Prefetching is bounded, replaced by what is asked next, silent about failures, and never before a reader."""

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import pytest

from data_access.terramesh import prefetch
from data_access.terramesh.prefetch import MAX_WAITING, Prefetcher
from errors import ModalityMissingError, RemoteError, SampleFormatError

PATIENCE_S = 10.0


@dataclass
class Source:
    """Fetches that a test lets go one by one, or all."""

    size: int = 1000
    fails: dict[str, Exception] = field(default_factory=dict)
    begun: list[tuple[str, str]] = field(default_factory=list)
    done: list[tuple[str, str]] = field(default_factory=list)
    gate: threading.Event = field(default_factory=threading.Event)

    def fetch(self, sample_id: str, modality: str) -> int:
        self.begun.append((sample_id, modality))
        assert self.gate.wait(PATIENCE_S)
        if modality in self.fails:
            raise self.fails[modality]
        self.done.append((sample_id, modality))
        return self.size


def wait(until: Callable[[], object]) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not until():
        assert time.monotonic() < deadline
        time.sleep(0.005)


def rests(prefetcher: Prefetcher) -> bool:
    return prefetcher._workers == 0


@pytest.fixture
def source() -> Iterator[Source]:
    made = Source()
    yield made
    made.gate.set()


def test_near_samples_first_and_small_members_first(source: Source) -> None:
    prefetcher = Prefetcher(source.fetch, threads=1)
    source.gate.set()
    prefetcher.prefetch(["b", "a"], ["S2L2A", "LULC", "S1RTC"], owner="me")
    wait(lambda: rests(prefetcher))
    assert source.done == [(sample, modality) for sample in "ba" for modality in ("LULC", "S1RTC", "S2L2A")]


def test_what_has_not_begun_is_dropped_when_the_user_moves_on(source: Source) -> None:
    prefetcher = Prefetcher(source.fetch, threads=2)
    prefetcher.prefetch(["a", "b"], ["LULC", "DEM"], owner="me")
    wait(lambda: len(source.begun) == 2)
    prefetcher.prefetch(["c"], ["LULC"], owner="me")
    source.gate.set()
    wait(lambda: rests(prefetcher))
    assert sorted(source.done) == [("a", "DEM"), ("a", "LULC"), ("c", "LULC")], "what ran was allowed to finish"


def test_asking_for_nothing_cancels(source: Source) -> None:
    prefetcher = Prefetcher(source.fetch, threads=1)
    prefetcher.prefetch(["a"], ["LULC", "DEM"], owner="me")
    wait(lambda: source.begun)
    prefetcher.prefetch([], [], owner="me")
    source.gate.set()
    wait(lambda: rests(prefetcher))
    assert source.done == [("a", "LULC")]


def test_owners_take_turns(source: Source) -> None:
    prefetcher = Prefetcher(source.fetch, threads=1)
    prefetcher.prefetch(["a1", "a2", "a3"], ["LULC"], owner="a")
    wait(lambda: source.begun)
    prefetcher.prefetch(["b1", "b2"], ["LULC"], owner="b")
    source.gate.set()
    wait(lambda: rests(prefetcher))
    assert [sample for sample, _ in source.done] == ["a1", "a2", "b1", "a3", "b2"]


def test_threads_queue_owners_and_bytes_are_bounded(source: Source, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(prefetch, "MAX_BYTES", 2500)
    monkeypatch.setattr(prefetch, "MAX_OWNERS", 3)
    prefetcher = Prefetcher(source.fetch, threads=2)
    prefetcher.prefetch([str(number) for number in range(1000)], ["LULC"], owner="greedy")
    wait(lambda: len(source.begun) == 2)
    assert len(prefetcher._waiting["greedy"].jobs) == MAX_WAITING - 2
    for number in range(10):
        prefetcher.prefetch(["x"], ["LULC"], owner=str(number))
    assert list(prefetcher._waiting) == ["7", "8", "9"]
    assert len(source.begun) == 2, "no more than two at once"
    source.gate.set()
    wait(lambda: rests(prefetcher))
    prefetcher.prefetch([str(number) for number in range(1000)], ["LULC"], owner="greedy")
    source.done.clear()
    wait(lambda: rests(prefetcher))
    assert len(source.done) <= 4, "2,500 bytes are three fetches, and one more may have begun beside the last"


def test_nothing_begins_while_somebody_reads(source: Source) -> None:
    prefetcher = Prefetcher(source.fetch)
    source.gate.set()
    with prefetcher.foreground():
        with prefetcher.foreground():
            prefetcher.prefetch(["a"], ["LULC"], owner="me")
        time.sleep(0.05)
        assert not source.begun
    wait(lambda: rests(prefetcher))
    assert source.done == [("a", "LULC")]


def test_failures_are_silent_and_a_lost_network_ends_the_request(source: Source) -> None:
    source.fails = {"LULC": ModalityMissingError("none"), "DEM": SampleFormatError("bad"), "S2RGB": RemoteError("gone")}
    source.fails["NDVI"] = ZeroDivisionError()
    source.gate.set()
    prefetcher = Prefetcher(source.fetch, threads=1)
    prefetcher.prefetch(["a"], ["LULC", "DEM", "NDVI", "S2RGB", "S2L2A"], owner="me")
    wait(lambda: rests(prefetcher))
    assert [modality for _, modality in source.begun] == ["LULC", "DEM", "NDVI", "S2RGB"]
    assert not source.done


@pytest.mark.parametrize("failure", [None, RemoteError("gone")])
def test_what_is_left_of_an_earlier_request_does_not_end_the_next(
    source: Source, monkeypatch: pytest.MonkeyPatch, failure: RemoteError | None
) -> None:
    monkeypatch.setattr(prefetch, "MAX_BYTES", 900)
    source.size = 500
    source.fails = {"LULC": failure} if failure else {}
    prefetcher = Prefetcher(source.fetch, threads=1)
    prefetcher.prefetch(["a"], ["LULC", "DEM"], owner="me")
    wait(lambda: source.begun)
    prefetcher.prefetch(["b"], ["DEM", "NDVI"], owner="me")
    source.gate.set()
    wait(lambda: rests(prefetcher))
    assert [each for each in source.done if each[0] == "b"] == [("b", "DEM"), ("b", "NDVI")]
