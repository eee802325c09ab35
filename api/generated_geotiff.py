"""One generated modality as a GeoTIFF: at its place in the sample, with the whole provenance in its tags."""

from collections.abc import Mapping, Sequence

import numpy as np
import xarray as xr
from affine import Affine

from api.geotiff import written_geotiff
from generation.geotiff_tags import geotiff_tags
from generation.prepared import Window
from generation.provenance import JSON


def generated_geotiff(
    values: np.ndarray,
    provenance: Mapping[str, JSON],
    *,
    modality: str,
    seed: int,
    bands: Sequence[str],
    unit: str,
    source: xr.Dataset | None,
    window: Window,
) -> bytes:
    """Write one seed of one output.

    Args:
        values: (band, y, x), one pixel per pixel of the window.
        provenance: as `generation.provenance.provenance` tells it.
        modality: which output it is.
        seed: which of the seeds made it.
        bands: a name per band.
        unit: of every band.
        source: any modality of the sample on the grid of the window, as `Dataset.read` returns it; None where the
            result was made of a coordinate alone.
        window: the square that was generated, in pixels of `source`.

    Raises:
        SampleFormatError: the values or their place can not be written.
    """
    transform, epsg = None, None
    if source is not None and source.attrs["transform"] is not None:
        transform = Affine(*source.attrs["transform"]) @ Affine.translation(window.left, window.top)
        epsg = source.attrs["epsg"]
    return written_geotiff(
        values,
        name=f"The generated {modality}",
        transform=transform,
        epsg=epsg,
        nodata=None,
        bands=bands,
        unit=unit,
        tags=geotiff_tags(provenance, modality=modality, seed=seed),
    )
