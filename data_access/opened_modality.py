"""Makes the `xarray.Dataset` as which an opened modality travels (see `data_access.dataset`)."""

from collections.abc import Sequence

import numpy as np
import xarray as xr

from data_access.dataset import ModalityAttributes


def opened_modality(
    values: np.ndarray, bands: Sequence[str], attributes: ModalityAttributes, cloud_mask: np.ndarray | None = None
) -> xr.Dataset:
    """Put values, names and place together.

    The arrays become read-only, because the same one may serve many requests. Pixel centres follow from the transform
    in `attributes`; without one there are none.

    Args:
        values: (band, y, x) as stored, native byte order.
        bands: a name per band.
        attributes: what is known of the modality.
        cloud_mask: (y, x) uint8, where the file has one.
    """
    variables: dict[str, tuple[tuple[str, ...], np.ndarray]] = {"bands": (("band", "y", "x"), _read_only(values))}
    if cloud_mask is not None:
        variables["cloud_mask"] = (("y", "x"), _read_only(cloud_mask))
    coordinates: dict[str, object] = {"band": list(bands)}
    if attributes["transform"] is not None:
        a, _, c, _, e, f = attributes["transform"]
        coordinates["y"] = f + e * (np.arange(values.shape[1]) + 0.5)
        coordinates["x"] = c + a * (np.arange(values.shape[2]) + 0.5)
    return xr.Dataset(variables, coordinates, attrs=dict(attributes))


def _read_only(values: np.ndarray) -> np.ndarray:
    values.flags.writeable = False
    return values
