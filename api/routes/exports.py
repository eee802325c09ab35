"""GET /api/{dataset}/export.{parquet,csv,geojson,stac}: the selection as a file; and a sample as STAC item or sheet.

The files are written while they are sent, so their size is bounded by nothing; a STAC collection is one small document.
"""

import logging
import zlib
from collections.abc import AsyncGenerator, Callable, Generator
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response, StreamingResponse

from api.caching import IDENTITY, UNKEPT, Stamped
from api.dependencies import Filter, Hall, OpenDataset, SampleId, SharedHall
from api.errors import documented
from api.head_requests import ONLY_HEAD
from api.json_answer import dumps
from api.lasting_answer import LastingAnswer
from api.sample_sheet import sample_sheet
from data_access.dataset import Dataset
from data_access.exports import csv_file, geojson_file, parquet_writing
from data_access.exports.geoparquet_file import geoparquet_pieces
from data_access.exports.selection import Selection
from data_access.exports.stac_collection import stac_collection
from data_access.exports.stac_item import stac_item

logger = logging.getLogger(__name__)
router = APIRouter(prefix="/{dataset}", tags=["exports"], responses=documented(400, 404, 413, 429, 503))

Pieces = Callable[[Selection], Generator[bytes]]
JSON, PNG = "application/json", "image/png"
GZIP_LEVEL = 1  # 10 to 15 times smaller, at twice the speed of level 5, which saves another fifth
GZIP_WINDOW = 31  # zlib's way to say: with the header and trailer of gzip


class FileAnswer(LastingAnswer):
    """A file that is made while it is sent."""

    def __init__(self, first: bytes, rest: AsyncGenerator[bytes], *, media_type: str, headers: dict[str, str]) -> None:
        """Send a piece that is made, and those that follow."""
        super().__init__(_behind(first, rest), rest, media_type=media_type, headers=headers)


async def _behind(first: bytes, rest: AsyncGenerator[bytes]) -> AsyncGenerator[bytes]:
    """A piece and those that follow; an error on the way breaks the connection, so that no half file looks whole."""
    yield first
    try:
        async for piece in rest:
            yield piece
    except Exception:
        logger.exception("an export broke off")
        raise


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
        # Never kept: a browser that stores gigabytes beside the file it saves helps nobody.
        headers = {**UNKEPT, "Content-Disposition": f'attachment; filename="{name}"'}
        packed = is_text and "gzip" in self.request.headers.get("accept-encoding", "")
        headers |= {"Content-Encoding": "gzip"} if packed else IDENTITY
        headers |= {"Vary": "Accept-Encoding"} if is_text else {}
        if self.request.scope.get(ONLY_HEAD):
            return StreamingResponse(iter(()), media_type=media_type, headers=headers)  # nobody counted the bytes
        made = pieces(self.selection)
        stream = self.hall.exports.stream(_gzipped(made) if packed else made)
        first = await anext(stream)  # what can not be made at all is an error, not a broken file
        return FileAnswer(first, stream, media_type=media_type, headers=headers)


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
    base = _address(asked.request, asked.selection.dataset)
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
    item = stac_item(record, dataset.info, _address(request, dataset))
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


def _address(request: Request, dataset: Dataset) -> str:
    """Address of a data set in this API, by the name under which the client asked; STAC wants whole addresses."""
    below = "/export.stac"
    return str(request.url_for(stac.__name__, dataset=dataset.info.dataset)).removesuffix(below)


def _gzipped(pieces: Generator[bytes]) -> Generator[bytes]:
    """The same bytes compressed; the thread that makes them does it, not the server's event loop."""
    packer = zlib.compressobj(GZIP_LEVEL, wbits=GZIP_WINDOW)
    try:
        for piece in pieces:
            if packed := packer.compress(piece):
                yield packed
        yield packer.flush()
    finally:
        pieces.close()
