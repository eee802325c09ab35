"""The parts of which the tables of judgements are made. Pure functions; styled in `judging.css`."""

from collections.abc import Iterable, Sequence
from html import escape

from components.modality_names import modality_name

Cell = tuple[str, str]  # text or HTML, and a class


def table(heads: Sequence[str], lines: Sequence[str]) -> str:
    """A table; empty without lines."""
    if not lines:
        return ""
    return (
        f'<div class="patchwork-judged"><table><thead><tr>{"".join(heads)}</tr></thead>'
        f"<tbody>{''.join(lines)}</tbody></table></div>"
    )


def head(title: str, about: str, arrow: str = "") -> str:
    """A heading that explains itself under the pointer."""
    mark = f" <i>{arrow}</i>" if arrow else ""
    return f'<th title="{escape(about)}">{escape(title)}{mark}</th>'


def line(name: str, cells: Iterable[Cell], kind: str = "") -> str:
    """A row: what is named, and its cells."""
    columns = "".join(f'<td class="{style}">{text}</td>' for text, style in cells)
    return f'<tr class="{kind}">{name}{columns}</tr>'


def name(title: str, about: str = "") -> str:
    """The head of a row."""
    return f'<th scope="row" title="{escape(about)}">{escape(title)}</th>'


def title(modality: str, unit: str, about: str) -> str:
    """The head of a row that is about a modality."""
    small = ", ".join(filter(None, (unit, about)))
    return f'<th scope="row">{escape(modality_name(modality).title)} <small>{escape(small)}</small></th>'


def of_seeds(seeds: Sequence[int], what: str = "mean of") -> str:
    """What a number of several seeds is of them; empty for a single one."""
    return f"{what} {len(seeds)} seeds" if len(seeds) > 1 else ""
