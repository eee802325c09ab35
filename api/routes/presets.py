"""GET /api/presets: per modality, the named ways to draw it."""

from fastapi import APIRouter
from starlette.responses import Response

from api.json_answer import dumps
from api.limits import SHORT_MAX_AGE_S
from rendering.registry import presets_json

router = APIRouter(tags=["chips"])


@router.get("/presets", responses={200: {"model": dict[str, list[dict[str, object]]]}})
async def presets() -> Response:
    """Per modality its presets, default first: name, title, recipe, kind, unit, bands, parameters, fixed legend."""
    headers = {"Cache-Control": f"private, max-age={SHORT_MAX_AGE_S}"}
    return Response(dumps(presets_json()), media_type="application/json", headers=headers)
