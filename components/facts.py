"""Names and values as a list of HTML. Styled in `page.css`."""

from collections.abc import Iterable
from html import escape


def facts_html(facts: Iterable[tuple[str, str]]) -> str:
    """The list; both sides are escaped, since some come from files."""
    rows = "".join(f"<dt>{escape(name)}</dt><dd>{escape(value)}</dd>" for name, value in facts)
    return f'<dl class="patchwork-facts">{rows}</dl>'
