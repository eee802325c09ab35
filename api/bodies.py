"""Shapes of JSON answers, for the OpenAPI document; the routes write them without passing through these classes."""

from typing import Literal

from pydantic import BaseModel, ConfigDict

from data_access.dataset import CollectionKind
from data_access.progress import ActivityStatus


class CountBody(BaseModel):
    """How many samples a filter leaves."""

    model_config = ConfigDict(extra="forbid")

    total: int
    matched: int
    annotations: int | None = None


class FacetValueBody(BaseModel):
    """One value of a filter field."""

    value: str
    count: int


class FacetsBody(BaseModel):
    """Counts per value of every filter field, each ignoring its own restriction."""

    total: int
    matched: int
    facets: dict[str, list[FacetValueBody]]


class RowsBody(BaseModel):
    """One page of rows; ask again with `after` = `next` for the following one."""

    items: list[dict[str, object]]
    next: str | None
    matched: int


class FootprintBody(BaseModel):
    """Where one sample lies: lon, lat of its upper left, upper right, lower right and lower left corner."""

    id: str
    corners: list[tuple[float, float]]
    modalities: list[str]


class FootprintsBody(BaseModel):
    """The first samples in view that have a known place."""

    items: list[FootprintBody]


class ShardSetBody(BaseModel):
    """The shards of one name: the same samples, one file per modality."""

    split: str
    name: str
    samples: int | None
    modalities: dict[str, int | None]


class ShardsBody(BaseModel):
    """All sets of shards, by split and name."""

    items: list[ShardSetBody]


class AnnotationsBody(BaseModel):
    """All annotations of one patch, the thirteen columns as stored."""

    items: list[dict[str, object]]


class QueryColumnBody(BaseModel):
    """One column of a query's answer."""

    name: str
    type: str


class QueryBody(BaseModel):
    """What a query of the SQL console gave; `cut` tells by what rows are missing, if any are."""

    columns: list[QueryColumnBody]
    items: list[dict[str, object]]
    cut: Literal["", "rows", "size"]
    seconds: float


class AnnotationRowsBody(BaseModel):
    """One page of annotations as stored; ask again with `after` = `next` for the following one."""

    items: list[dict[str, object]]
    next: int | None
    matched: int
    patches: int


class CollectionState(BaseModel):
    """One data set, as health reports it."""

    state: Literal["opening", "open", "failed"]
    kind: CollectionKind | None = None
    title: str | None = None
    root: str | None = None
    revision: str | None = None
    synthetic: bool | None = None
    samples: int | None = None
    licence: str | None = None
    notes: list[str] = []
    error: str | None = None
    message: str | None = None


class ActivityBody(BaseModel):
    """Work that takes long enough to ask how far it is: building a table, downloading a file."""

    title: str
    status: ActivityStatus
    detail: str
    done: int
    total: int | None
    unit: str
    fraction: float | None  # 0 to 1; null where the total is not known
    remaining_s: float | None  # null where it can not be told


class HealthBody(BaseModel):
    """Whether the server answers, what it can answer from, and what it is busy with."""

    status: Literal["opening", "ok", "partial", "failed"]
    version: str
    collections: dict[str, CollectionState]
    activities: list[ActivityBody] = []  # what is under way, then what ended, latest first
    waiting_s: float | None = None  # seconds until remote servers may be asked again
