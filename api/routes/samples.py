"""GET /api/{dataset}/samples/{id} and its annotations: everything known of a sample but its pixels."""

from typing import cast

from fastapi import APIRouter
from starlette.responses import Response

from api.bodies import AnnotationsBody
from api.caching import Stamped
from api.dependencies import OpenDataset, SampleId, SharedHall
from api.errors import documented
from api.json_answer import plain
from data_access.dataset import HasAnnotations
from errors import UnknownDatasetError

router = APIRouter(
    prefix="/{dataset}/samples", tags=["samples"], responses=documented(400, 404, 422, 429, 502, 503, 504)
)


@router.get("/{sample_id}", responses={200: {"model": dict[str, object]}})
async def sample(sample_id: SampleId, dataset: OpenDataset, stamp: Stamped, hall: SharedHall) -> Response:
    """Place, times, modalities with shape, unit and byte range, what could not be read, licence and citation."""
    record = await hall.readers(dataset).run(lambda: dataset.describe(sample_id))
    info = dataset.info
    known = cast("dict[str, object]", plain(record))
    about = {"licence": info.licence, "collection": info.title, "kind": info.kind, "synthetic": info.synthetic}
    return stamp.json({**known, **about, "revision": info.revision}, whole=not record.problems)


@router.get("/{sample_id}/annotations", responses={200: {"model": AnnotationsBody}})
async def annotations(sample_id: SampleId, dataset: OpenDataset, stamp: Stamped, hall: SharedHall) -> Response:
    """The annotations of a patch, every column as stored. Only bigearthnet has any."""
    if not isinstance(dataset, HasAnnotations):
        raise UnknownDatasetError(f"{dataset.info.dataset} has no annotations. Ask bigearthnet for them.")
    return stamp.json({"items": await hall.queries.run(lambda: dataset.annotations(sample_id))})
