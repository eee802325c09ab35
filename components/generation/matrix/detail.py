"""One cell of a matrix at large: what was given, what was made of it, what is real, and the difference."""

from collections.abc import Mapping
from dataclasses import replace

from components import urls
from components.compare import OpenedSample
from components.compare_panels import panels_of
from components.compare_state import CompareState
from components.generation.form.offer import edge_of, sources_of
from components.generation.matrix.cells import look_of, preset_of
from components.generation.result.panels import cut_of
from components.modality_names import modality_name, unit_name
from components.viewer.component import Panel, PresetChoice, ValueSource
from generation.judging.of_result import OF_A_PAIR
from generation.kept_result import KeptResult
from generation.modalities import MODALITIES
from rendering.registry import presets_of

_COMPARED_BAND = {"S2L2A": "B04"}  # as the API draws differences unasked


def cell_panels(
    result: KeptResult, cell: str, opened: OpenedSample, ranges: Mapping[str, str | None], *, is_real: bool
) -> list[Panel]:
    """Panels of a cell from left to right.

    Args:
        result: of a run of kind matrix.
        cell: `input>output`, an array of the result.
        opened: the sample.
        ranges: the parameter `range` of each output's pictures.
        is_real: whether the sample has the output.
    """
    given, _, made = cell.partition(OF_A_PAIR)
    look = look_of(made, ranges)
    panels = [*_given(result, given, opened), _panel(result, made, cell, "generated", look)]
    if is_real:
        panels += [_panel(result, made, f"{made}/real", "real", look), _difference(result, cell, made)]
    return panels


def _given(result: KeptResult, given: str, opened: OpenedSample) -> list[Panel]:
    """The input as the model saw it; none for coordinates."""
    source = sources_of(opened.record).get(given, "")
    state = CompareState(dataset=opened.record.dataset, sample=opened.record.id, remove_offset=True)
    if given in {"S2L2A", "S2L1C"}:
        state = replace(state, presets={source: preset_of(given)})
    cut = cut_of(result.window, edge_of(opened.record)) if result.window else None
    return [
        replace(
            panel,
            modality=f"input-{given}",
            about="input",
            presets=tuple(each for each in panel.presets if each.name == panel.preset),
            cut=cut,
            values=tuple(replace(each, cut=cut) for each in panel.values),
        )
        for panel in panels_of(state, opened.record, opened.dataset.info.revision)
        if panel.modality == source
    ]


def _panel(result: KeptResult, made: str, rest: str, about: str, look: Mapping[str, str | None]) -> Panel:
    """A picture of the output in the look of its column."""
    modality, preset = MODALITIES[made], preset_of(made)
    titles = {each.name: each.title for each in presets_of(made)}
    return Panel(
        modality=about,
        title=modality_name(made).title,
        about=about,
        bands=modality.bands,
        unit=unit_name(modality.unit),
        offset="absent",
        presets=(PresetChoice(preset, titles[preset]),),
        preset=preset,
        default=preset,
        picture=urls.generated(result.id, f"{rest}.webp", look),
        legend=urls.generated(result.id, f"{rest}/legend", look),
        values=(ValueSource(urls.generated(result.id, f"{rest}.npy"), modality.bands),),
    )


def _difference(result: KeptResult, cell: str, made: str) -> Panel:
    name = "difference"
    band = _COMPARED_BAND.get(made, MODALITIES[made].bands[0])
    return replace(
        _panel(result, made, f"{cell}/{name}", "generated minus real", {}),
        modality=name,
        title="Difference",
        bands=(band,),
        presets=(PresetChoice(name, "Difference"),),
        preset=name,
        default=name,
    )
