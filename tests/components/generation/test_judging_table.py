"""The table of judgements: numbers in words, a line per output, what stands behind them."""

import numpy as np
import pytest

from components.generation.judging.confusion import confusion_rows, confusion_spec
from components.generation.judging.numbers import amount, percent, skill_words
from components.generation.judging.places import places_told, position
from components.generation.judging.table import reasons, table_html
from components.generation.judging.tokens import tokens_html, tokens_told
from generation.judging.judge import judge, unjudged
from generation.judging.of_result import JudgedOutput, JudgedPlaces
from generation.judging.seeds import together
from generation.judging.tokens import TokenScores
from tests.generation.judging.kept import values_like

SHAPE = (32, 32)
SEEDS = (0, 6)


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (0.0834, "0.083"),
        (1.0, "1.00"),
        (14.23, "14.2"),
        (354.4, "354"),
        (1203.6, "1,204"),
        (-2.5, "−2.50"),
        (-0.0001, "0"),
        (float("inf"), "∞"),
        (float("nan"), "–"),
        (None, "–"),
    ],
)
def test_amounts_have_three_digits(value: float | None, words: str) -> None:
    assert amount(value) == words


def test_signs_shares_and_skill() -> None:
    assert amount(3.0, signed=True) == "+3.00"
    assert percent(0.8314) == "83.1 %"
    assert [skill_words(each) for each in (0.62, -0.118, 0.001, -30, None)] == [
        "62 % less",
        "12 % more",
        "as good",
        "far more",
        "–",
    ]


def judged(modality: str, *, seeds: int = 2, real_tokens: bool = False) -> JudgedOutput:
    real = values_like(modality, SHAPE, 50)
    made = np.stack([values_like(modality, SHAPE, seed) for seed in range(seeds)])
    whole = together(made, classes=modality == "LULC")
    return JudgedOutput(
        modality,
        modality,
        tuple(judge(modality, each, real) for each in made),
        together=judge(modality, whole, real) if seeds > 1 else None,
        spread=0.5 if seeds > 1 else None,
        token_agreement=np.array([[1, 0.25], [0.25, 1]]) if seeds > 1 else None,
        real_tokens=TokenScores(196, 57, (0.343,) * seeds, 0.12, 0.001, (2.5,) * seeds, 3.75) if real_tokens else None,
    )


def test_quantities_and_classes_have_a_table_each() -> None:
    found = table_html([judged("S1RTC"), judged("LULC")], SEEDS)
    assert found.count("<table>") == 2 + 3  # bands and seeds of the radar, seeds of land cover
    assert "mean of 2 seeds" in found
    assert "seed 6" in found
    assert "lower is better" in found
    assert "higher is better" in found
    assert table_html([judged("DEM", seeds=1)], (0,)).count("<table>") == 1


def test_tokens_have_a_table_of_their_own() -> None:
    found = tokens_html([judged("S1RTC", real_tokens=True), judged("LULC")], SEEDS)
    assert found.count("<tr") == 1 + 2
    for told in ("34.3 %", "12.0 %", "0.1 %", "2.50", "3.75", "25.0 %", "196, 57 different ones in the real picture"):
        assert told in found
    alone = tokens_html([judged("S1RTC", seeds=1, real_tokens=True)], (0,))
    assert "Between seeds" not in alone
    assert tokens_html([judged("DEM", seeds=1)], (0,)) == ""
    scores = judged("S1RTC", real_tokens=True).real_tokens
    assert scores is not None
    assert tokens_told(scores) == "34.3 % of the tokens are the real ones (by chance 0.1 %)"


def test_what_was_not_compared_is_told_once() -> None:
    outputs = [JudgedOutput(name, name, (unjudged(name, "there is none"),)) for name in ("DEM", "NDVI")]
    assert table_html(outputs, (0,)) == ""
    assert reasons(outputs) == {"there is none": ["DEM", "NDVI"]}


def test_the_confusion_matrix_has_the_classes_that_are_there() -> None:
    real = np.repeat(np.array([[1, 1, 1, 4]], np.uint8), 4, axis=0)[None]
    made = np.repeat(np.array([[1, 1, 2, 4]], np.uint8), 4, axis=0)[None]
    scores = judge("LULC", made, real).classes
    assert scores is not None
    rows = confusion_rows(scores)
    assert list(rows["real"].unique()) == ["water", "trees", "crops"]
    cell = rows[(rows.real == "water") & (rows.made == "trees")].iloc[0]
    assert (cell.said, cell["count"]) == ("33", "4")
    assert list(rows[rows.layer == "iou"].said) == ["67", "0", "100"]
    chart = confusion_spec(["water"], ["water"], "reconstructed", dark=False)
    assert chart["encoding"]["x"]["axis"]["title"] == "reconstructed"
    assert {"field": "made", "type": "nominal", "title": "Reconstructed"} in chart["layer"][0]["encoding"]["tooltip"]


def test_places_in_words() -> None:
    places = JudgedPlaces(((11.5, 48.25), (float("nan"), float("nan"))), (11.0, 48.0), (46.4, None))
    assert position((-3.7, -40.42)) == "40.42° S, 3.70° W"
    assert places_told(places, SEEDS) == (
        "Seed 0: 48.25° N, 11.50° E, **46.4 km** from the truth. Seed 6: the model's words make no place."
    )
    assert places_told(JudgedPlaces(((1.0, 2.0),), None, (None,)), (0,)) == "The generated place: 2.00° N, 1.00° E."
