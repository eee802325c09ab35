"""GET /api/bigearthnet/annotations/audit, .parquet and .csv: what checking answers against reference maps has found."""

from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query, Request
from pydantic import BaseModel
from starlette.responses import Response

from api.annotation_rows import OpenRows
from api.dependencies import SharedHall
from api.errors import documented
from api.file_answer import Making
from api.row_parameters import WantedRows
from data_access.annotations.audit.audit import Audit, audit_of
from data_access.annotations.checks.verdict import OUTCOMES
from data_access.exports import csv_file, parquet_writing
from data_access.exports.audit_selection import AuditSelection

router = APIRouter(
    prefix="/bigearthnet/annotations", tags=["exports"], responses=documented(400, 404, 413, 422, 429, 503)
)

Outcomes = Annotated[
    list[Literal["agree", "differ", "unknown"]] | None,
    Query(description="which verdicts; all without it. unknown: it can not be told from the map, and why"),
]


class TaskBody(BaseModel):
    """Rows of one task, by what their map says of the answer."""

    type: str
    category: str
    agree: int
    differ: int
    unknown: int
    not_checked: int


class AuditBody(BaseModel):
    """How far the matching annotations are checked, in patches, and what was found."""

    patches: int
    with_map: int
    checked: int
    tasks: list[TaskBody]


class Asked:
    """What every answer is made from."""

    def __init__(self, request: Request, opened: OpenRows, wanted: WantedRows, hall: SharedHall) -> None:
        """Gather it; FastAPI fills the parameters in."""
        self.request, self.dataset, self.wanted, self.hall = request, opened.dataset, wanted, hall

    async def audit(self) -> Audit:
        """The audit, once what earlier ones have kept is read."""
        return await self.hall.queries.run(lambda: audit_of(self.dataset))

    async def selection(self, outcomes: Outcomes) -> AuditSelection:
        """The verdicts that are asked for."""
        return AuditSelection(self.dataset.info, await self.audit(), self.wanted, tuple(outcomes or OUTCOMES))


AskedAudit = Annotated[Asked, Depends()]


@router.get("/audit")
async def audit_summary(asked: AskedAudit) -> AuditBody:
    """How many matching annotations agree with their reference map, differ from it, or can not be told, per task.

    Annotations are checked on the Annotations page; what nobody has checked yet counts as `not_checked`.
    """
    audit = await asked.audit()
    covered, tasks = await asked.hall.queries.run(lambda: (audit.coverage(asked.wanted), audit.summary(asked.wanted)))
    return AuditBody(
        patches=covered.patches,
        with_map=covered.with_map,
        checked=covered.checked,
        tasks=[TaskBody(**row) for row in tasks.to_pylist()],
    )


@router.get("/audit.parquet", response_class=Response, responses={200: {"content": {parquet_writing.MEDIA_TYPE: {}}}})
async def audit_parquet(asked: AskedAudit, outcome: Outcomes = None) -> Response:
    """The checked annotations with verdict and number found, as Parquet; licence and credit in the schema's metadata.

    It holds what was checked until now; the metadata say how much of the selection that is.
    """
    chosen = await asked.selection(outcome)
    making = Making(
        asked.request,
        asked.hall.exports,
        lambda: parquet_writing.parquet_pieces(parquet_writing.row_groups(chosen.tables()), chosen.about),
    )
    return await making.file(f"{chosen.name}.parquet", parquet_writing.MEDIA_TYPE, is_text=False)


@router.get("/audit.csv", response_class=Response, responses={200: {"content": {csv_file.MEDIA_TYPE: {}}}})
async def audit_csv(asked: AskedAudit, outcome: Outcomes = None) -> Response:
    """The same as CSV (RFC 4180, UTF-8); licence and credit are columns."""
    chosen = await asked.selection(outcome)
    making = Making(asked.request, asked.hall.exports, lambda: csv_file.csv_pieces(chosen))
    return await making.file(f"{chosen.name}.csv", csv_file.MEDIA_TYPE, is_text=True)
