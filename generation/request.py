"""What one run of TerraMind is asked to do, checked before anything is loaded.

A request is frozen and plain: it travels as JSON from the page to the API, to the worker and into every result.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from typing import Any, Literal, get_args

from errors import GenerationRequestError
from generation.modalities import INPUTS, MODALITIES, OUTPUTS
from generation.models import MODELS

Kind = Literal["generate", "matrix", "embed", "reconstruct", "think"]
Precision = Literal["auto", "fp32", "bf16"]
Merge = Literal["mean", "max", "concat", "dict", "none"]

KINDS: tuple[str, ...] = get_args(Kind)
PRECISIONS: tuple[str, ...] = get_args(Precision)
MERGES: tuple[str, ...] = get_args(Merge)
# TerraMind reads these as tokens and writes the same tokens, and terratorch can not do both at once.
TOKEN_MODALITIES = tuple(name for name in INPUTS if MODALITIES[name].needs_tokenizer_as_input)
RECONSTRUCT: Kind = "reconstruct"
WITHOUT_OUTPUTS = ("embed", RECONSTRUCT)  # kinds that look at the inputs alone

WHOLE_SAMPLE = 0  # a window of this size means the whole sample, in overlapping tiles
WINDOWS = (224, 256, 112, WHOLE_SAMPLE)  # 224 is TerraMind's own; 256 fits a sample of 264; 112 a patch of 120
TRAIN_TIMESTEPS = 1000  # of the diffusion; what divides it runs as many steps as asked for
MAX_TIMESTEPS = 100  # more shows no change and takes minutes on a CPU
MAX_SEEDS = 8  # drawn as one batch: memory grows with each
MAX_SEED = 2**31 - 1  # so that seeds derived for tiles never meet another seed
MAX_DECODING_STEPS = 64  # each passes the whole model; 196 tokens need no more
MAX_TEMPERATURE = 5.0  # hotter draws codes at random
MAX_TOP_K = 15_360  # the largest vocabulary of TerraMind's tokenizers
MAX_LAYER = 23  # the last encoder layer of the large model
LAST_LAYER = -1
MAX_NAME = 64  # characters of a model's name
SHOWN_CHARACTERS = 40  # of a bad value, in a message


@dataclass(frozen=True)
class Request:
    """One run of TerraMind; every field has the default that suits a first try."""

    inputs: tuple[str, ...]
    outputs: tuple[str, ...] = ()
    kind: Kind = "generate"
    model: str = "demo"
    timesteps: int = 10  # diffusion steps per picture; more is sharper and slower
    seeds: tuple[int, ...] = (0,)
    decoding_steps: int = 1  # passes in which the tokens of one output are drawn
    temperature: float = 1.0  # 0 takes the likeliest code everywhere
    top_p: float = 0.8  # 0 switches it off
    top_k: int = 0  # 0 switches it off
    clipped: bool = True  # to mean +- one standard deviation, as published
    precision: Precision = "auto"  # of the diffusion; tokens are always drawn in fp32
    window: int = 224  # pixels, or WHOLE_SAMPLE
    layer: int = LAST_LAYER  # of the encoder, for embeddings
    merge: Merge = "mean"  # of several inputs' embeddings; "dict" keeps one per input, "none" a row of all tokens

    def __post_init__(self) -> None:
        """Raises GenerationRequestError naming the first field that can not work."""
        _check_choice("kind", self.kind, KINDS)
        _check_choice("precision", self.precision, PRECISIONS)
        _check_choice("merge", self.merge, MERGES)
        _check_model(self.model)
        _check_modalities("inputs", self.inputs, INPUTS)
        _check_outputs(self.kind, self.inputs, self.outputs)
        _check_numbers(self)
        if self.window not in WINDOWS:
            sizes = ", ".join(str(size) for size in WINDOWS if size)
            raise GenerationRequestError(
                f"window is {self.window}: choose one of {sizes} pixels, or {WHOLE_SAMPLE} for the whole sample."
            )

    @classmethod
    def from_json(cls, mapping: Mapping[str, object]) -> "Request":
        """Read a request from the values of a JSON object; fields that are not there keep their defaults.

        Raises:
            GenerationRequestError: a field is unknown, has the wrong type, or a value that can not work.
        """
        known = {field.name for field in fields(cls)}
        for name in mapping:
            if name not in known:
                raise GenerationRequestError(
                    f"{_shown(name)} is no field of a generation. The fields are {', '.join(sorted(known))}."
                )
        if "inputs" not in mapping:
            raise GenerationRequestError(f"inputs is missing: name at least one of {', '.join(INPUTS)}.")
        return cls(**{name: _READERS[name](name, value) for name, value in mapping.items()})

    @property
    def how(self) -> str:
        """What is done to get the outputs, as names of files and the words beside pictures tell it."""
        return "reconstructed" if self.kind == RECONSTRUCT else "generated"

    @property
    def looked_at(self) -> tuple[str, ...]:
        """Modalities whose values a run needs: a reconstruction those that it makes."""
        return (self.outputs or self.inputs) if self.kind == RECONSTRUCT else self.inputs

    def to_json(self) -> dict[str, object]:
        """The request as values that JSON can carry; `from_json` reads them back."""
        values = asdict(self)
        return {name: list(value) if isinstance(value, tuple) else value for name, value in values.items()}


def real_steps(timesteps: int) -> int:
    """How many diffusion steps run: TerraMind strides through 1000, so 3 become 4, 7 become 8, 15 become 16."""
    return math.ceil(TRAIN_TIMESTEPS / (TRAIN_TIMESTEPS // timesteps))


def warnings(request: Request) -> tuple[str, ...]:
    """What a user should know of a request that works but not as one might think, in sentences."""
    found = []
    steps = real_steps(request.timesteps)
    if steps != request.timesteps and request.kind not in ("embed",):
        found.append(
            f"{request.timesteps} diffusion steps do not divide {TRAIN_TIMESTEPS}, so {steps} will run. "
            "1, 2, 4, 5, 8, 10, 20, 25, 40, 50 and 100 run as asked."
        )
    if request.temperature == 0 and len(request.seeds) > 1:
        found.append("At temperature 0 all seeds draw the same tokens; they differ by the noise of the diffusion only.")
    if not request.clipped and (request.model not in MODELS or MODELS[request.model].clips):
        found.append(
            "Unclipped values may leave the range that TerraMind was published with: mean plus or minus one standard "
            "deviation."
        )
    return tuple(found)


def _check_choice(name: str, value: str, choices: Sequence[str]) -> None:
    if value not in choices:
        raise GenerationRequestError(f"{name} is {_shown(value)}: choose one of {', '.join(choices)}.")


def _check_model(name: str) -> None:
    if not (name.isascii() and name.replace("_", "").isalnum() and len(name) <= MAX_NAME):
        raise GenerationRequestError(f"model is {_shown(name)}: choose a name such as demo or terramind_v1_base.")


def _check_modalities(name: str, values: Sequence[str], choices: Sequence[str]) -> None:
    if not values:
        raise GenerationRequestError(f"{name} is empty: name at least one of {', '.join(choices)}.")
    for value in values:
        if value not in choices:
            raise GenerationRequestError(f"{name} names {_shown(value)}: choose from {', '.join(choices)}.")
    if len(set(values)) != len(values):
        raise GenerationRequestError(f"{name} names a modality twice: name each once.")


def _check_outputs(kind: str, inputs: Sequence[str], outputs: Sequence[str]) -> None:
    if kind in WITHOUT_OUTPUTS and not outputs:
        return
    for name, cure in (("S2RGB", "true colour is made of it"), ("S2L1C", "TerraMind has no decoder of L1C")):
        if name in outputs:
            raise GenerationRequestError(f"outputs names {name}: ask for S2L2A instead, {cure}.")
    _check_modalities("outputs", outputs, OUTPUTS)
    both = [name for name in outputs if name in inputs and name in TOKEN_MODALITIES]
    if kind == "generate" and both:
        raise GenerationRequestError(
            f"{both[0]} is an input and an output: TerraMind can not generate what it is given as tokens. Drop one."
        )


def _check_numbers(request: Request) -> None:
    _check_range("timesteps", request.timesteps, 1, MAX_TIMESTEPS)
    _check_range("decoding_steps", request.decoding_steps, 1, MAX_DECODING_STEPS)
    _check_range("temperature", request.temperature, 0, MAX_TEMPERATURE)
    _check_range("top_p", request.top_p, 0, 1)
    _check_range("top_k", request.top_k, 0, MAX_TOP_K)
    _check_range("layer", request.layer, LAST_LAYER, MAX_LAYER)
    if not 1 <= len(request.seeds) <= MAX_SEEDS:
        raise GenerationRequestError(f"seeds holds {len(request.seeds)} numbers: give 1 to {MAX_SEEDS}.")
    for seed in request.seeds:
        _check_range("seeds", seed, 0, MAX_SEED)
    if len(set(request.seeds)) != len(request.seeds):
        raise GenerationRequestError(
            "seeds names a number twice: the same seed gives the same result, so name each once."
        )


def _check_range(name: str, value: float, low: float, high: float) -> None:
    if not low <= value <= high:  # false for NaN too
        raise GenerationRequestError(f"{name} is {_shown(value)}: choose a number from {low} to {high}.")


def _shown(value: object) -> str:
    text = repr(value)
    return text if len(text) <= SHOWN_CHARACTERS else text[:SHOWN_CHARACTERS] + "…"


def _text(name: str, value: object) -> str:
    if not isinstance(value, str):
        raise GenerationRequestError(f"{name} is {_shown(value)}: it must be a text.")
    return value


def _whole(name: str, value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise GenerationRequestError(f"{name} is {_shown(value)}: it must be a whole number.")
    return value


def _number(name: str, value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise GenerationRequestError(f"{name} is {_shown(value)}: it must be a number.")
    if abs(value) > MAX_TOP_K or value != value:  # noqa: PLR0124 - NaN; huge integers do not fit a float
        raise GenerationRequestError(f"{name} is {_shown(value)}: it is out of range.")
    return float(value)


def _truth(name: str, value: object) -> bool:
    if not isinstance(value, bool):
        raise GenerationRequestError(f"{name} is {_shown(value)}: it must be true or false.")
    return value


def _items(name: str, value: object) -> Sequence[object]:
    if isinstance(value, str | bytes) or not isinstance(value, Sequence):
        raise GenerationRequestError(f"{name} is {_shown(value)}: it must be a list.")
    return value


def _texts(name: str, value: object) -> tuple[str, ...]:
    return tuple(_text(name, item) for item in _items(name, value))


def _wholes(name: str, value: object) -> tuple[int, ...]:
    return tuple(_whole(name, item) for item in _items(name, value))


_READERS: dict[str, Callable[[str, object], Any]] = {
    "inputs": _texts,
    "outputs": _texts,
    "kind": _text,
    "model": _text,
    "timesteps": _whole,
    "seeds": _wholes,
    "decoding_steps": _whole,
    "temperature": _number,
    "top_p": _number,
    "top_k": _whole,
    "clipped": _truth,
    "precision": _text,
    "window": _whole,
    "layer": _whole,
    "merge": _text,
}
