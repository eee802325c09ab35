"""GET /api/{dataset}/points and /footprints: the samples themselves, where few enough are in view."""

from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from api.arrow_answer import ARROW_MEDIA_TYPE, arrow_stream, licence_metadata
from api.bodies import FootprintsBody
from api.caching import Stamped
from api.dependencies import Filter, OpenDataset, SharedHall
from api.errors import documented
from api.limits import DEFAULT_POINTS, MAX_FOOTPRINTS, MAX_POINTS
from api.packed_columns import MEDIA_TYPE as PACKED_MEDIA_TYPE
from api.packed_columns import pack
from data_access.dataset import Dataset
from data_access.sample_filter import SampleFilter
from errors import PatchworkError

router = APIRouter(prefix="/{dataset}", tags=["map"], responses=documented(400, 404, 413, 429, 503))


@router.get(
    "/points",
    response_class=Response,
    responses={200: {"content": {ARROW_MEDIA_TYPE: {}, PACKED_MEDIA_TYPE: {}}}},
)
async def points(
    *,
    request: Request,
    dataset: OpenDataset,
    wanted: Filter,
    stamp: Stamped,
    hall: SharedHall,
    limit: Annotated[int, Query(ge=1, le=MAX_POINTS, description="more than these are an error")] = DEFAULT_POINTS,
) -> Response:
    """Id, place and filter columns of every matching sample: an Arrow stream, or packed columns by Accept."""
    packed = PACKED_MEDIA_TYPE in request.headers.get("accept", "")

    def ask() -> bytes:
        table = dataset.points.in_view(wanted, limit=limit)
        return pack(table) if packed else arrow_stream(table, licence_metadata(dataset.info))

    media_type = PACKED_MEDIA_TYPE if packed else ARROW_MEDIA_TYPE
    return stamp.data(await hall.answering(wanted).run(ask), media_type, {"Vary": "Accept"})


@router.get("/footprints", responses={200: {"model": FootprintsBody}})
async def footprints(
    dataset: OpenDataset,
    wanted: Filter,
    stamp: Stamped,
    hall: SharedHall,
    limit: Annotated[int, Query(ge=1, le=MAX_FOOTPRINTS)] = MAX_FOOTPRINTS,
) -> Response:
    """The four true corners and the modalities of the first matching samples, for chips drawn in place.

    A sample whose file does not tell its corners, or is damaged, is left out: the others can still be drawn.
    """
    items = await hall.answering(wanted).run(lambda: _footprints(dataset, wanted, limit))
    return stamp.json({"items": items})


def _footprints(dataset: Dataset, wanted: SampleFilter, limit: int) -> list[dict[str, object]]:
    """Footprints in id order."""
    found: list[dict[str, object]] = []
    for sample_id in dataset.catalog.rows(wanted, limit=limit).column("id").to_pylist():
        try:
            corners = dataset.corners(sample_id)
        except PatchworkError:
            continue
        if corners is not None:
            found.append({"id": sample_id, "corners": corners, "modalities": dataset.available(sample_id)})
    return found
