"""A small annotation file with all that can be wrong: unsorted, repeated, null, foreign, contradictory."""

import random

from tests.data_access.annotations.annotation_rows import row

WORDS = ("Arable", "LAND", "forest", "yes", "Ærø", "İstanbul", "straße", "a\nb", "  two", "\U0001f30d", "%_", "x' OR")
KINDS: tuple[tuple[str | None, str | None], ...] = (
    ("binary", "presence"),
    ("mcq", "area"),
    ("captioning", "None"),
    ("captioning", None),
    ("bounding box", "point"),
    ("bounding box", "reference"),
    ("essay", "presence"),
    ("mcq", "poetry"),
    (None, "area"),
)
_QUESTIONS = (
    "Which one? a) Beaches, dunes, sands, b) Cold, no dry season, c) 0, d) More than five",
    "Which one? a) 10 (or so), b) 20, c) 30, d) 40",
    "Which? a) one, b) two",
    "Which one? a) one, b) , c) three, d) four",
    "Point out <ref>largest patch of Arable land</ref> here.",
    "Point out <ref> </ref> here.",
    "What is at <point>(0.29, 0.8)</point>?",
    "What is at <point>(0.29, 1.8)</point>?",
    "What is at <point>(0.29, 0.8)</point> and <point>(0.1, 1.0)</point>?",
    "Is it there?",
    "",
    " \t",
)
_OUTPUTS = (
    "yes", "no", "Yes ", "a", "b", "d", "B", "e", "[0.06 0.59, 0.51 1.0]", "[0.0 0.0, 1 1.0]", "[0.5 0.5, 0.4 0.9]",
    "[0.123 0.2, 0.5 0.75]", " [0 0, 0.005 1e3]", "[0.1 0.2 0.3 0.4]", "[-0.1 0.2, 0.3 0.4]", "", " ", "A caption.",
)  # fmt: skip


def wild_rows(count: int, seed: int = 0) -> list[dict[str, object]]:
    """Rows of about 20 patches; the same for the same seed."""
    dice = random.Random(seed)  # noqa: S311 - test data
    rows = []
    for _ in range(count):
        kind, category = dice.choice(KINDS)
        number = dice.randrange(20)
        texts = [dice.choice([*_QUESTIONS, " ".join(dice.choices(WORDS, k=4))]), dice.choice(_OUTPUTS)]
        rows.append(
            row(
                dice.choice([None, *range(count)]) if dice.random() < 0.2 else dice.randrange(10 * count),
                None if number == 0 else f"S2A_MSIL2A_20170613T101031_N9999_R022_T33UUP_26_{number:02d}",
                input=dice.choice([None, *texts]) if dice.random() < 0.1 else texts[0],
                output=None if dice.random() < 0.05 else texts[1],
                type=kind,
                category=category,
                country=["Austria", "Finland", "Serbia"][number % 3],
                season=dice.choice(["Fall", "Autumn"]) if number % 2 else "Summer",
                split=["train", "test"][number % 2],
                s1_name=dice.choice(["S1A", "S1B", None]),
                climate_zone=dice.choice(["Temperate", "Cold"]),
                latitude=float("nan") if number == 3 else 40.0 + number,
                longitude=dice.choice([-0.0, 0.0]) if number == 4 else 10.0 + number,
            )
        )
    return rows
