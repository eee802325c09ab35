"""GET .../{modality}.npy and .tif: the stored values themselves."""

import io

import numpy as np
from fastapi import APIRouter
from starlette.responses import Response

from api.errors import documented
from api.geotiff import geotiff
from api.modality_request import AskedModality, ModalityRequest
from api.reading import stored_values

router = APIRouter(
    prefix="/{dataset}/samples/{sample_id}", tags=["values"], responses=documented(400, 404, 422, 429, 502, 503, 504)
)

NPY = "application/octet-stream"  # numpy's format has no registered media type
TIFF = "image/tiff"


@router.get("/{modality}.npy", response_class=Response, responses={200: {"content": {NPY: {}}}})
async def npy(asked: AskedModality) -> Response:
    """Values exactly as stored, [band, y, x], native type: what `numpy.load` reads."""

    def make() -> bytes:
        buffer = io.BytesIO()
        np.save(buffer, stored_values(asked.read(), asked.modality), allow_pickle=False)
        return buffer.getvalue()

    return asked.stamp.data(await asked.readers.run(make), NPY, _download(asked, "npy"))


@router.get("/{modality}.tif", response_class=Response, responses={200: {"content": {TIFF: {}}}})
async def tif(asked: AskedModality) -> Response:
    """A GeoTIFF with CRS, band names, time, licence and credit; float16 as float32, which holds it exactly."""
    content = await asked.readers.run(lambda: geotiff(asked.read(), asked.dataset.info))
    return asked.stamp.data(content, TIFF, _download(asked, "tif"))


def _download(asked: ModalityRequest, ending: str) -> dict[str, str]:
    """Name under which a browser saves the answer; ids hold nothing that would need quoting."""
    return {"Content-Disposition": f'attachment; filename="{asked.sample_id}_{asked.modality}.{ending}"'}
