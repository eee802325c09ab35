"""One generated modality as a GeoTIFF: at its place in the sample, with the whole provenance in its tags."""

from collections.abc import Mapping, Sequence

import numpy as np
from affine import Affine

from api.geotiff import written_geotiff
from generation.geotiff_tags import geotiff_tags
from generation.place import Place
from generation.provenance import JSON


def generated_geotiff(
    values: np.ndarray,
    provenance: Mapping[str, JSON],
    *,
    modality: str,
    how: str,
    seed: int,
    bands: Sequence[str],
    unit: str,
    place: Place | None,
) -> bytes:
    """Write one seed of one output.

    Args:
        values: (band, y, x), one pixel per pixel of the window.
        provenance: as `generation.provenance.provenance` tells it.
        modality: which output it is.
        how: `generated` or `reconstructed`, for the error.
        seed: which of the seeds made it.
        bands: a name per band.
        unit: of every band.
        place: where the window lies; None where that is not known, or the result was made of a coordinate alone.

    Raises:
        SampleFormatError: the values or their place can not be written.
    """
    return written_geotiff(
        values,
        name=f"The {how} {modality}",
        transform=Affine(*place.transform) if place else None,
        epsg=place.epsg if place else None,
        nodata=None,
        bands=bands,
        unit=unit,
        tags=geotiff_tags(provenance, modality=modality, seed=seed),
    )
