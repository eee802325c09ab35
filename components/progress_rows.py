"""Work under way as rows of HTML: a title, a bar, and how far it is in words. Styled in `page.css`."""

from collections.abc import Iterable
from html import escape
from typing import Literal

from components.amounts import age, amount, remaining
from data_access.progress import Activity

Tone = Literal["", "good", "bad", "still"]  # of a bar: running, finished, failed, paused


def bar(fraction: float | None, label: str, tone: Tone = "") -> str:
    """A progress bar; one whose end is not known moves to and fro."""
    if fraction is None:
        return (
            f'<div class="patchwork-bar unknown {tone}" role="progressbar" aria-label="{escape(label)}"><i></i></div>'
        )
    percent = round(min(max(fraction, 0.0), 1.0) * 100, 1)
    return (
        f'<div class="patchwork-bar {tone}" role="progressbar" aria-label="{escape(label)}" aria-valuemin="0" '
        f'aria-valuemax="100" aria-valuenow="{percent:g}"><i style="width:{percent:g}%"></i></div>'
    )


def row(title: str, words: Iterable[str], fraction: float | None, tone: Tone = "", detail: str = "") -> str:
    """One piece of work; everything is escaped, since some of it comes from files.

    What has ended without a share that could be told has no bar.
    """
    told = " · ".join(escape(each) for each in words if each)
    small = f"<small>{escape(detail)}</small>" if detail else ""
    drawn = "" if fraction is None and tone in {"good", "bad"} else bar(fraction, title, tone)
    return f'<div class="patchwork-work {tone}"><b>{escape(title)}</b><span>{told}</span>{drawn}{small}</div>'


def activity_row(each: Activity) -> str:
    """One activity of this process."""
    if each.status != "running":
        ended = age(each.ended or each.started)
        word = "done" if each.status == "done" else "failed"
        detail = each.detail if each.status == "failed" else ""
        return row(each.title, (word, ended), None, "good" if word == "done" else "bad", detail)
    fraction = each.fraction
    words = (
        "" if fraction is None else f"{fraction:.0%}",
        amount(each.done, each.total, each.unit),
        remaining(each.remaining_s),
    )
    return row(each.title, words, fraction, detail=each.detail)


def countdown_row(seconds: float) -> str:
    """That remote servers asked to wait, and how long."""
    return row("Waiting for a remote server", (f"it asked for a pause: {seconds:.0f} s left",), None, "still")


def rows(each: Iterable[str]) -> str:
    """Rows as one list."""
    return f'<div class="patchwork-works">{"".join(each)}</div>'
