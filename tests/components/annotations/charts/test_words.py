"""Which words a chart shows."""

import numpy as np

from components.annotations.charts.numbers import share, short
from components.annotations.charts.per_patch import middle
from components.annotations.charts.words import distinctive
from data_access.annotations.charts import WordCounts


def counted(**words: tuple[int, int]) -> WordCounts:
    """Words with the captions of two groups of a hundred that hold them."""
    return WordCounts(
        "season", ("Summer", "Winter"), tuple(words), np.array(list(words.values())), np.array([100, 100])
    )


def shown(counts: WordCounts, hidden: frozenset[str] = frozenset(), most: int = 24) -> list[list[str]]:
    return [[counts.words[word] for word in entry] for entry in distinctive(counts, hidden, most)]


def test_words_that_set_a_group_apart_come_first_and_stand_by_group() -> None:
    counts = counted(snow=(2, 90), the=(100, 100), bloom=(60, 20), ice=(0, 40), rare=(1, 0))
    assert shown(counts) == [["bloom"], ["snow"], ["ice"]]
    assert shown(counts, most=2) == [["bloom"], ["snow"]]
    assert shown(counts, frozenset({"snow"})) == [["bloom"], ["ice"]]


def test_words_that_always_come_together_are_one_entry() -> None:
    assert shown(counted(moors=(5, 50), heathland=(5, 50), sea=(50, 6))) == [["sea"], ["heathland", "moors"]]


def test_a_group_alone_has_nothing_to_be_compared_with() -> None:
    counts = WordCounts("country", ("Finland",), ("lake",), np.array([[7]]), np.array([9]))
    assert distinctive(counts, frozenset()) == []


def test_numbers_are_short() -> None:
    assert [short(each) for each in (0, 912, 999, 1_000, 15_029, 999_600, 1_391_053, 9_553_962, 12_345_678)] == [
        *("0", "912", "999", "1.00k", "15.0k", "1.00M", "1.39M", "9.55M", "12.3M")
    ]
    assert (share(1, 8), share(3, 0)) == ("12.5 %", "–")


def test_the_median_is_that_of_the_patches() -> None:
    numbers = np.arange(1, 5)
    for patches in ([0, 3, 1, 0], [1, 1, 1, 1], [0, 0, 0, 5]):
        every = np.repeat(numbers, patches)
        assert middle(numbers, np.array(patches)) == every[(len(every) - 1) // 2]
    assert middle(numbers, np.zeros(4, np.int64)) == 0
