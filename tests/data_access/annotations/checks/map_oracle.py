"""A reference map measured once more, in plain Python: counting, a flood fill, and a look at every pixel's neighbours.

Nothing of the code under test is imported, so an error there can not hide itself.
"""

from collections import Counter, deque
from collections.abc import Sequence

PIXEL_M2 = 100
EDGES = ((0, 1), (1, 0), (0, -1), (-1, 0))
CORNERS = ((1, 1), (1, -1), (-1, 1), (-1, -1))

Cells = set[tuple[int, int]]


class MapOracle:
    """A map of class titles (None: no class), row by row from the top."""

    def __init__(self, rows: Sequence[Sequence[str | None]]) -> None:
        self.rows = rows
        self.height, self.width = len(rows), len(rows[0])
        self.pixels = Counter(title for row in rows for title in row if title)
        self._met: dict[tuple[tuple[int, int], ...], set[tuple[str | None, str | None]]] = {}
        self._pieces: dict[tuple[str, bool], list[Cells]] = {}

    @property
    def patch_m2(self) -> int:
        return self.height * self.width * PIXEL_M2

    def area(self, title: str) -> int:
        return self.pixels[title] * PIXEL_M2

    def at(self, row: int, column: int) -> str | None:
        inside = 0 <= row < self.height and 0 <= column < self.width
        return self.rows[row][column] if inside else None

    def pieces(self, title: str, *, corners: bool) -> list[Cells]:
        """Contiguous areas, largest first, found by a flood fill."""
        if (title, corners) not in self._pieces:
            steps = (*EDGES, *CORNERS) if corners else EDGES
            left = {(y, x) for y in range(self.height) for x in range(self.width) if self.rows[y][x] == title}
            found: list[Cells] = []
            while left:
                piece: Cells = set()
                queue = deque([left.pop()])
                while queue:
                    y, x = queue.popleft()
                    piece.add((y, x))
                    for down, right in steps:
                        beside = (y + down, x + right)
                        if beside in left:
                            left.remove(beside)
                            queue.append(beside)
                found.append(piece)
            self._pieces[title, corners] = sorted(found, key=len, reverse=True)
        return self._pieces[title, corners]

    def count(self, title: str) -> set[int]:
        """How many areas there are, under both conventions."""
        return {len(self.pieces(title, corners=corners)) for corners in (True, False)}

    def touch(self, one: str, other: str) -> set[bool]:
        """Whether two classes touch, under both conventions."""
        return {(one, other) in self._meetings(EDGES), (one, other) in self._meetings((*EDGES, *CORNERS))}

    def _meetings(self, steps: tuple[tuple[int, int], ...]) -> set[tuple[str | None, str | None]]:
        """Every two titles of which one is beside the other."""
        if steps not in self._met:
            self._met[steps] = {
                (self.rows[y][x], self.at(y + down, x + right))
                for y in range(self.height)
                for x in range(self.width)
                for down, right in steps
            }
        return self._met[steps]

    def box(self, cells: Cells) -> tuple[float, float, float, float]:
        """Left, top, right, bottom in 0 to 1."""
        rows, columns = [y for y, _ in cells], [x for _, x in cells]
        left, right = min(columns) / self.width, (max(columns) + 1) / self.width
        return left, min(rows) / self.height, right, (max(rows) + 1) / self.height

    def centre(self, title: str) -> tuple[float, float]:
        """Mean place of a class's pixels, x and y in 0 to 1."""
        cells = [(y, x) for y in range(self.height) for x in range(self.width) if self.rows[y][x] == title]
        return (
            sum(x + 0.5 for _, x in cells) / len(cells) / self.width,
            sum(y + 0.5 for y, _ in cells) / len(cells) / self.height,
        )


def box_text(box: Sequence[float]) -> str:
    """A box as the published rows write it."""
    left, top, right, bottom = (round(each, 2) for each in box)
    return f"[{left} {top}, {right} {bottom}]"
