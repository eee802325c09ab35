"""The index of words against sets of words in Python."""

import re
from collections import Counter
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data_access.annotations.charts import word_index, word_keeping
from data_access.annotations.charts.word_index import Captions, index_words, read_index
from data_access.annotations.charts.word_tokens import common_words
from data_access.sample_table import UNKNOWN
from tests.data_access.annotations.charts.charted_rows import made_rows, opened_rows

PATIENCE_S = 20.0
GROUPS = (("Austria", "Summer"), ("Austria", "Fall"), ("Kosovo", "Fall"))
texts = st.lists(st.text(alphabet="abAé -'.,1\n", max_size=12) | st.none(), max_size=40)


def python_words(text: str | None) -> set[str]:
    """Runs of letters, hyphens inside them included."""
    return {word for word in re.findall(r"[a-zé]+(?:-+[a-zé]+)*", (text or "").lower()) if len(word) > 1}


@settings(max_examples=40)
@given(texts, st.integers(1, 7), st.randoms())
def test_captions_with_each_word_are_counted_per_group(
    captions: list[str | None], step: int, chance: "np.random.RandomState"
) -> None:
    group = np.array([chance.randint(0, 2) for _ in captions], dtype=np.int64)
    rows = np.array([3 * number + chance.randint(0, 2) for number in range(len(captions))], dtype=np.int64)
    blocks = [pa.array(captions[start : start + step], pa.string()) for start in range(0, len(captions), step)]
    index = read_index(index_words(Captions(lambda: blocks, rows, GROUPS, group)))
    assert index is not None
    selected = np.array([chance.random() < 0.5 for _ in range(3 * len(captions) + 1)], dtype=bool)
    counts = index.count(selected)
    held = [python_words(text) for text in captions]
    assert set(index.words) == set().union(*held)
    for place, name in enumerate(index.groups):
        mine = [
            words
            for words, number, at in zip(held, rows, group, strict=True)
            if selected[number] and GROUPS[at] == name
        ]
        assert counts[0, place] == len(mine)
        for line, word in enumerate(index.words, start=1):
            assert counts[line, place] == sum(word in words for words in mine)


def test_blocks_and_words_beyond_one_make_no_difference(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(word_index, "_BLOCK", 64)
    rng = np.random.default_rng(2)
    captions = [" ".join(rng.choice(["one", "two", "three", "four"], 2)) for _ in range(1_000)]
    group = rng.integers(0, 3, 1_000)
    blocks = [pa.array(captions[:333]), pa.array(captions[333:])]
    index = read_index(index_words(Captions(lambda: blocks, np.arange(1_000), GROUPS, group)))
    assert index is not None
    counts = index.count(np.ones(1_000, dtype=bool))
    for place, name in enumerate(index.groups):
        mine = Counter(
            word for text, at in zip(captions, group, strict=True) if GROUPS[at] == name for word in set(text.split())
        )
        assert dict(zip(index.words, counts[1:, place].tolist(), strict=True)) == dict(mine)


def test_the_vocabulary_is_what_most_captions_hold() -> None:
    blocks = [pa.array(["sea sea sea", "land sea"]), pa.array(["land", "a dune", None])]
    assert common_words(blocks, 2).to_pylist() == ["land", "sea"]
    assert common_words([], 2).to_pylist() == []


def test_names_beyond_the_most_are_unknown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(word_keeping, "MOST_NAMES", 2)
    captions = [each for each in made_rows() if each["type"] == "captioning" and each["patch_id"]]
    for number, each in enumerate(captions[:5]):  # one patch each, in a country of its own
        captions.append({**each, "ID": 9_000 + number, "patch_id": f"patch{number}", "country": f"Island {number}"})
    index = word_keeping.word_index_soon(opened_rows(tmp_path, captions)).result(PATIENCE_S)
    countries = {country for country, _ in index.groups}
    assert len(countries) == 3
    assert UNKNOWN in countries
    assert not [country for country in countries if country.startswith("Island")]
    assert index.count(np.ones(len(captions), dtype=bool))[0].sum() == len(captions)


def test_an_array_that_lacks_is_no_index() -> None:
    arrays = index_words(Captions(lambda: [pa.array(["sea"])], np.arange(1), GROUPS, np.zeros(1, np.int64)))
    assert read_index(arrays) is not None
    assert read_index({name: array for name, array in arrays.items() if name != "bits"}) is None
