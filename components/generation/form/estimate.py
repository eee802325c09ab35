"""What a run will take, said before it starts."""

from components.amounts import duration
from data_access.dataset import SampleRecord
from generation.models import ModelState
from generation.request import WHOLE_SAMPLE, WITHOUT_OUTPUTS, Request, real_steps
from generation.speeds import DIRECT, SPEEDS, STEP, TOKENS, Pace
from generation.tiling import tiling_of

_FILE_BYTES_PER_PARAMETER = 4
_TOKENIZER_GB = 1.15  # of a tokenizer with its diffusion, in fp32
_DIRECT_TOKENIZER_GB = 0.74  # of land cover, which has none
_BASE_GB = 0.5  # Python, torch and the values of a run
_WITHOUT_DIFFUSION = ("LULC", "coordinates")
_DEMO_GB = 0.6  # as a whole


def seconds_of(request: Request, edge: int) -> float:
    """How long a run takes here: as measured before, else guessed.

    Args:
        request: what is asked.
        edge: of the sample in pixels.
    """
    side, tiles = (request.window, 1) if request.window != WHOLE_SAMPLE or not edge else _tiles(edge)
    precision = "fp32" if request.precision == "fp32" else "bf16"
    pace = Pace(request.model, precision, side * side)
    pictures = len(request.seeds) * tiles
    inputs = len(request.inputs) if request.kind == "matrix" else 1
    outputs = request.inputs if request.kind in WITHOUT_OUTPUTS else request.outputs
    total = 0.0
    for name in outputs:
        total += SPEEDS.seconds(pace, TOKENS) * request.decoding_steps * pictures
        if request.kind == "embed":
            continue
        steps = 1 if name in _WITHOUT_DIFFUSION else real_steps(request.timesteps)
        total += SPEEDS.seconds(pace, DIRECT if name in _WITHOUT_DIFFUSION else STEP) * steps * pictures
    return total * inputs


def gigabytes_of(request: Request, model: ModelState) -> float:
    """How much memory the model takes with the tokenizers that the request needs."""
    if model.model.synthetic:
        return _DEMO_GB
    own = model.model.parameters * _FILE_BYTES_PER_PARAMETER / 1e9
    tokenizers = sum(_DIRECT_TOKENIZER_GB if name == "LULC" else _TOKENIZER_GB for name in request.outputs)
    return own + tokenizers + _BASE_GB


def told(request: Request, model: ModelState, record: SampleRecord, edge: int) -> str:
    """Time and memory in one line."""
    del record
    return f"About {duration(seconds_of(request, edge))} on this machine \u00b7 {gigabytes_of(request, model):.1f} GB"


def _tiles(edge: int) -> tuple[int, int]:
    tiling = tiling_of(edge, edge)
    return tiling.size, tiling.count
