"""The filter of a request: every field of `SampleFilter` and both ends of every measure as documented parameters."""

from collections.abc import Mapping
from inspect import Parameter, Signature
from typing import Annotated, Any

from fastapi import Query
from pydantic import WithJsonSchema

from data_access.filter_query import RANGE_ENDS
from data_access.measures import MEASURES
from data_access.sample_filter import SampleFilter

WORDS = Annotated[list[str] | None, Query(description="any of these values; repeat the parameter for more")]
_DATE = WithJsonSchema({"type": "string", "format": "date"})
_BOX = WithJsonSchema({"type": "string", "examples": ["5.5,47.2,15.1,55.1"]})
_RING = WithJsonSchema({"type": "string", "examples": ["8 48,9 48,9 49"]})
_PERCENT = WithJsonSchema({"type": "number", "minimum": 0, "maximum": 100})
_NUMBER = WithJsonSchema({"type": "number"})


def one(description: str, *schema: WithJsonSchema) -> Any:  # noqa: ANN401 - an annotation made at run time
    """The annotation of a parameter that is given once, as text: the filter itself says what is wrong with it."""
    documented: Any = Annotated[str | None, Query(description=description)]
    for each in schema:
        documented = Annotated[documented, each]
    return documented


def _bounds() -> dict[str, Any]:
    """Both ends of every measure; a list this long is made from `MEASURES`, not written down again."""
    bounds = {}
    for measure in MEASURES:
        unit = f", {measure.unit}" if measure.unit else ""
        for end, word in zip(RANGE_ENDS, ("lowest", "highest"), strict=True):
            text = f"{word} {measure.title}{unit}; inclusive, and what was not measured does not match"
            bounds[f"{measure.name}{end}"] = one(text, _NUMBER)
    return bounds


PARAMETERS: dict[str, Any] = {
    **dict.fromkeys(("country", "season", "climate_zone", "split", "source", "type", "category"), WORDS),
    "text": one("words, and phrases between double quotes, that the annotations, or the id, must hold"),
    "bbox": one("west,south,east,north; west > east crosses 180°", _BOX),
    "lasso": one("lon lat pairs of a polygon, separated by commas", _RING),
    "time_from": one("first day", _DATE),
    "time_to": one("last day", _DATE),
    "cloud_max": one("highest cloud cover, percent", _PERCENT),
    **_bounds(),
}


def filter_of(**given: list[str] | str | None) -> SampleFilter:
    """The filter of a request: `SampleFilter.from_query` checks it, so that every page and route agrees.

    Raises:
        FilterError: a parameter means nothing.
    """
    return SampleFilter.from_query(query_of(given))


def query_of(given: Mapping[str, list[str] | str | None]) -> dict[str, list[str]]:
    """The parameters that a request gave, each as a list."""
    return {name: [value] if isinstance(value, str) else value for name, value in given.items() if value is not None}


def signature_of(parameters: Mapping[str, Any]) -> Signature:
    """What FastAPI reads a dependency's parameters from, for a function that takes any: names and annotations."""
    return Signature(
        [
            Parameter(name, Parameter.KEYWORD_ONLY, default=None, annotation=annotation)
            for name, annotation in parameters.items()
        ]
    )


filter_of.__signature__ = signature_of(PARAMETERS)  # type: ignore[attr-defined] # Python's own hook, unknown to typeshed
