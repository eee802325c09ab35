"""/api/generations: runs of TerraMind, asked for, followed, cancelled and named. Their results: `generated`."""

from http import HTTPStatus
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header, Path, Request
from starlette.responses import Response, StreamingResponse

from api.caching import UNKEPT
from api.dependencies import Hall, SharedHall
from api.errors import documented
from api.generation_bodies import GenerationBody, ModelsBody, RunBody, TitleBody, asked_of
from api.generation_events import events_of
from api.head_requests import ONLY_HEAD
from api.json_answer import dumps
from api.json_body import json_body
from api.limits import HEARTBEAT_S
from api.same_origin import same_origin
from api.server_events import HEADERS, MEDIA_TYPE, EventStream
from data_access.dataset import CollectionInfo
from errors import GenerationRequestError, PatchworkError
from generation.jobs import Job
from generation.kept_result import KeptResult
from generation.provenance import provenance
from generation.request import warnings
from generation.results import ID_PATTERN
from generation.service import GenerationService, service

router = APIRouter(prefix="/generations", tags=["generations"], responses=documented(400, 404, 422, 429, 503))

_LONGEST_NUMBER = 18  # digits of an event's number that a client sends back


async def generation_service() -> GenerationService:
    """The generations of this process; tests put their own in its place."""
    return service()


Generations = Annotated[GenerationService, Depends(generation_service)]
RunId = Annotated[str, Path(pattern=ID_PATTERN, description="as POST /generations gave it")]
JsonBody = Annotated[dict[str, Any], Depends(json_body)]
OWN_PAGES = [Depends(same_origin)]


def _documented_body(model: type[GenerationBody | TitleBody]) -> dict[str, Any]:
    """The request body in the OpenAPI document; it is read by `json_body`, which bounds it."""
    return {"requestBody": {"required": True, "content": {"application/json": {"schema": model.model_json_schema()}}}}


@router.get("/models", responses={200: {"model": ModelsBody}})
async def models(generations: Generations, hall: SharedHall) -> Response:
    """Every model: what it takes and makes, whether it can run here, and what is missing where it can not."""
    found = await hall.queries.run(generations.models)
    items = [
        {
            **{name: getattr(state.model, name) for name in ("name", "title", "synthetic", "parameters")},
            **{name: getattr(state, name) for name in ("ready", "inputs", "outputs", "missing", "fetched", "cure")},
            "modalities_missing": state.modalities_missing,
        }
        for state in found
    ]
    return _json({"items": items})


@router.post(
    "",
    status_code=202,
    responses={202: {"model": RunBody}, **documented(403, 409, 413, 502, 504)},
    dependencies=OWN_PAGES,
    openapi_extra=_documented_body(GenerationBody),
)
async def start(request: Request, told: JsonBody, generations: Generations, hall: SharedHall) -> Response:
    """Ask for a run: 202 with its `id`, once its inputs are read. It waits in line, and runs whether or not you look.

    409 while a run of the same session is not finished; 429 with Retry-After while the line is full.
    """
    who, wanted = asked_of(told)
    session = who.session or (request.client.host if request.client else "")
    dataset = await hall.opening.dataset(who.dataset)
    job = await hall.readers(dataset).run(
        lambda: generations.submit(who.dataset, who.sample, wanted, session=session, coordinates=who.coordinates)
    )
    headers = {"Location": str(request.url_for("run", run=job.id).path)}
    return _json(_body(job, None, None), HTTPStatus.ACCEPTED, headers)


@router.get("/{run}", name="run", responses={200: {"model": RunBody}})
async def run_state(run: RunId, generations: Generations, hall: SharedHall) -> Response:
    """A run as it is now; once it is done, what it made, and where that comes from."""
    job, result = await hall.queries.run(lambda: _found(generations, run))
    return _json(_body(job, result, await info_of(hall, job.asked.dataset) if result else None))


@router.delete("/{run}", responses={200: {"model": RunBody}, **documented(403)}, dependencies=OWN_PAGES)
async def cancel(run: RunId, generations: Generations, hall: SharedHall) -> Response:
    """Stop a run: at once where it waits, else after the step that is being computed, a second later at most.

    A run that is over stays as it is.
    """
    return _json(_body(await hall.queries.run(lambda: generations.cancel(run)), None, None))


