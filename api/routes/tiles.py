"""GET /api/{dataset}/tiles/{z}/{x}/{y}.png: where samples are dense."""

from typing import Annotated

from fastapi import APIRouter, Path, Query
from starlette.responses import Response

from api.caching import Stamped
from api.density_picture import Theme, tile_png
from api.dependencies import Filter, OpenDataset, SharedHall
from api.errors import documented
from api.limits import MAX_ZOOM
from errors import CoordinateError

router = APIRouter(prefix="/{dataset}", tags=["map"], responses=documented(400, 404, 429, 503))

PNG = "image/png"
Zoom = Annotated[int, Path(ge=0, le=MAX_ZOOM)]
Index = Annotated[int, Path(ge=0, lt=2**MAX_ZOOM)]


@router.get("/tiles/{z}/{x}/{y}.png", response_class=Response, responses={200: {"content": {PNG: {}}}})
async def tile(
    *,
    z: Zoom,
    x: Index,
    y: Index,
    dataset: OpenDataset,
    wanted: Filter,
    stamp: Stamped,
    hall: SharedHall,
    theme: Annotated[Theme, Query(description="of the page around the map")] = "light",
) -> Response:
    """Density of the matching samples in a web-mercator tile of 256 x 256 pixels; clear where there are none."""
    if max(x, y) >= 2**z:
        raise CoordinateError(f"Tile {z}/{x}/{y} is off the map: zoom {z} has columns and rows 0 to {2**z - 1}.")

    def make() -> bytes:
        counts = dataset.points.density(z, x, y, wanted)
        return tile_png(counts, fullest=dataset.points.scale(z), dataset=dataset.info.dataset, theme=theme)

    return stamp.data(await hall.answering(wanted).shared(hall.tiles, stamp.key, make), PNG)
