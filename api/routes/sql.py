"""GET /api/sql.{json,parquet,csv}: one query of the SQL console over the annotations of BigEarthNet.txt."""

import asyncio
from collections.abc import Callable, Generator
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import Response

from api.bodies import QueryBody
from api.caching import UNKEPT
from api.dependencies import Hall, SharedHall
from api.errors import documented
from api.file_answer import Making
from api.head_requests import ONLY_HEAD
from api.json_answer import dumps
from data_access.console.console import Answer, Job
from data_access.console.consoles import console_of
from data_access.console.limits import IN_FILE, IN_JSON, MOST_CHARACTERS, Limits
from data_access.console.taken import TakenAnswer, file_name, tidy
from data_access.dataset import Dataset
from data_access.exports import csv_file
from data_access.exports.parquet_writing import MEDIA_TYPE, parquet_pieces, row_groups

router = APIRouter(tags=["sql"], responses=documented(400, 404, 409, 413, 422, 429, 503, 504))

_LOOK_S = 0.5  # between looks at whether the client still waits
Text = Annotated[
    str,
    Query(
        description="one statement that reads: SELECT, WITH, FROM, DESCRIBE, SHOW, SUMMARIZE or EXPLAIN, as DuckDB has "
        f"it, at most {MOST_CHARACTERS:,} characters. Tables: annotations (also all_data), readings, patches"
    ),
]


Pieces = Callable[[TakenAnswer], Generator[bytes]]


class AskedQuery:
    """A query on its way: the data set, the text, and who asks."""

    def __init__(self, request: Request, hall: SharedHall, q: Text) -> None:
        """Gather it; FastAPI fills the parameters in."""
        self.request = request
        self.hall: Hall = hall
        self.query = q

    async def dataset(self) -> Dataset:
        """The data set that is asked."""
        return await self.hall.opening.dataset("bigearthnet")

    async def answer(self, dataset: Dataset, limits: Limits) -> Answer:
        """The answer; a client that goes away takes its query with it.

        Raises:
            QueryError, QueryTimeoutError, QueryMemoryError, BusyError: as `Console.run`.
        """
        job = console_of(dataset).start(self.query, limits)
        waiting = asyncio.wrap_future(job.future)
        while not waiting.done():
            await asyncio.wait({waiting}, timeout=_LOOK_S)
            await self._cancel_if_gone(job)
        return await waiting

    async def file(self, ending: str, media_type: str, pieces: Pieces, *, is_text: bool) -> Response:
        """The answer as a file to save."""
        dataset = await self.dataset()
        only_head = self.request.scope.get(ONLY_HEAD)
        answer = None if only_head else await self.answer(dataset, IN_FILE)
        made = pieces(TakenAnswer(dataset.info, self.query, answer)) if answer else _nothing()
        making = Making(self.request, self.hall.exports, lambda: made)
        return await making.file(file_name(dataset.info, self.query, ending), media_type, is_text=is_text)

    async def _cancel_if_gone(self, job: Job) -> None:
        if not job.future.done() and await self.request.is_disconnected():
            job.cancel()


def _nothing() -> Generator[bytes]:
    """The body of an answer that has none."""
    yield from ()


def _parquet_pieces(taken: TakenAnswer) -> Generator[bytes]:
    return parquet_pieces(row_groups([taken.answer.table]), taken.about)


Asked = Annotated[AskedQuery, Depends()]


@router.get("/sql.json", responses={200: {"model": QueryBody}})
async def sql_json(asked: Asked) -> Response:
    """The answer as JSON, at most 10,000 rows and 8 MB; `cut` tells whether there are more."""
    answer = await asked.answer(await asked.dataset(), IN_JSON)
    content = await asked.hall.exports.run(lambda: dumps(_body(answer)))
    return Response(content, media_type="application/json", headers=UNKEPT)


@router.get("/sql.parquet", response_class=Response, responses={200: {"content": {MEDIA_TYPE: {}}}})
async def sql_parquet(asked: Asked) -> Response:
    """The answer as Parquet, at most 1,000,000 rows and 64 MB; query, cut, licence and credit are its metadata."""
    return await asked.file("parquet", MEDIA_TYPE, _parquet_pieces, is_text=False)


@router.get("/sql.csv", response_class=Response, responses={200: {"content": {csv_file.MEDIA_TYPE: {}}}})
async def sql_csv(asked: Asked) -> Response:
    """The answer as CSV (RFC 4180, UTF-8), at most 1,000,000 rows and 64 MB; licence and credit are columns."""
    return await asked.file("csv", csv_file.MEDIA_TYPE, csv_file.csv_pieces, is_text=True)


def _body(answer: Answer) -> dict[str, object]:
    table = tidy(answer.table)
    return {
        "columns": [{"name": field.name, "type": str(field.type)} for field in answer.table.schema],
        "items": table.to_pylist(),
        "cut": answer.cut,
        "seconds": round(answer.seconds, 3),
    }