@router.post(
    "/{run}/title",
    responses={200: {"model": RunBody}, **documented(403, 413)},
    dependencies=OWN_PAGES,
    openapi_extra=_documented_body(TitleBody),
)
async def name(run: RunId, told: JsonBody, generations: Generations, hall: SharedHall) -> Response:
    """Give a result a title, which keeps it longer than others; an empty one takes it away."""
    title = told.get("title")
    if not isinstance(title, str) or len(told) > 1:
        raise GenerationRequestError('Send a body such as {"title": "Floods of May"} and nothing else.')
    await hall.queries.run(lambda: generations.name(run, title))
    job, result = await hall.queries.run(lambda: _found(generations, run))
    return _json(_body(job, result, await info_of(hall, job.asked.dataset)))


@router.get(
    "/{run}/events",
    response_class=Response,
    responses={200: {"content": {MEDIA_TYPE: {}}}, 204: {"description": "The run is over and you were told so"}},
)
async def events(
    request: Request,
    run: RunId,
    generations: Generations,
    hall: SharedHall,
    last_event_id: Annotated[str | None, Header(description="goes on where a lost connection ended")] = None,
) -> Response:
    """Server-sent events of a run, from its first to its last.

    `queued` {position, wait_s}; `loading` {what, done, total}; `tokens` {modality, step, steps, grid, decided}; `step`
    {modality, step, steps, eta_s, preview: a data address}; at the end `done` {seconds}, `failed` {error, message,
    retryable} or `cancelled` {}. Who comes late is told the latest of each kind and modality, then what happens.
    """
    last = (last_event_id or "")[:_LONGEST_NUMBER]
    after = int(last) if last.isascii() and last.isdecimal() else 0
    job = await hall.queries.run(lambda: generations.job(run))
    if job.is_over and not job.after(after):
        return Response(status_code=HTTPStatus.NO_CONTENT, headers=UNKEPT)
    if request.scope.get(ONLY_HEAD):
        return StreamingResponse(iter(()), media_type=MEDIA_TYPE, headers=HEADERS)
    rest = hall.followers.follow(events_of(job, after, hall))
    return EventStream(await anext(rest), rest, heartbeat_s=HEARTBEAT_S, per_second=None)


def _found(generations: GenerationService, run: str) -> tuple[Job, KeptResult | None]:
    """A job, and its result if it is done."""
    job = generations.job(run)
    return job, generations.result(run) if job.state == "done" else None


async def info_of(hall: Hall, dataset: str) -> CollectionInfo | None:
    """The collection of a result where it is open."""
    if not dataset:
        return None
    try:
        return (await hall.opening.dataset(dataset)).info
    except PatchworkError:
        return None  # a result outlives the collection that it was made from


def _body(job: Job, result: KeptResult | None, info: CollectionInfo | None) -> dict[str, object]:
    asked, queued, failure = job.asked, job.queued, job.failure
    return {
        "id": job.id,
        "state": job.state,
        "dataset": asked.dataset,
        "sample": asked.sample,
        "revision": asked.revision,
        "coordinates": asked.given,
        "request": asked.request.to_json(),
        "warnings": warnings(asked.request),
        "made_at": asked.made_at,
        "position": queued.position if queued else None,
        "wait_s": queued.wait_s if queued else None,
        "error": failure.to_json() if failure else None,
        "result": _result(result, info) if result else None,
    }


def _result(result: KeptResult, info: CollectionInfo | None) -> dict[str, object]:
    return {
        "title": result.title,
        "seconds": result.seconds,
        "timings": result.timings,
        "facts": result.facts,
        "window": result.window,
        "notes": result.notes,
        "place": result.place,
        "shapes": {each: result.shape(each) for each in result.modalities},
        "coordinates": result.coordinates,
        "provenance": provenance(result, info=info),
    }


def _json(value: object, status: int = HTTPStatus.OK, headers: dict[str, str] | None = None) -> Response:
    """A state that may change: never kept."""
    content = dumps(value)
    return Response(content, status, headers={**UNKEPT, **(headers or {})}, media_type="application/json")
