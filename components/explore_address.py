"""Reads the Explore page's address; `ExploreState.to_query` writes it."""

import math
import re
from functools import partial
from typing import cast

from components.data_sets import LOOKS, is_data_set
from components.explore_state import ON, ExploreState, LayerChoice, SampleReference, View, first_layer
from components.sound_query import Query, attempt, last, sound_filter
from data_access.collections import DATASETS
from data_access.dataset import ID_PATTERN, DatasetName
from data_access.filter_query import PARAMETER_GROUPS
from data_access.sample_filter import SampleFilter
from errors import FilterError, PatchworkError
from rendering import presets_of

MAX_ZOOM = 20.0


def read_state(query: Query) -> tuple[ExploreState, tuple[PatchworkError, ...]]:
    """The state of an address, and what is wrong with it.

    Every parameter stands for itself: one that means nothing is named and left out, the others count.
    """
    problems: list[PatchworkError] = []
    state = ExploreState(
        sample_filter=sound_filter(query, SampleFilter.from_query, PARAMETER_GROUPS, problems),
        shown=attempt(lambda: _read_shown(query), DATASETS, problems),
        layers={name: attempt(partial(_read_layer, query, name), first_layer(name), problems) for name in DATASETS},
        opacity=attempt(lambda: round(_number(query, "opacity", 0, 100, 100)), 100, problems),
        cloud_mask=last(query, "cloud_mask") == ON,
        in_view=last(query, "in_view") == ON,
        selected=attempt(lambda: _read_selected(query), None, problems),
        view=attempt(lambda: read_view(query), None, problems),
    )
    return state, tuple(problems)


def _number(query: Query, key: str, low: float, high: float, otherwise: float) -> float:
    text = last(query, key)
    if not text:
        return otherwise
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not low <= value <= high:
        raise FilterError(f"{key} is {text[:40]!r}; it must be a number from {low:g} to {high:g}. It was left out.")
    return value


def _read_shown(query: Query) -> tuple[DatasetName, ...]:
    names = [name for name in query.get("show", ()) if name]
    unknown = [name for name in names if name != "none" and not is_data_set(name)]
    if unknown:
        raise FilterError(f"show is {unknown[0][:40]!r}; use {' or '.join(DATASETS)}. Both are shown.")
    return tuple(name for name in DATASETS if name in names) if names else DATASETS


def _read_layer(query: Query, name: DatasetName) -> LayerChoice:
    modality = last(query, f"{name}_layer")
    if not modality:
        return first_layer(name)
    if modality not in LOOKS[name].layers:
        raise FilterError(f"{name}_layer is {modality[:40]!r}; use one of {', '.join(LOOKS[name].layers)}.")
    preset = last(query, f"{name}_preset")
    names = [each.name for each in presets_of(modality)]
    if preset and preset not in names:
        raise FilterError(f"{name}_preset is {preset[:40]!r}; {modality} can be drawn as {', '.join(names)}.")
    return LayerChoice(modality, preset)


def _read_selected(query: Query) -> SampleReference | None:
    sample, dataset = last(query, "sample"), last(query, "dataset")
    if not sample:
        return None
    if not is_data_set(dataset):
        raise FilterError(f"dataset is {dataset[:40]!r}; a sample needs {' or '.join(DATASETS)} beside it.")
    return SampleReference(cast("DatasetName", dataset), checked_id(sample))


def checked_id(sample: str) -> str:
    """The id of a sample as an address has it. Raises FilterError where no id has that form."""
    if not re.fullmatch(ID_PATTERN, sample):
        raise FilterError(f"sample {sample[:40]!r} is no sample id: letters, digits, '-' and '_' only.")
    return sample


def read_view(query: Query) -> View | None:
    """Where the map looks; None where the address does not tell. Raises FilterError."""
    if not any(last(query, key) for key in ("lat", "lon", "zoom")):
        return None
    return View(
        latitude=_number(query, "lat", -85.06, 85.06, 20.0),
        longitude=_number(query, "lon", -180, 180, 10.0),
        zoom=_number(query, "zoom", 0, MAX_ZOOM, 2.0),
    )
