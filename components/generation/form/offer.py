"""What may be chosen for a sample and a model, and why the rest may not. Pure functions."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from components.generation.state import GenerateState, Wish
from components.modality_names import modality_name
from data_access.dataset import SampleRecord
from generation.modalities import COORDINATES, INPUTS, OUTPUTS, TRAINED_PX
from generation.models import ModelState, usable
from generation.request import TOKEN_MODALITIES, WHOLE_SAMPLE, WINDOWS

# What stands for TerraMind's modality where a data set has it under another name.
STANDS_FOR = {"bigearthnet": {"S2L2A": "S2", "S1GRD": "S1"}}
_LIKED_MODELS = ("demo", "terramind_v1_base", "terramind_v1_tiny", "terramind_v1_small", "terramind_v1_large")
_LIKED_INPUTS = ("S2L2A", "S2L1C", "S2RGB", "S1RTC", "S1GRD", "DEM")  # before all others
_LIKED_OUTPUTS = ("S1RTC", "S1GRD", "LULC", "NDVI", "S2L2A")
_USUAL_THOUGHT = "LULC"  # of thinking in modalities; terratorch's own default
_FIRST_OUTPUTS = 3  # shown unasked: enough to see that one input gives many


@dataclass(frozen=True)
class Choice:
    """One modality that may be an input or an output."""

    name: str
    title: str
    about: str
    source: str  # the sample's own modality; empty where it has none
    why: str  # it can not be chosen; empty where it can


def sources_of(record: SampleRecord | None) -> dict[str, str]:
    """TerraMind's modalities that a sample has, each with the sample's own name of it.

    Every sample has coordinates, and a place alone (None) has nothing else.
    """
    if record is None:
        return {COORDINATES: COORDINATES}
    has = {summary.name for summary in record.modalities}
    names = STANDS_FOR.get(record.dataset) or {name: name for name in INPUTS}
    return {name: source for name, source in names.items() if source in has} | {COORDINATES: COORDINATES}


def inputs_of(record: SampleRecord | None, model: ModelState) -> list[Choice]:
    """Every input in display order."""
    sources = sources_of(record)
    return [_choice(name, sources, _input_refusal(name, sources, model)) for name in INPUTS]


def outputs_of(record: SampleRecord | None, model: ModelState) -> list[Choice]:
    """Every output in display order."""
    sources = sources_of(record)
    return [_choice(name, sources, _output_refusal(name, sources, model)) for name in OUTPUTS]


def models_for(models: Iterable[ModelState], *, synthetic: bool, place_alone: bool = False) -> list[ModelState]:
    """The models that serve a collection, or know what a place alone is, the likeliest first."""
    fit = [each for each in models if not usable(each.model, dataset_is_demo=synthetic)]
    if place_alone:
        fit = [each for each in fit if COORDINATES in each.model.inputs]
    return sorted(fit, key=lambda each: _LIKED_MODELS.index(each.model.name))


def model_of(state: GenerateState, offered: Sequence[ModelState], named: str | None = None) -> ModelState:
    """The model of the page: the chosen one if it serves the collection, else the operator's, else a ready one.

    Args:
        state: the page.
        offered: the models that serve the collection; at least one.
        named: the model that the operator has set.
    """
    by_name = {each.model.name: each for each in offered}
    ready = [each for each in offered if each.ready]
    return by_name.get(state.wish.model) or by_name.get(named or "") or (ready or list(offered))[0]


def edge_of(record: SampleRecord | None) -> int:
    """Pixels along a sample's edge on its finest grid; 0 where nothing of it is there."""
    return max((max(summary.shape[1:]) for summary in record.modalities), default=0) if record else 0


def windows_for(edge: int) -> tuple[int, ...]:
    """Windows that fit into a sample, the usual one first; the small one is for small patches."""
    large = edge >= TRAINED_PX
    return tuple(size for size in WINDOWS if size <= edge and (size == WHOLE_SAMPLE or (size >= TRAINED_PX) == large))


def settled(state: GenerateState, record: SampleRecord | None, model: ModelState) -> GenerateState:
    """The page with every choice made and possible: what this sample or this model lacks is left out."""
    inputs = [each.name for each in inputs_of(record, model) if not each.why]
    outputs = [each.name for each in outputs_of(record, model) if not each.why]
    wish = state.wish
    chosen = _kept(wish.inputs, inputs) or _first_of(_LIKED_INPUTS, inputs)
    wanted = _kept(wish.outputs, outputs)
    if not wish.outputs:
        wanted = _first_outputs(outputs, chosen, sources_of(record))
        if state.view == "thinking" and _USUAL_THOUGHT in outputs and _USUAL_THOUGHT not in chosen:
            wanted = (_USUAL_THOUGHT,)
    if state.view == "generate":  # terratorch can not both read and write these
        wanted = tuple(name for name in wanted if name not in chosen or name not in TOKEN_MODALITIES)
    window = wish.window if record and wish.window in windows_for(edge_of(record)) else _usual_window(record)
    return state.replace(wish=replace(wish, model=model.model.name, inputs=chosen, outputs=wanted, window=window))


def toggled(wish: Wish, inputs: Sequence[str], outputs: Sequence[str]) -> Wish:
    """The wish with other modalities, in display order."""
    return replace(
        wish,
        inputs=tuple(name for name in INPUTS if name in inputs),
        outputs=tuple(name for name in OUTPUTS if name in outputs),
    )


def _usual_window(record: SampleRecord | None) -> int:
    return next(iter(windows_for(edge_of(record))), WHOLE_SAMPLE) if record else TRAINED_PX


def _kept(names: Sequence[str], possible: Sequence[str]) -> tuple[str, ...]:
    return tuple(name for name in names if name in possible)


def _first_of(liked: Sequence[str], possible: Sequence[str]) -> tuple[str, ...]:
    found = [name for name in liked if name in possible] or list(possible)
    return tuple(found[:1])


def _first_outputs(possible: Sequence[str], inputs: Sequence[str], sources: dict[str, str]) -> tuple[str, ...]:
    """Those that can be judged first; of the two radars, the one that is real."""
    liked = [name for name in _LIKED_OUTPUTS if name in possible and name not in inputs and name in sources]
    rest = [name for name in _LIKED_OUTPUTS if name in possible and name not in inputs and name not in sources]
    return tuple([*liked, *rest][:_FIRST_OUTPUTS])


def _choice(name: str, sources: dict[str, str], why: str) -> Choice:
    title, about = modality_name(name)
    return Choice(name, title, about, sources.get(name, ""), why)


def _input_refusal(name: str, sources: dict[str, str], model: ModelState) -> str:
    if name not in sources:
        return "not in this sample" if len(sources) > 1 else "a place alone"
    return _refusal(name, model.model.inputs, model.inputs, f"{model.model.title} does not take it", model)


def _output_refusal(name: str, sources: dict[str, str], model: ModelState) -> str:
    if name == COORDINATES and len(sources) == 1:
        return "it is given"
    return _refusal(name, model.model.outputs, model.outputs, f"{model.model.title} does not make it", model)


def _refusal(name: str, able: Sequence[str], here: Sequence[str], unable: str, model: ModelState) -> str:
    if name not in able:
        return unable
    return "" if name in here or not model.ready else f"needs {model.modalities_missing.get(name, 'its tokenizer')}"
