"""In which numbers the decoders compute, and on which device.

bf16 halves the time of a diffusion step where the processor multiplies it in hardware, and is slower than fp32 where it
does not. Tokens are never drawn in it: under bf16 a tokenizer gives none of the right codes.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

import torch
from torch import nn

from generation.processor import cpu_has_bf16
from generation.request import Precision

SMALL_MODEL = "demo"  # its layers are too narrow to gain anything


@dataclass(frozen=True)
class Chosen:
    """What the decoders of one run compute in, and why."""

    name: Literal["fp32", "bf16"]
    reason: str

    @contextmanager
    def computing(self, network: nn.Module) -> Iterator[None]:
        """The block's matrix products and convolutions are in this precision; the cast weights are kept for it.

        Autocast keeps the casts of those weights alone that gradients could be wanted of, and none in inference mode:
        so for the block they are such, and the caller computes under `no_grad`. Casting anew is a tenth of each step.
        """
        device = next(network.parameters()).device
        settled = [weight for weight in network.parameters() if not weight.requires_grad]
        with torch.autocast(device.type, torch.bfloat16, enabled=self.name == "bf16"):
            try:
                for weight in settled:
                    weight.requires_grad_(True)
                yield
            finally:
                for weight in settled:
                    weight.requires_grad_(False)


def chosen(asked: Precision, device: torch.device, model: str) -> Chosen:
    """The precision for one run.

    Args:
        asked: by the request; "auto" takes bf16 where it pays.
        device: where the model is.
        model: its name; the embedded demo gains nothing.
    """
    if asked != "auto":
        return Chosen(asked, "asked for")
    if model == SMALL_MODEL:
        return Chosen("fp32", "the demo model is too small to gain from bf16")
    if not has_bf16(device.type):
        return Chosen("fp32", f"this {device.type.upper()} has no bf16 of its own")
    return Chosen("bf16", f"this {device.type.upper()} multiplies bf16 in hardware")


@lru_cache(maxsize=4)
def has_bf16(device_type: str) -> bool:
    """Whether this machine multiplies bf16 in hardware on that kind of device."""
    if device_type == "cuda":
        return bool(torch.cuda.is_bf16_supported(including_emulation=False))
    if device_type == "cpu":
        return cpu_has_bf16()
    return False  # Apple's GPUs: autocast to bf16 is young there, and was not measured
