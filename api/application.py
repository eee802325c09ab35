"""The FastAPI app that `app.py` mounts at /api."""

from fastapi import FastAPI

from api.caching import NotModifiedError, answer_not_modified
from api.dependencies import Hall
from api.errors import install_error_handlers
from api.head_requests import HeadRequests
from api.opening import Opening
from api.routes import (
    annotation_exports,
    annotations,
    audit,
    catalogue,
    chips,
    embeddings,
    exports,
    generated,
    generations,
    health,
    judgements,
    points,
    presets,
    readings,
    samples,
    sql,
    streams,
    thumbnails,
    tiles,
    tokens,
    values,
)
from api.routes.docs import install_docs
from api.version import VERSION

DESCRIPTION = """Samples of TerraMesh and BigEarthNet.txt: counts, places, pictures and values exactly as stored.

Every error is `{"error": code, "message": what happened and what to do, "retryable": bool}`. Answers carry an ETag;
with `v=` the collection's revision (see `/api/health`) they may be kept by a browser without asking again.
"""
# Exports before chips: `sheet.png` is not a modality.
# Of routes that fit one path the first answers: thumbnails before chips, which take any word for a modality.
ROUTERS = (
    health,
    presets,
    catalogue,
    tiles,
    points,
    samples,
    readings,
    exports,
    annotation_exports,
    audit,
    thumbnails,
    chips,
    values,
    annotations,
    streams,
    sql,
    tokens,
    embeddings,
    generations,
    generated,
    judgements,
)


def create_api(opening: Opening) -> FastAPI:
    """Make the API over data sets that are open, or are being opened.

    The caller starts `opening` and, at the end, closes `api.state.hall`.
    """
    api = FastAPI(
        title="Patchwork",
        version=VERSION,
        description=DESCRIPTION,
        docs_url=None,
        redoc_url=None,
        openapi_url="/openapi.json",
    )
    api.state.hall = Hall(opening)
    install_error_handlers(api)
    api.add_exception_handler(NotModifiedError, answer_not_modified)
    api.add_middleware(HeadRequests)
    for routes in ROUTERS:
        api.include_router(routes.router)
    install_docs(api)
    return api
