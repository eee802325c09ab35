"""On small random maps, full of corners and slivers, no check ever says that a right answer differs."""

from collections.abc import Sequence

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from data_access.annotations.checks.verdict import Verdict
from data_access.bigearthnet.map_facts import facts_of
from tests.data_access.annotations.checks.asking import ask, right_letters, spoken, yes_or_no
from tests.data_access.annotations.checks.map_oracle import MapOracle, box_text

# Two codes of one class, three more classes, and a code that has none.
CODES = {321: "Natural grassland and sparsely vegetated areas", 333: "Natural grassland and sparsely vegetated areas"}
CODES |= {331: "Beaches, dunes, sands", 523: "Marine waters", 312: "Coniferous forest"}
TITLES = sorted(set(CODES.values()))
SIZE = 10  # pixels, so that corners of boxes are written without rounding
MAPS = st.lists(
    st.lists(st.sampled_from([*CODES, 332]), min_size=SIZE, max_size=SIZE), min_size=SIZE, max_size=SIZE
) | st.builds(
    lambda blocks: np.kron(np.array(blocks), np.ones((5, 5), int)).tolist(),
    st.lists(st.lists(st.sampled_from([*CODES, 332]), min_size=2, max_size=2), min_size=2, max_size=2),
)
TITLE = st.sampled_from(TITLES)


def of(codes: Sequence[Sequence[int]]) -> MapOracle:
    return MapOracle([[CODES.get(code) for code in row] for row in codes])


def only(answers: set[bool]) -> bool | None:
    """What all conventions say."""
    return answers.pop() if len(answers) == 1 else None


@settings(max_examples=60)
@given(MAPS, TITLE, TITLE, st.integers(0, 8), st.integers(0, 100))
def test_yes_and_no(codes: list[list[int]], title: str, other: str, number: int, percent: int) -> None:
    facts, oracle = facts_of(np.array(codes, np.uint16)), of(codes)
    assert facts.area_m2 == oracle.patch_m2
    name = spoken(title)
    assert yes_or_no(facts, "presence", f"Are there any {name} here?") == (title in oracle.pixels)
    counts = oracle.count(title)
    for phrase, answers in (
        (f"at least {number}", {count >= number for count in counts}),
        (f"exactly {number}", {count == number for count in counts}),
        (f"{number}", {count == number for count in counts} | {count >= number for count in counts}),
        (f"no more than {number}", {count <= number for count in counts}),
    ):
        asked = f"Does the scene hold {phrase} separate areas of {name}?"
        assert yes_or_no(facts, "count", asked) == only(answers), asked
    share = 100 * oracle.pixels[title] / SIZE**2
    assert yes_or_no(facts, "area", f"Do {name} take up less than {percent}%?") == (share < percent)
    assert yes_or_no(facts, "area", f"Do {name} cover the whole scene?") == (share == 100)
    if title != other:
        asked = f"Do {name} lie next to {spoken(other)}?"
        assert yes_or_no(facts, "adjacency", asked) == only(oracle.touch(title, other)), asked


@settings(max_examples=40)
@given(MAPS, TITLE, st.permutations(range(6)))
def test_counting_options(codes: list[list[int]], title: str, numbers: list[int]) -> None:
    facts, oracle = facts_of(np.array(codes, np.uint16)), of(codes)
    options = [*map(str, numbers[:3]), "More than five"]
    right = [{count == number for count in oracle.count(title)} for number in numbers[:3]]
    right.append({count > 5 for count in oracle.count(title)})
    expected = [{True: "agree", False: "differ", None: "unknown"}[only(answers)] for answers in right]
    letters = right_letters(facts, "count", f"How many regions of {spoken(title)} are there?", options)
    assert list(letters.values()) == expected


@settings(max_examples=40)
@given(MAPS, TITLE)
def test_boxes(codes: list[list[int]], title: str) -> None:
    facts, oracle = facts_of(np.array(codes, np.uint16)), of(codes)
    for corners in (True, False):
        pieces = oracle.pieces(title, corners=corners)
        for rank, wanted in (("largest", pieces[:1]), ("smallest", pieces[-1:])):
            for piece in wanted:
                box = box_text(oracle.box(piece))
                verdict = box_verdict(facts_of(np.array(codes, np.uint16)), f"{rank} patch of {spoken(title)}", box)
                assert verdict.outcome == "agree", verdict
        for piece in pieces:
            verdict = box_verdict(facts, f"patch of {spoken(title)}", box_text(oracle.box(piece)))
            assert verdict.outcome == "agree", verdict
    if title not in oracle.pixels:
        assert box_verdict(facts, f"patch of {spoken(title)}", "[0.0 0.0, 0.5 0.5]").outcome == "differ"


def box_verdict(facts: object, phrase: str, box: str) -> Verdict:
    return ask(facts, "bounding box", "reference", f"Box the <ref>{phrase}</ref>.", box)  # type: ignore[arg-type]
