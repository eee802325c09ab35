r"""One row of BigEarthNet.txt, read: its question, options, answer, box, point and what its caption gives away.

The grammar of the texts, as the published rows have it:

- binary: the answer is `yes` or `no`;
- mcq: options stand behind the question as `a) …, b) …, c) …, d) …` and hold commas themselves, so they are split at
  `, b) ` and never at commas; the answer is a letter;
- bounding box: the answer is `[x1 y1, x2 y2]`, 0 to 1 from the top left; the input holds one
  `<point>(0.29, 0.8)</point>` or one `<ref>largest patch of pastures</ref>`;
- captioning: the answer is the caption, the category is the word None.

A row that breaks it is never dropped: what can be read is given, `problem` says what can not, and pages show its text.
`reading_sql` says the same in SQL; a test holds the two together.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from data_access.annotations.grammar import (
    BOX,
    FEWEST_OPTIONS,
    FIRST_OPTION,
    LETTERS,
    NEXT_OPTION,
    POINT,
    PROBLEMS,
    REFERENCE,
    SPACES,
    TAGS,
)
from data_access.annotations.leaks import Leak, find_leaks
from data_access.tasks import NO_CATEGORY, TASKS, Task

_FIRST_OPTION = re.compile(FIRST_OPTION)
_NEXT_OPTION = re.compile(NEXT_OPTION)
_BOX = re.compile(BOX)
_POINT = re.compile(POINT)
_REFERENCE = re.compile(REFERENCE)
_TAGS = re.compile("|".join(TAGS))
_TASKS = MappingProxyType({(task.type, task.category): task for task in TASKS})


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in a picture: 0 to 1, from its top left corner."""

    left: float
    top: float
    right: float
    bottom: float


@dataclass(frozen=True, slots=True)
class Point:
    """A place in a picture: 0 to 1, from its top left corner."""

    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Choice:
    """One option of a question: its letter in lower case, and its text."""

    letter: str
    text: str


@dataclass(frozen=True, slots=True)
class Reading:
    """What a row says.

    Attributes:
        task: None where type and category are no known task.
        question: the input without options and without tags; what the tags enclose stays.
        options: of a multiple choice question, a) first; empty elsewhere, and where they can not be told apart.
        answer: as a reader sees it: "yes", "b) Summer", "[0.06 0.59, 0.51 1.0]" or the caption.
        yes: the answer of a binary question.
        letter: the answer of a multiple choice question, one of its options' letters.
        box: the answer of a box question.
        point: the place that a box question marks.
        reference: the phrase that a box question marks.
        leaks: phrases of a caption, as places in the output.
        problem: empty, or a sentence that says what can not be read: show the row as text then.
    """

    task: Task | None = None
    question: str = ""
    options: tuple[Choice, ...] = ()
    answer: str = ""
    yes: bool | None = None
    letter: str | None = None
    box: Box | None = None
    point: Point | None = None
    reference: str | None = None
    leaks: tuple[Leak, ...] = ()
    problem: str = ""


def read_row(row: Mapping[str, object]) -> Reading:
    """Read a row with the columns type, category, input, output, country, season and climate_zone.

    Columns that lack or hold something else than text read as empty. Never raises.
    """
    given, output = _text(row, "input"), _text(row, "output")
    task = _TASKS.get((_text(row, "type"), _text(row, "category", NO_CATEGORY)))
    plain = Reading(task=task, question=_untagged(given), answer=output.strip(SPACES))
    if task is None:
        return _with_problem(plain, "task")
    read = _READERS[task.type](plain, given, output)
    if task.type == "captioning":
        leaks = find_leaks(output, _text(row, "country"), _text(row, "season"), _text(row, "climate_zone"))
        read = replace(read, answer=output, leaks=leaks)
    # What the question lacks explains what its answer lacks, so it is told first.
    empty = "input" if not given.strip(SPACES) else ""
    return _with_problem(read, empty) if empty else read


