"""GET /api/health: answers at once, also while the data sets are being opened."""

from typing import get_args

from fastapi import APIRouter
from starlette.responses import Response

from api.bodies import ActivityBody, CollectionState, HealthBody
from api.dependencies import SharedHall
from api.opening import OpenedCollections
from api.version import VERSION
from data_access.dataset import DatasetName
from data_access.progress import Activity, activities
from data_access.remote.pacing import waiting
from data_access.sample_filter import SampleFilter
from errors import PatchworkError

router = APIRouter(tags=["health"])


@router.get("/health", responses={200: {"model": HealthBody}})
async def health(hall: SharedHall) -> Response:
    """Version, and the state of each collection with the reason where one could not be opened."""
    body = await hall.queries.run(lambda: _health(hall))
    return Response(body.model_dump_json(), media_type="application/json", headers={"Cache-Control": "no-store"})


def _health(hall: SharedHall) -> HealthBody:
    """Ask every collection for its state, and the process for what it is busy with."""
    body = _collections(hall)
    body.activities = [_activity(each) for each in activities()]
    body.waiting_s = waiting()
    return body


def _activity(each: Activity) -> ActivityBody:
    """One piece of work, as it is at this moment."""
    return ActivityBody(
        title=each.title,
        status=each.status,
        detail=each.detail,
        done=each.done,
        total=each.total,
        unit=each.unit,
        fraction=each.fraction,
        remaining_s=each.remaining_s,
    )


def _collections(hall: SharedHall) -> HealthBody:
    """State of every data set."""
    names = get_args(DatasetName)
    try:
        opened = hall.opening.now()
    except PatchworkError as error:
        return _summed_up({name: _failed(error) for name in names})
    if opened is None:
        return _summed_up({name: CollectionState(state="opening") for name in names})
    return _summed_up({name: _state(opened, name) for name in names})


def _summed_up(states: dict[str, CollectionState]) -> HealthBody:
    """One word for all collections together."""
    kinds = {state.state for state in states.values()}
    if kinds == {"open"}:
        return HealthBody(status="ok", version=VERSION, collections=states)
    if kinds == {"failed"}:
        return HealthBody(status="failed", version=VERSION, collections=states)
    return HealthBody(status="opening" if "opening" in kinds else "partial", version=VERSION, collections=states)


def _state(opened: OpenedCollections, name: str) -> CollectionState:
    """State of one data set."""
    if not opened.opening(name).done():
        return CollectionState(state="opening")
    try:
        dataset = opened.get(name)
        count = dataset.catalog.count(SampleFilter())
    except PatchworkError as error:
        return _failed(error)
    info = dataset.info
    return CollectionState(
        state="open",
        kind=info.kind,
        title=info.title,
        root=info.root,
        revision=info.revision,
        synthetic=info.synthetic,
        samples=count.total,
        licence=info.licence.name,
        notes=list(info.notes),
    )


def _failed(error: PatchworkError) -> CollectionState:
    """State of a data set that could not be opened."""
    return CollectionState(state="failed", error=error.code, message=error.message)
