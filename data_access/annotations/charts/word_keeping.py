"""The index of words of a collection: built from its captions once per revision, and kept."""

from collections.abc import Iterator
from concurrent.futures import Future
from functools import partial

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from data_access.annotations.charts.remembered import VERSION, lasting, lasting_soon
from data_access.annotations.charts.word_index import INDEX_ARRAYS, Captions, Group, WordIndex, index_words, read_index
from data_access.annotations.charts.word_lists import STOP_WORDS, leaking_words
from data_access.annotations.row_filter import RowFilter
from data_access.annotations.rows import AnnotationRows
from data_access.sample_filter import SampleFilter
from data_access.sample_table import UNKNOWN

# Countries, and seasons, that captions are grouped by: in a damaged file every patch may have one of its own, and a
# group takes 4 kB. Published are ten.
MOST_NAMES = 64
_CAPTIONS = RowFilter(SampleFilter(type=("captioning",)))


def word_index_soon(rows: AnnotationRows) -> "Future[WordIndex]":
    """The index, opened or built in the background; progress is told as an activity."""
    return lasting_soon(rows, "words", lambda: _built(rows))


def _built(rows: AnnotationRows) -> WordIndex:
    found = read_index({name: rows.kept.get(_file(name)) for name in INDEX_ARRAYS})
    if found is None:
        made = index_words(captions_of(rows))
        found = read_index({name: rows.kept.get_or_make(_file(name), partial(made.__getitem__, name)) for name in made})
    if found is None:
        raise LookupError(f"index_words makes all of {', '.join(INDEX_ARRAYS)}")
    return found


def _file(name: str) -> str:
    return f"chart_{VERSION}_words_{name}"


def captions_of(rows: AnnotationRows) -> Captions:
    """All captions in the order of their rows, grouped by country and season."""
    arrays = rows.arrays
    numbers = np.flatnonzero(rows.selected(_CAPTIONS))
    encoded = [_common(arrays.patches[name]).dictionary_encode() for name in ("country", "season")]
    countries, seasons = (each.dictionary.to_pylist() for each in encoded)
    code = np.asarray(encoded[0].indices) * len(seasons) + np.asarray(encoded[1].indices)
    groups: list[Group] = [(country, season) for country in countries for season in seasons]
    unknown = len(groups)  # of a caption that names no patch
    groups.append((UNKNOWN, UNKNOWN))
    return Captions(lambda: _texts(rows), numbers, groups, np.append(code, unknown)[arrays.patch[numbers]])


def _common(names: pa.ChunkedArray) -> pa.Array:
    """The names, the rarest beyond the most as unknown."""
    known = names.cast(pa.string()).fill_null(UNKNOWN).combine_chunks()
    counted = pc.value_counts(known)
    if len(counted) <= MOST_NAMES:
        return known
    order = np.argsort(-np.asarray(counted.field("counts")), kind="stable")[:MOST_NAMES]
    return pc.if_else(pc.is_in(known, value_set=counted.field("values").take(pa.array(order))), known, UNKNOWN)


def _texts(rows: AnnotationRows) -> Iterator[pa.Array]:
    for batch in rows.batches(_CAPTIONS):
        yield batch.column("output")


def hidden_words(rows: AnnotationRows, *, stop: bool, leaks: bool) -> frozenset[str]:
    """Stop words, and words of the index that name a season, country or climate zone, where they are to be hidden."""
    index = word_index_soon(rows).result()
    names = lasting(rows, "leaking-words", lambda: _leaking(rows, index))
    return (STOP_WORDS if stop else frozenset()) | (names if leaks else frozenset())


def _leaking(rows: AnnotationRows, index: WordIndex) -> frozenset[str]:
    patches = rows.arrays.patches
    climates = patches["climate_zone"].cast(pa.string()).unique().drop_null().to_pylist()
    return leaking_words(index.words, {country for country, _ in index.groups}, climates)
