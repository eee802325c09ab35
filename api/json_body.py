"""The JSON object in the body of a request, read no further than such a body may be long."""

import json
from typing import Any

from fastapi import Request

from errors import GenerationRequestError, TooLargeError

MOST_BYTES = 16 * 1024  # twenty times the longest honest request


async def json_body(request: Request) -> dict[str, Any]:
    """The object that a client sends.

    Raises:
        TooLargeError: the body is longer than any honest one.
        GenerationRequestError: it is no JSON object.
    """
    content = bytearray()
    async for piece in request.stream():
        content += piece
        if len(content) > MOST_BYTES:
            raise TooLargeError(f"The body is longer than {MOST_BYTES:,} bytes. Send the fields that /api/docs names.")
    try:
        told = json.loads(content)
    except (ValueError, RecursionError) as error:
        reason = "nested too deeply" if isinstance(error, RecursionError) else "no JSON"
        raise GenerationRequestError(f"The body is {reason}. Send an object as /api/docs shows it.") from None
    if not isinstance(told, dict):
        raise GenerationRequestError("The body is no JSON object. Send an object as /api/docs shows it.")
    return told
