"""One modality of one sample as a GeoTIFF in memory: values, place, band names, time, licence and credit."""

from collections.abc import Mapping, Sequence

import numpy as np
import rasterio
import xarray as xr
from affine import Affine
from rasterio.errors import RasterioError
from rasterio.io import MemoryFile

from api.reading import stored_values
from data_access.dataset import CollectionInfo
from errors import SampleFormatError

TIFF_TIME = "%Y:%m:%d %H:%M:%S"  # TIFF 6.0, tag 306
# GDAL 3.10 has no 16-bit float; float32 holds each of its values exactly.
STAND_IN_TYPES = {"float16": "float32", "bool": "uint8"}
COMPRESSION = {"compress": "deflate", "zlevel": 1, "tiled": False}  # everybody reads it; higher levels cost 5x for 4 %


def geotiff(source: xr.Dataset, info: CollectionInfo) -> bytes:
    """Write an opened modality as GeoTIFF.

    Args:
        source: as `Dataset.read` returns it.
        info: the collection it comes from, for licence and credit.

    Returns:
        The file. float16 values leave as float32, which holds them exactly; all others in their own type.

    Raises:
        ModalityMissingError: the modality is a picture only.
        SampleFormatError: the values or their place can not be written.
    """
    attributes = source.attrs
    transform = attributes["transform"]
    return written_geotiff(
        stored_values(source, attributes["modality"]),
        name=f"{attributes['sample_id']} {attributes['modality']}",
        transform=None if transform is None else Affine(*transform),
        epsg=attributes["epsg"],
        nodata=attributes["nodata"],
        bands=[str(band) for band in np.atleast_1d(source["band"].values)],
        unit=attributes["unit"],
        tags=_tags(source, info),
    )


def written_geotiff(
    values: np.ndarray,
    *,
    name: str,
    transform: Affine | None,
    epsg: int | None,
    nodata: float | None,
    bands: Sequence[str],
    unit: str,
    tags: Mapping[str, str],
) -> bytes:
    """Write values (band, y, x) as GeoTIFF; float16 as float32, which holds it exactly, and bool as uint8.

    Args:
        values: any type that GDAL has, float16 or bool.
        name: of what is written, for the error.
        transform: from pixels to the CRS, None where the place is not known.
        epsg: of the CRS.
        nodata: the value that means nothing was seen.
        bands: a name per band.
        unit: of every band.
        tags: that travel with every copy of the file.

    Raises:
        SampleFormatError: the values or their place can not be written.
    """
    dtype = STAND_IN_TYPES.get(values.dtype.name, values.dtype.name)
    profile: dict[str, object] = {
        "driver": "GTiff",
        "count": values.shape[0],
        "height": values.shape[1],
        "width": values.shape[2],
        "dtype": dtype,
        **COMPRESSION,
    }
    if transform is not None:
        profile["transform"] = transform
    if epsg is not None:
        profile["crs"] = rasterio.CRS.from_epsg(epsg)
    if nodata is not None:
        profile["nodata"] = nodata
    try:
        with MemoryFile() as memory:
            with memory.open(**profile) as writer:
                writer.write(values.astype(dtype, copy=False))
                for number, band in enumerate(bands, start=1):
                    writer.set_band_description(number, band)
                    writer.update_tags(number, unit=unit)
                writer.update_tags(**tags)
            return bytes(memory.read())
    except (RasterioError, ValueError, TypeError) as error:
        raise SampleFormatError(f"{name} can not be written as GeoTIFF: {error}") from error


def _tags(source: xr.Dataset, info: CollectionInfo) -> dict[str, str]:
    """Where the values come from, and what must stay with them."""
    attributes = source.attrs
    tags = {
        "dataset": info.title,
        "sample_id": attributes["sample_id"],
        "modality": attributes["modality"],
        "source": attributes["source"],
        "unit": attributes["unit"],
        "offset_state": attributes["offset_state"],
        "shard": attributes["provenance"]["shard"],
        "member": attributes["provenance"]["member"],
        "licence": info.licence.name,
        "licence_url": info.licence.url,
        "credit": info.licence.credit,
        "citation": info.licence.citation,
        "TIFFTAG_COPYRIGHT": f"{info.licence.name}: {info.licence.credit}",
    }
    if info.synthetic:
        tags["synthetic"] = "made by a program for demonstration; not an observation"
    if attributes["time"] is not None:
        tags["datetime"] = attributes["time"]
        tags["TIFFTAG_DATETIME"] = str(np.datetime64(attributes["time"].rstrip("Z"), "s").item().strftime(TIFF_TIME))
    return tags
