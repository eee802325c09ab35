"""One modality of one sample as a GeoTIFF in memory: values, place, band names, time, licence and credit."""

import numpy as np
import rasterio
import xarray as xr
from affine import Affine
from rasterio.errors import RasterioError
from rasterio.io import DatasetWriter, MemoryFile

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
    values = stored_values(source, source.attrs["modality"])
    dtype = STAND_IN_TYPES.get(values.dtype.name, values.dtype.name)
    attributes = source.attrs
    profile: dict[str, object] = {
        "driver": "GTiff",
        "count": values.shape[0],
        "height": values.shape[1],
        "width": values.shape[2],
        "dtype": dtype,
        **COMPRESSION,
    }
    if attributes["transform"] is not None:
        profile["transform"] = Affine(*attributes["transform"])
    if attributes["epsg"] is not None:
        profile["crs"] = rasterio.CRS.from_epsg(attributes["epsg"])
    if attributes["nodata"] is not None:
        profile["nodata"] = attributes["nodata"]
    try:
        with MemoryFile() as memory:
            with memory.open(**profile) as writer:
                writer.write(values.astype(dtype, copy=False))
                _describe(writer, source, info)
            return bytes(memory.read())
    except (RasterioError, ValueError, TypeError) as error:
        raise SampleFormatError(
            f"{attributes['sample_id']} {attributes['modality']} can not be written as GeoTIFF: {error}"
        ) from error


def _describe(writer: DatasetWriter, source: xr.Dataset, info: CollectionInfo) -> None:
    """Names of the bands, and tags that travel with every copy of the file."""
    attributes = source.attrs
    for number, band in enumerate(np.atleast_1d(source["band"].values), start=1):
        writer.set_band_description(number, str(band))
        writer.update_tags(number, unit=attributes["unit"])
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
    writer.update_tags(**tags)
