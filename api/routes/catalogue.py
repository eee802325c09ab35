"""GET /api/{dataset}/count, /facets, /samples: what a filter leaves, in numbers and in rows."""

from typing import Annotated

import pyarrow as pa
from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from api.arrow_answer import ARROW_MEDIA_TYPE, arrow_stream, licence_metadata
from api.bodies import CountBody, FacetsBody, RowsBody
from api.caching import Stamped
from api.dependencies import Filter, OpenDataset, SharedHall
from api.errors import documented
from api.limits import DEFAULT_ROWS, MAX_ROWS
from data_access.dataset import ID_PATTERN

router = APIRouter(prefix="/{dataset}", tags=["catalogue"], responses=documented(400, 404, 413, 429, 503))


@router.get("/count", responses={200: {"model": CountBody}})
async def count(dataset: OpenDataset, wanted: Filter, stamp: Stamped, hall: SharedHall) -> Response:
    """How many samples there are and how many the filter leaves; with annotations, also how many of them."""
    result = await hall.answering(wanted).run(lambda: dataset.catalog.count(wanted))
    body: dict[str, object] = {"total": result.total, "matched": result.matched}
    if result.annotations is not None:
        body["annotations"] = result.annotations
    return stamp.json(body)


@router.get("/facets", responses={200: {"model": FacetsBody}})
async def facets(dataset: OpenDataset, wanted: Filter, stamp: Stamped, hall: SharedHall) -> Response:
    """Samples per value of every filter field, each field ignoring its own restriction."""

    def ask() -> dict[str, object]:
        counted = dataset.catalog.count(wanted)
        return {"total": counted.total, "matched": counted.matched, "facets": dataset.catalog.facets(wanted)}

    return stamp.json(await hall.answering(wanted).run(ask))


@router.get("/samples", responses={200: {"model": RowsBody, "content": {ARROW_MEDIA_TYPE: {}}}})
async def samples(
    *,
    request: Request,
    dataset: OpenDataset,
    wanted: Filter,
    stamp: Stamped,
    hall: SharedHall,
    limit: Annotated[int, Query(ge=1, le=MAX_ROWS, description="rows of this page")] = DEFAULT_ROWS,
    after: Annotated[str | None, Query(pattern=ID_PATTERN, description="`next` of the page before")] = None,
) -> Response:
    """One page of rows in id order: JSON, or an Arrow stream where the Accept header asks for one.

    The Arrow stream carries `next` and `matched` in its schema's metadata, beside licence and credit.
    """

    def ask() -> tuple[pa.Table, str | None, int]:
        # One row more than asked tells whether another page follows.
        table = dataset.catalog.rows(wanted, limit=limit + 1, after=after)
        page = table.slice(0, limit)
        following = str(page.column("id")[-1].as_py()) if table.num_rows > limit else None
        return page, following, dataset.catalog.count(wanted).matched

    page, following, matched = await hall.answering(wanted).run(ask)
    if ARROW_MEDIA_TYPE in request.headers.get("accept", ""):
        metadata = {**licence_metadata(dataset.info), "next": following or "", "matched": str(matched)}
        return stamp.data(arrow_stream(page, metadata), ARROW_MEDIA_TYPE, {"Vary": "Accept"})
    answer = stamp.json({"items": page.to_pylist(), "next": following, "matched": matched})
    answer.headers["Vary"] = "Accept"
    return answer
