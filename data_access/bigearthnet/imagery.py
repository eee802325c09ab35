"""Where the pixels of BigEarthNet v2 come from: one contract, fulfilled by an LMDB and by trees of GeoTIFFs."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

import numpy as np
import pyarrow as pa

from data_access.bigearthnet.modalities import Product
from data_access.dataset import Provenance, Transform


@dataclass(frozen=True)
class BandInfo:
    """One stored band without its pixels; georeference and nodata only where the file itself states them."""

    name: str
    shape: tuple[int, int]  # y, x
    dtype: np.dtype[np.generic]
    epsg: int | None = None
    transform: Transform | None = None
    nodata: float | None = None


@dataclass(frozen=True)
class StoredBands:
    """The bands of one product of one patch that are there, of those asked for, in the order asked for."""

    bands: tuple[BandInfo, ...]
    provenance: Provenance
    pixels: tuple[np.ndarray, ...] = field(default=())  # (y, x) each, as stored; empty where only sizes were asked for


class ImageStore(Protocol):
    """Pixels by product and name; safe to use from many threads at once."""

    @property
    def root(self) -> Path:
        """Folder (or file) it reads from."""

    @property
    def revision(self) -> str:
        """Changes when patches come, go or are written anew."""

    @property
    def notes(self) -> tuple[str, ...]:
        """What was found that is not imagery, in sentences."""

    def names(self, product: Product) -> pa.Array:
        """Names stored for a product (string, sorted): patch ids for S2 and reference maps, s1_names for S1."""

    def bands(self, product: Product, name: str, wanted: Sequence[str], *, pixels: bool) -> StoredBands:
        """Read bands of one product.

        Args:
            product: what to read.
            name: one of `names(product)`.
            wanted: band names; absent ones are left out of the answer.
            pixels: whether to read the pixels too.

        Raises:
            UnknownSampleError: nothing is stored under that name.
            SampleFormatError: the bytes are damaged.
        """
