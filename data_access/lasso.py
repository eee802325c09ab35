"""Which points lie inside a freely drawn polygon: even-odd ray casting, in SQL and in numpy, with the same arithmetic.

Both forms count the edges that a ray towards the east crosses: a point is inside where the count is odd. An edge owns
its lower end and not its upper one, so a ray through a vertex counts once. A polygon drawn across the antimeridian has
longitudes beyond 180; its points are then looked for one turn further too.
"""

import numpy as np

Vertices = tuple[tuple[float, float], ...]

_GRID = 256  # cells per side: points in cells that no edge touches are decided cell by cell
_TURNS = (0.0, 360.0, -360.0)  # degrees added to a point's longitude


def edges_of(vertices: Vertices) -> np.ndarray:
    """Edges that a horizontal ray can cross.

    Returns:
        (n, 5) float64: low latitude, high latitude, longitude and latitude of the start, longitude per latitude.
    """
    start = np.asarray(vertices, dtype=np.float64)
    end = np.roll(start, -1, axis=0)
    sloped = start[:, 1] != end[:, 1]
    start, end = start[sloped], end[sloped]
    low, high = np.minimum(start[:, 1], end[:, 1]), np.maximum(start[:, 1], end[:, 1])
    slope = (end[:, 0] - start[:, 0]) / (end[:, 1] - start[:, 1])
    return np.column_stack([low, high, start[:, 0], start[:, 1], slope])


def turns_of(vertices: Vertices) -> tuple[float, ...]:
    """Degrees to add to the longitudes of points so that they can meet the polygon."""
    west, east = min(lon for lon, _ in vertices), max(lon for lon, _ in vertices)
    return tuple(turn for turn in _TURNS if west <= 180 + turn and east >= -180 + turn)


def lasso_sql(vertices: Vertices) -> tuple[str, list[object]]:
    """A condition on the columns `lon` and `lat`, and the values to bind to its question marks in order."""
    edges = edges_of(vertices).tolist()
    if not edges:
        return "FALSE", []
    lons, lats = [lon for lon, _ in vertices], [lat for _, lat in vertices]
    crossing = "CAST(lat >= ? AND lat < ? AND lon + ? < ? + (lat - ?) * ? AS INTEGER)"
    # CASE spares the points outside the bounding box the arithmetic; AND would not promise that.
    once = (
        "CASE WHEN lon + ? >= ? AND lon + ? <= ? AND lat >= ? AND lat <= ? "
        f"THEN ({' + '.join([crossing] * len(edges))}) % 2 = 1 ELSE FALSE END"
    )
    bound: list[object] = []
    turns = turns_of(vertices)
    for turn in turns:
        bound += [turn, min(lons), turn, max(lons), min(lats), max(lats)]
        for low, high, lon, lat, slope in edges:
            bound += [low, high, turn, lon, lat, slope]
    return f"({' OR '.join([once] * len(turns))})", bound


def lasso_mask(vertices: Vertices, lon: np.ndarray, lat: np.ndarray) -> np.ndarray:
    """Which of n points lie inside, (n,) bool; NaN never does."""
    edges = edges_of(vertices)
    found = np.zeros(len(lon), dtype=bool)
    corners = np.asarray(vertices, dtype=np.float64)
    (west, south), (east, north) = corners.min(axis=0), corners.max(axis=0)
    for turn in turns_of(vertices):
        turned = lon + turn
        boxed = np.flatnonzero((turned >= west) & (turned <= east) & (lat >= south) & (lat <= north))
        found[boxed] |= _inside(edges, turned[boxed], lat[boxed], (west, south, east, north))
    return found


def _inside(edges: np.ndarray, lon: np.ndarray, lat: np.ndarray, box: tuple[float, float, float, float]) -> np.ndarray:
    if len(edges) == 0 or len(lon) < _GRID * _GRID:
        return _cast(edges, lon, lat)
    west, south, east, north = box
    width, height = max(east - west, 1e-9) / _GRID, max(north - south, 1e-9) / _GRID
    touched, inside = _grid(edges, box, width, height)
    column = np.minimum(((lon - west) / width).astype(np.intp), _GRID - 1)
    row = np.minimum(((lat - south) / height).astype(np.intp), _GRID - 1)
    cell = row * _GRID + column
    found: np.ndarray = inside[cell]
    near = np.flatnonzero(touched[cell])
    found[near] = _cast(edges, lon[near], lat[near])
    return found


def _grid(
    edges: np.ndarray, box: tuple[float, float, float, float], width: float, height: float
) -> tuple[np.ndarray, np.ndarray]:
    """Cells that an edge may touch (with a margin of one cell), and whether the centre of each cell is inside."""
    west, south, _, _ = box
    touched = np.zeros((_GRID, _GRID), dtype=bool)
    for low, high, lon, lat, slope in edges:
        first, last = int((low - south) / height), min(int((high - south) / height), _GRID - 1)
        rows = np.arange(first, last + 1)
        bottom = np.clip(south + rows * height, low, high)
        top = np.clip(south + (rows + 1) * height, low, high)
        ends = (lon + (np.stack([bottom, top]) - lat) * slope - west) / width
        left = np.clip(ends.min(axis=0).astype(int) - 1, 0, _GRID - 1)
        right = np.clip(ends.max(axis=0).astype(int) + 1, 0, _GRID - 1)
        for row, begin, end in zip(rows.tolist(), left.tolist(), right.tolist(), strict=True):
            touched[max(row - 1, 0) : row + 2, begin : end + 1] = True
    centre_lon, centre_lat = np.meshgrid(
        west + (np.arange(_GRID) + 0.5) * width, south + (np.arange(_GRID) + 0.5) * height
    )
    return touched.ravel(), _cast(edges, centre_lon.ravel(), centre_lat.ravel())


def _cast(edges: np.ndarray, lon: np.ndarray, lat: np.ndarray) -> np.ndarray:
    odd = np.zeros(len(lon), dtype=bool)
    for low, high, edge_lon, edge_lat, slope in edges:
        odd ^= (lat >= low) & (lat < high) & (lon < edge_lon + (lat - edge_lat) * slope)
    return odd
