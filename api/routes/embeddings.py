"""/api/generations/{id}/embeddings: patch vectors of a run as pictures, as numbers, and how alike patches are."""

import io
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any, TypeVar

import numpy as np
from fastapi import APIRouter, Depends, Path, Query
from pydantic import BaseModel
from starlette.responses import Response

from api.caching import Stamp
from api.dependencies import SharedHall
from api.embedding_pictures import Shown, draw_change, draw_components, draw_likeness, part_named, patch_bytes
from api.errors import documented
from api.json_answer import dumps
from api.routes.chips import WEBP, Size
from api.routes.generated import result_stamp
from api.routes.generations import Generations, RunId
from api.routes.values import NPY
from generation.embedding_basis import ALL_LAYERS, MOST_SHARING, drawable
from generation.embedding_parts import has_all_layers, parts_of, read_part
from generation.kept_result import KeptResult
from generation.pca import changes, cosines
from rendering.picture import Picture

router = APIRouter(
    prefix="/generations/{run}/embeddings", tags=["generations"], responses=documented(400, 404, 422, 429, 503)
)

T = TypeVar("T")
PartName = Annotated[
    str,
    Path(pattern=r"^[A-Za-z0-9][A-Za-z0-9_]{0,47}$", description="such as embedding, embedding_S2L2A, without, with"),
]
Layer = Annotated[int | None, Query(ge=-64, le=63, description="from 0, or -1 for the last; the run's own without")]
Column = Annotated[int, Query(ge=0, le=4095, description="of a patch")]
Row = Annotated[int, Query(ge=0, le=4095, description="of a patch")]
PICTURE: dict[int | str, dict[str, Any]] = {200: {"content": {WEBP: {}}}}
LEGEND: dict[int | str, dict[str, Any]] = {200: {"model": dict[str, object]}}


class PartBody(BaseModel):
    """One grid of patch vectors."""

    name: str
    modality: str
    rows: int
    columns: int


class EmbeddingsBody(BaseModel):
    """What a run kept."""

    layers: int
    layer: int
    all_layers: bool
    dimensions: int
    parts: list[PartBody]


class LikenessBody(BaseModel):
    """Cosines with one patch, row by row."""

    values: list[list[float]]


@dataclass(frozen=True)
class EmbeddingRequest:
    """A run whose embeddings are asked for, not read yet."""

    run: RunId
    stamp: Annotated[Stamp, Depends(result_stamp)]
    generations: Generations
    hall: SharedHall

    async def find(self, find: Callable[[KeptResult], T]) -> T:
        """Whatever a function makes of the result."""
        return await self.hall.chips.run(lambda: find(self.generations.result(self.run)))

    async def picture(self, draw: Callable[[KeptResult], Picture], size: int | None) -> Response:
        """A picture as WebP, kept."""
        content = await self._kept(lambda result: patch_bytes(draw(result), size))
        return self.stamp.data(content, WEBP)

    async def legend(self, draw: Callable[[KeptResult], Picture]) -> Response:
        """The legend of a picture, kept."""
        content = await self._kept(lambda result: dumps(draw(result).legend.to_json()))
        return Response(content, media_type="application/json", headers=self.stamp.headers)

    def components(self, result: KeptResult, part: str, look: "EmbeddingLook") -> Picture:
        """The picture of an embedding in its basis. Raises what `generation.embedding_basis.drawable` raises."""
        found = drawable(result, part, look.layer, look.basis, self.generations.result)
        return draw_components(found, part_named(result, part), look.shown)

    async def _kept(self, make: Callable[[KeptResult], bytes]) -> bytes:
        return await self.hall.chips.shared(
            self.hall.pictures, self.stamp.key, lambda: make(self.generations.result(self.run))
        )


@dataclass(frozen=True)
class EmbeddingLook:
    """Which vectors are drawn, in which components of which basis."""

    layer: int | None
    shown: Shown
    basis: list[str]


def look_of(
    *,
    layer: Layer = None,
    components: Annotated[str | None, Query(max_length=16, description="in red, green and blue, as in 1,2,3")] = None,
    basis: Annotated[
        list[str] | None,
        Query(
            max_length=MOST_SHARING,
            description=f"what shares the basis: parts, run:part of other runs, or `{ALL_LAYERS}`; nothing without",
        ),
    ] = None,
) -> EmbeddingLook:
    """What the query asks for. Raises EmbeddingError."""
    return EmbeddingLook(layer, Shown.from_text(components), basis or [])


