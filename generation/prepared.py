"""A sample as TerraMind is given it: cut to a window, offsets and gaps removed, the truth cut the same way."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from data_access.dataset import Dataset
from errors import CoordinateError, PatchworkError, SampleFormatError
from generation.modalities import COORDINATES, PATCH_PX, TRAINED_PX
from generation.request import RECONSTRUCT, WHOLE_SAMPLE, Request
from generation.sample_values import Values, place_of_sample, values_of


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

    def cut(self, values: np.ndarray) -> np.ndarray:
        """This part of (..., y, x)."""
        return values[..., self.top : self.top + self.height, self.left : self.left + self.width]


@dataclass(frozen=True, eq=False)
class Prepared:
    """Inputs for the engine and what to hold its outputs against.

    Units are those of the data sets: reflectance x 10,000 without the +1000 offset, brightness 0-255, dB, metres,
    NDVI -1 to 1, class numbers.
    """

    arrays: dict[str, np.ndarray]  # float32 (band, y, x), finite; "coordinates": float32 (2,) longitude, latitude
    window: Window
    notes: tuple[str, ...] = ()  # what was cut, filled or subtracted, in sentences
    # The outputs that the sample has: float32 (band, y, x), gaps filled; LULC uint8.
    truth: dict[str, np.ndarray] = field(default_factory=dict)
    valid: dict[str, np.ndarray] = field(default_factory=dict)  # bool (y, x) for each truth: False where it has none
    truth_notes: dict[str, tuple[str, ...]] = field(default_factory=dict)  # what was done to each truth, in sentences


def prepare(dataset: Dataset, sample_id: str, request: Request) -> Prepared:
    """Read what a request needs of a sample.

    Inputs must be there; an output that the sample does not have, or whose bytes are damaged, has no truth.

    Raises:
        UnknownSampleError: no such sample.
        ModalityMissingError: the data set or the sample lacks an input.
        ShardError, SampleFormatError: an input is damaged, or inputs cover different areas.
        GenerationRequestError: coordinates are asked for and the sample has no known place.
    """
    needed = request.looked_at
    makes = needed if request.kind == RECONSTRUCT else request.outputs
    found = {name: values_of(dataset, sample_id, name) for name in needed if name != COORDINATES}
    notes = [note for values in found.values() for note in values.notes]
    for name in makes:
        if name not in found and name != COORDINATES:
            _add_truth(found, notes, dataset, sample_id, name)
    alone = tuple(needed) == (COORDINATES,)
    if alone:
        found, told = _large_enough(found)
        notes.extend(told)
    window, told = _window(found, TRAINED_PX if alone else request.window)
    arrays = {name: window.cut(found[name].array).astype(np.float32) for name in needed if name in found}
    if COORDINATES in needed:
        arrays[COORDINATES] = place_of_sample(dataset, sample_id)
    return Prepared(
        arrays={name: arrays[name] for name in needed},
        window=window,
        notes=(*told, *notes),
        truth={name: np.ascontiguousarray(window.cut(found[name].array)) for name in makes if name in found},
        truth_notes={name: found[name].notes for name in makes if name in found},
        valid={name: np.ascontiguousarray(window.cut(found[name].valid)) for name in makes if name in found},
    )


def prepare_coordinates(lon: float, lat: float) -> Prepared:
    """A place alone as input, degrees east and north. Raises CoordinateError where it is not on the globe."""
    if not (-180 <= lon <= 180 and -90 <= lat <= 90):
        raise CoordinateError(f"longitude {lon}, latitude {lat} is not on the globe: give -180 to 180 and -90 to 90.")
    return Prepared({COORDINATES: np.array([lon, lat], np.float32)}, Window(0, 0, TRAINED_PX, TRAINED_PX))


def _add_truth(found: dict[str, Values], notes: list[str], dataset: Dataset, sample_id: str, name: str) -> None:
    """Read an output's truth where the sample has it."""
    try:
        found[name] = values_of(dataset, sample_id, name)
    except PatchworkError as error:
        if error.code != "modality_missing":  # the usual case: that is why it is generated
            notes.append(f"The sample's own {name} can not be compared with: {error.message}")


def _large_enough(found: Mapping[str, Values]) -> tuple[dict[str, Values], tuple[str, ...]]:
    """What a result of a place alone can be held against: it has the model's own size, whatever the window."""
    kept = {name: values for name, values in found.items() if min(values.array.shape[1:]) >= TRAINED_PX}
    if len(kept) == len(found):
        return kept, ()
    edge = f"{TRAINED_PX} x {TRAINED_PX} pixels"
    return kept, (f"Nothing real can be compared with: a place alone gives {edge}, more than the sample has.",)


def _window(found: Mapping[str, Values], wanted: int) -> tuple[Window, tuple[str, ...]]:
    """The part to use: from the middle, as large as wanted or as the sample allows, in whole patches."""
    sizes = {values.array.shape[1:] for values in found.values()}
    if not sizes:
        return Window(0, 0, wanted or TRAINED_PX, wanted or TRAINED_PX), ()
    if len(sizes) > 1:
        told = ", ".join(f"{name} {values.array.shape[2]} x {values.array.shape[1]}" for name, values in found.items())
        raise SampleFormatError(f"The sample's modalities have different sizes: {told}. TerraMind needs one grid.")
    height, width = sizes.pop()
    if wanted == WHOLE_SAMPLE:
        return Window(0, 0, width, height), ()
    side = min(wanted, width, height) // PATCH_PX * PATCH_PX
    if side == 0:
        raise SampleFormatError(f"The sample is {width} x {height} pixels, less than one patch of {PATCH_PX}.")
    window = Window((width - side) // 2, (height - side) // 2, side, side)
    if side == width == height:
        return window, ()
    why = "" if side == wanted else f", as {wanted} do not fit"
    return window, (f"The middle {side} x {side} of the sample's {width} x {height} pixels are used{why}.",)
