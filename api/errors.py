"""The one table from named errors to HTTP status codes, and the one JSON shape in which every error leaves.

Damaged bytes of one sample are 422, not 500: the request was understood, the sample behind it can not be processed,
asking again does not help, and a monitor that counts 5xx keeps meaning "a bug or an overload". A data set that could
not be opened at all is 503 with the error that says why, so that the other data set visibly goes on working.
"""

import logging
import math
from http import HTTPStatus

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response

from api.limits import OPENING_RETRY_S, RETRY_AFTER_S
from errors import (
    AccessDeniedError,
    BusyError,
    CatalogueDamagedError,
    CoordinateError,
    EmbeddingError,
    FilterError,
    ForeignOriginError,
    GenerationCancelledError,
    GenerationError,
    GenerationMemoryError,
    GenerationQueueError,
    GenerationRequestError,
    GenerationStateError,
    GenerationTimeoutError,
    GenerationUnavailableError,
    JobError,
    ModalityMissingError,
    OfflineError,
    PatchworkError,
    PlaceError,
    PreparingError,
    PresetError,
    QueryCancelledError,
    QueryError,
    QueryMemoryError,
    QueryRefusedError,
    QueryTimeoutError,
    RateLimitedError,
    RemoteError,
    RemoteTimeoutError,
    ResultDamagedError,
    SampleFormatError,
    SchemaError,
    SettingsError,
    ShardError,
    SourceChangedError,
    SourceMissingError,
    TooLargeError,
    UnknownDatasetError,
    UnknownGenerationError,
    UnknownSampleError,
    UnknownShardError,
    WeightsError,
)

logger = logging.getLogger(__name__)

SHOWN_CHARACTERS = 80  # of a rejected value; enough to recognise it, too little to fill a page


class OpeningError(PatchworkError):
    """The data set is still being opened; the same request will succeed in a moment."""

    code = "opening"
    retryable = True


class UnavailableError(PatchworkError):
    """A data set could not be opened; `cause` is the named reason."""

    code = "unavailable"

    def __init__(self, cause: PatchworkError) -> None:
        """Keep the reason, which is what the client gets to read."""
        super().__init__(cause.message)
        self.cause = cause


STATUS_OF: dict[type[PatchworkError], int] = {
    FilterError: 400,
    PresetError: 400,
    CoordinateError: 400,
    EmbeddingError: 400,
    GenerationRequestError: 400,
    QueryError: 400,
    QueryRefusedError: 400,
    ForeignOriginError: 403,
    UnknownDatasetError: 404,
    UnknownSampleError: 404,
    UnknownShardError: 404,
    ModalityMissingError: 404,
    UnknownGenerationError: 404,
    QueryCancelledError: 409,
    GenerationStateError: 409,
    GenerationCancelledError: 409,
    TooLargeError: 413,
    QueryMemoryError: 413,
    GenerationMemoryError: 413,
    GenerationQueueError: 429,
    ShardError: 422,
    SampleFormatError: 422,
    ResultDamagedError: 422,
    PlaceError: 422,
    SchemaError: 422,
    BusyError: 429,
    JobError: 500,  # jobs are not started by requests
    GenerationError: 500,  # told by events; no request waits for it
    RateLimitedError: 429,
    AccessDeniedError: 502,
    RemoteError: 502,  # the fault is behind this server
    SourceChangedError: 502,
    RemoteTimeoutError: 504,
    QueryTimeoutError: 504,  # asking again does not help: the query has to ask for less
    GenerationTimeoutError: 504,
    OfflineError: 503,
    OpeningError: 503,
    PreparingError: 503,
    UnavailableError: 503,
    SourceMissingError: 503,  # a folder that was there when the data set was opened is gone
    SettingsError: 503,
    GenerationUnavailableError: 503,
    WeightsError: 503,
    CatalogueDamagedError: 503,  # it is built anew
    PatchworkError: 500,
}
RETRY_AFTER: dict[int, int] = {429: RETRY_AFTER_S, 503: OPENING_RETRY_S}
CODE_OF_STATUS = {400: "bad_request", 404: "not_found", 405: "method_not_allowed", 413: "too_large"}


