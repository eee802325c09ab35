"""The filter of a request for annotations: all parameters of a sample's filter, and those that only rows can tell."""

from typing import Annotated, Any

from fastapi import Depends
from pydantic import WithJsonSchema

from api.filter_parameters import PARAMETERS, WORDS, one, query_of, signature_of
from data_access.annotations.row_filter import RowFilter

ROW_PARAMETERS: dict[str, Any] = {
    **PARAMETERS,
    "answer": WORDS,
    "box_at": one(
        "x,y from 0,0 to 1,1: rows whose box holds this point of the picture",
        WithJsonSchema({"type": "string", "examples": ["0.5,0.25"]}),
    ),
    "box_size": one(
        "least and most width, then height, of the row's box as shares of the picture",
        WithJsonSchema({"type": "string", "examples": ["0.1,0.5,0,1"]}),
    ),
    "malformed": one("1: only rows that can not be read", WithJsonSchema({"type": "string", "enum": ["1"]})),
    "per_patch": one(
        "fewest and most annotations of the row's patch", WithJsonSchema({"type": "string", "examples": ["1,20"]})
    ),
}


def row_filter_of(**given: list[str] | str | None) -> RowFilter:
    """The filter of a request: `RowFilter.from_query` checks it, so that every page and route agrees.

    Raises:
        FilterError: a parameter means nothing.
    """
    return RowFilter.from_query(query_of(given))


row_filter_of.__signature__ = signature_of(ROW_PARAMETERS)  # type: ignore[attr-defined] # as in filter_parameters

WantedRows = Annotated[RowFilter, Depends(row_filter_of)]
