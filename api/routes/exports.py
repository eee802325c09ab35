"""GET /api/{dataset}/export.{parquet,csv,geojson,stac}: the selection as a file; and a sample as STAC item or sheet.

The files are written while they are sent, so their size is bounded by nothing; a STAC collection is one small document.
"""

from collections.abc import Callable, Generator
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response, StreamingResponse

from api.caching import UNKEPT, Stamped
from api.dependencies import Filter, Hall, OpenDataset, SampleId, SharedHall
from api.errors import documented
from api.file_answer import Making
from api.head_requests import ONLY_HEAD
from api.json_answer import dumps
from api.sample_sheet import sample_sheet
from data_access.dataset import Dataset
from data_access.exports import csv_file, geojson_file, parquet_writing
from data_access.exports.geoparquet_file import geoparquet_pieces
from data_access.exports.selection import Selection
from data_access.exports.stac_collection import stac_collection
from data_access.exports.stac_item import stac_item

router = APIRouter(prefix="/{dataset}", tags=["exports"], responses=documented(400, 404, 413, 429, 503))

Pieces = Callable[[Selection], Generator[bytes]]
JSON, PNG = "application/json", "image/png"


class Asked:
    """What every export is made from."""

    def __init__(self, request: Request, dataset: OpenDataset, wanted: Filter, hall: SharedHall) -> None:
        """Gather it; FastAPI fills the parameters in."""
        self.request = request
        self.hall: Hall = hall
        self.selection = Selection(dataset, wanted)

    async def file(self, pieces: Pieces, media_type: str, ending: str, *, is_text: bool) -> Response:
        """The answer: a file to save, compressed on the way where it is text and the client takes that.

        Raises:
            BusyError: too many exports are under way.
            PatchworkError: what the first piece could not be made for.
        """
        name = f"{self.selection.name}.{ending}"
        making = Making(self.request, self.hall.exports, lambda: pieces(self.selection))
        return await making.file(name, media_type, is_text=is_text)


AskedExport = Annotated[Asked, Depends()]


@router.get("/export.parquet", response_class=Response, responses={200: {"content": {parquet_writing.MEDIA_TYPE: {}}}})
async def parquet(asked: AskedExport) -> Response:
    """The matching samples as GeoParquet 1.1, in id order, with licence, credit and filter in the schema's metadata."""
    return await asked.file(geoparquet_pieces, parquet_writing.MEDIA_TYPE, "parquet", is_text=False)


@router.get("/export.csv", response_class=Response, responses={200: {"content": {csv_file.MEDIA_TYPE: {}}}})
async def csv(asked: AskedExport) -> Response:
    """The matching samples as CSV (RFC 4180, UTF-8), in id order; licence and credit are columns."""
    return await asked.file(csv_file.csv_pieces, csv_file.MEDIA_TYPE, "csv", is_text=True)


@router.get("/export.geojson", response_class=Response, responses={200: {"content": {geojson_file.MEDIA_TYPE: {}}}})
async def geojson(asked: AskedExport) -> Response:
    """The matching samples as a GeoJSON FeatureCollection of points, with licence, credit and filter as members."""
    return await asked.file(geojson_file.geojson_pieces, geojson_file.MEDIA_TYPE, "geojson", is_text=True)


@router.get("/export.stac", responses={200: {"model": dict[str, object]}})
async def stac(asked: AskedExport) -> Response:
    """The selection as a STAC 1.1 collection, with an item link per sample, or with none above 10,000 of them."""
    headers = {**UNKEPT, "Content-Disposition": f'attachment; filename="{asked.selection.name}.stac.json"'}
    base = dataset_address(asked.request, asked.selection.dataset)
    if asked.request.scope.get(ONLY_HEAD):
        return StreamingResponse(iter(()), media_type=JSON, headers=headers)
    content = await asked.hall.exports.run(lambda: dumps(stac_collection(asked.selection, base)))
    return Response(content, media_type=JSON, headers=headers)


@router.get(
    "/samples/{sample_id}/stac.json", responses={200: {"model": dict[str, object]}, **documented(422, 502, 504)}
)
async def stac_of_sample(
    request: Request, sample_id: SampleId, dataset: OpenDataset, stamp: Stamped, hall: SharedHall
) -> Response:
    """One sample as a STAC 1.1 item: place, times, licence, and every modality as GeoTIFF, NumPy array and picture."""
    record = await hall.readers(dataset).run(lambda: dataset.describe(sample_id))
    item = stac_item(record, dataset.info, dataset_address(request, dataset))
    answer = stamp.json(item, whole=not record.problems)
    answer.headers["Content-Disposition"] = f'inline; filename="{sample_id}.stac.json"'
    return answer


@router.get(
    "/samples/{sample_id}/sheet.png",
    response_class=Response,
    responses={200: {"content": {PNG: {}}}, **documented(422, 502, 504)},
)
async def sheet_of_sample(sample_id: SampleId, dataset: OpenDataset, stamp: Stamped, hall: SharedHall) -> Response:
    """Every modality of a sample on one sheet, each with its time, and licence and credit below."""
    content = await hall.readers(dataset).shared(
        hall.pictures, stamp.key, lambda: sample_sheet(hall.arrays, dataset, sample_id)
    )
    return stamp.data(content, PNG, {"Content-Disposition": f'attachment; filename="{sample_id}.png"'})


def dataset_address(request: Request, dataset: Dataset) -> str:
    """Address of a data set in this API, by the name under which the client asked; STAC wants whole addresses."""
    below = "/export.stac"
    return str(request.url_for(stac.__name__, dataset=dataset.info.dataset)).removesuffix(below)
