"""The arrays of the store that a run writes: one per output, and what places them on the ground."""

import math

import numpy as np

from batch.generate_job import Job
from batch.zarr_store import ZarrArray
from generation.modalities import COORDINATES, MODALITIES

_NOTHING = math.nan


def output_arrays(job: Job, count: int) -> dict[str, ZarrArray]:
    """The arrays of what is generated, by modality; each sample is a chunk.

    Args:
        job: the run.
        count: of samples.
    """
    seeds = len(job.request.seeds)
    found = {}
    for name in job.request.outputs:
        known = MODALITIES[name]
        if name == COORDINATES:
            found[name] = ZarrArray(
                name,
                (count, seeds, 2),
                (1, seeds, 2),
                "<f4",
                ("sample", "seed", f"{name}_band"),
                _NOTHING,
                {"unit": known.unit, "long_name": "generated place"},
            )
            continue
        bands, is_class = len(known.bands), name == "LULC"
        found[name] = ZarrArray(
            name,
            (count, seeds, bands, *job.shape),
            (1, seeds, bands, *job.shape),
            "|u1" if is_class else "<f4",
            ("sample", "seed", f"{name}_band", "y", "x"),
            None if is_class else _NOTHING,  # xarray would take a number for a gap, and classes for fractions
            {"unit": known.unit, "long_name": f"generated {name}", "coordinates": "lon lat made"},
        )
    return found


def band_names(job: Job) -> dict[str, np.ndarray]:
    """The names along the band axis of each output, by the name of the array that holds them."""
    return {f"{name}_band": np.array(MODALITIES[name].bands) for name in job.request.outputs}


def coordinate_array(name: str, values: np.ndarray, dims: tuple[str, ...], unit: str = "") -> ZarrArray:
    """A small array that is written as one chunk at the end of a run."""
    is_float = values.dtype.kind == "f"
    return ZarrArray(
        name,
        values.shape,
        values.shape,
        values.dtype.str,
        dims,
        _NOTHING if is_float else None,
        {"unit": unit} if unit else {},
    )
