"""/api/generations/{id}/{modality}.webp, .png, /legend, .npy, .tif: what a run made, as modalities of samples are."""

import hashlib
import io
from dataclasses import dataclass, replace
from typing import Annotated
from urllib.parse import parse_qsl, urlencode

import numpy as np
import xarray as xr
from fastapi import APIRouter, Depends, Path, Query, Request
from starlette.responses import Response

from api.caching import DIGEST_BYTES, REVISION_PARAMETER, NotModifiedError, Stamp
from api.dependencies import SharedHall
from api.errors import documented
from api.generated_geotiff import generated_geotiff
from api.generated_modality import TRUE_COLOUR, generated, preset_of
from api.json_answer import dumps
from api.limits import IMMUTABLE_MAX_AGE_S
from api.pictures import Look, PictureFormat, draw, picture_bytes
from api.routes.chips import PNG, WEBP, ChosenLook, Size
from api.routes.generations import Generations, RunId, info_of
from api.routes.values import NPY, TIFF
from api.version import VERSION
from errors import ModalityMissingError
from generation.kept_result import KeptResult
from generation.modalities import COORDINATES, MODALITIES
from generation.provenance import provenance

router = APIRouter(
    prefix="/generations/{run}", tags=["generations"], responses=documented(400, 404, 413, 422, 429, 503)
)

ALL = "all"  # seeds
_WORD = "[A-Za-z0-9][A-Za-z0-9_-]{0,31}"
Made = Annotated[
    str,
    Path(pattern=rf"^{_WORD}(>{_WORD})?$", description="an output, or S2RGB of S2L2A; `input>output` of a matrix"),
]
Seed = Annotated[int | None, Query(ge=0, description="of the run's seeds; its first one without")]
SeedOrAll = Annotated[str, Query(pattern=r"^(all|\d{0,10})$", description="of the run's seeds, or all of them")]


def result_stamp(request: Request, run: RunId) -> Stamp:
    """What an answer about a result is known by: results never change.

    Raises:
        NotModifiedError: the client's If-None-Match names it.
    """
    parameters = [
        pair for pair in parse_qsl(request.url.query, keep_blank_values=True) if pair[0] != REVISION_PARAMETER
    ]
    what = "\n".join((VERSION, request.url.path, urlencode(sorted(parameters))))
    digest = hashlib.blake2b(what.encode("utf-8", "surrogatepass"), digest_size=DIGEST_BYTES).hexdigest()
    lasting = f"private, max-age={IMMUTABLE_MAX_AGE_S}, immutable"
    stamp = Stamp(key=f"{run}-{digest}", revision=run, cache_control=lasting)
    if stamp.unchanged_in(request.headers.get("if-none-match", "")):
        raise NotModifiedError(stamp)
    return stamp


@dataclass(frozen=True)
class MadeRequest:
    """One modality of one result, not read yet."""

    run: RunId
    modality: Made
    stamp: Annotated[Stamp, Depends(result_stamp)]
    generations: Generations
    hall: SharedHall

    def result(self) -> KeptResult:
        """The result. Raises UnknownGenerationError, ResultDamagedError."""
        return self.generations.result(self.run)

    def read(self, seed: int | None) -> xr.Dataset:
        """What a seed made, as an opened modality. Raises what `generated` raises."""
        return generated(self.result(), self.modality, seed)


AskedMade = Annotated[MadeRequest, Depends()]


@router.get("/{modality}.webp", response_class=Response, responses={200: {"content": {WEBP: {}}}})
async def made_webp(asked: AskedMade, look: ChosenLook, seed: Seed = None, size: Size = None) -> Response:
    """A generated modality as WebP, lossless; presets and parameters as of samples."""
    return asked.stamp.data(await _picture(asked, look, seed, "webp", size), WEBP)


@router.get("/{modality}.png", response_class=Response, responses={200: {"content": {PNG: {}}}})
async def made_png(asked: AskedMade, look: ChosenLook, seed: Seed = None, size: Size = None) -> Response:
    """A generated modality as PNG."""
    return asked.stamp.data(await _picture(asked, look, seed, "png", size), PNG)


