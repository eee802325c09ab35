"""A sheet holds its pictures unchanged, in reading order, and its texts inside its edges."""

import numpy as np
import pytest

from rendering.sheet import COLUMNS, EDGE, Tile, sheet

PAPER = (255, 255, 255)


def flat(colour: tuple[int, int, int], size: int = 40) -> np.ndarray:
    """A picture of one colour."""
    return np.full((size, size, 4), (*colour, 255), np.uint8)


def blocks(made: np.ndarray, colour: tuple[int, int, int]) -> tuple[int, int, int, int]:
    """First and last row and column of the pixels of one colour."""
    rows, columns = np.nonzero((made[..., :3] == colour).all(axis=-1))
    return int(rows.min()), int(rows.max()), int(columns.min()), int(columns.max())


@pytest.mark.parametrize("count", [1, 2, 3, 4, 5, 8, 9])
def test_pictures_stand_in_reading_order(count: int) -> None:
    colours = [(200, 10 + 20 * number, 90) for number in range(count)]
    tiles = [Tile(f"M{number}", ("how", "when"), flat(colour)) for number, colour in enumerate(colours)]
    made = sheet(tiles, heading="sample", about="somewhere", terms="terms " * 100)
    assert made.dtype == np.uint8
    assert (made[..., 3] == 255).all()
    corners = []
    for colour in colours:
        top, bottom, left, right = blocks(made, colour)
        assert (bottom - top, right - left) == (EDGE - 3, EDGE - 3), "all but a frame of one pixel"
        corners.append((top, left))
    assert corners == sorted(corners)
    assert len({top for top, _ in corners}) == -(-count // COLUMNS)


def test_classes_are_enlarged_without_new_colours() -> None:
    classes = np.zeros((8, 8, 4), np.uint8)
    classes[..., 3] = 255
    classes[::2, :, 0] = 250
    made = sheet([Tile("LULC", (), classes, "classes")], heading="", about="", terms="")
    inside = made[blocks(made, (250, 0, 0))[0] : blocks(made, (250, 0, 0))[1], 60:300, :3]
    assert {tuple(pixel) for pixel in inside.reshape(-1, 3).tolist()} == {(0, 0, 0), (250, 0, 0)}


def test_what_is_transparent_shows_the_paper() -> None:
    clear = np.zeros((10, 10, 4), np.uint8)
    made = sheet(
        [Tile("mask", (), clear, "overlay"), Tile("none", ("not readable",), None)], heading="", about="", terms=""
    )
    assert tuple(made[made.shape[0] // 2, 120, :3]) == PAPER


@pytest.mark.parametrize("text", ["x" * 2000, "word " * 2000, "© ÄØ \u202e \n\t", ""])
def test_no_text_leaves_the_sheet(text: str) -> None:
    made = sheet([Tile(text, (text, text), flat((1, 2, 3)))], heading=text[:300], about=text, terms=text)
    edges = np.concatenate([made[:20].reshape(-1, 4), made[-20:].reshape(-1, 4), made[:, :20].reshape(-1, 4)])
    edges = np.concatenate([edges, made[:, -20:].reshape(-1, 4)])
    assert (edges == 255).all()
