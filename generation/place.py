"""Where the window of a sample lies on the ground, for files that are to show it there."""

from dataclasses import dataclass

from affine import Affine

from data_access.dataset import Corners, Dataset, Transform
from data_access.geolocation import corners_of
from errors import ModalityMissingError, PlaceError, SampleFormatError, ShardError
from generation.prepared import Window

# Of BigEarthNet, what lies on the grid of 10 m that windows are counted in; TerraMesh has no other grid.
_FINE = ("S2", "S2-10m", "S1")


@dataclass(frozen=True)
class Place:
    """A georeferenced window."""

    epsg: int
    transform: Transform  # from pixels of the window to metres in the CRS
    corners: Corners | None  # longitude and latitude of its upper left, upper right, lower right and lower left

    def to_json(self) -> dict[str, object]:
        """The place as values that JSON can carry."""
        return {"epsg": self.epsg, "transform": list(self.transform), "corners": self.corners}

    @classmethod
    def from_json(cls, told: dict[str, list[float]] | None) -> "Place | None":
        """Read back what `to_json` gave; None stays None."""
        if told is None:
            return None
        epsg: object = told["epsg"]
        a, b, c, d, e, f = told["transform"]
        return cls(int(str(epsg)), (a, b, c, d, e, f), _corners(told.get("corners")))


def place_of(dataset: Dataset, sample_id: str, window: Window, inputs: tuple[str, ...]) -> Place | None:
    """Where a window of a sample lies; None where the files do not tell.

    Args:
        dataset: of the sample.
        sample_id: of it.
        window: in pixels of the sample's 10 m grid.
        inputs: modalities that are read anyway: one of them is looked at first.

    Raises:
        UnknownSampleError: no such sample.
    """
    there = dataset.available(sample_id)
    for name in dict.fromkeys(each for each in (*inputs, *_FINE, *there) if each in there):
        try:
            attributes = dataset.read(sample_id, name).attrs
        except (ShardError, SampleFormatError, ModalityMissingError):
            continue  # what is damaged is told where it is needed
        if attributes["transform"] is None or attributes["epsg"] is None:
            continue
        moved = Affine(*attributes["transform"]) @ Affine.translation(window.left, window.top)
        transform = (moved.a, moved.b, moved.c, moved.d, moved.e, moved.f)
        epsg = int(attributes["epsg"])
        try:
            corners: Corners | None = corners_of(transform, epsg, (window.height, window.width))
        except PlaceError:
            corners = None
        return Place(epsg, transform, corners)
    return None


def _corners(told: object) -> Corners | None:
    if not isinstance(told, list):
        return None
    upper_left, upper_right, lower_right, lower_left = ((float(lon), float(lat)) for lon, lat in told)
    return upper_left, upper_right, lower_right, lower_left
