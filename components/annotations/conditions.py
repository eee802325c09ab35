"""The conditions of a row filter, one by one: in words, and taken away."""

from components.filters.vocabulary import TITLES, ActiveCondition, active_conditions, label, taken_away
from data_access.annotations.row_filter import RowFilter
from data_access.search_terms import text_of
from data_access.tasks import NO_CATEGORY

# Of these the map's points, tiles and counts of patches know nothing: they stand for patches, not for rows.
OF_ROWS: tuple[str, ...] = ("answers", "box_at", "box_size", "malformed", "per_patch")
TYPE_TITLES = {
    "binary": "Yes or no",
    "mcq": "Multiple choice",
    "bounding box": "Bounding box",
    "captioning": "Caption",
}
CONDITION_TITLES = TITLES | {
    "type": "Task",
    "answers": "Answer",
    "box_at": "Place in the picture",
    "box_size": "Size of the box",
    "malformed": "What can not be read",
    "per_patch": "Annotations per patch",
}


def conditions(wanted: RowFilter) -> list[ActiveCondition]:
    """Everything that restricts the rows."""
    found = [_titled(each) for each in active_conditions(wanted.samples.without("text"))]
    found += [ActiveCondition("text", term, f"\u201c{term}\u201d") for term in dict.fromkeys(wanted.samples.words)]
    found += [ActiveCondition("answers", answer, f"answer {answer}") for answer in wanted.answers]
    if wanted.box_at:
        x, y = wanted.box_at
        found.append(ActiveCondition("box_at", "", f"box over {x:.2f}, {y:.2f}"))
    if wanted.box_size:
        narrowest, widest, lowest, highest = wanted.box_size
        found.append(
            ActiveCondition("box_size", "", f"box {_span(narrowest, widest)} wide, {_span(lowest, highest)} high")
        )
    if wanted.malformed:
        found.append(ActiveCondition("malformed", "", "can not be read"))
    if wanted.per_patch:
        low, high = wanted.per_patch
        span = f"{low}" if low == high else f"{low} to {high}"
        found.append(ActiveCondition("per_patch", "", f"{span} annotations per patch"))
    return found


def _span(low: float, high: float) -> str:
    return f"{low:.4g}" if low == high else f"{low:.4g} to {high:.4g}"


def _titled(condition: ActiveCondition) -> ActiveCondition:
    return condition._replace(text=TYPE_TITLES[condition.value]) if condition.value in TYPE_TITLES else condition


def without(wanted: RowFilter, condition: ActiveCondition) -> RowFilter:
    """The filter without one of its conditions."""
    if condition.field == "answers":
        return wanted.replace(answers=tuple(each for each in wanted.answers if each != condition.value))
    if condition.field == "text":
        left = text_of([term for term in wanted.samples.words if term != condition.value])
        return wanted.replace(samples=wanted.samples.replace(text=left))
    if condition.field in OF_ROWS:
        return wanted.without(condition.field)
    return wanted.replace(samples=taken_away(wanted.samples, condition.field, condition.value))


def unknown_to_the_map(wanted: RowFilter) -> list[str]:
    """Titles of the conditions that a map of patches can not follow."""
    return [CONDITION_TITLES[name] for name in OF_ROWS if name in wanted.restricted]


def task_name(task_type: str, category: str) -> str:
    """A task as a reader expects it, such as 'Multiple choice: season'; captions have no category to tell."""
    title = TYPE_TITLES.get(task_type, task_type)
    return title if category == NO_CATEGORY else f"{title}: {label('category', category)}"
