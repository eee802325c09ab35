"""The panels of one output: what was given, what was made of it seed by seed, and what is real."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from components import urls
from components.compare import OpenedSample
from components.compare_panels import panels_of
from components.compare_state import CompareState
from components.data_sets import LOOKS
from components.generation.form.offer import edge_of, sources_of
from components.modality_names import modality_name, unit_name
from components.viewer.component import Cut, Panel, PresetChoice, ValueSource
from generation.judging.maps import MEAN
from generation.judging.truth import truth_of
from generation.kept_result import KeptResult
from generation.modalities import COORDINATES, MODALITIES
from generation.prepared import Window
from generation.request import RECONSTRUCT
from rendering import Preset, default_preset, presets_of
from rendering.comparison import range_for_all
from rendering.options import parse_options
from rendering.registry import find_preset

TRUE_COLOUR = "S2RGB"  # made of a generated S2L2A
MADE_OF = {TRUE_COLOUR: "S2L2A"}
REAL, MADE, GIVEN = "real", "generated", "input"  # how the names of panels begin
_MOST_GIVEN = 3  # inputs beside an output; all of them are in the form
_COMPARED_BAND = {"S2L2A": "B04"}  # as the API draws differences unasked
_FIRST_PRESET = {"S2L2A": "true-colour-fixed"}  # the same colours for the same values, on both sides


def outputs_of(result: KeptResult) -> list[str]:
    """What can be looked at of a result; S2RGB where an S2L2A was made."""
    made = [name for name in result.request.outputs if name in result.modalities]
    return made + [TRUE_COLOUR] * ("S2L2A" in made)


def result_panels(
    result: KeptResult, output: str, opened: OpenedSample | None, presets: Mapping[str, str]
) -> list[Panel]:
    """Panels from left to right: inputs, generated (a panel per seed), real, difference, and the spread of seeds.

    Args:
        result: of the run.
        output: one of `outputs_of`.
        opened: the sample that it was made of; None for a place alone.
        presets: of modalities whose preset was chosen.
    """
    shown = Shown(result, output, chosen_preset(output, presets), shared_colours(result, output, opened, presets))
    several = len(result.request.seeds) > 1
    # a reconstruction was given what is real, which stands beside it anyway
    given = _given(result, opened, presets) if opened and result.request.kind != RECONSTRUCT else []
    panels = [*given, *(_made(shown, seed, several=several) for seed in result.request.seeds)]
    if opened and MADE_OF.get(output, output) in sources_of(opened.record):
        panels += [_real(shown), _difference(shown, several=several)]
    return [*panels, _spread(shown)] if several else panels


@dataclass(frozen=True)
class Shown:
    """One output and how it is drawn, on both sides alike."""

    result: KeptResult
    output: str
    preset: str
    colours: str | None  # the parameter `range`

    @property
    def stored(self) -> str:
        """The array behind it."""
        return MADE_OF.get(self.output, self.output)

    @property
    def how(self) -> str:
        """What was done to get it."""
        return self.result.request.how

    @property
    def look(self) -> dict[str, str | int | None]:
        """Parameters of a picture."""
        return {"preset": self.preset, "range": self.colours}


def chosen_preset(output: str, presets: Mapping[str, str]) -> str:
    """The preset of generated and real alike."""
    names = {choice.name for choice in _choices(output)}
    chosen = presets.get(output, "")
    first = _FIRST_PRESET.get(output, default_preset(output).name)
    return chosen if chosen in names else first


def shared_colours(
    result: KeptResult, output: str, opened: OpenedSample | None, presets: Mapping[str, str]
) -> str | None:
    """The parameter `range` that draws every seed and the real modality alike; None where the preset needs none."""
    name = MADE_OF.get(output, output)
    preset = chosen_preset(output, presets)
    bands = MODALITIES[name].bands
    if output in MADE_OF or "range" not in find_preset(name, preset, parse_options(), bands).parameters:
        return None
    truth = truth_of(result, opened.dataset if opened else None).arrays
    arrays = [*result.array(name), *([truth[name]] if name in truth else [])]
    return range_for_all(arrays, bands=bands, modality=name, preset=preset)


def _made(shown: Shown, seed: int, *, several: bool) -> Panel:
    look = {**shown.look, "seed": seed}
    return replace(
        _panel(shown, f"{MADE}-{seed}", f"{shown.how} \u00b7 seed {seed}" if several else shown.how),
        picture=urls.generated(shown.result.id, f"{shown.output}.webp", look),
        legend=urls.generated(shown.result.id, f"{shown.output}/legend", look),
        values=_values(shown, ".npy", {"seed": seed}),
    )


def _real(shown: Shown) -> Panel:
    return replace(
        _panel(shown, REAL, "real"),
        picture=urls.generated(shown.result.id, f"{shown.output}/real.webp", shown.look),
        legend=urls.generated(shown.result.id, f"{shown.output}/real/legend", shown.look),
        values=_values(shown, "/real.npy", {}),
    )


def _difference(shown: Shown, *, several: bool) -> Panel:
    which: dict[str, int | str] = {"seed": MEAN} if several else {}
    about = "mean of seeds minus real" if several else f"{shown.how} minus real"
    return replace(
        _between(shown, "difference", "Difference", about),
        picture=urls.generated(shown.result.id, f"{shown.stored}/difference.webp", {**which}),
        legend=urls.generated(shown.result.id, f"{shown.stored}/difference/legend", {**which}),
        values=_values(shown, "/difference.npy", which),
    )


def _spread(shown: Shown) -> Panel:
    return replace(
        _between(shown, "spread", "Spread", "of the seeds"),
        picture=urls.generated(shown.result.id, f"{shown.stored}/spread.webp"),
        legend=urls.generated(shown.result.id, f"{shown.stored}/spread/legend"),
        values=_values(shown, "/spread.npy", {}),
    )


def _between(shown: Shown, name: str, title: str, about: str) -> Panel:
    """A panel of what lies between pictures: one band, no preset."""
    band = _COMPARED_BAND.get(shown.stored, MODALITIES[shown.stored].bands[0])
    plain = (PresetChoice(name, title),)
    return replace(_panel(shown, name, about), title=title, bands=(band,), presets=plain, preset=name, default=name)


def _panel(shown: Shown, name: str, about: str) -> Panel:
    """What all panels of an output share; pictures and values are filled in."""
    modality = MODALITIES[shown.stored]
    return Panel(
        modality=name,
        title=modality_name(shown.output).title,
        about=about,
        bands=modality.bands,
        unit=unit_name(modality.unit),
        offset="absent",
        presets=tuple(PresetChoice(each.name, each.title) for each in _choices(shown.output)),
        preset=shown.preset,
        default=default_preset(shown.output).name,
        picture="",
        legend="",
        values=(),
    )


def _values(shown: Shown, rest: str, query: dict[str, int | str]) -> tuple[ValueSource, ...]:
    address = urls.generated(shown.result.id, f"{shown.stored}{rest}", {**query})
    return (ValueSource(address, MODALITIES[shown.stored].bands),)


def _given(result: KeptResult, opened: OpenedSample, presets: Mapping[str, str]) -> list[Panel]:
    """The inputs, cut as the model saw them."""
    record = opened.record
    names = {source: name for name, source in sources_of(record).items() if name != COORDINATES}
    looks = LOOKS[record.dataset]
    usual = {looks.layer: looks.preset}  # as an eye recognises it: an input is compared with nothing
    chosen = {source: presets.get(name) or usual.get(source, "") for source, name in names.items()}
    state = CompareState(dataset=record.dataset, sample=record.id, presets=chosen, remove_offset=True)
    cut = cut_of(result.window, edge_of(record))
    panels = {
        names[panel.modality]: replace(
            panel,
            modality=f"{GIVEN}-{names[panel.modality]}",
            about=GIVEN,
            cut=cut,
            values=tuple(replace(source, cut=cut) for source in panel.values),
        )
        for panel in panels_of(state, record, opened.dataset.info.revision)
        if panel.modality in names
    }
    return [panels[name] for name in result.request.inputs if name in panels][:_MOST_GIVEN]


def cut_of(window: Window, edge: int) -> Cut | None:
    """The window as parts of the sample; None where it is all of it."""
    if not edge or (window.width, window.height) == (edge, edge):
        return None
    return window.left / edge, window.top / edge, window.width / edge, window.height / edge


def _choices(output: str) -> Sequence[Preset]:
    return [preset for preset in presets_of(output) if not preset.is_free and preset.kind != "overlay"]