def read_options(text: str) -> tuple[str, tuple[Choice, ...]]:
    """Split a question from its options.

    Args:
        text: such as "Which class? a) Pastures, b) Beaches, dunes, sands".

    Returns:
        The question and its options; the whole text and no options where they are not lettered in order, are more than
        four, less than two, or one of them is empty.
    """
    first = _FIRST_OPTION.search(text)
    if not first:
        return text, ()
    rest = text[first.end() :]
    parts = _NEXT_OPTION.split(rest)  # text of a), letter, its text, letter, its text ...
    letters = ("a", *parts[1::2])
    texts = [part.strip(SPACES) for part in parts[0::2]]
    if not FEWEST_OPTIONS <= len(letters) <= len(LETTERS) or letters != tuple(LETTERS[: len(letters)]) or "" in texts:
        return text, ()
    return text[: first.start()], tuple(map(Choice, letters, texts))


def read_box(text: str) -> tuple[Box | None, str]:
    """Read `[x1 y1, x2 y2]`: the box, or None and the code of what is wrong with it. A box may have no width."""
    match = _BOX.fullmatch(text)
    if not match:
        return None, "box"
    box = Box(*map(float, match.groups()))
    if not all(0 <= number <= 1 for number in (box.left, box.top, box.right, box.bottom)):
        return None, "box bounds"
    if box.left > box.right or box.top > box.bottom:
        return None, "box order"
    return box, ""


def read_point(text: str) -> Point | None:
    """Read the one `<point>(x, y)</point>` of a question; None where there is none, several, or one outside."""
    match = _POINT.search(text) if text.count("<point>") == text.count("</point>") == 1 else None
    point = Point(*map(float, match.groups())) if match else None
    return point if point and 0 <= point.x <= 1 and 0 <= point.y <= 1 else None


def _binary(plain: Reading, _given: str, output: str) -> Reading:
    word = output.strip(SPACES).lower()
    if word not in {"yes", "no"}:
        return _with_problem(plain, "answer" if word else "output")
    return replace(plain, answer=word, yes=word == "yes")


def _mcq(plain: Reading, given: str, output: str) -> Reading:
    question, options = read_options(given)
    if not options:
        return _with_problem(plain, "options")
    plain = replace(plain, question=_untagged(question), options=options)
    letter = output.strip(SPACES).lower()
    chosen = next((option for option in options if option.letter == letter), None)
    if not chosen:
        return _with_problem(plain, "letter" if letter else "output")
    return replace(plain, letter=letter, answer=f"{letter}) {chosen.text}")


def _bounding_box(plain: Reading, given: str, output: str) -> Reading:
    point, reference = read_point(given), _reference(given)
    box, problem = read_box(output) if output.strip(SPACES) else (None, "output")
    if plain.task and plain.task.category == "point" and not point:
        problem = "point"
    if plain.task and plain.task.category == "reference" and not reference:
        problem = "reference"
    return _with_problem(replace(plain, box=box, point=point, reference=reference), problem)


def _captioning(plain: Reading, _given: str, output: str) -> Reading:
    return plain if output.strip(SPACES) else _with_problem(plain, "output")


_READERS = MappingProxyType(
    {"binary": _binary, "mcq": _mcq, "bounding box": _bounding_box, "captioning": _captioning},
)


def _reference(text: str) -> str | None:
    match = _REFERENCE.search(text) if text.count("<ref>") == text.count("</ref>") == 1 else None
    return (match[1].strip(SPACES) or None) if match else None


def _untagged(text: str) -> str:
    return _TAGS.sub("", text).strip(SPACES)


def _with_problem(reading: Reading, code: str) -> Reading:
    return replace(reading, problem=PROBLEMS[code] if code else "")


def _text(row: Mapping[str, object], column: str, missing: str = "") -> str:
    value = row.get(column)
    return value if isinstance(value, str) else missing
