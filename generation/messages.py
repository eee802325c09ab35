"""What the app and the worker say to each other over two pipes: frames of a kind, a JSON object, and arrays.

The body of a frame is four bytes for the length of the JSON in it, the JSON, and the arrays as
https://github.com/huggingface/safetensors writes them: no side can make the other run code.
"""

import json
import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from enum import Enum
from typing import Any

import numpy as np
from safetensors import SafetensorError
from safetensors.numpy import load, save

from data_access.piped.frames import Splitter, framed
from generation.events import Cancelled, Done, Event, Failed, Loading, Queued, Step, Tokens
from generation.outcome import Outcome
from generation.request import Request

_JSON_LENGTH = struct.Struct(">I")
LONGEST_FRAME = 4 << 30  # the arrays of every kind of run are far smaller; a length beyond it was never meant
CANCELLED, INTERNAL = "cancelled", "internal"  # codes of a PROBLEM beside those of `errors`

Arrays = Mapping[str, np.ndarray]
EVENTS: dict[str, type[Event]] = {each.name: each for each in (Queued, Loading, Tokens, Step, Done, Failed, Cancelled)}


class Kind(Enum):
    """What a frame is."""

    OPEN = b"O"  # to the worker: which engine, with which weights
    WARM = b"W"  # to the worker: load the libraries, somebody may soon ask
    RUN = b"R"  # to the worker: a request and its inputs
    CANCEL = b"C"  # to the worker: nobody wants the result any more
    READY = b"Y"  # from the worker: it listens
    ALIVE = b"A"  # from the worker: it is at work
    EVENT = b"E"  # from the worker: something happened on the way
    DONE = b"D"  # from the worker: the outcome
    PROBLEM = b"P"  # from the worker: why there is none


@dataclass(frozen=True, eq=False)
class Message:
    """One frame, unpacked."""

    kind: Kind
    told: Mapping[str, Any] = field(default_factory=dict)
    arrays: Mapping[str, np.ndarray] = field(default_factory=dict)

    def packed(self) -> bytes:
        """The frame."""
        text = json.dumps(self.told).encode()
        tensors = save({name: np.ascontiguousarray(each) for name, each in self.arrays.items()}) if self.arrays else b""
        return framed(self.kind.value, _JSON_LENGTH.pack(len(text)), text, tensors)


class Frames:
    """Puts messages together from the pieces in which a pipe gives them."""

    def __init__(self) -> None:
        """Nothing was read yet."""
        self._splitter = Splitter(LONGEST_FRAME)

    def feed(self, piece: bytes) -> Iterator[Message]:
        """The messages that are whole with this piece. Raises ValueError where these are no messages."""
        return (_unpacked(Kind(kind), body) for kind, body in self._splitter.feed(piece))


def _unpacked(kind: Kind, body: bytes) -> Message:
    try:
        (length,) = _JSON_LENGTH.unpack_from(body)
        start = _JSON_LENGTH.size + length
        told = dict(json.loads(body[_JSON_LENGTH.size : start]))
        return Message(kind, told, load(body[start:]) if start < len(body) else {})
    except (struct.error, SafetensorError, TypeError) as error:
        raise ValueError(f"a frame of kind {kind.name} that can not be read: {error}") from error


_INPUTS, _TRUTH = "inputs", "truth"  # what stands before a modality's name


def run_message(request: Request, arrays: Arrays, truth: Arrays) -> Message:
    """A run on its way to the worker: its inputs, and what is real of its outputs."""
    given = {f"{group}/{name}": each for group, of in ((_INPUTS, arrays), (_TRUTH, truth)) for name, each in of.items()}
    return Message(Kind.RUN, {"request": request.to_json()}, given)


def run_of(message: Message) -> tuple[Request, Arrays, Arrays]:
    """The request, inputs and truth that `run_message` packed. Raises GenerationRequestError."""
    groups: dict[str, dict[str, np.ndarray]] = {_INPUTS: {}, _TRUTH: {}}
    for name, each in message.arrays.items():
        group, _, rest = name.partition("/")
        groups[group][rest] = each
    return Request.from_json(message.told["request"]), groups[_INPUTS], groups[_TRUTH]


def event_message(event: Event) -> Message:
    """An event on its way to the app; its arrays travel as arrays."""
    values = {each.name: getattr(event, each.name) for each in fields(event)}
    arrays = {name: value for name, value in values.items() if isinstance(value, np.ndarray)}
    return Message(
        Kind.EVENT, {"event": event.name, "values": {k: v for k, v in values.items() if k not in arrays}}, arrays
    )


def event_of(message: Message) -> Event:
    """The event that `event_message` packed."""
    kind: Any = EVENTS[message.told["event"]]
    event: Event = kind(**message.told["values"], **message.arrays)
    return event


# Of an outcome; a name of an array travels behind the name of its group.
_GROUPS = ("arrays", "tokens", "extras", "real_tokens")


def outcome_message(outcome: Outcome) -> Message:
    """An outcome on its way to the app."""
    arrays = {f"{group}/{name}": each for group in _GROUPS for name, each in getattr(outcome, group).items()}
    if outcome.coordinates is not None:
        arrays["coordinates"] = outcome.coordinates
    return Message(Kind.DONE, {"timings": outcome.timings, "facts": outcome.facts}, arrays)


def outcome_of(message: Message) -> Outcome:
    """The outcome that `outcome_message` packed."""
    groups: dict[str, dict[str, np.ndarray]] = {group: {} for group in _GROUPS}
    for name, each in message.arrays.items():
        group, _, rest = name.partition("/")
        if rest:
            groups[group][rest] = each
    return Outcome(
        **groups,
        coordinates=message.arrays.get("coordinates"),
        timings=message.told["timings"],
        facts=message.told["facts"],
    )
