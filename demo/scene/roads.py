"""Main roads: from rim to rim through the towns, each the cheapest way over the ground."""

import math

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import dijkstra

from demo.scene.curves import Line, smoothed
from demo.scene.noise import Field

_CELL_PX = 6  # roads are planned on a coarser grid, like everything that people plan


def lay_roads(
    count: int,
    rng: np.random.Generator,
    slope: Field,
    water: NDArray[np.bool_],
    *,
    centres: list[tuple[int, int]],
    pixel_m: float,
) -> list[Line]:
    """Main roads from rim to rim through the towns, each the cheapest way over the ground."""
    size = slope.shape[0]
    n = size // _CELL_PX
    coarse = (slice(0, n * _CELL_PX),) * 2
    toll = 1 + (18 * slope) ** 2 + 25 * water + 0.5 * rng.random((size, size))
    cost = toll[coarse].reshape(n, _CELL_PX, n, _CELL_PX).mean(axis=(1, 3))
    graph = _grid_graph(cost)
    stops = [(min(y // _CELL_PX, n - 1), min(x // _CELL_PX, n - 1)) for y, x in centres]
    lines: list[Line] = []
    for number in range(count + max(0, len(stops) - 1)):
        if number < count:
            hub = stops[number % len(stops)] if stops else (int(rng.integers(n // 4, 3 * n // 4)),) * 2
            ends = [_rim_cell(rng, n, number * 2), _rim_cell(rng, n, number * 2 + 1)]
        else:
            hub, ends = stops[number - count], [stops[number - count + 1]]
        source = hub[0] * n + hub[1]
        _, came_from = dijkstra(graph, directed=False, indices=source, return_predecessors=True)
        lines += [_path(came_from, source, y * n + x, n=n, size=size, pixel_m=pixel_m) for y, x in ends]
    return lines


def _rim_cell(rng: np.random.Generator, n: int, side: int) -> tuple[int, int]:
    """A random cell on one of the four sides; sides 0 and 1 face each other, 2 and 3 too."""
    at = int(rng.integers(n // 6, n - n // 6))
    return [(at, 0), (at, n - 1), (0, at), (n - 1, at)][side % 4]


def _grid_graph(cost: NDArray[np.floating]) -> csr_matrix:
    """Steps between neighbouring cells (eight directions), priced by the cells at both ends."""
    n = cost.shape[0]
    index = np.arange(n * n).reshape(n, n)
    pairs = [
        (index[:, :-1], index[:, 1:], 1.0),
        (index[:-1], index[1:], 1.0),
        (index[:-1, :-1], index[1:, 1:], math.sqrt(2)),
        (index[:-1, 1:], index[1:, :-1], math.sqrt(2)),
    ]
    flat = cost.ravel()
    start = np.concatenate([a.ravel() for a, _, _ in pairs])
    end = np.concatenate([b.ravel() for _, b, _ in pairs])
    price = np.concatenate([(flat[a.ravel()] + flat[b.ravel()]) / 2 * step for a, b, step in pairs])
    return csr_matrix((price, (start, end)), shape=(n * n, n * n))


def _path(came_from: NDArray[np.int32], source: int, target: int, *, n: int, size: int, pixel_m: float) -> Line:
    """Follow the cheapest way back, and round its corners."""
    cells = [target]
    while cells[-1] != source and came_from[cells[-1]] >= 0:
        cells.append(int(came_from[cells[-1]]))
    row, column = np.divmod(np.array(cells), n)
    middle = (_CELL_PX - 1) / 2
    east = (column * _CELL_PX + middle - (size - 1) / 2) * pixel_m
    north = ((size - 1) / 2 - row * _CELL_PX - middle) * pixel_m
    line = np.stack([east, north], axis=1)
    reach = np.where(np.abs(line) > (size / 2 - 2 * _CELL_PX) * pixel_m, line * 1.06, line)
    return smoothed(reach, 5)
