"""GET /api/{dataset}/samples/{id}/readings: a patch's annotations as a reader sees them, and what its map says of each.

The rows as stored are under `/annotations`; here they are read: question, options, answer, box and point.
"""

from typing import Literal

from fastapi import APIRouter
from pydantic import BaseModel
from starlette.responses import Response

from api.caching import Stamped
from api.dependencies import OpenDataset, SampleId, SharedHall
from api.errors import documented
from data_access.annotations.checked import Annotation, ReadsAnnotations
from data_access.annotations.reading import Box, Point
from errors import UnknownDatasetError

router = APIRouter(
    prefix="/{dataset}/samples", tags=["samples"], responses=documented(400, 404, 422, 429, 502, 503, 504)
)

_AS_STORED = ("ID", "type", "category", "split", "input", "output")


class OptionBody(BaseModel):
    """One choice of a question."""

    letter: str
    text: str


class LeakBody(BaseModel):
    """A phrase of the caption that states a property of the patch: its place in `answer`, in code points."""

    kind: Literal["country", "season", "climate_zone"]
    start: int
    end: int


class VerdictBody(BaseModel):
    """What the reference map says of an answer."""

    outcome: Literal["agree", "differ", "unknown"]
    found: str
    reason: str


class ReadingBody(BaseModel):
    """One annotation. Boxes and points go from 0 to 1, from the top left; `problem` says why a row can not be read."""

    ID: int | None
    type: str | None
    category: str | None
    split: str | None
    input: str | None
    output: str | None
    question: str
    options: list[OptionBody]
    answer: str
    yes: bool | None
    letter: str | None
    box: tuple[float, float, float, float] | None
    point: tuple[float, float] | None
    reference: str | None
    leaks: list[LeakBody]
    problem: str
    verdict: VerdictBody | None


class ReadingsBody(BaseModel):
    """All annotations of one patch, in the order of their IDs."""

    items: list[ReadingBody]


@router.get("/{sample_id}/readings", responses={200: {"model": ReadingsBody}})
async def readings(sample_id: SampleId, dataset: OpenDataset, stamp: Stamped, hall: SharedHall) -> Response:
    """The annotations of a patch, read, and each answer checked against the reference map where there is one.

    Only bigearthnet has any. A verdict is null where nothing is known that the answer could be held against.
    """
    if not isinstance(dataset, ReadsAnnotations):
        raise UnknownDatasetError(f"{dataset.info.dataset} has no annotations. Ask bigearthnet for them.")
    annotations = await hall.readers(dataset).run(lambda: dataset.read_annotations(sample_id))
    whole = not any(each.unread for each in annotations)
    return stamp.json({"items": [_item(each) for each in annotations]}, whole=whole)


def _item(annotation: Annotation) -> dict[str, object]:
    """One annotation as the API answers it: what is stored, what it says, and what is found."""
    reading = annotation.reading
    return {
        **{column: annotation.row.get(column) for column in _AS_STORED},
        "question": reading.question,
        "options": reading.options,
        "answer": reading.answer,
        "yes": reading.yes,
        "letter": reading.letter,
        "box": _numbers(reading.box),
        "point": _numbers(reading.point),
        "reference": reading.reference,
        "leaks": reading.leaks,
        "problem": reading.problem,
        "verdict": annotation.verdict,
    }


def _numbers(place: Box | Point | None) -> tuple[float, ...] | None:
    if place is None:
        return None
    if isinstance(place, Point):
        return (place.x, place.y)
    return (place.left, place.top, place.right, place.bottom)
