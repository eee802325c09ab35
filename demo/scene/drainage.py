"""Where water runs: a drainage tree over a height field, and the valleys that it cuts.

The tree is the minimum spanning tree of the grid with the higher end of each edge as its weight: from every cell the
path to the outlet then climbs as little as possible, so that pits need no filling first.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import breadth_first_order, minimum_spanning_tree

from demo.scene.noise import smooth

_LIFT = 10.0  # keeps edge weights positive: the sparse graph reads 0 as "no edge"
_STEEPEST = 1e-3  # among paths of equal height, water takes the steepest


@dataclass(frozen=True)
class Drainage:
    """The drainage tree of a grid of n x n cells.

    Attributes:
        downstream: per cell, the index of the cell that it drains to; n * n is the world outside.
        order: cell indexes from the outlet upwards.
        area: per cell, the number of cells that drain through it.
    """

    downstream: NDArray[np.int64]
    order: NDArray[np.int64]
    area: NDArray[np.float64]


def _edges(n: int) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
    """The pairs of neighbouring cells (eight directions), and their distance in cells."""
    index = np.arange(n * n).reshape(n, n)
    pairs = [
        (index[:, :-1], index[:, 1:], 1.0),
        (index[:-1], index[1:], 1.0),
        (index[:-1, :-1], index[1:, 1:], 2**0.5),
        (index[:-1, 1:], index[1:, :-1], 2**0.5),
    ]
    start = np.concatenate([a.ravel() for a, _, _ in pairs])
    end = np.concatenate([b.ravel() for _, b, _ in pairs])
    length = np.concatenate([np.full(a.size, d) for a, _, d in pairs])
    return start, end, length


def drain(height: NDArray[np.floating], outlet: NDArray[np.bool_]) -> Drainage:
    """The drainage tree of a height field (n, n); water leaves through the cells marked `outlet`."""
    n = height.shape[0]
    z = height.ravel().astype(np.float64)
    spread = max(float(np.ptp(z)), 1e-6)
    z = _LIFT + 100.0 * (z - z.min()) / spread
    start, end, length = _edges(n)
    weight = np.maximum(z[start], z[end]) - _STEEPEST * np.abs(z[start] - z[end]) / length
    mouths = np.flatnonzero(outlet.ravel())
    outside = n * n
    graph = csr_matrix(
        (
            np.concatenate([weight, 1.0 + 1e-3 * z[mouths]]),
            (np.concatenate([start, mouths]), np.concatenate([end, np.full(mouths.size, outside)])),
        ),
        shape=(outside + 1, outside + 1),
    )
    order, downstream = breadth_first_order(minimum_spanning_tree(graph), outside, directed=False)
    return Drainage(downstream[:-1].astype(np.int64), order[1:].astype(np.int64), _gather(order, downstream))


def _gather(order: NDArray[np.int32], downstream: NDArray[np.int32]) -> NDArray[np.float64]:
    """Count the cells upstream of each cell by walking the tree from its leaves to the outlet."""
    area = [1.0] * len(order)
    target = downstream.tolist()
    for cell in order[:0:-1].tolist():
        area[target[cell]] += area[cell]
    return np.array(area[:-1])


def evolve(
    start: NDArray[np.floating],
    uplift: NDArray[np.floating],
    outlet: NDArray[np.bool_],
    *,
    strength: float,
    rounds: int,
    creep: float,
) -> tuple[NDArray[np.float32], Drainage]:
    """Raise land and let running water cut it: implicit stream power erosion (slope times root of the drained area).

    Args:
        start: height (n, n) before, any unit.
        uplift: (n, n), added in equal parts, one per round; not at the outlet.
        outlet: cells that keep their height.
        strength: how deep the water cuts.
        rounds: how many times height and drainage follow each other.
        creep: how far soil rounds the ridges per round, in cells.

    Returns:
        The height after, and its drainage.
    """
    z = start.astype(np.float64)
    outside = z.size
    rise = np.where(outlet, 0.0, uplift) / max(rounds, 1)
    for _ in range(rounds):
        z = z + rise
        drainage = drain(z, outlet)
        level = z.ravel().tolist()
        force = (strength * np.sqrt(drainage.area)).tolist()
        downstream = drainage.downstream.tolist()
        for cell in drainage.order.tolist():
            below = downstream[cell]
            if below != outside:
                level[cell] = max((level[cell] + force[cell] * level[below]) / (1.0 + force[cell]), level[below])
        z = smooth(np.array(level).reshape(z.shape), creep).astype(np.float64)
    return z.astype(np.float32), drain(z, outlet)
