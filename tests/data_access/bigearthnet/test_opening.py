"""BigEarthNet is open before its annotations are prepared for searches, however long that takes."""

from pathlib import Path
from threading import Event

import pytest

from data_access.annotations import annotations, row_files
from data_access.annotations.row_filter import RowFilter
from data_access.bigearthnet import opening
from data_access.bigearthnet.dataset import BigEarthNet
from data_access.sample_filter import SampleFilter
from errors import PreparingError
from tests.pages.small_annotations import PATCHES, ROWS, small_annotations

LONG_S = 60.0  # on a machine that other work shares
WORDS = SampleFilter(text="pastures")


@pytest.fixture
def free(monkeypatch: pytest.MonkeyPatch) -> Event:
    """Until this is set the annotations are being prepared."""
    let_go, build = Event(), row_files._build

    def held(*args: object) -> None:
        let_go.wait(LONG_S)
        build(*args)  # type: ignore[arg-type]  # whatever it takes

    monkeypatch.setattr(row_files, "_build", held)
    monkeypatch.setattr(opening, "_PREPARED_LATER_ROWS", 0)
    monkeypatch.setattr(annotations, "PATIENCE_S", 0.0)
    return let_go


def test_only_words_wait_for_what_searches_need(free: Event, tmp_path: Path) -> None:
    dataset: BigEarthNet = small_annotations(tmp_path)
    prepared = dataset.rows_opening()
    assert dataset.catalog.count(SampleFilter()).annotations == ROWS
    assert len(dataset.annotations(PATCHES[0])) == 4
    with pytest.raises(PreparingError, match="Ask again"):
        dataset.catalog.count(WORDS)
    assert not prepared.done()
    free.set()
    rows = prepared.result(LONG_S)
    assert rows is not None
    assert rows.count(RowFilter(WORDS)).matched == dataset.catalog.count(WORDS).annotations == len(PATCHES)


def test_what_can_not_be_prepared_hurts_words_alone(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(opening, "_PREPARED_LATER_ROWS", 0)
    with monkeypatch.context() as patched:
        patched.setattr(row_files, "_build", full)
        dataset = small_annotations(tmp_path)
        assert "No space left" in str(dataset.rows_opening().exception(LONG_S))
        assert dataset.catalog.count(SampleFilter()).annotations == ROWS
    assert "can not be prepared" in caplog.text
    assert dataset.catalog.count(WORDS).matched == len(PATCHES), "the next who asks tries again"
