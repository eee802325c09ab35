"""What generated requests ask of the API: everything that its document says, and junk."""

from typing import Any

import schemathesis
from fastapi import FastAPI
from hypothesis import strategies as st

from api.filter_parameters import PARAMETERS as FILTERS
from data_access.filter_query import RANGE_ENDS
from data_access.measures import MEASURES

EVERY_MEASURE = "/{dataset}/count"
# The ends of all measures are made by one loop and read by another. Of a route's generated requests they would be four
# fifths, and each takes longer the more parameters there are: over 18 routes a minute, to see the same again and again.
ALIKE = {f"{measure.name}{end}" for measure in MEASURES[1:] for end in RANGE_ENDS}

JUNK = st.one_of(
    st.text(max_size=60),
    st.sampled_from(["../../etc/passwd", "\0", "%00", "1e308", "-1", "NaN", "\u202e", "x" * 4000]),
    st.sampled_from(["' OR 1=1 --", "<script>alert(1)</script>", "{{7*7}}", "$(id)"]),
    st.floats().map(str),
    st.lists(st.floats(-1e309, 1e309).map(str), min_size=3, max_size=5).map(",".join),
)
PARAMETERS = [*FILTERS, "limit", "after", "theme", "v", "unheard_of"]


def document_of(api: FastAPI) -> Any:  # noqa: ANN401 - Schemathesis has no types here
    """The document of an API for `parametrize`: every route, and one measure of many but where `EVERY_MEASURE` is."""
    document = schemathesis.openapi.from_asgi("/openapi.json", api)
    for path, methods in document.raw_schema["paths"].items():
        for operation in methods.values() if path != EVERY_MEASURE else ():
            given = operation.get("parameters", [])
            operation["parameters"] = [each for each in given if each["name"] not in ALIKE]
    return document
