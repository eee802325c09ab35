"""Counts and shares as charts write them."""


def short(count: float) -> str:
    """A count in three digits: 912, 4.32k, 1.39M."""
    for unit, step in (("M", 1e6), ("k", 1e3)):
        if count >= 0.9995 * step:
            value = count / step
            return f"{value:.{2 if value < 9.995 else 1 if value < 99.95 else 0}f}{unit}"
    return f"{count:.0f}"


def share(count: float, of: float) -> str:
    """A share in words: 12.3 %; a dash where there is nothing to share."""
    return f"{100 * count / of:.1f} %" if of else "–"
