"""Errors and shares as the tables of judgements write them."""

import math

NOTHING = "–"
MINUS = "−"
_EXACT = "∞"  # a ratio to an error of nothing


def amount(value: float | None, *, signed: bool = False) -> str:
    """A number in three digits, whole from 1,000 on: 0.083, 14.2, 1,204; `signed` for what lies on both sides of 0."""
    if value is None or math.isnan(value):
        return NOTHING
    if math.isinf(value):
        return _EXACT
    size = abs(value)
    digits = 0 if size >= 99.95 else 1 if size >= 9.995 else 2 if size >= 0.9995 else 3
    text = f"{size:,.{digits}f}"
    if float(text.replace(",", "")) == 0:
        return "0"
    sign = MINUS if value < 0 else "+" if signed else ""
    return sign + text


def percent(share: float | None) -> str:
    """A share of 0 to 1 in percent: 83.1 %."""
    return NOTHING if share is None or math.isnan(share) else f"{100 * share:.1f} %"


def skill_words(skill: float | None) -> str:
    """How much less an error is than that of the best constant guess: 62 % less, 12 % more."""
    if skill is None:
        return NOTHING
    share = round(100 * abs(skill))
    if share == 0:
        return "as good"
    if share > 999:  # a flat picture: its constant guess is all but perfect
        return "far more"
    return f"{share} % {'less' if skill > 0 else 'more'}"
