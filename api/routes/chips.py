"""GET .../{modality}.webp, .png and /legend: a sample's modality as a picture, and how to read it."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query
from starlette.responses import Response

from api.errors import documented
from api.json_answer import dumps
from api.modality_request import AskedModality, ModalityRequest
from api.pictures import SIZE_LIMITS, Look, PictureFormat, draw, picture_bytes

router = APIRouter(
    prefix="/{dataset}/samples/{sample_id}", tags=["chips"], responses=documented(400, 404, 422, 429, 502, 503, 504)
)

WEBP = "image/webp"
PNG = "image/png"


def look_of(
    *,
    preset: Annotated[str | None, Query(description="see /api/presets; the modality's default without one")] = None,
    bands: Annotated[str | None, Query(description="one or three bands, such as B08,B04,B03")] = None,
    range: Annotated[  # noqa: A002 - the parameter's public name
        str | None, Query(description="low,high, or six numbers for three channels")
    ] = None,
    gamma: Annotated[str | None, Query(description="0.1 to 10; below 1 brightens")] = None,
    expression: Annotated[str | None, Query(description="an index, such as (B08-B04)/(B08+B04)")] = None,
    offset: Annotated[str | None, Query(description="keep or remove the +1000 of Sentinel-2")] = None,
) -> Look:
    """The look that the query asks for; `rendering` checks it."""
    return Look(preset=preset, bands=bands, range=range, gamma=gamma, expression=expression, offset=offset)


ChosenLook = Annotated[Look, Depends(look_of)]
Size = Annotated[int | None, Query(ge=SIZE_LIMITS[0], le=SIZE_LIMITS[1], description="pixels of the longer edge")]


@router.get("/{modality}.webp", response_class=Response, responses={200: {"content": {WEBP: {}}}})
async def webp(asked: AskedModality, look: ChosenLook, size: Size = None) -> Response:
    """A chip as WebP, lossless."""
    return asked.stamp.data(await _chip(asked, look, "webp", size), WEBP)


@router.get("/{modality}.png", response_class=Response, responses={200: {"content": {PNG: {}}}})
async def png(asked: AskedModality, look: ChosenLook, size: Size = None) -> Response:
    """A chip as PNG."""
    return asked.stamp.data(await _chip(asked, look, "png", size), PNG)


@router.get("/{modality}/legend", responses={200: {"model": dict[str, object]}})
async def legend(asked: AskedModality, look: ChosenLook) -> Response:
    """How the picture with the same parameters was made: recipe, ranges, colours, class shares."""
    content = await asked.readers.shared(
        asked.hall.pictures, asked.stamp.key, lambda: dumps(draw(asked.read(), look).legend.to_json())
    )
    return Response(content, media_type="application/json", headers=asked.stamp.headers)


async def _chip(asked: ModalityRequest, look: Look, form: PictureFormat, size: int | None) -> bytes:
    """Draw, encode and keep a picture, once for all who ask for it meanwhile."""
    return await asked.readers.shared(
        asked.hall.pictures, asked.stamp.key, lambda: picture_bytes(draw(asked.read(), look), form, size)
    )
