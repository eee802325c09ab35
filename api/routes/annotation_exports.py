"""GET /api/bigearthnet/annotations/export.{parquet,csv,jsonl,geojson}: any selection of annotations as a file."""

from collections.abc import Callable, Generator, Sequence
from typing import Annotated, Literal
from urllib.parse import quote

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import Response

from api.annotation_rows import OpenRows
from api.caching import REVISION_PARAMETER
from api.dependencies import SharedHall
from api.errors import documented
from api.file_answer import Making
from api.routes.exports import dataset_address
from api.row_parameters import WantedRows
from data_access.bigearthnet.dataset import BigEarthNet
from data_access.exports import annotation_jsonl, csv_file, geojson_file, parquet_writing
from data_access.exports.annotation_geojson import annotation_geojson
from data_access.exports.annotation_jsonl import LineOptions
from data_access.exports.annotation_parquet import annotation_parquet
from data_access.exports.annotation_selection import AnnotationSelection
from errors import UnknownSampleError

router = APIRouter(
    prefix="/bigearthnet/annotations", tags=["exports"], responses=documented(400, 404, 413, 422, 429, 503)
)

Tags = Annotated[
    Literal["remove", "keep"],
    Query(description="the marks `<ref>` and `<point>` in instructions; what they enclose always stays"),
]
Boxes = Annotated[
    Literal["unit", "pixels"], Query(description="pixels: boxes and points on 120 x 120 px too, as box_px and point_px")
]
PointRows = Annotated[
    Literal["point", "box"], Query(description="what a row of the point task shows: what it asks about, or its answer")
]


class Asked:
    """What every export of annotations is made from."""

    def __init__(self, request: Request, opened: OpenRows, wanted: WantedRows, hall: SharedHall) -> None:
        """Gather it; FastAPI fills the parameters in."""
        self.request = request
        self.dataset = opened.dataset
        self.selection = AnnotationSelection(opened.dataset.info, opened.rows, wanted)
        self._workshop = hall.exports

    async def file(
        self,
        pieces: Callable[[AnnotationSelection], Generator[bytes]],
        media_type: str,
        ending: str,
        *,
        is_text: bool = True,
    ) -> Response:
        """The answer: a file to save.

        Raises:
            BusyError: too many exports are under way.
            PatchworkError: what the first piece could not be made for.
        """
        making = Making(self.request, self._workshop, lambda: pieces(self.selection))
        return await making.file(f"{self.selection.name}.{ending}", media_type, is_text=is_text)


AskedRows = Annotated[Asked, Depends()]


@router.get("/export.parquet", response_class=Response, responses={200: {"content": {parquet_writing.MEDIA_TYPE: {}}}})
async def annotations_parquet(asked: AskedRows) -> Response:
    """The matching annotations as Parquet with the columns, order, types and row groups of the published file.

    It stands in for that file, such as `metadata_file` of the data set's own loaders. Licence, credit and filter are
    metadata of the schema.
    """
    return await asked.file(annotation_parquet, parquet_writing.MEDIA_TYPE, "parquet", is_text=False)


@router.get("/export.csv", response_class=Response, responses={200: {"content": {csv_file.MEDIA_TYPE: {}}}})
async def annotations_csv(asked: AskedRows) -> Response:
    """The matching annotations as CSV (RFC 4180, UTF-8), by ID; licence and credit are columns."""
    return await asked.file(csv_file.csv_pieces, csv_file.MEDIA_TYPE, "csv")


@router.get("/export.jsonl", response_class=Response, responses={200: {"content": {annotation_jsonl.MEDIA_TYPE: {}}}})
async def annotations_jsonl(asked: AskedRows, tags: Tags = "remove", boxes: Boxes = "unit") -> Response:
    """The matching annotations as JSON Lines for training: image, instruction, answer, box, point and chat messages."""
    options = LineOptions(
        keep_tags=tags == "keep", pixels=boxes == "pixels", pictures=_Pictures(asked.dataset, asked.request)
    )
    return await asked.file(
        lambda selection: annotation_jsonl.annotation_lines(selection, options), annotation_jsonl.MEDIA_TYPE, "jsonl"
    )


@router.get("/export.geojson", response_class=Response, responses={200: {"content": {geojson_file.MEDIA_TYPE: {}}}})
async def annotations_geojson(asked: AskedRows, point_rows: PointRows = "point") -> Response:
    """The matching annotations as GeoJSON: boxes and points where they lie on the ground, other rows as whole patch."""
    return await asked.file(
        lambda selection: annotation_geojson(selection, points_as_boxes=point_rows == "box"),
        geojson_file.MEDIA_TYPE,
        "geojson",
    )


class _Pictures:
    """Addresses of the pictures of patches, by the name under which the client asked."""

    def __init__(self, dataset: BigEarthNet, request: Request) -> None:
        self._dataset = dataset
        self._modality = dataset.modalities[0] if dataset.modalities else ""
        self._base = f"{dataset_address(request, dataset)}/samples"
        self._ending = f"{self._modality}.png?{REVISION_PARAMETER}={dataset.info.revision}"

    def __call__(self, patch_ids: Sequence[str]) -> list[str | None]:
        """An address per patch, None where it has no picture."""
        return [
            f"{self._base}/{quote(each, safe='')}/{self._ending}" if self._has_picture(each) else None
            for each in patch_ids
        ]

    def _has_picture(self, patch_id: str) -> bool:
        try:
            return bool(self._modality) and self._modality in self._dataset.available(patch_id)
        except UnknownSampleError:  # a row may name a patch that the catalogue left out
            return False
