"""Stepping through samples that are far away has the neighbours fetched, once per sample and never for near ones."""

import time
from dataclasses import dataclass, field, replace

import pytest
from streamlit.testing.v1 import AppTest

from components.compare_fetching import _told
from data_access.dataset import CollectionInfo, CollectionKind, SampleRecord
from data_access.settings import REPOSITORY_ROOT
from tests.memory_dataset import IDS, MemoryCollections
from tests.pages.selection_in_memory import SelectedSamples

PATIENCE_S = 30  # on two cores that other work shares
Request = tuple[list[str], str]


@dataclass
class Far(SelectedSamples):
    """A data set that notes what it is asked to fetch ahead."""

    kind: CollectionKind = "https"
    asked: list[Request] = field(default_factory=list)

    @property
    def info(self) -> CollectionInfo:
        return replace(super().info, kind=self.kind)

    def prefetch(self, sample_ids: list[str], modalities: tuple[str, ...], *, owner: str) -> None:
        assert set(modalities) == set(self.modalities)
        self.asked.append((sample_ids, owner))


def opened(monkeypatch: pytest.MonkeyPatch, dataset: Far, sample: str, **query: str) -> AppTest:
    """The Compare page of a sample."""
    collections = MemoryCollections({"terramesh": dataset})
    monkeypatch.setattr("components.compare.collections_of_process", lambda: collections)
    page = AppTest.from_file(str(REPOSITORY_ROOT / "pages" / "shell.py"), default_timeout=PATIENCE_S)
    for key, value in ({"dataset": "terramesh", "sample": sample} | query).items():
        page.query_params[key] = value
    page.switch_page("compare.py")
    page.run()
    assert not page.exception
    return page


def test_the_next_two_and_the_previous_are_asked_for_once(monkeypatch: pytest.MonkeyPatch) -> None:
    dataset = Far()
    page = opened(monkeypatch, dataset, IDS[2])
    assert [samples for samples, _ in dataset.asked] == [[IDS[3], IDS[1], IDS[4]]]
    page.run()
    assert len(dataset.asked) == 1, "a rerun of the same page asks nothing"
    next(button for button in page.button if button.label == "Next").click().run()
    assert [samples for samples, _ in dataset.asked[1:]] == [[IDS[4], IDS[2], IDS[5]]]
    assert len({owner for _, owner in dataset.asked}) == 1, "one session replaces what it asked before"


def test_neighbours_are_those_of_the_selection(monkeypatch: pytest.MonkeyPatch) -> None:
    dataset = Far()
    opened(monkeypatch, dataset, IDS[0], season="Spring")
    assert [samples for samples, _ in dataset.asked] == [[IDS[4]]]


def test_near_samples_are_not_fetched_ahead(monkeypatch: pytest.MonkeyPatch) -> None:
    dataset = Far(kind="local")
    opened(monkeypatch, dataset, IDS[2])
    assert not dataset.asked


class Slow(Far):
    """A data set whose samples take a while to come, or do not come."""

    seconds: float = 0.0
    reasons: tuple[str, ...] = ()

    def describe(self, sample_id: str) -> SampleRecord:
        time.sleep(self.seconds)
        record = super().describe(sample_id)
        return replace(record, modalities=(), problems=self.reasons) if self.reasons else record


def test_while_a_far_sample_is_fetched_the_page_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[tuple[float, str]] = []
    begun = time.monotonic()

    def note(dataset: Far, sample_id: str, *rest: object) -> str:
        words = _told(dataset, sample_id, *rest)  # type: ignore[arg-type]  # passed on as they came
        told.append((time.monotonic() - begun, words))
        return words

    dataset = Slow()
    opened(monkeypatch, dataset, IDS[1])
    monkeypatch.setattr("components.compare_fetching._told", note)
    dataset.seconds, begun = 2.5, time.monotonic()
    page = opened(monkeypatch, dataset, IDS[2])
    assert told
    assert told[0][0] < dataset.seconds, "not after it"
    assert f"Fetching {IDS[2]}" in told[0][1]
    assert "patchwork-fetching" not in "".join(str(each.proto.body) for each in page.get("html"))


def test_a_sample_that_can_not_be_fetched_says_why_once_and_is_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    dataset = Slow()
    dataset.reasons = (
        "one.tar could not be fetched.",
        "two.tar could not be fetched.",
        "one.tar could not be fetched.",
    )
    page = opened(monkeypatch, dataset, IDS[2])
    (error,) = page.error
    assert "Nothing of this sample could be opened" in error.value
    assert not page.info, "that it has no imagery is not known"
    assert not page.warning

    dataset.reasons = ()
    next(button for button in page.button if button.label == "Try again").click().run()
    assert not page.error
    assert page.get("bidi_component"), "the viewer"
