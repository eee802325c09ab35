"""What a run will roughly take, said before anything is loaded."""

from collections.abc import Iterator
from dataclasses import dataclass

from generation.modalities import COORDINATES, MODALITIES, PATCH_PX, TRAINED_PX
from generation.models import MODELS
from generation.processor import cpu_has_bf16
from generation.request import TOKEN_MODALITIES, WHOLE_SAMPLE, Request, real_steps
from generation.speeds import CPU, DIRECT, MEASURED_PX, SPEEDS, STEP, TOKENS, Pace, Speeds
from generation.tiling import Tiling, tiling_of
from generation.weights_location import DEMO

FLOAT_BYTES = 4
PROCESS_BYTES = 0.6e9  # Python with torch and terratorch, and a run's own arrays
ROW_BYTES = 0.12e9  # what a decoder holds beside its weights for one picture of 224 px
ROWS_AT_ONCE = 8  # that are decoded together
# Parameters of the halves of TerraMind's tokenizers, in fp32 whatever the precision.
ENCODER_BYTES = 90.4e6 * FLOAT_BYTES
DIFFUSION_BYTES = 196.2e6 * FLOAT_BYTES
DIRECT_BYTES = 91.9e6 * FLOAT_BYTES
DIRECT_OUTPUTS = {DEMO: ("LULC", "DEM")}  # decoded without diffusion
TERRAMIND_DIRECT = ("LULC",)


@dataclass(frozen=True)
class Estimate:
    """What a run will take, loading left out."""

    seconds: float
    memory_bytes: float  # of the worker, with this run's model and tokenizers only
    steps: int  # diffusion steps in all, of every picture
    tiles: int
    precision: str  # fp32 or bf16, of the decoders


def estimate(
    request: Request, width: int = TRAINED_PX, height: int = TRAINED_PX, *, speeds: Speeds = SPEEDS
) -> Estimate:
    """Time and memory of a run, from what runs here took before, else from figures measured elsewhere.

    Args:
        request: what will be asked for.
        width: of the sample in pixels.
        height: likewise.
        speeds: as measured; those of this process by default.

    Raises:
        GenerationRequestError, TooLargeError: the sample can not be cut into tiles.
    """
    tiling = _tiling(request, width, height)
    precision = _precision(request, speeds.device)
    pace = Pace(request.model, precision, tiling.size**2, speeds.device)
    rows = len(request.seeds) * tiling.count
    work = [(what, units * rows) for what, units in _work(request)]
    return Estimate(
        seconds=sum(units * speeds.seconds(pace, what) for what, units in work),
        memory_bytes=_memory(request, min(rows, ROWS_AT_ONCE), tiling.size**2),
        steps=sum(units for what, units in work if what == STEP),
        tiles=tiling.count,
        precision=precision,
    )


def _tiling(request: Request, width: int, height: int) -> Tiling:
    if request.window == WHOLE_SAMPLE:
        return tiling_of(width, height)
    side = min(request.window, width, height) // PATCH_PX * PATCH_PX
    return tiling_of(side, side)


def _precision(request: Request, device: str) -> str:
    """As the engine will choose."""
    if request.precision != "auto":
        return request.precision
    small_or_slow = request.model == DEMO or (device == CPU and not cpu_has_bf16())
    return "fp32" if small_or_slow else "bf16"


def _work(request: Request) -> Iterator[tuple[str, int]]:
    """Units of work per row, see `speeds`."""
    direct = DIRECT_OUTPUTS.get(request.model, TERRAMIND_DIRECT)
    if request.kind == "embed":
        yield TOKENS, 1
        return
    alone = request.kind == "matrix"
    for name in request.inputs if alone else ("",):
        for output in request.outputs or request.inputs:
            if alone and name == output and name in TOKEN_MODALITIES:
                continue
            yield TOKENS, 1 if output == COORDINATES else request.decoding_steps
            if output in direct:
                yield DIRECT, 1
            elif output != COORDINATES and MODALITIES[output].token_key:
                yield STEP, real_steps(request.timesteps)


def _memory(request: Request, rows: int, pixels: int) -> float:
    """Bytes of the worker's process."""
    if request.model == DEMO or request.model not in MODELS:
        return PROCESS_BYTES + rows * ROW_BYTES / 8  # its decoders are that much narrower
    made = [name for name in request.outputs if name != COORDINATES]
    read = [name for name in request.inputs if name in TOKEN_MODALITIES and name != COORDINATES]
    decoders = sum(DIRECT_BYTES if name in TERRAMIND_DIRECT else DIFFUSION_BYTES for name in made)
    own = MODELS[request.model].parameters * FLOAT_BYTES
    # the encoder that writes a real output as tokens comes when the pictures are made
    working = max(rows * ROW_BYTES * pixels / MEASURED_PX, ENCODER_BYTES if made else 0)
    return PROCESS_BYTES + own + decoders + len(read) * ENCODER_BYTES + working
