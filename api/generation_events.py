"""Events of a run as they travel: numbered, with the picture of a step drawn and in them."""

import asyncio
import base64
from collections.abc import AsyncGenerator
from contextlib import suppress

import numpy as np

from api.dependencies import Hall
from api.generated_modality import source_of
from api.pictures import Look, draw, picture_bytes
from api.server_events import ServerEvent
from errors import BusyError, PatchworkError
from generation.events import Step
from generation.jobs import Job, Told


async def events_of(job: Job, after: int, hall: Hall) -> AsyncGenerator[ServerEvent]:
    """What happened to a job after an event, and what will, up to its end.

    Whoever comes back while nothing new has happened is told the latest event again, so that the line is seen to work.
    """
    news, loop = asyncio.Event(), asyncio.get_running_loop()

    def wake() -> None:
        with suppress(RuntimeError):  # the server has stopped; nobody listens
            loop.call_soon_threadsafe(news.set)

    last = job.last
    if last and not job.is_over and last.number <= after:
        after = last.number - 1
    end = job.listen(wake)
    try:
        while True:
            news.clear()
            for told in job.after(after):
                yield await _event(job, told, hall)
                after = told.number
            if job.is_over and not job.after(after):
                return
            await news.wait()
    finally:
        end()


async def _event(job: Job, told: Told, hall: Hall) -> ServerEvent:
    data = told.event.to_json()
    if isinstance(told.event, Step) and told.event.preview is not None:
        data["preview"] = await _preview(job, told.number, told.event.modality, told.event.preview, hall)
    return ServerEvent(told.event.name, data, str(told.number))


async def _preview(job: Job, number: int, name: str, values: np.ndarray, hall: Hall) -> str | None:
    """A picture as a data address, drawn once for all who follow; None where it can not be drawn in time."""

    def made() -> bytes:
        return picture_bytes(draw(source_of(name, values, job.asked.place), Look()), "webp", None)

    try:
        picture = await hall.chips.shared(hall.pictures, f"preview/{job.id}/{number}", made)
    except (BusyError, PatchworkError):
        return None
    return f"data:image/webp;base64,{base64.b64encode(picture).decode()}"
