"""/api/generations/{id}/tokens/{modality}.npy: the codes that a run drew, or that a tokenizer gave."""

import io
from typing import Annotated

import numpy as np
from fastapi import APIRouter, Depends
from starlette.responses import Response

from api.caching import Stamp
from api.dependencies import SharedHall
from api.errors import documented
from api.routes.generated import Made, Seed, result_stamp
from api.routes.generations import Generations, RunId
from api.routes.values import NPY
from errors import GenerationRequestError
from generation.kept_result import KeptResult

router = APIRouter(
    prefix="/generations/{run}/tokens", tags=["generations"], responses=documented(400, 404, 422, 429, 503)
)


@router.get("/{modality}.npy", response_class=Response, responses={200: {"content": {NPY: {}}}})
async def tokens_npy(
    run: RunId,
    modality: Made,
    stamp: Annotated[Stamp, Depends(result_stamp)],
    generations: Generations,
    *,
    hall: SharedHall,
    seed: Seed = None,
) -> Response:
    """The token map of a seed for `numpy.load`: int32 [y, x]; a number per patch, from 0 to the vocabulary's size."""

    def make() -> bytes:
        buffer = io.BytesIO()
        np.save(buffer, _tokens(generations.result(run), modality, seed), allow_pickle=False)
        return buffer.getvalue()

    name = f"{run}_{modality.replace('>', '-to-')}_tokens.npy"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return stamp.data(await hall.chips.run(make), NPY, headers)


def _tokens(result: KeptResult, modality: str, seed: int | None) -> np.ndarray:
    """Raises ModalityMissingError, GenerationRequestError."""
    seeds = result.request.seeds
    if seed is not None and seed not in seeds:
        raise GenerationRequestError(f"seed is {seed}: this run has {', '.join(map(str, seeds))}.")
    tokens: np.ndarray = result.tokens(modality)[seeds.index(seed) if seed is not None else 0]
    return tokens
