"""What the engine is given, checked before the model sees it: terratorch fails late, or silently, on each of these."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from errors import GenerationRequestError
from generation.modalities import CLASSES, COORDINATES, MODALITIES, TRAINED_PX

Arrays = Mapping[str, NDArray[Any]]


def checked(arrays: Arrays, inputs: tuple[str, ...]) -> dict[str, NDArray[np.float32]]:
    """The inputs of a request, each in float32 and finite.

    Args:
        arrays: (band, y, x) by Patchwork's names, coordinates (2,); others than the inputs are left out.
        inputs: what the request names.

    Raises:
        GenerationRequestError: one is missing, has another shape than it must, or values that can not be.
    """
    found: dict[str, NDArray[np.float32]] = {}
    for name in inputs:
        if name not in arrays:
            raise GenerationRequestError(f"inputs names {name}, which was not given. Give its values or drop it.")
        values = np.ascontiguousarray(arrays[name], dtype=np.float32)
        _check_shape(name, values)
        if not np.isfinite(values).all():
            raise GenerationRequestError(
                f"{np.count_nonzero(~np.isfinite(values))} values of {name} are NaN or infinite: fill them first."
            )
        if name == "LULC" and (values.min() < 0 or values.max() >= CLASSES or (values != np.rint(values)).any()):
            raise GenerationRequestError(
                f"LULC holds values that are no class number: they go from 0 to {CLASSES - 1}."
            )
        found[name] = values
    area_of(found)
    return found


def area_of(arrays: Arrays) -> tuple[int, int]:
    """Width and height that all images share; TerraMind's own where there are none.

    Raises:
        GenerationRequestError: two images have different sizes.
    """
    sizes = {name: values.shape[:0:-1] for name, values in arrays.items() if name != COORDINATES}
    if len(set(sizes.values())) > 1:
        told = ", ".join(f"{name} {width} x {height}" for name, (width, height) in sizes.items())
        raise GenerationRequestError(f"The inputs cover different areas: {told}. Cut them to the same pixels.")
    width, height = next(iter(sizes.values()), (TRAINED_PX, TRAINED_PX))
    return width, height


def _check_shape(name: str, values: NDArray[np.float32]) -> None:
    bands = len(MODALITIES[name].bands)
    if name == COORDINATES:
        if values.shape != (2,):
            raise GenerationRequestError(f"coordinates have shape {values.shape}: give longitude and latitude.")
    elif values.ndim != 3 or values.shape[0] != bands:
        raise GenerationRequestError(f"{name} has shape {values.shape}: it must be ({bands}, y, x).")
