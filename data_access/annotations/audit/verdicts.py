"""The rows of an audit: what was asked and answered, and what the reference map says to it."""

from collections.abc import Iterable, Mapping, Sequence

import pyarrow as pa

from data_access.annotations.checked import Annotation, checked
from data_access.annotations.checks.verdict import OUTCOMES
from data_access.bigearthnet.map_facts import MapFacts

NOT_CHECKED = 0  # code of a row that no audit has reached
CODES = {outcome: code for code, outcome in enumerate(OUTCOMES, start=1)}
ROW = "row"  # place of the row in the arrays of `AnnotationRows`: kept, and of no use to anybody else
_TEXT = pa.dictionary(pa.int32(), pa.string())
SCHEMA = pa.schema(
    [
        ("ID", pa.int64()),
        ("patch_id", _TEXT),
        ("type", _TEXT),
        ("category", _TEXT),
        ("outcome", _TEXT),
        ("question", pa.string()),
        ("answer", pa.string()),
        ("found", pa.string()),
        ("reason", _TEXT),
    ]
)
KEPT_SCHEMA = SCHEMA.append(pa.field(ROW, pa.int32()))


def verdict_table(places: Sequence[int], rows: Iterable[Mapping[str, object]], facts: MapFacts) -> pa.Table:
    """Check the rows of one patch.

    Args:
        places: of the rows in the arrays.
        rows: the thirteen columns as stored.
        facts: of the patch's map.

    Returns:
        `KEPT_SCHEMA`; a row without a verdict is left out.
    """
    found = [(place, each) for place, each in zip(places, checked(rows, facts), strict=True) if each.verdict]
    return pa.Table.from_pylist([_record(place, each) for place, each in found], KEPT_SCHEMA)


def _record(place: int, annotation: Annotation) -> dict[str, object]:
    row, reading, verdict = annotation.row, annotation.reading, annotation.verdict
    return {
        "ID": row["ID"],
        "patch_id": row["patch_id"],
        "type": row["type"],
        "category": row["category"],
        "outcome": verdict.outcome if verdict else None,
        "question": reading.question or row["input"],
        "answer": reading.answer,
        "found": verdict.found if verdict else None,
        "reason": verdict.reason if verdict else None,
        ROW: place,
    }
