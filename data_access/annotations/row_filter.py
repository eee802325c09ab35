"""Which rows of BigEarthNet.txt a user asked for: a `SampleFilter` and what only rows can tell.

A row matches if its patch meets the conditions on patches, its type and category are allowed, and its own text, input
and output together, holds every word and phrase.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from typing import Any, Self
from urllib.parse import urlencode

from data_access.sample_filter import SampleFilter
from errors import FilterError

ANSWERS = ("yes", "no", "a", "b", "c", "d")  # what a question can be answered with, as a filter spells it
MOST_PER_PATCH = 1_000_000  # annotations of one patch; the published file has at most 67
_SHOWN = 60  # characters of a value in a message
_LONGEST_SHARES = 120  # characters that are read: four numbers, each with all digits that a float can have


@dataclass(frozen=True)
class RowFilter:
    """Conditions that an annotation must meet, all of them. Build one from a request only through `from_query`."""

    samples: SampleFilter = field(default_factory=SampleFilter)
    answers: tuple[str, ...] = ()  # any of ANSWERS
    box_at: tuple[float, float] | None = None  # x, y from the top left, 0 to 1: rows whose box holds this point
    # Least and most width, then height, of the row's box: shares of the picture, both inclusive.
    box_size: tuple[float, float, float, float] | None = None
    malformed: bool = False  # only rows that can not be read
    per_patch: tuple[int, int] | None = None  # fewest and most annotations of the row's patch, both inclusive

    def __post_init__(self) -> None:
        """Equal conditions make equal filters: answers are kept in the order of ANSWERS, without repeats."""
        object.__setattr__(self, "answers", tuple(answer for answer in ANSWERS if answer in self.answers))

    @classmethod
    def from_query(cls, query: Mapping[str, Sequence[str]]) -> Self:
        """Read a filter from query parameters (a list of values per key); unknown keys are dropped.

        Raises:
            FilterError: a value means nothing; the message names it, the reason and the cure.
        """
        return cls(
            samples=SampleFilter.from_query(query),
            answers=tuple(_answer(value) for value in _given(query, "answer")),
            box_at=_point(query),
            box_size=_box_size(query),
            malformed=_flag(query, "malformed"),
            per_patch=_per_patch(query),
        )

    def to_query(self) -> list[tuple[str, str]]:
        """The same filter as query parameters; `from_query` reads it back unchanged."""
        pairs = [*self.samples.to_query(), *(("answer", answer) for answer in self.answers)]
        if self.box_at:
            pairs.append(("box_at", _written(self.box_at)))
        if self.box_size:
            pairs.append(("box_size", _written(self.box_size)))
        if self.malformed:
            pairs.append(("malformed", "1"))
        if self.per_patch:
            pairs.append(("per_patch", ",".join(map(str, self.per_patch))))
        return pairs

    def query_string(self) -> str:
        """The same filter as the part of a URL after the question mark; empty for the empty filter."""
        return urlencode(self.to_query())

    def replace(self, **changes: Any) -> Self:  # noqa: ANN401 - the fields have different types; the dataclass checks names
        """The same filter with other values in some fields."""
        return replace(self, **changes)

    def without(self, *names: str) -> Self:
        """The same filter with these fields unrestricted: its own, those of its `SampleFilter`, or measures."""
        own = {each.name: each.default for each in fields(self) if each.name in names and each.name != "samples"}
        return self.replace(samples=self.samples.without(*names), **own)

    @property
    def restricted(self) -> frozenset[str]:
        """Names of the fields, of those of the `SampleFilter` and of the measures that restrict anything."""
        own = {each.name for each in fields(self) if getattr(self, each.name) != each.default}
        return frozenset(own - {"samples"}) | self.samples.restricted

    @property
    def is_empty(self) -> bool:
        """Whether every row matches."""
        return not self.restricted


def _given(query: Mapping[str, Sequence[str]], key: str) -> list[str]:
    given = query.get(key, ())
    return [value.strip() for value in ([given] if isinstance(given, str) else given) if value.strip()]


def _single(query: Mapping[str, Sequence[str]], key: str) -> str:
    """The one value of a parameter; empty where it is not given."""
    values = _given(query, key)
    if len(set(values)) > 1:
        raise FilterError(f"{key} is given {len(values)} times; it takes one value. Keep one of them.")
    return values[0] if values else ""


def _shown(value: str) -> str:
    return ascii(value if len(value) <= _SHOWN else value[: _SHOWN - 3] + "...")


def _answer(value: str) -> str:
    if value.lower() not in ANSWERS:
        raise FilterError(f"answer {_shown(value)} is not one of its values. Use one of: {', '.join(ANSWERS)}.")
    return value.lower()


def _flag(query: Mapping[str, Sequence[str]], key: str) -> bool:
    value = _single(query, key).lower()
    if value not in {"", "0", "1", "false", "true"}:
        raise FilterError(f"{key} {_shown(value)} is neither yes nor no. Use 1, or leave it out.")
    return value in {"1", "true"}


def _written(shares: Sequence[float]) -> str:
    return ",".join(repr(float(each)) for each in shares)


def _shares(value: str) -> tuple[float, ...]:
    """Numbers from 0 to 1 with commas between; none where one is anything else."""
    try:
        numbers = [float(word) for word in value.split(",")] if len(value) <= _LONGEST_SHARES else []
    except ValueError:
        return ()
    return tuple(number + 0.0 for number in numbers) if all(0 <= number <= 1 for number in numbers) else ()  # no -0


def _point(query: Mapping[str, Sequence[str]]) -> tuple[float, float] | None:
    value = _single(query, "box_at")
    if not value:
        return None
    match _shares(value):
        case (x, y):
            return x, y
    raise FilterError(
        f"box_at {_shown(value)} is no point of a picture. Write x,y from 0,0, the top left, to 1,1, like 0.5,0.25."
    )


def _box_size(query: Mapping[str, Sequence[str]]) -> tuple[float, float, float, float] | None:
    value = _single(query, "box_size")
    if not value:
        return None
    match _shares(value):
        case (narrowest, widest, lowest, highest) if narrowest <= widest and lowest <= highest:
            return narrowest, widest, lowest, highest
    raise FilterError(
        f"box_size {_shown(value)} is no range of sizes. Write least and most width, then least and most height, "
        "as shares of the picture from 0 to 1, like 0.1,0.5,0,1."
    )


def _per_patch(query: Mapping[str, Sequence[str]]) -> tuple[int, int] | None:
    value = _single(query, "per_patch")
    if not value:
        return None
    words = value.split(",") if len(value) <= _SHOWN else []
    numbers = [int(word) for word in words if word.strip().isascii() and word.strip().isdigit()]
    if len(numbers) != len(words) or len(words) != 2 or max(numbers) > MOST_PER_PATCH:
        raise FilterError(
            f"per_patch {_shown(value)} is no range of counts. Write the fewest and the most annotations, like 1,20."
        )
    low, high = numbers
    if low > high:
        raise FilterError(f"per_patch {low} is above {high}, so nothing can match: swap the two.")
    return low, high
