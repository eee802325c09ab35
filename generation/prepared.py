"""A sample as TerraMind is given it: cut to a window, offsets and gaps removed, the truth cut the same way."""

from dataclasses import dataclass, field

import numpy as np

from data_access.dataset import Dataset
from errors import CoordinateError
from generation.request import Request


@dataclass(frozen=True)
class Window:
    """Which part of the sample is used, in pixels of its 10 m grid from the upper left corner."""

    left: int
    top: int
    width: int
    height: int

    def to_json(self) -> dict[str, int]:
        """The four numbers by name."""
        return {"left": self.left, "top": self.top, "width": self.width, "height": self.height}


@dataclass(frozen=True, eq=False)
class Prepared:
    """Inputs for the engine and what to hold its outputs against.

    Units are those of the data sets: reflectance x 10,000 without the +1000 offset, brightness 0-255, dB, metres,
    NDVI -1 to 1, class numbers.
    """

    arrays: dict[str, np.ndarray]  # float32 (band, y, x), finite; "coordinates": float32 (2,) longitude, latitude
    window: Window
    notes: tuple[str, ...] = ()  # what was cut, filled or subtracted, in sentences
    truth: dict[str, np.ndarray] = field(default_factory=dict)  # the outputs that the sample has, in the same shape
    valid: dict[str, np.ndarray] = field(default_factory=dict)  # bool (y, x) for each truth: False where it has none


def prepare(dataset: Dataset, sample_id: str, request: Request) -> Prepared:
    """Read what a request needs of a sample."""
    raise NotImplementedError


def prepare_coordinates(lon: float, lat: float) -> Prepared:
    """A place alone as input, degrees east and north. Raises CoordinateError where it is not on the globe."""
    if not (-180 <= lon <= 180 and -90 <= lat <= 90):
        raise CoordinateError(f"longitude {lon}, latitude {lat} is not on the globe: give -180 to 180 and -90 to 90.")
    return Prepared({"coordinates": np.array([lon, lat], np.float32)}, Window(0, 0, 224, 224))
