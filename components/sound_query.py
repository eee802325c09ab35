"""Reads addresses in which some parameters mean nothing: these are named and left out, the others count."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TypeVar

from errors import FilterError, PatchworkError

Query = Mapping[str, Sequence[str]]
T = TypeVar("T")


def sound_filter(
    query: Query, read: Callable[[Query], T], groups: Iterable[Sequence[str]], problems: list[PatchworkError]
) -> T:
    """The filter of an address without the parameters that mean nothing.

    Args:
        query: the address.
        read: makes a filter of parameters; raises FilterError where one means nothing.
        groups: keys whose values depend on each other are one group; each group stands for itself.
        problems: gets one error per parameter that was left out.
    """

    def means_something(part: Query) -> bool:
        try:
            read(part)
        except FilterError as problem:
            problems.append(problem)
            return False
        return True

    sound: dict[str, Sequence[str]] = {}
    for keys in groups:
        group = {key: query[key] for key in keys if key in query and means_something({key: query[key]})}
        if len(group) < 2 or means_something(group):
            sound |= group
    return read(sound)


def attempt(read: Callable[[], T], otherwise: T, problems: list[PatchworkError]) -> T:
    """What `read` gives, or something else where it raises a named error, which joins the problems."""
    try:
        return read()
    except PatchworkError as problem:
        problems.append(problem)
        return otherwise


def last(query: Query, key: str) -> str:
    """The last value of a parameter, empty where it is not given."""
    values = query.get(key, ())
    return values[-1] if values else ""
