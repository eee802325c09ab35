"""Plants a few mistakes in the texts, so that looking for mistakes finds some: wrong answers and rows out of shape.

The published rows have both, and a page that lists them has to be tried. Every planted mistake is on record: in the
metadata of the Parquet file, and from there in the collection's manifest.
"""

import json
import re
from collections.abc import Callable, Mapping, Sequence

Row = dict[str, object]

EVERY = 60  # of the rows that a reference map can check, one in so many has a wrong answer
_UNCHECKED = frozenset({"None", "country", "season", "climate zone"})  # categories that the map does not decide
_LETTERS = "abcd"
_BOX = re.compile(r"\[([\d.]+) ([\d.]+), ([\d.]+) ([\d.]+)\]")
_MOVED = 0.1  # a mirrored box has at least one side this far from where it was, or it is halved instead


def plant(rows: Sequence[Row]) -> tuple[list[Row], dict[int, str]]:
    """Spoil a few rows.

    Args:
        rows: all annotations, true ones, in their order. They stay as they are.

    Returns:
        The rows with some of them replaced, and what is wrong with each of those by its ID.
    """
    spoiled = list(rows)
    record: dict[int, str] = {}
    checkable = [place for place, row in enumerate(rows) if row["category"] not in _UNCHECKED]
    for place in checkable[EVERY // 2 :: EVERY]:
        spoiled[place] = {**rows[place], "output": _wrong(rows[place])}
        record[_identifier(rows[place])] = "wrong answer"
    for number, (task, what, change) in enumerate(_OUT_OF_SHAPE):
        places = [
            place
            for place, row in enumerate(rows)
            if (row["type"], row["category"]) == task and _identifier(row) not in record
        ]
        if places:
            place = places[len(places) * (number + 1) // (len(_OUT_OF_SHAPE) + 2)]
            spoiled[place] = {**rows[place], **change(rows[place])}
            record[_identifier(rows[place])] = what
    return spoiled, record


def record_text(record: Mapping[int, str]) -> str:
    """A record of mistakes as it is written beside the rows; `read_record` reads it back."""
    return json.dumps({str(identifier): what for identifier, what in sorted(record.items())})


def read_record(text: str) -> dict[int, str]:
    """The mistakes by the ID of their row."""
    return {int(identifier): what for identifier, what in json.loads(text).items()}


def _identifier(row: Row) -> int:
    return int(str(row["ID"]))


def _wrong(row: Row) -> str:
    """Another answer of the same shape."""
    answer = str(row["output"])
    if row["type"] == "binary":
        return "no" if answer == "yes" else "yes"
    if row["type"] == "mcq":
        return _LETTERS[(_LETTERS.index(answer) + 1) % len(_LETTERS)]
    return _other_box(answer)


def _other_box(answer: str) -> str:
    """The box mirrored left to right; its left half where that is nearly the same box."""
    left, top, right, bottom = _corners(answer)
    if abs(1 - right - left) >= _MOVED:
        return _box(1 - right, top, 1 - left, bottom)
    return _box(left, top, (left + right) / 2, bottom)


def _corners(answer: str) -> tuple[float, ...]:
    match = _BOX.fullmatch(answer)
    return tuple(map(float, match.groups())) if match else (0.0, 0.0, 1.0, 1.0)


def _box(*corners: float) -> str:
    return "[{} {}, {} {}]".format(*(round(corner, 2) for corner in corners))


def _turned(row: Row) -> Row:
    left, top, right, bottom = _corners(str(row["output"]))
    return {"output": _box(right, bottom, left, top)}


def _beyond(row: Row) -> Row:
    left, top, right, bottom = _corners(str(row["output"]))
    return {"output": _box(left, top, right + 1, bottom)}


_OUT_OF_SHAPE: tuple[tuple[tuple[str, str], str, Callable[[Row], Row]], ...] = (
    (("binary", "area"), "no answer: null", lambda _: {"output": None}),
    (("binary", "count"), "no question", lambda _: {"input": ""}),
    (("binary", "presence"), "neither yes nor no", lambda _: {"output": "maybe"}),
    (("bounding box", "point"), "box without its end", lambda row: {"output": str(row["output"])[:-1]}),
    (("bounding box", "point"), "corners of the box swapped", _turned),
    (("bounding box", "point"), "point not marked", lambda row: {"input": re.sub("</?point>", "", str(row["input"]))}),
    (("bounding box", "reference"), "box leaves the image", _beyond),
    (("bounding box", "reference"), "mark not closed", lambda row: {"input": str(row["input"]).replace("</ref>", "")}),
    (("captioning", "None"), "empty caption", lambda _: {"output": " "}),
    (("mcq", "area"), "no letter", lambda _: {"output": ""}),
    (("mcq", "count"), "letter of no option", lambda _: {"output": "e"}),
    (("mcq", "presence"), "no options", lambda row: {"input": str(row["input"]).partition(" a) ")[0]}),
    (("mcq", "season"), "letters out of order", lambda row: {"input": str(row["input"]).replace(", c) ", ", e) ")}),
)