class ErrorBody(BaseModel):
    """Every error, whatever went wrong."""

    error: str = Field(description="a stable word for programs, such as bad_filter")
    message: str = Field(description="what happened, why, and what to do")
    retryable: bool = Field(description="whether the same request may succeed later")
    run: str | None = Field(None, description="of wrong_state alone: id of the unfinished run that is in the way")


def documented(*statuses: int) -> dict[int | str, dict[str, object]]:
    """The `responses` of a route that can answer with these error codes, for the OpenAPI document."""
    return {status: {"model": ErrorBody, "description": HTTPStatus(status).phrase} for status in statuses}


def error_response(
    status: int,
    code: str,
    message: str,
    *,
    retryable: bool = False,
    retry_after: int | None = None,
    run: str | None = None,
) -> Response:
    """One error as JSON, with Retry-After (seconds) where waiting helps; never cached."""
    headers = {"Cache-Control": "no-store"}
    if retryable and status in RETRY_AFTER:
        headers["Retry-After"] = str(retry_after or RETRY_AFTER[status])
    body = ErrorBody(error=code, message=message, retryable=retryable, run=run)
    return JSONResponse(body.model_dump(exclude_none=True), status_code=status, headers=headers)


def status_of(error: PatchworkError) -> int:
    """Status code of a named error: that of its class, or of the nearest parent in the table."""
    return next(STATUS_OF[kind] for kind in type(error).__mro__ if kind in STATUS_OF)


def answer_named_error(_request: Request, error: Exception) -> Response:
    """Answer one of the project's own errors by the table."""
    if not isinstance(error, PatchworkError):
        raise TypeError(f"{type(error).__name__} is not a Patchwork error") from error
    status = status_of(error)
    if error.retry_after_s is not None:
        retry_after = math.ceil(error.retry_after_s)
        return error_response(status, error.code, error.message, retryable=True, retry_after=retry_after)
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        logger.warning("%d %s: %s", status, error.code, error.message)
    shown = error.cause if isinstance(error, UnavailableError) else error
    run = shown.run if isinstance(shown, GenerationStateError) else None
    return error_response(status, shown.code, shown.message, retryable=shown.retryable, run=run or None)


def answer_validation_error(_request: Request, error: Exception) -> Response:
    """Answer a parameter that FastAPI rejected: 404 where it names the data set, else 400 with the first reason."""
    if not isinstance(error, RequestValidationError):
        raise TypeError(f"{type(error).__name__} is not a validation error") from error
    first = error.errors()[0]
    name = str(first["loc"][-1])
    shown = repr(first.get("input"))[:SHOWN_CHARACTERS]
    if tuple(first["loc"]) == ("path", "dataset"):
        return error_response(404, UnknownDatasetError.code, f"{shown} is no data set. Ask terramesh or bigearthnet.")
    code = "bad_id" if name == "sample_id" else "bad_request"
    return error_response(400, code, f"{name} is {shown}: {first['msg']}. See /api/docs for what it may be.")


def answer_http_error(request: Request, error: Exception) -> Response:
    """Answer what the router itself rejects: unknown paths and methods."""
    if not isinstance(error, HTTPException):
        raise TypeError(f"{type(error).__name__} is not an HTTP error") from error
    path = request.url.path[:SHOWN_CHARACTERS]
    message = f"{request.method} {path}: {HTTPStatus(error.status_code).phrase}. See /api/docs for what is there."
    response = error_response(error.status_code, CODE_OF_STATUS.get(error.status_code, "http_error"), message)
    response.headers.update(error.headers or {})
    return response


def answer_unexpected_error(_request: Request, _error: Exception) -> Response:
    """Answer a bug: a sentence for the client; the server writes the traceback to its log."""
    return error_response(500, "internal", "Something failed that should not. The server's log has the details.")


def install_error_handlers(api: FastAPI) -> None:
    """Make every error of `api` leave in the one shape."""
    api.add_exception_handler(PatchworkError, answer_named_error)
    api.add_exception_handler(RequestValidationError, answer_validation_error)
    api.add_exception_handler(HTTPException, answer_http_error)
    api.add_exception_handler(Exception, answer_unexpected_error)
