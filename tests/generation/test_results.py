"""Results on disk: found again, bounded, named, and refused where their files are not those that were written."""

import json
import os
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from errors import (
    GenerationError,
    GenerationRequestError,
    ModalityMissingError,
    ResultDamagedError,
    UnknownGenerationError,
)
from generation.jobs import Asked, now_text
from generation.kept_result import NOTE, Finished, KeptResult
from generation.limits import MOST_TITLE, Limits
from generation.outcome import Outcome
from generation.place import Place
from generation.prepared import Prepared, Window
from generation.request import Request
from generation.results import Results, new_id

REQUEST = Request(inputs=("S2L2A",), outputs=("S1RTC", "LULC"), seeds=(3, 9))
PLACE = Place(32632, (10.0, 0.0, 5e5, 0.0, -10.0, 5.5e6), ((9.0, 49.6), (9.1, 49.6), (9.1, 49.5), (9.0, 49.5)))
S1 = np.arange(2 * 2 * 4 * 4, dtype=np.float32).reshape(2, 2, 4, 4)
LULC = np.ones((2, 1, 4, 4), np.uint8)
DAY_S = 86_400.0


def keep(results: Results, *, title: str = "", age_s: float = 0.0) -> KeptResult:
    asked = Asked(new_id(), REQUEST, "terramesh", "a", "r1", "s", place=PLACE, made_at=now_text())
    outcome = Outcome(
        {"S1RTC": S1, "S2L2A>LULC": LULC},
        {"S1RTC": np.zeros((2, 14, 14), np.int32)},
        np.array([[9.0, 49.5], [np.nan, np.nan]], np.float32),
        {"attention/S1RTC": np.ones((1, 14, 14), np.int32)},
        {"total": 1.5},
        {"revision": "feed", "device": "cpu"},
        {"S1RTC": np.full((14, 14), 8, np.int32)},
    )
    prepared = Prepared({}, Window(20, 20, 224, 224), ("Cropped.",))
    kept = results.keep(Finished(asked, prepared, outcome, 1.5, told=7))
    if title:
        kept = results.name(kept.id, title)
    then = time.time() - age_s
    os.utime(kept.folder / NOTE, (then, then))
    return kept


@pytest.fixture
def results(tmp_path: Path) -> Results:
    return Results(tmp_path / "generations", Limits())


def test_what_was_kept_is_found_by_another_process(results: Results, tmp_path: Path) -> None:
    run = keep(results).id
    again = Results(tmp_path / "generations", Limits()).get(run)
    assert (again.request, again.window, again.notes) == (REQUEST, Window(20, 20, 224, 224), ("Cropped.",))
    assert (again.place, again.model_revision, again.told, again.title) == (PLACE, "feed", 7, "")
    assert again.modalities == ("S1RTC", "S2L2A>LULC")
    assert again.extras == ("attention/S1RTC",)
    assert again.shape("S2L2A>LULC") == LULC.shape
    np.testing.assert_array_equal(again.array("S1RTC"), S1)
    np.testing.assert_array_equal(again.seed("S1RTC", 9), S1[1])
    np.testing.assert_array_equal(again.seed("S1RTC"), S1[0])
    assert again.seed("S2L2A>LULC").dtype == np.uint8
    assert again.tokens("S1RTC").shape == (2, 14, 14)
    assert again.extra("attention/S1RTC").all()
    assert again.real_tokens("S1RTC").tolist() == [[8] * 14] * 14
    with pytest.raises(ModalityMissingError, match="no real token 'DEM'; it made: S1RTC"):
        again.real_tokens("DEM")
    assert again.coordinates is not None
    assert np.isnan(again.coordinates[1]).all()
    with pytest.raises(ModalityMissingError, match="S1RTC"):
        again.array("DEM")
    with pytest.raises(GenerationRequestError, match="3, 9"):
        again.seed("S1RTC", 4)


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1])


