"""Pictures of tokens: terratorch's detokenizers, with a row's own noise, step by step.

The diffusion's network and its scheduler are terratorch's; the loop around them stands here, because terratorch's own
draws the noise of a whole batch from one generator, can not be watched and can not be stopped.
"""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

import torch
from torch.nn import functional

from generation.engine.hooks import blocks_of, called_before, configured
from generation.engine.precision import Chosen

ROW_PX = 224 * 224
ROWS_AT_ONCE = 8  # of 224 px: about 1 GB of activations; more gains nothing on a CPU

# Some rows went a step further: which, step (1-based) and steps over all rows, their picture so far (standardised).
Heard = Callable[[range, int, int, torch.Tensor], None]


def is_diffusion(tokenizer: Any) -> bool:  # noqa: ANN401 - terratorch has no types
    """Whether a tokenizer decodes step by step from noise; land cover's decoder answers at once."""
    return hasattr(tokenizer, "noise_scheduler")


def clips(tokenizer: Any) -> bool:  # noqa: ANN401 - terratorch has no types
    """Whether a diffusion is published with a clipped range; the demo model's is not."""
    config = tokenizer.noise_scheduler.config
    return bool(config.thresholding or config.clip_sample)


def noise_of(tokenizer: Any, size: tuple[int, int], dice: torch.Generator) -> torch.Tensor:  # noqa: ANN401
    """The noise (1, band, y, x) with which one picture begins, drawn as terratorch draws it."""
    return torch.randn((1, tokenizer.n_channels, *size), generator=dice)


def parts_of(rows: int, pixels: int) -> list[range]:
    """Rows that are decoded together, so that memory stays bounded."""
    together = max(1, ROWS_AT_ONCE * ROW_PX // pixels)
    return [range(start, min(start + together, rows)) for start in range(0, rows, together)]


def decoded_at_once(
    tokenizer: Any,  # noqa: ANN401 - terratorch's VQVAE
    tokens: torch.Tensor,
    heard: Heard,
    check: Callable[[], None],
) -> torch.Tensor:
    """Decode without diffusion, in fp32.

    Args:
        tokenizer: with a decoder.
        tokens: (row, ty, tx) int64.
        heard: told after every part.
        check: called often; raises where nobody waits any more.

    Returns:
        (row, band, y, x) float32 on the CPU, standardised; for land cover a score per class.
    """
    device = next(tokenizer.parameters()).device
    pixels = tokens.shape[1] * tokens.shape[2] * tokenizer.patch_size**2
    found = []
    with called_before(blocks_of(tokenizer.decoder), check):
        parts = parts_of(len(tokens), pixels)
        for number, part in enumerate(parts, start=1):
            check()
            found.append(tokenizer.decode_tokens(tokens[part.start : part.stop].to(device)).float().cpu())
            heard(part, number, len(parts), found[-1])
    return torch.cat(found)


def diffused(
    tokenizer: Any,  # noqa: ANN401 - terratorch's DiVAE
    tokens: torch.Tensor,
    noise: torch.Tensor,
    timesteps: int,
    *,
    clipped: bool,
    precision: Chosen,
    heard: Heard,
    check: Callable[[], None],
) -> torch.Tensor:
    """Decode by diffusion.

    Args:
        tokenizer: with a decoder and a `noise_scheduler`.
        tokens: (row, ty, tx) int64.
        noise: (row, band, y, x) float32.
        timesteps: asked for; more run where they do not divide 1000.
        clipped: to the published range, where the model has one.
        precision: of the network; the scheduler always computes in fp32.
        heard: told after every step of every part.
        check: called often; raises where nobody waits any more.

    Returns:
        (row, band, y, x) float32 on the CPU, standardised.
    """
    device = next(tokenizer.parameters()).device
    scheduler, network = tokenizer.noise_scheduler, tokenizer.decoder
    side = noise.shape[-1]
    spare = -side % whole_pixels(network)
    found = []
    with ExitStack() as around:
        around.enter_context(_range(scheduler, clipped=clipped))
        around.enter_context(called_before(blocks_of(network), check))
        around.enter_context(precision.computing(network))
        scheduler.set_timesteps(timesteps, mode="trailing")
        steps = len(scheduler.timesteps)
        parts = parts_of(len(tokens), noise.shape[2] * noise.shape[3])
        for before, part in enumerate(parts):
            rows = slice(part.start, part.stop)
            codes = _padded(tokenizer.tokens_to_embedding(tokens[rows].to(device)), spare // tokenizer.patch_size)
            image = _padded(noise[rows].to(device), spare)
            for number, time in enumerate(scheduler.timesteps, start=1):
                check()
                guess = network(image, time, codes).float()
                moved = scheduler.step(guess, time, image)
                image = moved.prev_sample
                heard(part, before * steps + number, len(parts) * steps, moved.pred_original_sample[..., :side, :side])
            found.append(image[..., :side, :side].float().cpu())
    return torch.cat(found)


def whole_pixels(network: Any) -> int:  # noqa: ANN401 - terratorch's UNet
    """Edges that the network can halve at every level are multiples of this: 32 for TerraMind's tokenizers."""
    return int(network.P_H * 2 ** (len(network.channel_mult) - 1))


def _padded(values: torch.Tensor, spare: int) -> torch.Tensor:
    """More rows below and columns to the right, mirrored: on other edges terratorch's network fails in the middle."""
    if not spare:
        return values
    mode = "reflect" if values.shape[-1] > spare else "replicate"  # an image of one token has too little to mirror
    return functional.pad(values, (0, spare, 0, spare), mode=mode)


@contextmanager
def _range(scheduler: Any, *, clipped: bool) -> Iterator[None]:  # noqa: ANN401 - terratorch has no types
    """How far values may go: everywhere, or as published.

    TerraMind's dynamic thresholding may not go beyond 1, which makes it a plain clip; as such it does not sort the
    whole picture at every step.
    """
    config = scheduler.config
    if not clipped:
        values: dict[str, object] = {"thresholding": False, "clip_sample": False}
    elif config.thresholding and config.sample_max_value == 1:
        values = {"thresholding": False, "clip_sample": True, "clip_sample_range": 1.0}
    else:
        values = {}
    with configured(scheduler, **values):
        yield
