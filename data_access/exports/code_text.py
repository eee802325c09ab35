"""Values inside generated code: quoted so that no value can end its quotes, and shown so that none can hide."""

import math
from collections.abc import Collection, Sequence
from datetime import date
from textwrap import indent

from data_access.sample_filter import SampleFilter

_BLOCK = '"""'
# Fields that are one condition only together.
_TOGETHER: tuple[tuple[str, ...], ...] = (
    *((name,) for name in ("country", "season", "climate_zone", "split", "source")),
    ("type", "category"),
    *((name,) for name in ("text", "bbox", "lasso")),
    ("time_from", "time_to"),
    *((name,) for name in ("cloud_max", "ranges")),
)


def sql_literal(value: object) -> str:
    """A bound value as it stands in DuckDB's SQL.

    Raises:
        TypeError: no filter binds values of this type.
    """
    if isinstance(value, str):
        return "'" + value.replace("'", "''") + "'"
    if isinstance(value, date):
        return f"DATE '{value.isoformat()}'"
    if isinstance(value, float):
        text = repr(value)
        if not math.isfinite(value):
            return f"CAST('{text}' AS DOUBLE)"
        return text if "e" in text else f"{text}e0"  # without an exponent it would be a decimal number, and round
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    raise TypeError(f"{type(value).__name__} has no literal here")


def python_literal(value: object) -> str:
    """A text, number, None, or a list or pair of them, as Python; what can not be seen is written as an escape."""
    if isinstance(value, tuple):
        return f"({', '.join(map(python_literal, value))})"
    if isinstance(value, list):
        return f"[{', '.join(map(python_literal, value))}]"
    text = repr(value)
    is_plain = isinstance(value, str) and not {'"', "'", "\\"} & set(text[1:-1])
    return f'"{text[1:-1]}"' if is_plain else text


def sql_conditions(sample_filter: SampleFilter, columns: Collection[str]) -> list[str]:
    """The filter's own SQL with its values written out: one condition for each field that restricts anything."""
    conditions = []
    for names in _TOGETHER:
        alone = SampleFilter(**{name: getattr(sample_filter, name) for name in names})
        if not alone.is_empty:
            sql, bound = alone.where(columns)
            pieces = sql.split("?")  # the text around the marks is the filter's own; values are not in it
            values = [*(sql_literal(value) for value in bound), ""]
            written = "".join(f"{piece}{value}" for piece, value in zip(pieces, values, strict=True))
            is_one = " OR " not in sql and ") AND (" not in sql
            conditions.append(written[1:-1] if is_one else written)
    return conditions


def where(conditions: Sequence[str]) -> str:
    """Lines of a WHERE clause; empty without conditions."""
    return "WHERE " + "\n  AND ".join(conditions) if conditions else ""


def sql_block(sql: str) -> str:
    """SQL as a Python string over several lines, indented by one step."""
    lines = "\n".join(line for line in sql.splitlines() if line.strip())
    shown = "".join(map(_visible, lines.replace("\\", "\\\\"))).replace(_BLOCK, r"\"\"\"")
    return f"{_BLOCK}\n{indent(shown, '    ')}\n{_BLOCK}"


def _visible(character: str) -> str:
    """A character as itself, or as Python's escape where an editor would not show it."""
    return character if character.isprintable() or character == "\n" else ascii(character)[1:-1]
