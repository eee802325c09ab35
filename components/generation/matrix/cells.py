"""What each cell of a matrix shows: a picture, its error, and how that stands to a guess without looking."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from components import urls
from components.generation.judging.numbers import amount, percent, skill_words
from components.generation.judging.places import position
from components.modality_names import modality_name, unit_name
from generation.judging.judgement import Judgement
from generation.judging.of_result import OF_A_PAIR, JudgedPlaces, JudgedResult
from generation.kept_result import KeptResult
from generation.modalities import COORDINATES
from generation.request import TOKEN_MODALITIES
from rendering import default_preset

_PRESETS = {"S2L2A": "true-colour-fixed"}  # the same colours for the same values in a whole column


@dataclass(frozen=True)
class Cell:
    """One cell, as the browser draws it.

    Attributes:
        name: `input>output`; empty where there is nothing to look at.
        picture: address; empty where there is none.
        said: the number below it.
        about: the same in a sentence, with what a constant guess would get.
        skill: how much of the constant guess's error is gone, -1 to 1; None where that is not known.
        kind: real, made, or none.
    """

    name: str = ""
    picture: str = ""
    said: str = ""
    about: str = ""
    skill: float | None = None
    kind: str = "made"


def matrix_of(result: KeptResult, judged: JudgedResult, ranges: Mapping[str, str | None]) -> dict[str, Any]:
    """Rows and columns with their titles, and the cells of each row.

    Args:
        result: of a run of kind matrix.
        judged: the same, judged.
        ranges: the parameter `range` of each output's pictures, real ones included.
    """
    inputs, outputs = result.request.inputs, result.request.outputs
    return {
        "columns": [_heading(name) for name in outputs],
        "rows": [
            {**_heading(given), "cells": [vars(_cell(result, judged, given, made, ranges)) for made in outputs]}
            for given in inputs
        ],
    }


def look_of(output: str, ranges: Mapping[str, str | None]) -> dict[str, str | None]:
    """Parameters of all pictures of a column."""
    return {"preset": preset_of(output), "range": ranges.get(output)}


def preset_of(output: str) -> str:
    """The preset of a column."""
    return _PRESETS.get(output, default_preset(output).name)


def cell_named(given: str, made: str) -> str:
    """How the arrays of a result call a cell."""
    return f"{given}{OF_A_PAIR}{made}"


def _heading(name: str) -> dict[str, str]:
    title, about = modality_name(name)
    return {"name": name, "title": title, "about": about}


def _cell(result: KeptResult, judged: JudgedResult, given: str, made: str, ranges: Mapping[str, str | None]) -> Cell:
    name = cell_named(given, made)
    if given == made:
        return _diagonal(result, judged, made, ranges)
    if made == COORDINATES:
        places = judged.places.get(name)
        return _place_cell(name, places) if places else Cell(kind="none")
    if name not in judged.outputs:
        return Cell(kind="none")
    picture = urls.generated(result.id, f"{name}.webp", look_of(made, ranges))
    best = judged.outputs[name].best
    return Cell(name, picture, said(best), told(best), _bounded(best.skill))


def _diagonal(result: KeptResult, judged: JudgedResult, made: str, ranges: Mapping[str, str | None]) -> Cell:
    """The real picture; what the model makes of a modality given itself is behind a click where it can be made."""
    name = cell_named(made, made)
    there = any(name.rpartition(OF_A_PAIR)[2] == made and not each.best.reason for name, each in judged.outputs.items())
    if made == COORDINATES or not there:
        return Cell(kind="none")
    picture = urls.generated(result.id, f"{made}/real.webp", look_of(made, ranges))
    again = judged.outputs.get(name)
    about = (
        "The real picture. TerraMind reads and writes this one as the same tokens, so it is not generated from itself."
    )
    if again is None or made in TOKEN_MODALITIES:
        return Cell("", picture, "real", about, kind="real")
    return Cell(name, picture, "real", f"The real picture. From itself: {told(again.best)}", kind="real")


def _place_cell(name: str, places: JudgedPlaces) -> Cell:
    distance, place = places.distances_km[0], places.places[0]
    if distance is None:
        return Cell(name, "", "no place", "The words that the model wrote make no place, or the true one is not known.")
    about = f"{position(place)}, {amount(distance)} km from the truth"
    return Cell(name, "", f"{amount(distance)} km", about)


def said(judgement: Judgement) -> str:
    """The one number of a cell."""
    if judgement.classes:
        return percent(judgement.classes.accuracy)
    if judgement.together is None:
        return "not compared"
    return f"{amount(judgement.together.mae)} {_short_unit(judgement.unit)}".strip()


def told(judgement: Judgement) -> str:
    """The number with its name, and what a constant guess would get."""
    if judgement.classes:
        found = judgement.classes
        return (
            f"accuracy {percent(found.accuracy)}, best constant guess {percent(found.constant_accuracy)}: "
            f"errors {skill_words(judgement.skill)}"
        )
    if judgement.together is None:
        return f"Not compared: {judgement.reason}."
    mae = f"MAE {amount(judgement.together.mae)} {unit_name(judgement.unit)}".rstrip()
    guess = amount(judgement.together.constant_mae)
    return f"{mae}, best constant guess {guess}: error {skill_words(judgement.skill)}"


def _short_unit(unit: str) -> str:
    """A unit that fits below a small picture."""
    return unit if unit in {"dB", "m"} else ""


def _bounded(skill: float | None) -> float | None:
    return None if skill is None else max(-1.0, min(1.0, skill))
