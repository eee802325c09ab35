"""What every route about a result and its truth needs: both read in the right workshop, and answers kept."""

import io
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, TypeVar

import numpy as np
from fastapi import Depends
from starlette.responses import Response

from api.caching import Stamp
from api.dependencies import SharedHall
from api.json_answer import dumps
from api.pictures import picture_bytes
from api.routes.chips import WEBP
from api.routes.generated import result_stamp
from api.routes.generations import Generations, RunId
from api.routes.values import NPY
from api.workshop import Workshop
from data_access.dataset import Dataset
from generation.judging.truth import Truth, truth_of
from generation.kept_result import KeptResult
from rendering.picture import Picture

T = TypeVar("T")
Found = Callable[[KeptResult, Truth], T]


@dataclass(frozen=True)
class JudgedRequest:
    """One result beside its truth, neither read yet.

    The results of a run never change, and the truth is read from the collection of its revision or not at all, so an
    answer that could be given may be kept.
    """

    run: RunId
    stamp: Annotated[Stamp, Depends(result_stamp)]
    generations: Generations
    hall: SharedHall

    async def opened(self) -> tuple[KeptResult, Dataset | None]:
        """The result, and the data set of its sample; None where it began with a place alone.

        Raises:
            UnknownGenerationError, ResultDamagedError: there is no such result.
            PatchworkError: the data set is not open.
        """
        result = await self.hall.queries.run(lambda: self.generations.result(self.run))
        return result, await self.hall.opening.dataset(result.dataset) if result.dataset else None

    def readers(self, dataset: Dataset | None) -> Workshop:
        """Who reads the truth."""
        return self.hall.readers(dataset) if dataset else self.hall.chips

    async def find(self, find: Found[T]) -> T:
        """Whatever a function makes of the result and its truth."""
        result, dataset = await self.opened()
        return await self.readers(dataset).run(lambda: find(result, truth_of(result, dataset)))

    async def picture(self, draw: Found[Picture], size: int | None) -> Response:
        """A picture as WebP, kept."""
        content = await self._kept(lambda *found: picture_bytes(draw(*found), "webp", size))
        return self.stamp.data(content, WEBP)

    async def legend(self, draw: Found[Picture]) -> Response:
        """The legend of a picture, kept."""
        content = await self._kept(lambda *found: dumps(draw(*found).legend.to_json()))
        return Response(content, media_type="application/json", headers=self.stamp.headers)

    async def values(self, find: Found[np.ndarray], name: str) -> Response:
        """An array for `numpy.load`; `name` is what a browser saves it as, without its ending."""

        def make(result: KeptResult, truth: Truth) -> bytes:
            buffer = io.BytesIO()
            np.save(buffer, find(result, truth), allow_pickle=False)
            return buffer.getvalue()

        plain = f"{self.run}_{name.replace('>', '-to-')}.npy"  # some systems refuse the arrow of a matrix
        headers = {"Content-Disposition": f'attachment; filename="{plain}"'}
        return self.stamp.data(await self.find(make), NPY, headers)

    async def _kept(self, make: Found[bytes]) -> bytes:
        """What is made once for all who ask for it meanwhile."""
        result, dataset = await self.opened()
        return await self.readers(dataset).shared(
            self.hall.pictures, self.stamp.key, lambda: make(result, truth_of(result, dataset))
        )


AskedJudged = Annotated[JudgedRequest, Depends()]
