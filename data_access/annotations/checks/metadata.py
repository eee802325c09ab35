"""Checks answers on country, season and climate zone: the map knows nothing of them, the row's own columns do."""

from collections.abc import Mapping

from data_access.annotations.checks.choices import weigh
from data_access.annotations.checks.verdict import Verdict, unknown
from data_access.annotations.checks.wording import NEGATED, negated
from data_access.annotations.reading import Reading

# Category of the question, and the column that answers it.
COLUMN_OF: Mapping[str, str] = {"country": "country", "season": "season", "climate zone": "climate_zone"}


def check_metadata(reading: Reading, row: Mapping[str, object]) -> Verdict:
    """Does the chosen option say what the row's own column says? The column writes Fall where options say Autumn."""
    category = reading.task.category if reading.task else ""
    if category not in COLUMN_OF:
        return unknown("The question is not about country, season or climate zone.")
    if reading.problem:
        return unknown(reading.problem)
    stored = row.get(COLUMN_OF[category])
    if not isinstance(stored, str) or not stored.strip():
        return unknown(f"The row's column {COLUMN_OF[category]!r} is empty.")
    if negated(reading.question):
        return unknown(NEGATED)
    found = f"The row's metadata say {stored}; the map is not asked."
    return weigh(reading, lambda text: _alike(text) == _alike(stored), found, "")


def _alike(word: str) -> str:
    """Spelled for comparing."""
    return " ".join(word.lower().strip(" .").split()).replace("autumn", "fall")
