"""Words of captions by season or country: the ones that set a group apart, with how often it uses them."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd

from components.annotations.charts.clicks import choose_word, has_word, leaves_word
from components.annotations.charts.lanes import LONGEST, lanes
from components.annotations.charts.look import Spec, draw, legend, tooltip
from components.annotations.charts.numbers import share
from components.filters.vocabulary import label
from data_access.annotations.charts import WordCounts
from data_access.annotations.row_filter import RowFilter

MOST_WORDS = 24  # lines of the chart
_RAREST = 5  # captions that a group must have with a word, so that a single one does not lead the list
_WIDEST_LIFT = 4.0  # where the colours end: four times more often than among all, or four times less
_TIPS = tooltip(
    word="Word",
    together="Always with",
    of="Captions of",
    captions="With the word",
    share="Share",
    of_all="Share of all",
    said="Compared",
)
_COLOUR: Spec = {
    "field": "lift",
    "type": "quantitative",
    "scale": {
        "type": "log",
        "domain": [1 / _WIDEST_LIFT, _WIDEST_LIFT],
        "clamp": True,
        "range": "diverging",
        "interpolate": "rgb",
    },
    "legend": legend(
        title=None,
        values=[1 / _WIDEST_LIFT, 0.5, 1, 2, _WIDEST_LIFT],
        labelExpr="datum.value == 1 ? 'as often' : {'0.25': '¼', '0.5': '½', '2': '2', '4': '4'}[datum.value] + '×'",
    ),
}


def draw_words(counts: WordCounts, wanted: RowFilter, hidden: frozenset[str]) -> bool:
    """Draw the most distinctive words: bars that filter by word and group.

    Args:
        counts: of all words.
        wanted: the filter, for what is chosen.
        hidden: words that are not to be shown.

    Returns:
        Whether there was any.
    """
    entries = distinctive(counts, hidden)
    if not entries:
        return False
    spec = lanes([label(counts.kind, group) for group in counts.groups], ("word", "kind", "group"), _TIPS, _COLOUR)
    data = pd.DataFrame(_rows(counts, entries, wanted))
    alt = f"Words of the captions that tell each {counts.kind} apart, as bars of the share of captions that hold them"
    draw(spec, data, key=f"charts_words_{counts.kind}", alt=alt, click=choose_word)
    return True


def distinctive(counts: WordCounts, hidden: frozenset[str], most: int = MOST_WORDS) -> list[list[int]]:
    """Numbers of the words that set groups apart, the groups in turn, then sorted by the group they stand for.

    Words that always come together, such as those of one land cover class, are one entry: the longest of them first.
    """
    surprise = np.where(counts.captions >= _RAREST, counts.surprise, 0.0)
    surprise[[word in hidden for word in counts.words]] = 0.0
    ranked = [[int(n) for n in np.argsort(-column, kind="stable") if column[n] > 0] for column in surprise.T]
    chosen: dict[tuple[int, ...], set[int]] = {}
    for turn in range(max(map(len, ranked), default=0)):
        for group in ranked:
            if turn < len(group):
                same = tuple(counts.captions[group[turn]].tolist())
                if same in chosen or len(chosen) < most:
                    chosen.setdefault(same, set()).add(group[turn])
    entries = [
        sorted(entry, key=lambda word: (-len(counts.words[word]), counts.words[word])) for entry in chosen.values()
    ]
    return sorted(entries, key=lambda entry: (int(np.argmax(surprise[entry[0]])), -float(surprise[entry[0]].max())))


def _rows(counts: WordCounts, entries: list[list[int]], wanted: RowFilter) -> Iterator[dict[str, Any]]:
    """A row per entry and group."""
    shares, lifts, of_all = counts.share, counts.lift, counts.share_of_all
    for line, *others in entries:
        word = counts.words[line]
        words = [counts.words[each] for each in (line, *others)]
        longest = max(float(shares[line].max()), 1e-9)
        for lane, group in enumerate(counts.groups):
            yield {
                "line": f"{word} +{len(others)}" if others else word,
                "lane": lane,
                "lane_end": lane + 0.97,
                "tip": lane + LONGEST * float(shares[line, lane]) / longest,
                "said": f"×{lifts[line, lane]:.1f}" if counts.captions[line, lane] else "–",
                "lift": float(lifts[line, lane]),
                "word": word,
                "together": ", ".join(words[1:]) or "–",
                "kind": counts.kind,
                "group": group,
                "of": label(counts.kind, group),
                "captions": f"{int(counts.captions[line, lane]):,} of {int(counts.totals[lane]):,}",
                "share": share(float(counts.captions[line, lane]), float(counts.totals[lane])),
                "of_all": share(float(of_all[line]), 1.0),
                "dim": not leaves_word(wanted, words, counts.kind, group, counts.words),
                "chosen": has_word(wanted, word, counts.kind, group),
            }
