"""What results as rows and results as patches share: the way from one of them to the patch, and its picture."""

from components.annotations.page_state import change, current
from components.annotations.state import AnnotationsState
from data_access.bigearthnet.dataset import BigEarthNet
from data_access.dataset import DatasetName
from errors import UnknownSampleError

DATASET: DatasetName = "bigearthnet"
_LARGEST_LON, _LARGEST_LAT = 180, 90  # degrees; no comparison with them holds for NaN


def reading_query(state: AnnotationsState) -> str:
    """Query of a link that reads one of the results; the browser adds the patch, and the row where there is one."""
    return AnnotationsState(wanted=state.wanted, view="read").query_string()


def read_patch(sample: str, row: int | None = None) -> None:
    """Open a patch, with one of its rows marked; the end of a callback."""
    change(current().replace(view="read", sample=sample, row=row))


def has_picture(dataset: BigEarthNet, sample: str) -> bool:
    """Whether there is an optical picture of a patch."""
    try:
        return any(name.startswith("S2") for name in dataset.available(sample))
    except UnknownSampleError:
        return False


def place_of(lon: object, lat: object) -> list[float] | None:
    """A position for the ring on the map; None where it is not known, or nowhere on the globe."""
    if isinstance(lon, float) and isinstance(lat, float) and abs(lon) <= _LARGEST_LON and abs(lat) <= _LARGEST_LAT:
        return [round(lon, 4), round(lat, 4)]
    return None
