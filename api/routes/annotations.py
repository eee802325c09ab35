"""GET /api/{dataset}/annotations: the rows of BigEarthNet.txt that a filter leaves, page by page, as stored."""

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response

from api.annotation_rows import open_rows
from api.bodies import AnnotationRowsBody
from api.caching import Stamped
from api.dependencies import OpenDataset, SharedHall
from api.errors import documented
from api.limits import DEFAULT_ROWS, MAX_ROWS
from api.row_parameters import WantedRows
from errors import UnknownDatasetError

router = APIRouter(prefix="/{dataset}", tags=["samples"], responses=documented(400, 404, 413, 422, 429, 503))

LARGEST_ID = 2**63 - 1  # of the column's type


@router.get("/annotations", responses={200: {"model": AnnotationRowsBody}})
async def annotation_rows(
    *,
    dataset: OpenDataset,
    wanted: WantedRows,
    stamp: Stamped,
    hall: SharedHall,
    limit: Annotated[int, Query(ge=1, le=MAX_ROWS, description="rows of this page")] = DEFAULT_ROWS,
    after: Annotated[
        int | None, Query(ge=-LARGEST_ID - 1, le=LARGEST_ID, description="`next` of the page before")
    ] = None,
) -> Response:
    """One page of annotations by ID, every column as stored; how many match, and of how many patches they are.

    Rows of one ID are never torn apart: where IDs repeat, a page may have more rows than `limit`.
    """
    if dataset.info.dataset != "bigearthnet":
        raise UnknownDatasetError(f"{dataset.info.dataset} has no annotations. Ask bigearthnet for them.")
    rows = (await open_rows(hall)).rows

    def ask() -> dict[str, object]:
        counted = rows.count(wanted)
        items = rows.page(wanted, limit=limit, after=after).to_pylist()
        last = items[-1]["ID"] if items else None
        following = last is not None and len(rows.page(wanted, limit=1, after=last)) > 0
        return {
            "items": items,
            "next": last if following else None,
            "matched": counted.matched,
            "patches": counted.patches,
        }

    return stamp.json(await hall.answering(wanted.samples).run(ask))
