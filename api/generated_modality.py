"""What a run generated as an opened modality, so that pictures, legends and values are made as those of samples are."""

import numpy as np
import xarray as xr

from errors import ModalityMissingError
from generation.kept_result import KeptResult
from generation.modalities import MODALITIES
from generation.place import Place

TRUE_COLOUR = "S2RGB"  # not generated: a picture of the S2L2A that is
_PICTURE_OF = {TRUE_COLOUR: ("S2L2A", "true-colour")}  # modality, and the preset that stands for `as-is`
OF_A_PAIR = ">"  # between input and output in the names of a matrix


def source_of(name: str, values: np.ndarray, place: Place | None) -> xr.Dataset:
    """Generated values as an opened modality.

    Args:
        name: of the modality; `input>output` in a matrix.
        values: (band, y, x).
        place: where they lie, if that is known.

    Raises:
        ModalityMissingError: it is no modality that can be drawn.
    """
    modality = MODALITIES.get(name.rpartition(OF_A_PAIR)[2])
    if modality is None or len(modality.bands) != len(values):
        raise ModalityMissingError(f"{name[:40]!r} has {len(values)} bands: it is no picture of a modality.")
    attributes = {
        "modality": modality.name,
        "unit": modality.unit,
        "epsg": place.epsg if place else None,
        "transform": place.transform if place else None,
        "corners": place.corners if place else None,
        "offset_state": "absent",  # inputs lost it before the model saw them
        "nodata": None,
    }
    return xr.Dataset({"bands": (("band", "y", "x"), values)}, coords={"band": list(modality.bands)}, attrs=attributes)


def generated(result: KeptResult, name: str, seed: int | None) -> xr.Dataset:
    """What one seed of a run made of a modality.

    Args:
        result: of the run.
        name: of the modality; of S2RGB, the S2L2A that it is a picture of.
        seed: of the request; its first one without.

    Raises:
        ModalityMissingError, ResultDamagedError, GenerationRequestError: see `KeptResult.seed`.
    """
    stored = stored_name(name)
    return source_of(stored, result.seed(stored, seed), result.place)


def stored_name(name: str) -> str:
    """The array of a result that a modality is made of: itself, but S2L2A for the picture S2RGB."""
    return _PICTURE_OF.get(name, (name, ""))[0]


def preset_of(name: str, preset: str | None) -> str | None:
    """The preset by which a modality is drawn: S2RGB is S2L2A in true colour unless another look is asked for."""
    if name in _PICTURE_OF and preset in (None, "", "as-is"):
        return _PICTURE_OF[name][1]
    return preset
