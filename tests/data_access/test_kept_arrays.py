"""Arrays in files: mapped, checked, kept in one step, and held in memory where no file can be."""

from pathlib import Path

import numpy as np
import pytest

from data_access.kept_arrays import MappedArrays, MemoryArrays, array_file, write_array

NUMBERS = np.arange(1000, dtype=np.float64)
DAYS = np.array(["2019-01-01", "NaT"], dtype="datetime64[us]")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_array(array_file(tmp_path, "numbers"), len(NUMBERS), [NUMBERS[:700], NUMBERS[700:]])
    write_array(array_file(tmp_path, "days"), len(DAYS), [DAYS])
    write_array(array_file(tmp_path, "none"), 0, [NUMBERS[:0]])
    return tmp_path


def never() -> np.ndarray:
    raise AssertionError("an array that is kept is not made again")


def test_arrays_come_back_as_they_were(folder: Path) -> None:
    arrays = MappedArrays(folder)

    for name, expected in (("numbers", NUMBERS), ("days", DAYS), ("none", NUMBERS[:0])):
        found = arrays.get(name)
        assert found is not None
        assert found.dtype == expected.dtype
        assert not found.flags.writeable
        np.testing.assert_array_equal(found, expected)
        np.testing.assert_array_equal(np.load(array_file(folder, name)), expected)
    assert arrays.get("other") is None


def test_an_array_stays_after_its_file_has_gone_and_its_pages_have_rested(folder: Path) -> None:
    arrays = MappedArrays(folder)
    found = arrays.get("numbers")
    array_file(folder, "numbers").unlink()

    arrays.rest("numbers")
    arrays.rest("other")

    assert found is not None
    assert arrays.get("numbers") is found
    np.testing.assert_array_equal(found, NUMBERS)


def test_every_damage_is_noticed(folder: Path) -> None:
    path = array_file(folder, "numbers")
    whole = path.read_bytes()
    random = np.random.default_rng(0)
    damaged = [b"", whole[:3], whole[:-1], whole[: len(whole) // 2], whole + b"\0", bytes(len(whole))]
    damaged += [
        whole[:place] + bytes([whole[place] ^ 1 << int(random.integers(8))]) + whole[place + 1 :]
        for place in random.integers(0, len(whole), 50).tolist()
    ]
    for content in damaged:
        path.write_bytes(content)
        assert MappedArrays(folder).get("numbers") is None
    path.write_bytes(whole)
    assert MappedArrays(folder).get("numbers") is not None


def test_a_made_array_is_kept_for_the_next_process(folder: Path) -> None:
    first = MappedArrays(folder).get_or_make("made", lambda: NUMBERS * 2)

    again = MappedArrays(folder).get_or_make("made", never)

    np.testing.assert_array_equal(again, first)
    assert sorted(path.name for path in folder.iterdir()) == ["days.npy", "made.npy", "none.npy", "numbers.npy"]


def test_a_disk_without_room_costs_the_file_alone(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tried = []

    def full(path: Path, _length: int, _blocks: object) -> None:
        tried.append(path)
        path.write_bytes(b"half")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("data_access.kept_arrays.write_array", full)
    arrays = MappedArrays(folder)

    np.testing.assert_array_equal(arrays.get_or_make("made", lambda: NUMBERS * 2), NUMBERS * 2)
    np.testing.assert_array_equal(arrays.get_or_make("made", never), NUMBERS * 2)
    assert len(tried) == 1, "a full disk is not tried again and again"
    assert len(list(folder.iterdir())) == 3


def test_a_folder_that_was_removed_is_not_begun_again(folder: Path) -> None:
    gone = folder / "gone"

    np.testing.assert_array_equal(MappedArrays(gone).get_or_make("made", lambda: NUMBERS), NUMBERS)

    assert not gone.exists()


def test_memory_holds_the_latest_of_what_can_be_made_again() -> None:
    arrays = MemoryArrays({"lasting": NUMBERS}, limit=2 * NUMBERS.nbytes)
    for name in ("a", "b", "a", "c"):
        arrays.get_or_make(name, NUMBERS.copy)

    assert arrays.get("lasting") is NUMBERS
    assert arrays.get("b") is None
    assert arrays.get("a") is not None
    assert arrays.get("c") is not None
    assert len(arrays.get_or_make("large", lambda: np.zeros(10_000))) == 10_000
    assert arrays.get("c") is None


def test_what_can_not_be_made_is_asked_for_again() -> None:
    def broken() -> np.ndarray:
        raise LookupError("no such column")

    arrays = MemoryArrays({})
    for _ in range(2):
        with pytest.raises(LookupError):
            arrays.get_or_make("x", broken)
    assert arrays.get_or_make("x", lambda: NUMBERS) is NUMBERS
