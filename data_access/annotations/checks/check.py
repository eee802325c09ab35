"""The one door to all checks: what does the reference map say to an answer?"""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from data_access.annotations.checks.binary import check_adjacency, check_area, check_count, check_presence
from data_access.annotations.checks.boxes import check_point, check_reference
from data_access.annotations.checks.captions import check_caption
from data_access.annotations.checks.choices import (
    check_adjacency_choice,
    check_area_choice,
    check_count_choice,
    check_presence_choice,
)
from data_access.annotations.checks.directions import check_direction
from data_access.annotations.checks.metadata import COLUMN_OF, check_metadata
from data_access.annotations.checks.verdict import Verdict, unknown
from data_access.annotations.reading import Reading
from data_access.bigearthnet.map_facts import MapFacts

_YES_OR_NO: Mapping[str, Callable[[str, bool, MapFacts], Verdict]] = MappingProxyType(
    {"adjacency": check_adjacency, "area": check_area, "count": check_count, "presence": check_presence}
)
_OTHERS: Mapping[tuple[str, str], Callable[[Reading, MapFacts], Verdict]] = MappingProxyType(
    {
        ("bounding box", "point"): check_point,
        ("bounding box", "reference"): check_reference,
        ("mcq", "adjacency"): check_adjacency_choice,
        ("mcq", "area"): check_area_choice,
        ("mcq", "count"): check_count_choice,
        ("mcq", "presence"): check_presence_choice,
        ("mcq", "relative pos"): check_direction,
    }
)


def check(reading: Reading, facts: MapFacts) -> Verdict:
    """Compare the answer of a row with the reference map of its patch.

    Args:
        reading: the row, as `reading.read_row` gives it.
        facts: of the patch's map.

    Returns:
        "unknown" with a reason where the map can not tell, where conventions lead to different answers, or where the
        question was not understood with certainty. Never raises.
    """
    if reading.problem or reading.task is None:
        return unknown(reading.problem or "The row belongs to none of the known tasks.")
    task = reading.task
    if task.type == "binary" and reading.yes is not None:
        return _YES_OR_NO[task.category](reading.question, reading.yes, facts)
    known = _OTHERS.get((task.type, task.category))
    if known:
        return known(reading, facts)
    if task.category in COLUMN_OF:
        return unknown("The map does not know country, season and climate zone; the row's metadata do.")
    return check_caption(reading.answer, facts)


def check_row(row: Mapping[str, object], reading: Reading, facts: MapFacts | None) -> Verdict | None:
    """As `check`, with questions on metadata checked against the row's own columns; None where there is no map.

    Args:
        row: the thirteen columns as stored.
        reading: of that row.
        facts: of the patch's map, if there is one.
    """
    if reading.task and reading.task.category in COLUMN_OF:
        return check_metadata(reading, row)
    return check(reading, facts) if facts else None
