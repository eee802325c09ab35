"""What a click on a chart makes of the filter; the same click again takes it back. Pure functions."""

from collections.abc import Collection, Mapping
from typing import Any

from data_access.annotations.charts import cell_of, centre_of, size_of
from data_access.annotations.row_filter import ANSWERS, RowFilter
from data_access.search_terms import text_of
from data_access.tasks import NO_CATEGORY

CAPTIONS = ("captioning",)
Picked = Mapping[str, Any]  # columns of the mark that was clicked


def choose_task(wanted: RowFilter, picked: Picked) -> RowFilter:
    """Take a `type`, a `category` (empty: all of the type) and a `split` (empty: all)."""
    return _toggled(wanted, type=_one(picked["type"]), category=_one(picked["category"]), split=_one(picked["split"]))


def has_task(wanted: RowFilter, kind: str, category: str, split: str) -> bool:
    """Whether exactly this task and split are chosen."""
    samples = wanted.samples
    return (samples.type, samples.category, samples.split) == (_one(kind), _one(category), _one(split))


def leaves_task(wanted: RowFilter, kind: str, category: str, split: str) -> bool:
    """Whether the filter leaves all that a bar of the tasks counts, as far as tasks and splits go."""
    samples = wanted.samples
    own = category or (NO_CATEGORY if kind in CAPTIONS else "")  # empty: the sum of a type
    return (
        (not samples.type or kind in samples.type)
        and (not samples.category or own in samples.category)
        and (not samples.split or split in samples.split)
    )


def choose_answer(wanted: RowFilter, picked: Picked) -> RowFilter:
    """Take an `answer` of a task; whatever other answers or tasks were chosen gives way."""
    task = {"type": _one(picked["type"]), "category": _one(picked["category"])}
    if picked["answer"] not in ANSWERS:
        return wanted
    if has_answer(wanted, picked["type"], picked["category"], picked["answer"]):
        return wanted.without("answers", *task)
    return wanted.replace(answers=(picked["answer"],), samples=wanted.samples.replace(**task))


def has_answer(wanted: RowFilter, kind: str, category: str, answer: str) -> bool:
    """Whether exactly this answer of this task is chosen."""
    samples = wanted.samples
    return wanted.answers == (answer,) and (samples.type, samples.category) == ((kind,), (category,))


def leaves_answer(wanted: RowFilter, kind: str, category: str, answer: str) -> bool:
    """Whether the filter leaves an answer of a task, as far as tasks and answers go."""
    free = wanted.without("split")
    return leaves_task(free, kind, category, "") and (not wanted.answers or answer in wanted.answers)


def choose_place(wanted: RowFilter, picked: Picked) -> RowFilter:
    """Take the boxes that hold the middle of a cell: `column` and `row` from the top left."""
    column, row = int(picked["column"]), int(picked["row"])
    if wanted.box_at and cell_of(*wanted.box_at) == (column, row):
        return wanted.without("box_at")
    return wanted.replace(box_at=centre_of(column, row))


def choose_size(wanted: RowFilter, picked: Picked) -> RowFilter:
    """Take the boxes of one size: `wide` and `high` are bins of `SIZE_EDGES`."""
    size = size_of(int(picked["wide"]), int(picked["high"]))
    return wanted.without("box_size") if wanted.box_size == size else wanted.replace(box_size=size)


def has_size(wanted: RowFilter, wide: int, high: int) -> bool:
    """Whether all boxes of a bin are of a size that is asked for."""
    if wanted.box_size is None:
        return False
    least_wide, most_wide, least_high, most_high = size_of(wide, high)
    narrowest, widest, lowest, highest = wanted.box_size
    return narrowest <= least_wide and most_wide <= widest and lowest <= least_high and most_high <= highest


def choose_word(wanted: RowFilter, picked: Picked) -> RowFilter:
    """Take the captions of a `group` (its `kind`: season or country) that hold a `word`."""
    word, kind, group = str(picked["word"]), str(picked["kind"]), str(picked["group"])
    if kind not in {"season", "country"}:
        return wanted
    others = tuple(term for term in wanted.samples.words if term.lower() != word)
    if has_word(wanted, word, kind, group):
        left = wanted.without(kind, "type", "category")
        return left.replace(samples=left.samples.replace(text=text_of(others)))
    changes = {kind: (group,), "type": CAPTIONS, "category": (), "text": text_of((*others, word))}
    return wanted.replace(samples=wanted.samples.replace(**changes), answers=(), box_at=None, box_size=None)


def has_word(wanted: RowFilter, word: str, kind: str, group: str) -> bool:
    """Whether this word is looked for among this group's captions."""
    found = word in {term.lower() for term in wanted.samples.words}
    return found and getattr(wanted.samples, kind) == (group,)


def leaves_word(wanted: RowFilter, words: Collection[str], kind: str, group: str, vocabulary: Collection[str]) -> bool:
    """Whether the filter asks for one of these words, or for none of the vocabulary, and leaves the group."""
    asked = {term.lower() for term in wanted.samples.words} & set(vocabulary)
    groups = getattr(wanted.samples, kind)
    return (not asked or not asked.isdisjoint(words)) and (not groups or group in groups)


def choose_per_patch(wanted: RowFilter, picked: Picked) -> RowFilter:
    """Take the patches with as many `annotations`; a second number takes all from the first to it."""
    number = int(picked["annotations"])
    if wanted.per_patch is None:
        return wanted.replace(per_patch=(number, number))
    low, high = wanted.per_patch
    if low <= number <= high:
        return wanted.without("per_patch")
    return wanted.replace(per_patch=(min(low, number), max(high, number)))


def _one(value: str) -> tuple[str, ...]:
    return (value,) if value else ()


def _toggled(wanted: RowFilter, **chosen: tuple[str, ...]) -> RowFilter:
    """The same filter with these values, or without them where they are exactly what is chosen."""
    samples = wanted.samples
    if all(getattr(samples, name) == values for name, values in chosen.items()):
        return wanted.without(*chosen)
    return wanted.replace(samples=samples.replace(**chosen))
