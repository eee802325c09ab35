"""The words of captions, and which of them are the most common.

A word is a run of letters, hyphens inside it included ("broad-leaved"), in lower case; figures are none.
"""

from collections.abc import Iterable

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

FEWEST_LETTERS = 2
MOST_LETTERS = 40  # longer runs are no words of a language
_BETWEEN_WORDS = r"[^\pL-]+"


def words_of(texts: pa.Array) -> tuple[pa.Array, np.ndarray]:
    """All words of some texts, in their order, and the number of the text that each stands in.

    Args:
        texts: (n,) strings; a null has no words.

    Returns:
        Words in lower case, (m,) strings, some of them empty; and (m,) int64, 0 to n - 1.
    """
    parts = pc.split_pattern_regex(pc.utf8_lower(pc.fill_null(texts, "")), _BETWEEN_WORDS)
    return pc.utf8_trim(pc.list_flatten(parts), "-"), np.asarray(pc.list_parent_indices(parts))


def distinct_words(texts: pa.Array, vocabulary: pa.Array) -> np.ndarray:
    """Which words of a vocabulary each text holds, (words, n) bool."""
    found, text = words_of(texts)
    number = np.asarray(pc.fill_null(pc.index_in(found, value_set=vocabulary), -1))
    known = number >= 0
    held: np.ndarray = np.zeros((len(vocabulary), len(texts)), dtype=np.bool_)
    held[number[known], text[known]] = True
    return held


def common_words(texts: Iterable[pa.Array], most: int) -> pa.Array:
    """The words that stand in the most texts, commonest first, equals by the alphabet.

    Args:
        texts: blocks of strings.
        most: how many words to return at most.
    """
    counted: dict[str, int] = {}
    for block in texts:
        words, text = words_of(block)
        encoded = words.dictionary_encode()
        # One number per text and word: repeats within a text count once.
        pairs = np.unique(
            np.asarray(encoded.indices).astype(np.int64) + text.astype(np.int64) * len(encoded.dictionary)
        )
        counts = np.bincount(pairs % max(len(encoded.dictionary), 1), minlength=len(encoded.dictionary))
        for word, count in zip(encoded.dictionary.to_pylist(), counts.tolist(), strict=True):
            if FEWEST_LETTERS <= len(word) <= MOST_LETTERS:
                counted[word] = counted.get(word, 0) + count
    order = sorted(counted, key=lambda word: (-counted[word], word))
    return pa.array(order[:most], pa.string())
