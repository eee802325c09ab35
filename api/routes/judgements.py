"""/api/generations/{id}/judgement and .../{modality}/{real,difference,spread}: how well a result fits the truth."""

from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field
from starlette.responses import Response

from api.errors import documented
from api.generated_modality import preset_of, stored_name
from api.judged_modality import draw_difference, draw_real, draw_spread, range_text
from api.judged_request import AskedJudged
from api.pictures import Look
from api.routes.chips import WEBP, ChosenLook, Size
from api.routes.generated import Made
from api.routes.values import NPY
from generation.judging.judgement import METRICS
from generation.judging.maps import difference_of, real_of, spread_of, values_of
from generation.judging.of_result import judge_result
from rendering.land_cover import LULC_TERRAMIND

router = APIRouter(
    prefix="/generations/{run}", tags=["generations"], responses=documented(400, 404, 413, 422, 429, 502, 503, 504)
)

SeedOrMean = Annotated[str, Query(pattern=r"^(mean|\d{0,10})$", description="of the run, or mean: all together")]
Band = Annotated[str | None, Query(max_length=16, description="such as B08 or VV; else the modality's usual one")]
ColourRange = Annotated[
    str | None, Query(alias="range", max_length=64, description="low,high; else what holds 98 % of the pixels")
]
PICTURE: dict[int | str, dict[str, Any]] = {200: {"content": {WEBP: {}}}}
LEGEND: dict[int | str, dict[str, Any]] = {200: {"model": dict[str, object]}}
VALUES: dict[int | str, dict[str, Any]] = {200: {"content": {NPY: {}}}}


class RangeBody(BaseModel):
    """How to draw generated and real alike."""

    range: str | None = Field(description="the parameter `range` of both pictures; null where they need none")


@router.get("/judgement", responses=LEGEND)
async def judgement(asked: AskedJudged) -> Response:
    """Every output beside the real modality, per seed and together: errors, classes, spread, tokens, places.

    Judgements have no numbers where their `reason` says why nothing can be compared. PSNR is null for equal pictures.
    """
    result, dataset = await asked.opened()
    judged = await asked.readers(dataset).run(lambda: judge_result(result, dataset))
    told = {
        "id": result.id,
        "dataset": result.dataset,
        "sample": result.sample,
        "seeds": result.request.seeds,
        "reason": judged.reason,
        "outputs": judged.outputs,
        "coordinates": judged.coordinates,
        "metrics": METRICS,
        "class_names": [style.name for style in LULC_TERRAMIND.styles],
    }
    return asked.stamp.json(told, whole=not judged.reason)


@router.get("/{modality}/range", responses={200: {"model": RangeBody}})
async def colour_range(
    asked: AskedJudged, modality: Made, preset: Annotated[str | None, Query(max_length=40)] = None
) -> Response:
    """The parameter `range` that draws every seed and the real modality alike in a preset."""
    name, chosen = stored_name(modality), preset_of(modality, preset)
    found = await asked.find(lambda result, truth: range_text(result, name, truth, chosen))
    return asked.stamp.json({"range": found})


@router.get("/{modality}/real.webp", response_class=Response, responses=PICTURE)
async def real_webp(asked: AskedJudged, modality: Made, look: ChosenLook, size: Size = None) -> Response:
    """The real modality, cut to the run's window: presets and parameters as of samples."""
    name, chosen = stored_name(modality), _look(modality, look)
    return await asked.picture(lambda result, truth: draw_real(result, name, truth, chosen), size)


@router.get("/{modality}/real/legend", responses=LEGEND)
async def real_legend(asked: AskedJudged, modality: Made, look: ChosenLook) -> Response:
    """How the real picture with the same parameters was made."""
    name, chosen = stored_name(modality), _look(modality, look)
    return await asked.legend(lambda result, truth: draw_real(result, name, truth, chosen))


@router.get("/{modality}/real.npy", response_class=Response, responses=VALUES)
async def real_npy(asked: AskedJudged, modality: Made) -> Response:
    """Real values in the run's window, [band, y, x] float32 without Sentinel-2's offset, NaN where there are none."""
    return await asked.values(lambda _, truth: real_of(modality, truth), f"{modality}_real")


@router.get("/{modality}/difference.webp", response_class=Response, responses=PICTURE)
async def difference_webp(
    asked: AskedJudged,
    modality: Made,
    *,
    seed: SeedOrMean = "",
    band: Band = None,
    colours: ColourRange = None,
    size: Size = None,
) -> Response:
    """Generated minus real in one band: blue below, red above; of land cover, red where the class is another one."""
    return await asked.picture(
        lambda result, truth: draw_difference(result, modality, truth, seed=seed, band=band, colours=colours), size
    )


@router.get("/{modality}/difference/legend", responses=LEGEND)
async def difference_legend(
    asked: AskedJudged, modality: Made, seed: SeedOrMean = "", band: Band = None, colours: ColourRange = None
) -> Response:
    """How the picture of the difference with the same parameters was made."""
    return await asked.legend(
        lambda result, truth: draw_difference(result, modality, truth, seed=seed, band=band, colours=colours)
    )


@router.get("/{modality}/difference.npy", response_class=Response, responses=VALUES)
async def difference_npy(asked: AskedJudged, modality: Made, seed: SeedOrMean = "") -> Response:
    """Generated minus real, [band, y, x] float32, NaN where not compared; of land cover 0 same class, 1 another."""
    return await asked.values(
        lambda result, truth: difference_of(modality, values_of(result, modality, seed), real_of(modality, truth)),
        f"{modality}_difference",
    )


@router.get("/{modality}/spread.webp", response_class=Response, responses=PICTURE)
async def spread_webp(
    asked: AskedJudged, modality: Made, band: Band = None, colours: ColourRange = None, size: Size = None
) -> Response:
    """How far the seeds lie apart: their standard deviation; of land cover the share without the usual class."""
    return await asked.picture(lambda result, _: draw_spread(result, modality, band=band, colours=colours), size)


@router.get("/{modality}/spread/legend", responses=LEGEND)
async def spread_legend(asked: AskedJudged, modality: Made, band: Band = None, colours: ColourRange = None) -> Response:
    """How the picture of the spread with the same parameters was made."""
    return await asked.legend(lambda result, _: draw_spread(result, modality, band=band, colours=colours))


@router.get("/{modality}/spread.npy", response_class=Response, responses=VALUES)
async def spread_npy(asked: AskedJudged, modality: Made) -> Response:
    """The same as values, [band, y, x] float32."""
    return await asked.values(lambda result, _: spread_of(result, modality), f"{modality}_spread")


def _look(modality: str, look: Look) -> Look:
    """How the real modality is drawn: as the generated one, whose offset is gone already."""
    return Look(preset_of(modality, look.preset), look.bands, look.range, look.gamma, look.expression)
