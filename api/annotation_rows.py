"""The rows of BigEarthNet.txt for routes that ask for annotations."""

import asyncio
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends

from api.dependencies import SharedHall
from api.errors import OpeningError
from api.limits import OPENING_WAIT_S
from data_access.annotations.rows import AnnotationRows
from data_access.bigearthnet.dataset import BigEarthNet
from errors import SourceMissingError


@dataclass(frozen=True)
class OpenedRows:
    """A data set that is open, and its annotations."""

    dataset: BigEarthNet
    rows: AnnotationRows


async def open_rows(hall: SharedHall) -> OpenedRows:
    """The annotations, once their data set is open and their rows are at hand.

    Raises:
        SourceMissingError: there are none.
        OpeningError: they are still being prepared.
        PatchworkError: they can not be opened, with the reason met then.
    """
    dataset = await hall.opening.dataset("bigearthnet")
    rows = await _rows(dataset) if isinstance(dataset, BigEarthNet) else None
    if not isinstance(dataset, BigEarthNet) or rows is None:
        raise SourceMissingError(
            f"{dataset.info.title} has no annotations: set PATCHWORK_BIGEARTHNET_TXT to the annotation Parquet."
        )
    return OpenedRows(dataset, rows)


async def _rows(dataset: BigEarthNet) -> AnnotationRows | None:
    try:
        async with asyncio.timeout(OPENING_WAIT_S):
            # Shielded: one impatient request must not cancel the preparation that all others wait for.
            return await asyncio.shield(asyncio.wrap_future(dataset.rows_opening()))
    except TimeoutError:
        raise OpeningError(
            "The annotations are still being opened: what searches need is built. Ask again in a moment."
        ) from None


OpenRows = Annotated[OpenedRows, Depends(open_rows)]
