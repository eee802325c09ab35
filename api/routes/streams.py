"""GET /api/{dataset}/shards and .../play: a shard played from front to back, as a training loader gets its samples."""

import contextlib
from collections.abc import Generator
from dataclasses import dataclass
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Header, Path, Query, Request
from starlette.responses import Response, StreamingResponse

from api.bodies import ShardsBody
from api.caching import REVISION_PARAMETER, Stamped, answer_key
from api.dependencies import OpenDataset, SharedHall
from api.errors import documented
from api.head_requests import ONLY_HEAD
from api.limits import FASTEST_PACE, HEARTBEAT_S, SLOWEST_PACE
from api.pictures import SIZE_LIMITS, Look, draw, picture_bytes
from api.routes.chips import webp
from api.server_events import HEADERS, MEDIA_TYPE, EventStream, ServerEvent
from data_access.dataset import ID_PATTERN
from data_access.playing import PlayBegun, Played, PlayedSample, Player, PlaysShards
from errors import PatchworkError, PresetError, UnknownShardError

router = APIRouter(prefix="/{dataset}/shards", tags=["shards"], responses=documented(400, 404, 429, 502, 503, 504))

MAX_POSITION = 1 << 62  # bytes: more than any disk has
LONGEST_NUMBER = 18  # digits of a position that a client sends back
MAX_NAME = 255  # characters of a file name
SHOWN = ("country", "season", "climate_zone", "lon", "lat", "time")  # of a sample's row


def player_of(dataset: OpenDataset) -> Player:
    """Whatever plays the shards of a data set. Raises UnknownShardError where it does not lie in shards."""
    if not isinstance(dataset, PlaysShards):
        raise UnknownShardError(f"{dataset.info.title} does not lie in shards. Play those of terramesh.")
    return dataset.player


SharedPlayer = Annotated[Player, Depends(player_of)]


@dataclass(frozen=True)
class Wanted:
    """What of which shard is to be played, and how its pictures are to look: the address of a request."""

    split: Annotated[str, Path(max_length=MAX_NAME)]
    shard: Annotated[str, Path(max_length=MAX_NAME, description="file name, such as majortom_shard_000001.tar")]
    modality: Annotated[str, Query(max_length=MAX_NAME, description="whose file is read")]
    after: Annotated[
        int, Query(ge=0, le=MAX_POSITION, description="`position` of the last event; 0: from the start")
    ] = 0
    sample: Annotated[str | None, Query(pattern=ID_PATTERN, description="begin with this sample instead")] = None
    preset: Annotated[str | None, Query(description="of the pictures; the modality's default without one")] = None
    size: Annotated[int | None, Query(ge=SIZE_LIMITS[0], le=SIZE_LIMITS[1], description="of the pictures")] = None
    per_second: Annotated[
        float | None,
        Query(ge=SLOWEST_PACE, le=FASTEST_PACE, description="samples per second at most; else as they come"),
    ] = None
    last_event_id: Annotated[str | None, Header(description="goes on where a lost connection ended")] = None

    def start(self) -> tuple[int, str | None]:
        """Position and sample to begin with; a connection that was lost goes on behind what came."""
        last = (self.last_event_id or "")[:LONGEST_NUMBER]
        return (int(last), None) if last.isascii() and last.isdecimal() else (self.after, self.sample)


@dataclass(frozen=True)
class Playing:
    """One shard that is played."""

    request: Request
    dataset: OpenDataset
    player: SharedPlayer
    hall: SharedHall
    wanted: Annotated[Wanted, Depends()]

    def events(self) -> Generator[ServerEvent]:
        """Everything that happens while it is played.

        Raises:
            PatchworkError: it can not be begun; what fails later is the last event.
        """
        wanted, (position, sample) = self.wanted, self.wanted.start()
        played = self.player.play(wanted.split, wanted.shard, wanted.modality, after=position, sample=sample)
        begun = False
        with contextlib.closing(played):
            try:
                for item in played:
                    yield self._event(item)
                    position, begun = item.position, True
                yield ServerEvent("done", {"position": position}, str(position))
            except PatchworkError as error:
                if not begun:
                    raise
                known = {"error": error.code, "message": error.message, "retryable": error.retryable}
                yield ServerEvent("error", {**known, "position": position}, str(position))

    def _event(self, item: Played) -> ServerEvent:
        if isinstance(item, PlayBegun):
            return ServerEvent("begin", item)
        if isinstance(item, PlayedSample):
            return self._sample(item)
        return ServerEvent("note", item, str(item.position))

    def _sample(self, item: PlayedSample) -> ServerEvent:
        """The event of a sample whose picture is drawn and waits for the browser; a note where it can not be drawn."""
        path, parameters = self._address(item.id)
        key = answer_key(self.dataset.info, path, parameters)
        try:
            self.hall.pictures.get(key, lambda: self._picture(item))
        except PresetError:
            raise  # no other sample will do better
        except PatchworkError as error:
            note = {"message": error.message, "id": item.id, "number": item.number, "position": item.position}
            return ServerEvent("note", note, str(item.position))
        versioned = [*parameters, (REVISION_PARAMETER, self.dataset.info.revision)]
        facts = {name: item.row[name] for name in SHOWN if item.row.get(name) is not None}
        event = {
            "id": item.id,
            "number": item.number,
            "position": item.position,
            "bytes": len(item.data),
            "url": f"{path}?{urlencode(versioned)}",
            **facts,
        }
        return ServerEvent("sample", event, str(item.position))

    def _picture(self, item: PlayedSample) -> bytes:
        return picture_bytes(draw(self.player.opened(item), Look(self.wanted.preset)), "webp", self.wanted.size)

    def _address(self, sample_id: str) -> tuple[str, list[tuple[str, str]]]:
        """Path and parameters under which the sample's picture can be asked for."""
        where = {"dataset": self.dataset.info.dataset, "sample_id": sample_id, "modality": self.wanted.modality}
        parameters = [("preset", self.wanted.preset)] if self.wanted.preset else []
        parameters += [("size", str(self.wanted.size))] if self.wanted.size else []
        return self.request.url_for(webp.__name__, **where).path, parameters


@router.get("", responses={200: {"model": ShardsBody}})
async def shards(player: SharedPlayer, stamp: Stamped, hall: SharedHall) -> Response:
    """Every set of shards: its split and name, how many samples it holds, and the bytes of each modality's file."""
    found = await hall.queries.run(player.shards)
    items = [
        {"split": each.split, "name": each.name, "samples": each.samples, "modalities": each.sizes} for each in found
    ]
    return stamp.json({"items": items})


@router.get("/{split}/{shard}/play", response_class=Response, responses={200: {"content": {MEDIA_TYPE: {}}}})
async def play(playing: Annotated[Playing, Depends()]) -> Response:
    """Server-sent events while a shard is read from front to back.

    `begin` {position, size, samples}; `sample` {id, number, position, bytes, url, country ...} for each sample, once
    its picture can be had at `url`; `note` {message, position} for what is damaged or no sample; at the end `done`
    {position}, or `error` {error, message, retryable, position}. Go on later with `after` = the last `position`:
    nothing is missed and nothing repeated. Reading stops when the client goes away.
    """
    events = playing.hall.players.stream(playing.events())
    first = await anext(events)
    if playing.request.scope.get(ONLY_HEAD):
        await events.aclose()
        return StreamingResponse(iter(()), media_type=MEDIA_TYPE, headers=HEADERS)
    return EventStream(first, events, heartbeat_s=HEARTBEAT_S, per_second=playing.wanted.per_second)
