"""Where on the ground a place in a patch's picture lies."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from pyproj import Transformer

from data_access.bigearthnet.patch_grid import PATCH_SIZE_M, places_in, to_lonlat

_DECIMALS = 7  # of degrees: about a centimetre, where a pixel has ten metres


@dataclass(frozen=True)
class Footprints:
    """The UTM squares of the patches of n rows; what belongs to an unknown one is 0."""

    epsg: np.ndarray  # (n,) int64
    left: np.ndarray  # (n,) float64, metres
    top: np.ndarray  # (n,) float64, metres

    @property
    def known(self) -> np.ndarray:
        """Whether the patch's name tells its place, (n,) bool."""
        return self.epsg > 0

    def ground(self, x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Places in the pictures on the ground.

        Args:
            x: (n,) 0 to 1 from the left edge.
            y: (n,) 0 to 1 from the top edge.

        Returns:
            Longitude and latitude, (n,) float64 degrees; NaN where patch or place is not known.
        """
        lon, lat = np.full(len(x), np.nan), np.full(len(x), np.nan)
        known = self.known & np.isfinite(x) & np.isfinite(y)
        for code in np.unique(self.epsg[known]):
            chosen = known & (self.epsg == code)
            transformer: Transformer = to_lonlat(int(code))
            eastings = self.left[chosen] + PATCH_SIZE_M * x[chosen]
            northings = self.top[chosen] - PATCH_SIZE_M * y[chosen]
            lon[chosen], lat[chosen] = transformer.transform(eastings, northings)
        return lon.round(_DECIMALS), lat.round(_DECIMALS)


def footprints_of(patch_ids: pa.ChunkedArray) -> Footprints:
    """The squares of some patches by their names; rows of one patch stand together, so few names are read."""
    encoded = patch_ids.cast(pa.string()).combine_chunks().dictionary_encode()
    encoded = encoded.chunk(0) if isinstance(encoded, pa.ChunkedArray) else encoded
    places = places_in(encoded.dictionary)
    rows = encoded.indices.fill_null(len(encoded.dictionary)).to_numpy(zero_copy_only=False)
    columns = (places[name].fill_null(0).to_numpy().astype(np.float64) for name in ("epsg", "ulx", "uly"))
    epsg, left, top = (np.append(column, 0.0)[rows] for column in columns)
    return Footprints(epsg.astype(np.int64), left, top)