@router.get("/{modality}/legend", responses={200: {"model": dict[str, object]}})
async def made_legend(asked: AskedMade, look: ChosenLook, seed: Seed = None) -> Response:
    """How the picture with the same parameters was made: recipe, ranges, colours, class shares."""
    chosen = _chosen(asked, look)
    content = await asked.hall.chips.shared(
        asked.hall.pictures, asked.stamp.key, lambda: dumps(draw(asked.read(seed), chosen).legend.to_json())
    )
    return Response(content, media_type="application/json", headers=asked.stamp.headers)


@router.get("/{modality}.npy", response_class=Response, responses={200: {"content": {NPY: {}}}})
async def made_npy(asked: AskedMade, seed: SeedOrAll = "") -> Response:
    """Values for `numpy.load`: [band, y, x]; with `seed=all` [seed, band, y, x]; of `coordinates` always [seed, 2]."""

    def make() -> bytes:
        buffer = io.BytesIO()
        np.save(buffer, _values(asked, result, seed), allow_pickle=False)
        return buffer.getvalue()

    _refuse_picture(asked.modality)
    result = await asked.hall.chips.run(asked.result)
    return asked.stamp.data(await asked.hall.chips.run(make), NPY, _download(asked, result, seed, "npy"))


@router.get("/{modality}.tif", response_class=Response, responses={200: {"content": {TIFF: {}}}})
async def made_tif(asked: AskedMade, seed: Seed = None) -> Response:
    """A GeoTIFF at the place of the window, with model, inputs, settings and licence in its tags."""
    _refuse_picture(asked.modality)
    result = await asked.hall.chips.run(asked.result)
    info = await info_of(asked.hall, result.dataset)

    def make() -> bytes:
        source = asked.read(seed)
        return generated_geotiff(
            source["bands"].values,
            provenance(result, info=info),
            modality=asked.modality,
            how=result.request.how,
            seed=result.request.seeds[0] if seed is None else seed,
            bands=MODALITIES[source.attrs["modality"]].bands,
            unit=source.attrs["unit"],
            place=result.place,
        )

    return asked.stamp.data(await asked.hall.chips.run(make), TIFF, _download(asked, result, seed, "tif"))


async def _picture(asked: MadeRequest, look: Look, seed: int | None, form: PictureFormat, size: int | None) -> bytes:
    """Draw, encode and keep a picture, once for all who ask for it meanwhile."""
    chosen = _chosen(asked, look)
    return await asked.hall.chips.shared(
        asked.hall.pictures, asked.stamp.key, lambda: picture_bytes(draw(asked.read(seed), chosen), form, size)
    )


def _chosen(asked: MadeRequest, look: Look) -> Look:
    return replace(look, preset=preset_of(asked.modality, look.preset))


def _values(asked: MadeRequest, result: KeptResult, seed: str) -> np.ndarray:
    """The array that is asked for."""
    if asked.modality == COORDINATES:
        if result.coordinates is None:
            raise ModalityMissingError(f"The run {result.id} made no coordinates.")
        return result.coordinates
    if seed == ALL:
        return result.array(asked.modality)
    return result.seed(asked.modality, int(seed) if seed else None)


def _refuse_picture(modality: str) -> None:
    """Raises ModalityMissingError for what has no values."""
    if modality == TRUE_COLOUR:
        raise ModalityMissingError(f"{TRUE_COLOUR} is a picture of the generated S2L2A. Ask the values of S2L2A.")


def _download(asked: MadeRequest, result: KeptResult, seed: int | str | None, ending: str) -> dict[str, str]:
    """Name under which a browser saves the answer; a cell of a matrix loses its `>`, which some systems refuse."""
    part = f"_seed-{seed}" if seed not in (None, "") else ""
    name = f"{result.request.how}_{asked.run}_{asked.modality.replace('>', '-to-')}{part}.{ending}"
    return {"Content-Disposition": f'attachment; filename="{name}"'}
