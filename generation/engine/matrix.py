"""Runs of kind `matrix`: every input alone to every output alone: what one modality tells of another.

Outputs are not chained here: a cell that had seen another cell's output would no longer be about its own input.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from generation.engine.checking import area_of
from generation.engine.generating import Generating, Made
from generation.engine.precision import Chosen
from generation.engine.running import Running
from generation.modalities import COORDINATES
from generation.request import TOKEN_MODALITIES, Request

SEPARATOR = ">"  # between input and output in the names of cells


def cells_of(request: Request) -> tuple[tuple[str, str], ...]:
    """Input and output of every cell that can be made, row by row; TerraMind can not turn tokens into themselves."""
    return tuple(
        (name, output)
        for name in request.inputs
        for output in request.outputs
        if not (name == output and name in TOKEN_MODALITIES)
    )


def cell_name(name: str, output: str) -> str:
    """How results and events call a cell."""
    return f"{name}{SEPARATOR}{output}"


def matrix(
    model: Any,  # noqa: ANN401 - terratorch's TerraMindGeneration
    request: Request,
    arrays: Mapping[str, NDArray[np.float32]],
    precision: Chosen,
    running: Running,
) -> tuple[Made, Generating, dict[str, NDArray[np.float32]]]:
    """Every cell, each as a run of its own would make it.

    Returns:
        what was made, by `input>output`; how it was laid out; generated places (seed, 2), likewise by cell.
    """
    generating = Generating(model, request, precision, running, area=area_of(arrays))
    cells = cells_of(request)
    for _, output in cells:
        generating.plan((output,))
    made, places = Made(), {}
    for name, output in cells:
        generating.run({name: arrays[name]}, (output,), made, shown=cell_name(name, "{}"))
        if output == COORDINATES and made.coordinates is not None:
            places[cell_name(name, output)] = made.coordinates
    made.coordinates = None
    return made, generating, places
