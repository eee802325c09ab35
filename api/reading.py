"""Opened modalities, shared between the picture, the values and the legend that one page asks for at once."""

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from data_access.bigearthnet.modalities import STACKED_S2
from data_access.dataset import Dataset
from data_access.memory_cache import OnceCache
from errors import ModalityMissingError

CLOUD_MASK = "cloud_mask"
BANDS = "bands"


def opened(arrays: OnceCache[str, xr.Dataset], dataset: Dataset, sample_id: str, modality: str) -> xr.Dataset:
    """One modality of one sample, decoded once for all who ask within a short time.

    Raises:
        UnknownSampleError, ModalityMissingError, ShardError, SampleFormatError: see `Dataset.read`.
    """
    key = f"{dataset.info.dataset}/{dataset.info.revision}/{sample_id}/{modality}"
    return arrays.get(key, lambda: dataset.read(sample_id, modality))


def stored_values(source: xr.Dataset, modality: str) -> NDArray[np.generic]:
    """Values exactly as stored, [band, y, x], native byte order.

    Raises:
        ModalityMissingError: the modality is a picture only.
    """
    if modality == STACKED_S2:
        raise ModalityMissingError(
            "S2 shows all bands on the 10 m grid, which no file stores. Ask the values of S2-10m, S2-20m and S2-60m."
        )
    values: NDArray[np.generic] = source[BANDS].values
    return np.ascontiguousarray(values)
