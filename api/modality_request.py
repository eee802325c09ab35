"""What every route below /{dataset}/samples/{id}/{modality} needs, as one thing to ask for."""

from dataclasses import dataclass
from typing import Annotated

import xarray as xr
from fastapi import Depends

from api.caching import Stamp, Stamped
from api.dependencies import Hall, Modality, OpenDataset, SampleId, SharedHall
from api.reading import opened
from api.workshop import Workshop
from data_access.dataset import Dataset


@dataclass(frozen=True)
class ModalityRequest:
    """One modality of one sample, not read yet."""

    dataset: Dataset
    sample_id: str
    modality: str
    stamp: Stamp
    hall: Hall

    @property
    def readers(self) -> Workshop:
        """Who reads it."""
        return self.hall.readers(self.dataset)

    def read(self) -> xr.Dataset:
        """Open it, in the calling thread. Raises what `api.reading.opened` raises."""
        return opened(self.hall.arrays, self.dataset, self.sample_id, self.modality)


def requested_modality(
    sample_id: SampleId, modality: Modality, dataset: OpenDataset, stamp: Stamped, hall: SharedHall
) -> ModalityRequest:
    """The modality that the path names."""
    return ModalityRequest(dataset=dataset, sample_id=sample_id, modality=modality, stamp=stamp, hall=hall)


AskedModality = Annotated[ModalityRequest, Depends(requested_modality)]
