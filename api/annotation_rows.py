"""The rows of BigEarthNet.txt for routes that ask for annotations."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends

from api.dependencies import SharedHall
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
    """
    dataset = await hall.opening.dataset("bigearthnet")
    # The first to ask builds what searches need, which takes long for millions of rows.
    rows = await hall.queries.run(lambda: dataset.rows) if isinstance(dataset, BigEarthNet) else None
    if not isinstance(dataset, BigEarthNet) or rows is None:
        raise SourceMissingError(
            f"{dataset.info.title} has no annotations: set PATCHWORK_BIGEARTHNET_TXT to the annotation Parquet."
        )
    return OpenedRows(dataset, rows)


OpenRows = Annotated[OpenedRows, Depends(open_rows)]
