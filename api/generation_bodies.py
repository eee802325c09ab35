"""What generations are asked by and answered with, for the OpenAPI document; `generation.request` checks the fields."""

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from data_access.dataset import ID_PATTERN, DatasetName
from errors import GenerationRequestError
from generation import request as limits
from generation.limits import MOST_TITLE
from generation.request import Request

Input = Literal["S2L2A", "S2L1C", "S2RGB", "S1GRD", "S1RTC", "DEM", "LULC", "NDVI", "coordinates"]
Output = Literal["S2L2A", "S1GRD", "S1RTC", "DEM", "LULC", "NDVI", "coordinates"]
SESSION_PATTERN = r"^[A-Za-z0-9_-]{0,64}$"
_SEED = Field(ge=0, le=limits.MAX_SEED)


class WhoAndWhat(BaseModel):
    """The part of the body that says of what, and who asks; the rest is the request itself."""

    model_config = ConfigDict(extra="allow")

    dataset: DatasetName = "terramesh"
    sample: str | None = Field(None, pattern=ID_PATTERN, description="without one, `coordinates` stand for it")
    coordinates: tuple[float, float] | None = Field(None, description="longitude and latitude, in degrees")
    session: str = Field(
        "", pattern=SESSION_PATTERN, description="who asks: one unfinished run each; the client's address without it"
    )


class GenerationBody(WhoAndWhat):
    """One run of TerraMind."""

    model_config = ConfigDict(extra="forbid")

    kind: limits.Kind = "generate"
    model: str = Field("demo", max_length=limits.MAX_NAME, description="see /api/generations/models")
    inputs: list[Input] = Field(min_length=1)
    outputs: list[Output] = []
    timesteps: int = Field(10, ge=1, le=limits.MAX_TIMESTEPS, description="diffusion steps")
    seeds: list[int] = Field([0], min_length=1, max_length=limits.MAX_SEEDS)
    seed: int | None = Field(None, ge=0, le=limits.MAX_SEED, description="one seed, instead of `seeds`")
    decoding_steps: int = Field(1, ge=1, le=limits.MAX_DECODING_STEPS)
    temperature: float = Field(1.0, ge=0, le=limits.MAX_TEMPERATURE)
    top_p: float = Field(0.8, ge=0, le=1)
    top_k: int = Field(0, ge=0, le=limits.MAX_TOP_K)
    clipped: bool = Field(True, description="to one standard deviation about the mean, as published")
    precision: limits.Precision = "auto"
    window: Literal[224, 256, 112, 0] = Field(224, description="pixels; 0 for the whole sample in tiles")
    layer: int = Field(-1, ge=-1, le=limits.MAX_LAYER)
    merge: limits.Merge = "mean"


class TitleBody(BaseModel):
    """A name for a result; empty to take it away."""

    model_config = ConfigDict(extra="forbid")

    title: str = Field(max_length=MOST_TITLE)


class ErrorOfRun(BaseModel):
    """Why a run failed."""

    error: str
    message: str
    retryable: bool


class RunBody(BaseModel):
    """A run as it is now; `result` once it is done."""

    id: str
    state: Literal["queued", "loading", "running", "done", "failed", "cancelled"]
    dataset: str
    sample: str | None
    revision: str
    coordinates: tuple[float, float] | None
    request: dict[str, Any]
    warnings: list[str]
    made_at: str
    position: int | None = Field(description="place in the line, 1 for the next; null once its turn has come")
    wait_s: float | None = Field(description="seconds until its turn, where they can be told")
    error: ErrorOfRun | None
    result: dict[str, Any] | None


class ModelBody(BaseModel):
    """A model and what it can do here."""

    name: str
    title: str
    synthetic: bool
    parameters: int
    ready: bool
    inputs: list[str]
    outputs: list[str]
    missing: list[str]
    fetched: bool
    cure: str
    modalities_missing: dict[str, str]


class ModelsBody(BaseModel):
    """Every model."""

    items: list[ModelBody]


def asked_of(told: dict[str, Any]) -> tuple[WhoAndWhat, Request]:
    """A body taken apart.

    Raises:
        GenerationRequestError: a field has a value that can not work.
    """
    try:
        who = WhoAndWhat.model_validate(told)
    except ValidationError as error:
        first = error.errors()[0]
        name = ".".join(str(part) for part in first["loc"])
        raise GenerationRequestError(f"{name} is {repr(first['input'])[:60]}: {first['msg']}.") from None
    rest = dict(who.model_extra or {})
    if rest.get("seed") is not None:
        rest.setdefault("seeds", [rest["seed"]])
    rest.pop("seed", None)
    if (who.sample is None) == (who.coordinates is None):
        raise GenerationRequestError("Name a sample, or coordinates instead of one: one of the two is needed.")
    return who, Request.from_json(rest)
