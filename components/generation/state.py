"""What the Generate page shows, as one immutable object that is also the page's address: a link restores it."""

from dataclasses import dataclass, field, fields, replace
from typing import Literal, Self, get_args
from urllib.parse import urlencode

from data_access.sample_filter import SampleFilter
from generation.request import Kind, Request

View = Literal["generate", "matrix", "embeddings", "reconstruction", "thinking"]
VIEWS: tuple[View, ...] = get_args(View)
KIND_OF: dict[View, Kind] = {  # what the engine calls the runs of a view
    "generate": "generate",
    "matrix": "matrix",
    "embeddings": "embed",
    "reconstruction": "reconstruct",
    "thinking": "think",
}
PATH = "generate"  # of the page, below the app's address


@dataclass(frozen=True)
class Wish:
    """What is asked for so far, with the names and defaults of `Request`, which is strict: a wish may be incomplete."""

    inputs: tuple[str, ...] = ()  # none: the page chooses what the sample has
    outputs: tuple[str, ...] = ()  # none: the page chooses
    model: str = ""  # empty: the first that serves the collection
    timesteps: int = 10
    seeds: tuple[int, ...] = (0,)
    decoding_steps: int = 1
    temperature: float = 1.0
    top_p: float = 0.8
    top_k: int = 0
    clipped: bool = True
    precision: str = "auto"
    window: int | None = None  # pixels; 0: the whole sample in tiles; None: what fits the sample
    layer: int = -1
    merge: str = "mean"


KEY_OF = {"timesteps": "steps", "decoding_steps": "decoding"}  # fields whose name in the address is another one
_USUAL = Wish()


@dataclass(frozen=True)
class GenerateState:
    """The whole page: a sample or a place, what is asked of it, the run that is looked at, and the selection around."""

    dataset: str = ""
    sample: str = ""
    wish: Wish = field(default_factory=Wish)
    run: str = ""  # id of the run that is shown; empty before there is one
    view: View = "generate"
    coordinates: tuple[float, float] | None = None  # longitude and latitude; then no sample is looked at
    cell: str = ""  # of the matrix, `input>output`: shown at large; empty where none is
    selection: SampleFilter = field(default_factory=SampleFilter)  # through which previous and next lead

    def replace(self, **changes: object) -> Self:
        """The same page with other values."""
        return replace(self, **changes)  # type: ignore[arg-type]  # names and types are those of the fields above

    def with_request(self, **changes: object) -> Self:
        """The same page with other settings; the run stays, since what it shows stays true."""
        return self.replace(wish=replace(self.wish, **changes))  # type: ignore[arg-type]  # likewise

    def with_sample(self, dataset: str, sample: str) -> Self:
        """Another sample with the same settings, nothing run yet."""
        return self.replace(dataset=dataset, sample=sample, run="", coordinates=None)

    def with_view(self, view: View) -> Self:
        """Another view of the same sample; its runs are other ones."""
        return self.replace(view=view, run="" if view != self.view else self.run)

    @property
    def request(self) -> Request:
        """What the view asks the engine for. Raises GenerationRequestError, which names what can not work."""
        given = {each.name: getattr(self.wish, each.name) for each in fields(Wish)}
        chosen = {name: value for name, value in given.items() if value not in {"", None}}
        return Request(kind=KIND_OF[self.view], **chosen)

    def to_query(self) -> list[tuple[str, str]]:
        """Query parameters; what is as at the start is left out."""
        place = ",".join(f"{degrees:.4f}" for degrees in self.coordinates) if self.coordinates else ""
        pairs = [
            ("dataset", self.dataset),
            ("sample", self.sample),
            ("coordinates", place),
            ("view", "" if self.view == VIEWS[0] else self.view),
            ("cell", self.cell),
            *((KEY_OF.get(name, name), text) for name, text in _changed(self.wish).items()),
            ("run", self.run),
        ]
        return [(key, value) for key, value in pairs if value] + self.selection.to_query()

    def link(self) -> str:
        """The page's address, relative to the app's."""
        return f"{PATH}?{urlencode(self.to_query())}"


def _changed(wish: Wish) -> dict[str, str]:
    """What differs from the usual, as texts, in the order of the address."""
    values = {each.name: getattr(wish, each.name) for each in fields(Wish)}
    return {name: _text(value) for name, value in values.items() if value != getattr(_USUAL, name)}


def _text(value: object) -> str:
    if isinstance(value, tuple):
        return ",".join(map(str, value))
    if isinstance(value, bool):
        return "1" if value else "0"
    return f"{value:g}" if isinstance(value, float) else str(value)
