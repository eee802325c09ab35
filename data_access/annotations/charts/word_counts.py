"""Words of captions by season and by country: how many captions hold them, and how much more often than elsewhere."""

from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
import pyarrow as pa

from data_access.annotations.charts.remembered import remembered
from data_access.annotations.charts.word_index import WordIndex
from data_access.annotations.charts.word_keeping import word_index_soon
from data_access.annotations.row_filter import RowFilter
from data_access.annotations.rows import AnnotationRows
from data_access.places import SEASONS
from data_access.search_terms import text_of

GroupKind = Literal["season", "country"]
KINDS: tuple[GroupKind, ...] = get_args(GroupKind)
# Words are of captions, which have one task, no answer and no box; season and country are what the chart groups by.
OWN = ("type", "category", "answers", "box_at", "box_size", *KINDS)


@dataclass(frozen=True)
class WordCounts:
    """Words of the captions that a filter leaves, per group.

    Attributes:
        kind: what the groups are.
        groups: their names; seasons in their order, countries by the alphabet.
        words: the vocabulary.
        captions: (words, groups) int64, captions with the word.
        totals: (groups,) int64, captions of the group.
    """

    kind: GroupKind
    groups: tuple[str, ...]
    words: tuple[str, ...]
    captions: np.ndarray
    totals: np.ndarray

    @property
    def share(self) -> np.ndarray:
        """Share of a group's captions that hold a word, (words, groups), 0 to 1; 0 for a group without captions."""
        return np.asarray(self.captions / np.maximum(self.totals, 1))

    @property
    def share_of_all(self) -> np.ndarray:
        """The same over all groups together, (words,)."""
        return np.asarray(self.captions.sum(axis=1) / max(int(self.totals.sum()), 1))

    @property
    def lift(self) -> np.ndarray:
        """How many times more often than among all, (words, groups); 1 for a word that nobody uses."""
        of_all = self.share_of_all[:, None]
        return np.asarray(np.divide(self.share, of_all, out=np.ones_like(self.share), where=of_all > 0))

    @property
    def surprise(self) -> np.ndarray:
        """How far a group's share is from that of all, in standard errors, (words, groups).

        It weighs the lift by the captions behind it: a rare word of a small group has a large lift by chance.
        """
        of_all = self.share_of_all[:, None]
        spread = np.sqrt(np.maximum(of_all * (1 - of_all), 1e-12) / np.maximum(self.totals, 1))
        return np.asarray(np.where(self.totals > 0, (self.share - of_all) / spread, 0.0))


def word_counts(rows: AnnotationRows, wanted: RowFilter, kind: GroupKind) -> WordCounts:
    """Count the words of the captions that a filter leaves, by season or by country.

    Its own restrictions are ignored: what the groups are, `OWN` ones that no caption meets, and searched words that are
    part of the vocabulary. Builds the index of words where none is kept, which takes a while: see `word_keeping`.

    Raises:
        FilterError: the text has too many words.
    """
    index = word_index_soon(rows).result()
    left = _left(index, wanted)
    counts = remembered(rows, "words", left, lambda: index.count(rows.selected(left)))
    other = KINDS[1 - KINDS.index(kind)]
    allowed = getattr(wanted.samples, other)
    names = [_name(group, kind) for group in index.groups]
    kept = [not allowed or _name(group, other) in allowed for group in index.groups]
    groups = tuple(sorted(set(names), key=_order))
    sums = np.zeros((len(counts), len(groups)), dtype=np.int64)
    for place, name in enumerate(groups):
        columns = [number for number, each in enumerate(names) if each == name and kept[number]]
        sums[:, place] = counts[:, columns].sum(axis=1)
    return WordCounts(kind, groups, index.words, captions=sums[1:], totals=sums[0])


def words(rows: AnnotationRows, wanted: RowFilter) -> pa.Table:
    """The same for both kinds as a table, most surprising words first.

    Returns:
        Columns word, kind (season or country), group (string), captions (int64), share, lift (float64).
    """
    tables = []
    for kind in KINDS:
        counts = word_counts(rows, wanted, kind)
        order = np.argsort(-counts.surprise.ravel(), kind="stable")
        word, group = np.divmod(order, max(len(counts.groups), 1))
        tables.append(
            pa.table(
                {
                    "word": pa.array(counts.words, pa.string()).take(pa.array(word)),
                    "kind": pa.array([kind] * len(order), pa.string()),
                    "group": pa.array(counts.groups, pa.string()).take(pa.array(group)),
                    "captions": counts.captions.ravel()[order],
                    "share": counts.share.ravel()[order],
                    "lift": counts.lift.ravel()[order],
                }
            )
        )
    return pa.concat_tables(tables)


def _left(index: WordIndex, wanted: RowFilter) -> RowFilter:
    left = wanted.without(*OWN)
    vocabulary = frozenset(index.words)
    others = [term for term in left.samples.words if term.lower() not in vocabulary]
    return left.replace(samples=left.samples.replace(text=text_of(others)))


def _name(group: tuple[str, str], kind: GroupKind) -> str:
    country, season = group
    return season if kind == "season" else country


def _order(name: str) -> tuple[int, str]:
    return (SEASONS.index(name) if name in SEASONS else len(SEASONS), name)
