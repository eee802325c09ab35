"""Reads the Generate page's address; `GenerateState.to_query` writes it."""

import math
import re
from collections.abc import Callable
from functools import partial
from typing import Any

from components.data_sets import LOOKS, is_data_set
from components.explore_address import checked_id
from components.generation.state import KEY_OF, VIEWS, GenerateState, View, Wish
from components.sound_query import Query, attempt, last, sound_filter
from data_access.filter_query import PARAMETER_GROUPS
from data_access.sample_filter import SampleFilter
from errors import FilterError, PatchworkError

_RUN = re.compile(r"[A-Za-z0-9_-]{1,64}")  # as the service makes ids
_WORD = re.compile(r"[A-Za-z0-9_.-]{1,64}")  # names of modalities and models
_CELL = re.compile(rf"{_WORD.pattern}>{_WORD.pattern}")
_MOST_WORDS = 16  # more than there are modalities
_MOST_SEEDS = 64  # what is above the service's own limit is refused there by name


def read_state(query: Query) -> tuple[GenerateState, tuple[PatchworkError, ...]]:
    """The state of an address, and what is wrong with it.

    Every parameter stands for itself: one that means nothing is named and left out, the others count.
    """
    problems: list[PatchworkError] = []
    state = GenerateState(
        dataset=attempt(partial(_read_dataset, query), "", problems),
        sample=attempt(lambda: checked_id(sample) if (sample := last(query, "sample")) else "", "", problems),
        wish=_read_wish(query, problems),
        run=attempt(partial(_read_run, query), "", problems),
        view=attempt(partial(_read_view, query), VIEWS[0], problems),
        cell=attempt(partial(_read_cell, query), "", problems),
        coordinates=attempt(partial(_read_coordinates, query), None, problems),
        selection=sound_filter(query, SampleFilter.from_query, PARAMETER_GROUPS, problems),
    )
    return state, tuple(problems)


def _read_dataset(query: Query) -> str:
    name = last(query, "dataset")
    if name and not is_data_set(name):
        raise FilterError(f"dataset is {name[:40]!r}; use {' or '.join(LOOKS)}. The first one is shown.")
    return name


def _read_view(query: Query) -> View:
    view = last(query, "view") or VIEWS[0]
    if view not in VIEWS:
        raise FilterError(f"view is {view[:40]!r}; use one of {', '.join(VIEWS)}. {VIEWS[0]} is shown.")
    return view


def _read_run(query: Query) -> str:
    run = last(query, "run")
    if run and not _RUN.fullmatch(run):
        raise FilterError(f"run is {run[:40]!r}; it must be the id of a run. It was left out.")
    return run


def _read_cell(query: Query) -> str:
    cell = last(query, "cell")
    if cell and not _CELL.fullmatch(cell):
        raise FilterError(
            f"cell is {cell[:40]!r}; it must be an input and an output, such as DEM>LULC. It was left out."
        )
    return cell


def _read_coordinates(query: Query) -> tuple[float, float] | None:
    text = last(query, "coordinates")
    if not text:
        return None
    try:
        lon, lat = (float(part) for part in text.split(","))
    except ValueError:
        lon = lat = math.nan
    if not (-180 <= lon <= 180 and -90 <= lat <= 90):
        raise FilterError(
            f"coordinates is {text[:40]!r}; it must be longitude and latitude in degrees, such as 11.5,48.2. "
            "It was left out."
        )
    return lon, lat


def _read_wish(query: Query, problems: list[PatchworkError]) -> Wish:
    """The settings that mean something; what they may be together, `Request` says."""
    given: dict[str, Any] = {}
    for name, read in _READ.items():
        key = KEY_OF.get(name, name)
        text = last(query, key)
        if text and (value := attempt(partial(read, key, text), None, problems)) is not None:
            given[name] = value
    return Wish(**given)


def _words(key: str, text: str) -> tuple[str, ...]:
    words = tuple(dict.fromkeys(text.split(",")))
    if len(words) > _MOST_WORDS or not all(_WORD.fullmatch(word) for word in words):
        raise FilterError(f"{key} is {text[:40]!r}; use names with commas between, such as S2L2A,DEM. It was left out.")
    return words


def _word(key: str, text: str) -> str:
    if not _WORD.fullmatch(text):
        raise FilterError(f"{key} is {text[:40]!r}; use one of the names that the page offers. It was left out.")
    return text


def _whole(low: int, high: int, key: str, text: str) -> int:
    if not re.fullmatch(r"-?[0-9]{1,6}", text) or not low <= int(text) <= high:
        raise FilterError(f"{key} is {text[:40]!r}; it must be a whole number from {low} to {high}. It was left out.")
    return int(text)


def _number(low: float, high: float, key: str, text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not low <= value <= high:
        raise FilterError(f"{key} is {text[:40]!r}; it must be a number from {low:g} to {high:g}. It was left out.")
    return value


def _seeds(key: str, text: str) -> tuple[int, ...]:
    parts = text.split(",")
    if len(parts) > _MOST_SEEDS or not all(re.fullmatch(r"[0-9]{1,10}", part) for part in parts):
        raise FilterError(
            f"{key} is {text[:40]!r}; use whole numbers with commas between, such as 0,1,2. It was left out."
        )
    return tuple(dict.fromkeys(int(part) for part in parts))


def _switch(key: str, text: str) -> bool:
    if text not in {"0", "1"}:
        raise FilterError(f"{key} is {text[:40]!r}; it must be 1 or 0. It was left out.")
    return text == "1"


_READ: dict[str, Callable[[str, str], Any]] = {
    "inputs": _words,
    "outputs": _words,
    "model": _word,
    "timesteps": partial(_whole, 1, 1000),
    "seeds": _seeds,
    "decoding_steps": partial(_whole, 1, 1000),
    "temperature": partial(_number, 0.0, 100.0),
    "top_p": partial(_number, 0.0, 1.0),
    "top_k": partial(_whole, 0, 100_000),
    "clipped": _switch,
    "precision": _word,
    "window": partial(_whole, 0, 10_000),
    "layer": partial(_whole, -64, 64),
    "merge": _word,
}