def flip(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[-1] ^= 1
    path.write_bytes(content)


@pytest.mark.parametrize("damage", [cut, flip, Path.unlink], ids=["cut", "flipped", "gone"])
@pytest.mark.parametrize("file", [NOTE, "0.npy"])
def test_a_damaged_result_is_named_and_removed(results: Results, damage: Callable[[Path], object], file: str) -> None:
    kept = keep(results)
    damage(kept.folder / file)
    with pytest.raises((ResultDamagedError, UnknownGenerationError), match=kept.id):
        results.get(kept.id).array("S1RTC")
    with pytest.raises(UnknownGenerationError):
        results.get(kept.id)


@pytest.mark.parametrize(
    "change",
    [
        {"format": 99},
        {"request": {"inputs": ["nothing"]}},
        {"window": {"left": 1}},
        {"files": {"arrays/S1RTC": {"name": "../result.json", "shape": [1], "crc32": 0}}},
        {"files": []},
        {"place": {"epsg": "x", "transform": [1]}},
    ],
    ids=str,
)
def test_a_note_that_makes_no_sense_is_damage(results: Results, change: dict[str, object]) -> None:
    kept = keep(results)
    note = kept.folder / NOTE
    note.write_text(json.dumps({**json.loads(note.read_text()), **change}))
    with pytest.raises(ResultDamagedError):
        results.get(kept.id)
    assert not kept.folder.exists()


@pytest.mark.parametrize("run", ["", ".", "..", "../../etc", "0" * 23, "0" * 25, "G" * 24, "0" * 23 + "\n", "%2e%2e"])
def test_an_id_is_never_a_path(results: Results, run: str) -> None:
    keep(results)
    for ask in (results.get, results.remove, lambda each: results.name(each, "x")):
        with pytest.raises(UnknownGenerationError):
            ask(run)


def test_old_ones_go_and_titled_ones_stay(results: Results, tmp_path: Path) -> None:
    old, old_titled, young = (
        keep(results, age_s=40 * DAY_S),
        keep(results, age_s=40 * DAY_S, title="Floods"),
        keep(results),
    )
    left = tmp_path / "generations" / ".half.0123"
    left.mkdir()
    os.utime(left, (0, 0))
    results.prune()
    assert [each.folder.exists() for each in (old, old_titled, young)] == [False, True, True]
    assert not left.exists()
    assert [each.title for each in results.titled()] == ["Floods"]


def test_what_exceeds_the_bytes_goes_longest_unused_first_and_titled_last(tmp_path: Path) -> None:
    folder = tmp_path / "generations"
    wide = Results(folder, Limits())
    titled, older, newer = keep(wide, age_s=300, title="Kept"), keep(wide, age_s=200), keep(wide, age_s=100)
    size = sum(file.stat().st_size for file in newer.folder.iterdir())
    Results(folder, Limits(kept_bytes=2.5 * size)).prune()
    assert [each.folder.exists() for each in (titled, older, newer)] == [True, False, True]
    Results(folder, Limits(kept_bytes=0.5 * size)).prune()
    assert not any(each.folder.exists() for each in (titled, newer))


def test_looking_at_a_result_keeps_it(results: Results) -> None:
    kept = keep(results, age_s=40 * DAY_S)
    results.get(kept.id)
    results.prune()
    assert results.get(kept.id).id == kept.id


@pytest.mark.parametrize("title", ["x" * (MOST_TITLE + 1), "a\x00b", "a\u202eb"])
def test_a_title_is_one_short_line(results: Results, title: str) -> None:
    kept = keep(results)
    assert results.name(kept.id, "  Floods \n of May ").title == "Floods of May"
    with pytest.raises(GenerationRequestError):
        results.name(kept.id, title)
    assert results.name(kept.id, "").title == ""


def test_a_full_disk_is_an_error_that_leaves_nothing_half(
    results: Results, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep(results)
    folder = tmp_path / "generations"
    before = set(folder.iterdir())

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("generation.kept_result.np.save", full)
    with pytest.raises(GenerationError, match="No space left"):
        keep(results)
    assert set(folder.iterdir()) == before