@dataclass(frozen=True)
class LikenessLook:
    """Likeness to which patch of which layer."""

    x: Column
    y: Row
    layer: Layer = None


Asked = Annotated[EmbeddingRequest, Depends()]
ChosenLook = Annotated[EmbeddingLook, Depends(look_of)]
ToPatch = Annotated[LikenessLook, Depends()]


@router.get("", responses={200: {"model": EmbeddingsBody}})
async def embeddings(asked: Asked) -> Response:
    """The embeddings that a run of kind embed or think kept: parts, layers, dimensions."""

    def told(result: KeptResult) -> dict[str, object]:
        parts = parts_of(result.facts)
        return {
            **{name: result.facts[name] for name in ("layers", "layer", "dimensions")},
            "all_layers": has_all_layers(result.facts),
            "parts": [{name: getattr(part, name) for name in PartBody.model_fields} for part in parts],
        }

    return asked.stamp.json(await asked.find(told))


@router.get("/change.webp", response_class=Response, responses=PICTURE)
async def change_webp(asked: Asked, part: str = "", layer: Layer = None, size: Size = None) -> Response:
    """How far each patch turns when the model thinks first: 1 minus the cosine; `part` is an input kept apart."""
    return await asked.picture(lambda result: _change(result, part, layer), size)


@router.get("/change/legend", responses=LEGEND)
async def change_legend(asked: Asked, part: str = "", layer: Layer = None) -> Response:
    """The legend of the picture with the same parameters."""
    return await asked.legend(lambda result: _change(result, part, layer))


@router.get("/{part}.webp", response_class=Response, responses=PICTURE)
async def components_webp(asked: Asked, part: PartName, look: ChosenLook, size: Size = None) -> Response:
    """Three principal components of the patch vectors as red, green and blue; one square per patch."""
    return await asked.picture(lambda result: asked.components(result, part, look), size)


@router.get("/{part}/legend", responses=LEGEND)
async def components_legend(asked: Asked, part: PartName, look: ChosenLook) -> Response:
    """The legend of the picture with the same parameters, with the variance that each component explains."""
    return await asked.legend(lambda result: asked.components(result, part, look))


@router.get("/{part}.npy", response_class=Response, responses={200: {"content": {NPY: {}}}})
async def vectors_npy(asked: Asked, part: PartName, layer: Layer = None) -> Response:
    """The vectors for `numpy.load`: float32 [y, x, dimension]."""

    def make(result: KeptResult) -> bytes:
        buffer = io.BytesIO()
        np.save(buffer, read_part(result, part, layer), allow_pickle=False)
        return buffer.getvalue()

    name = f"{asked.run}_{part}{'' if layer is None else f'_layer{layer}'}.npy"
    return asked.stamp.data(await asked.find(make), NPY, {"Content-Disposition": f'attachment; filename="{name}"'})


@router.get("/{part}/likeness.webp", response_class=Response, responses=PICTURE)
async def likeness_webp(asked: Asked, part: PartName, look: ToPatch, size: Size = None) -> Response:
    """Cosine similarity of every patch to the one in column x and row y."""
    return await asked.picture(lambda result: _likeness(result, part, look), size)


@router.get("/{part}/likeness/legend", responses=LEGEND)
async def likeness_legend(asked: Asked, part: PartName, look: ToPatch) -> Response:
    """The legend of the picture with the same parameters."""
    return await asked.legend(lambda result: _likeness(result, part, look))


@router.get("/{part}/likeness", responses={200: {"model": LikenessBody}})
async def likeness(asked: Asked, part: PartName, look: ToPatch) -> Response:
    """The same as numbers."""
    found = await asked.find(lambda result: cosines(read_part(result, part, look.layer), look.x, look.y))
    return asked.stamp.json({"values": [[round(float(value), 4) for value in row] for row in found]})


def _likeness(result: KeptResult, part: str, look: LikenessLook) -> Picture:
    found = cosines(read_part(result, part, look.layer), look.x, look.y)
    return draw_likeness(found, part_named(result, part), (look.x, look.y))


def _change(result: KeptResult, modality: str, layer: int | None) -> Picture:
    """The change of the part that holds a modality; without one, of all inputs merged."""
    without, after = (f"{name}_{modality}" if modality else name for name in ("without", "with"))
    turned = changes(read_part(result, without, layer), read_part(result, after, layer))
    return draw_change(turned, part_named(result, after))
