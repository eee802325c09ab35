"""Attention written out: on a CPU torch's fused kernel takes three times as long to train with bfloat16."""

import math
from collections.abc import Iterator
from contextlib import contextmanager

import torch
import torch.nn.functional as F  # noqa: N812 - everybody's name for it


@contextmanager
def plain_attention(device: str) -> Iterator[None]:
    """While this lasts, torch's scaled dot product attention is the plain one, if the device is a CPU."""
    fused = F.scaled_dot_product_attention
    if device != "cpu":
        yield
        return

    def attend(
        query: torch.Tensor,
        key: torch.Tensor,
        value: torch.Tensor,
        attn_mask: torch.Tensor | None = None,
        dropout_p: float = 0.0,
        *,
        scale: float | None = None,
    ) -> torch.Tensor:
        if attn_mask is not None or dropout_p:
            return fused(query, key, value, attn_mask, dropout_p, scale=scale)
        scores = query @ key.transpose(-1, -2)
        return torch.softmax(scores * (scale or 1 / math.sqrt(query.shape[-1])), -1).to(value.dtype) @ value

    F.scaled_dot_product_attention = attend  # type: ignore[assignment]
    try:
        yield
    finally:
        F.scaled_dot_product_attention = fused
