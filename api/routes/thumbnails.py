"""GET .../samples/{id}/thumbnail.webp: a small picture of a sample in true colour, as cheap as it can be had."""

from collections.abc import Mapping

from fastapi import APIRouter
from starlette.responses import Response

from api.caching import Stamped
from api.dependencies import Hall, OpenDataset, SampleId, SharedHall
from api.errors import documented
from api.pictures import Look, draw
from api.reading import opened
from data_access.dataset import Dataset, HasThumbnails
from errors import ModalityMissingError, PatchworkError, SampleFormatError, ShardError
from rendering.encoding import encode, resize

router = APIRouter(
    prefix="/{dataset}/samples/{sample_id}", tags=["chips"], responses=documented(400, 404, 422, 429, 502, 503, 504)
)

WEBP = "image/webp"
DRAWN_PX = 128  # where no kept one is there: the members are read anyway, so it may be sharper than the kept 64 pixels
# What shows true colour, the smallest first: S2RGB has a quarter of the bytes of S2L2A.
TRUE_COLOUR: Mapping[str, str | None] = {
    "S2RGB": None,
    "S2L2A": "true-colour",
    "S2L1C": "true-colour",
    "S2": "true-colour",
}


@router.get("/thumbnail.webp", response_class=Response, responses={200: {"content": {WEBP: {}}}})
async def thumbnail(sample_id: SampleId, dataset: OpenDataset, stamp: Stamped, hall: SharedHall) -> Response:
    """True colour in 64 pixels, where `python -m batch thumbnails` made it, else drawn in 128; lossy WebP."""
    picture = await hall.readers(dataset).shared(hall.pictures, stamp.key, lambda: _picture(hall, dataset, sample_id))
    return stamp.data(picture, WEBP)


def _picture(hall: Hall, dataset: Dataset, sample_id: str) -> bytes:
    """A kept thumbnail, or one drawn from the smallest modality that the sample has.

    Raises:
        ModalityMissingError: nothing of the sample shows true colour.
        UnknownSampleError, ShardError, SampleFormatError: see `Dataset.read`.
    """
    if isinstance(dataset, HasThumbnails) and (kept := dataset.thumbnail(sample_id)):
        return kept
    problem: PatchworkError | None = None
    for modality in (name for name in TRUE_COLOUR if name in dataset.modalities):
        try:
            source = opened(hall.arrays, dataset, sample_id, modality)
        except ModalityMissingError as error:
            problem = problem or error
            continue
        except (SampleFormatError, ShardError) as error:  # the next may be whole; where none is, damage is the reason
            problem = error
            continue
        picture = draw(source, Look(preset=TRUE_COLOUR[modality]))
        return encode(resize(picture.rgba, DRAWN_PX, picture.legend.kind), lossless=False)
    raise problem or ModalityMissingError(f"{sample_id} has nothing that shows true colour.")
