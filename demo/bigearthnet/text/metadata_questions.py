"""Questions with four options whose answers stand in the metadata: country, season and climate zone."""

from collections.abc import Sequence

import numpy as np

from demo.bigearthnet.text.distractors import CLIMATE_ZONES, COUNTRIES, SEASONS
from demo.bigearthnet.text.multiple_choice import LETTERS, choice
from demo.bigearthnet.text.wording import Annotation, pick, some

_COUNTRY = (
    "Over which country was this picture taken?",
    "Say in which of these countries the scene lies:",
    "What country are we looking at?",
)
_SEASON = (
    "At what time of the year was the picture taken?",
    "Judging by its colours, to which season does the scene belong?",
    "Name the season of this acquisition:",
)
_CLIMATE = (
    "To which climate zone does this place belong?",
    "What is the climate of the area shown?",
    "Name the climate zone of the scene:",
)


def country_question(country: str, rng: np.random.Generator) -> Annotation:
    """Which of four countries is shown."""
    return _choice("country", _COUNTRY, country, COUNTRIES, rng)


def season_question(season: str, rng: np.random.Generator) -> Annotation:
    """Which season it is; `season` is spelled as the column, with Fall for what the options call Autumn."""
    return _choice("season", _SEASON, "Autumn" if season == "Fall" else season, SEASONS, rng)


def climate_question(zone: str, rng: np.random.Generator) -> Annotation:
    """Which of four climate zones it is."""
    return _choice("climate zone", _CLIMATE, zone, CLIMATE_ZONES, rng)


def _choice(
    category: str, questions: Sequence[str], right: str, options: Sequence[str], rng: np.random.Generator
) -> Annotation:
    wrong = some(rng, [option for option in options if option != right], len(LETTERS) - 1)
    return choice(category, pick(rng, questions), right, wrong, rng)
